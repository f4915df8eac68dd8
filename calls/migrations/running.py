"""Bring a database up, step by step, each in one transaction together with the note that it was run.

However many processes start at once, one runs a step and the others wait for it, then look again: on SQLite behind
BEGIN IMMEDIATE, on PostgreSQL behind an advisory lock. A process killed in the middle leaves the step not done.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from calls.ground.database import Database
from calls.ground.refusals import Refused

Standing = Literal["current", "behind", "unknown"]
Progress = Callable[[str], None]

STEPS = Path(__file__).parent / "versions"
STEPS_TABLE = "alembic_version"
LOCK = 0x63616C6C73  # "calls" in ASCII
PATIENCE = 600  # seconds that a start waits for another one's step


def upgrade(database: Database, progress: Progress = lambda step: None) -> list[str]:
    """Run the steps that the database lacks, telling each before it is run; return those that this process ran.

    Refuses a database that a newer release has brought further than this one knows.
    """
    ran: list[str] = []
    while standing(database) != "current":
        with locked(database) as connection:
            check_known(connection)
            following = missing(connection)[:1]
            for step in following:
                progress(step)
                run(connection, step)
            ran += following
    return ran


def standing(database: Database) -> Standing:
    """Whether the database is where this release wants it, behind, or at a step that this release does not know."""
    with database.reader.connect() as connection:
        at = revision(connection)
    known = [None, *steps()]
    if at not in known:
        return "unknown"
    return "current" if at == known[-1] else "behind"


@cache
def steps() -> tuple[str, ...]:
    """All steps that this release knows, first to last: each is a file, and their names are numbered."""
    return tuple(sorted(file.stem for file in STEPS.glob("[0-9]*.py")))


def revision(connection: Connection) -> str | None:
    """The last step that was run here; None where none was."""
    if not sa.inspect(connection).has_table(STEPS_TABLE):
        return None
    return connection.execute(sa.select(sa.column("version_num")).select_from(sa.table(STEPS_TABLE))).scalar()


def missing(connection: Connection) -> tuple[str, ...]:
    """The steps that are still to be run here."""
    at = revision(connection)
    known = steps()
    return known if at is None else known[known.index(at) + 1 :]


def run(connection: Connection, to: str) -> None:
    """Run the steps up to this one, in the transaction that the connection is in."""
    from calls.migrations.stepping import step_up  # noqa: PLC0415 -- most starts run no step, and should not wait for Alembic

    step_up(connection, to)


def check_known(connection: Connection) -> None:
    """Refuse a database that a newer release has brought further."""
    at = revision(connection)
    if at is not None and at not in steps():
        raise Refused(
            f"The database is at step “{at}”, which this release of Calls does not know: a newer one has brought it there. "
            "Install that release again, or restore a backup that was made before it."
        )


@contextmanager
def locked(database: Database) -> Iterator[Connection]:
    """A transaction in which tables may be changed, and in which this process is the only one to change them."""
    with database.writer.connect() as connection:
        if database.is_sqlite:
            with _loose(connection), connection.begin():
                yield connection
                _check_references(connection)
        else:
            with connection.begin():
                connection.execute(sa.text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                yield connection


@contextmanager
def _loose(connection: Connection) -> Iterator[None]:
    """Foreign keys rest, because SQLite changes a table by making it anew; and a step elsewhere is waited for."""
    pragmas = connection.connection.cursor()
    pragmas.execute("PRAGMA foreign_keys=OFF")
    pragmas.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
    try:
        yield
    finally:
        pragmas.execute("PRAGMA busy_timeout=10000")
        pragmas.execute("PRAGMA foreign_keys=ON")
        pragmas.close()


def _check_references(connection: Connection) -> None:
    """Refuse to commit rows that point at nothing: with foreign keys at rest SQLite does not look."""
    broken = connection.execute(sa.text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise Refused(f"A row of “{broken[0]}” points at a row of “{broken[2]}” that is not there; nothing was changed.")
