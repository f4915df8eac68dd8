"""Run commands as an operator would, each in an environment and a data folder of the test's own."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from calls.cli import main


class Operator:
    """Somebody at a terminal, with settings."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings

    def run(self, *words: object, **settings: str) -> Result:
        """One command, with further settings."""
        return self._run([str(word) for word in words], None, settings)

    def hand_in(self, mail: bytes, **settings: str) -> Result:
        """One mail, as a mail server hands it in."""
        return self._run(["inbound"], mail, settings)

    def _run(self, words: list[str], handed: bytes | None, settings: dict[str, str]) -> Result:
        env: dict[str, str | None] = {"CALLS_URL": None}  # which `serve` sets, and the runner takes back
        return CliRunner().invoke(main, words, input=handed, env=env | self.settings | settings, prog_name="calls")


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """An operator on SQLite, whose mails stay in a folder."""
    root = logging.getLogger()
    handlers, level, umask = root.handlers[:], root.level, os.umask(0o022)
    yield Operator({"CALLS_DATA": str(tmp_path / "data")})
    os.umask(umask)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def operator_of_either(operator: Operator, new_address: str) -> Operator:
    """The same on SQLite and on PostgreSQL, on a database without any table."""
    operator.settings["CALLS_DATABASE"] = new_address
    return operator
