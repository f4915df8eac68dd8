"""`python -m tests.bench`: measure, and print the table that the README shows.

PostgreSQL is measured where CALLS_TESTS_POSTGRES names a server. `--short` only shows that everything runs.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import feeds, footprint, growth, moving, pages, registrations, rushes, table
from tests.bench.table import Row
from tests.bench.turns import SHORT, WHOLE, Effort

FIGURES: dict[str, Callable[[str, Path, Effort], Iterator[Row]]] = {
    "pages": pages.measure,
    "feeds": feeds.measure,
    "moving": moving.measure,
    "registering": registrations.measure,
    "last-seats": rushes.last_seats,
    "coming-in": rushes.coming_in,
    "reminding": rushes.reminding,
    "memory": registrations.memory,
    "starting": footprint.starting,
    "growth": growth.measure,
}


def main() -> None:
    wanted = _wanted()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    postgres = os.environ.get("CALLS_TESTS_POSTGRES", "")
    servers = {"sqlite": [""], "postgres": [postgres], "both": ["", postgres] if postgres else [""]}[wanted.on]
    effort = SHORT if wanted.short else WHOLE
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="calls-bench-") as folder:
        for name in wanted.figures or FIGURES:
            for server in servers:
                place = Path(folder) / f"{name}-{'postgres' if server else 'sqlite'}"
                began_at = time.monotonic()
                for row in FIGURES[name](server, place, effort):
                    rows.append(row)
                    print(table.line(row), file=sys.stderr, flush=True)
                print(f"{place.name}: {time.monotonic() - began_at:.0f} s", file=sys.stderr, flush=True)
    print(table.markdown(rows))
    print(f"\n{table.machine(postgres)}.")
    print(f"Median of {effort.rounds} rounds of {effort.seconds:g} seconds each, ours and the bare thing in turns. Bold: missed.")


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "figures", nargs="*", metavar="FIGURE", help=f"what to measure, of {', '.join(FIGURES)}; all of it by default"
    )
    parser.add_argument("--on", choices=("sqlite", "postgres", "both"), default="both", help="which database to measure on")
    parser.add_argument("--short", action="store_true", help="a glance at each, in less than a minute; its figures mean nothing")
    wanted = parser.parse_args()
    for name in wanted.figures:
        if name not in FIGURES:
            parser.error(f"{name} is no figure; there are {', '.join(FIGURES)}")
    if wanted.on == "postgres" and "CALLS_TESTS_POSTGRES" not in os.environ:
        parser.error("CALLS_TESTS_POSTGRES names no server")
    return wanted


if __name__ == "__main__":
    main()
