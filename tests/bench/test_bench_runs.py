"""The bench runs from end to end and prints its table. How fast anything is, no test judges."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
FIGURES = (
    "public page, kept",
    "public feed, 304",
    "feed of 500 calls",
    "personal feed, kept",
    "personal feeds polled hourly",
    "moving one call",
    "registration, 64 at once",
    "last 20 seats",
    "coming in",
    "reminders",
    "memory",
    "start",
    "instead of 10",
)


@pytest.mark.xdist_group("alone")
def test_bench_runs_and_prints_a_table_of_all_figures() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "CALLS_TESTS_POSTGRES"}

    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--short"],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert rows[0] == "| what | wanted | SQLite |"
    assert {len(re.findall(r"\|", row)) for row in rows} == {4}
    assert [name for name in FIGURES if not any(name in row for row in rows)] == []
