"""What was measured, as one Markdown table, and on what."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psycopg


@dataclass(frozen=True)
class Row:
    """One figure. `is_met` is None where there is no target."""

    what: str
    database: str
    ours: str
    bare: str = ""
    ratio: str = ""
    target: str = ""
    is_met: bool | None = None


def at_least(what: str, database: str, ours: float, bare: float, ratio: float, least: float, unit: str) -> Row:
    """A pace beside the bare thing's pace."""
    pace = f"{ours:,.0f} {unit}", f"{bare:,.0f} {unit}"
    return Row(what, database, *pace, f"{ratio:.2f}", f"≥ {least}", ratio >= least)


def at_most(what: str, database: str, value: float, most: float, words: str) -> Row:
    """A value that must not be more than so much; `words` holds its unit, like "{:.0f} MB"."""
    return Row(what, database, words.format(value), target=f"≤ {words.format(most)}", is_met=value <= most)


def markdown(rows: Sequence[Row]) -> str:
    """All of it, a line a figure and a column a database."""
    databases = list(dict.fromkeys(row.database for row in rows))
    figures: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        figures.setdefault((row.what, row.target), {})[row.database] = row
    head = ["what", "wanted", *databases]
    lines = [[*about, *(_cell(found[it]) if it in found else "" for it in databases)] for about, found in figures.items()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *lines])


def line(row: Row) -> str:
    """One figure on one database, for whoever waits for the rest."""
    return f"| {' | '.join((row.what, row.database, row.ours, row.bare, row.ratio, row.target, _met(row)))} |"


def machine(server: str) -> str:
    """What it was measured on."""
    words = [
        f"{os.cpu_count()} cores{_model()}",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in ("uvicorn", "litestar", "sqlalchemy")),
        f"SQLite {sqlite3.sqlite_version}",
    ]
    if server:
        with psycopg.connect(server) as connection:
            words.append(f"PostgreSQL {connection.info.parameter_status('server_version')} (fsync {_setting(connection)})")
    return ", ".join(words)


def _setting(connection: "psycopg.Connection[tuple[str, ...]]") -> str:
    found = connection.execute("SHOW fsync").fetchone()
    return found[0] if found else "unknown"


def _model() -> str:
    """The processor's name, where Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    return next((f" ({line.partition(':')[2].strip()})" for line in lines if line.startswith("model name")), "")


def _cell(row: Row) -> str:
    words = f"{row.ratio} ({row.ours} beside {row.bare})" if row.ratio else row.ours
    return f"**{words}**" if row.is_met is False else words


def _met(row: Row) -> str:
    return "" if row.is_met is None else "yes" if row.is_met else "**no**"
