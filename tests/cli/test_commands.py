"""Every command explains itself, and no mistake ends in a traceback."""

import pytest

from calls.cli import main
from tests.cli.conftest import Operator


@pytest.mark.parametrize("command", sorted(main.commands))
def test_command_explains_itself(operator: Operator, command: str) -> None:
    done = operator.run(command, "--help")

    assert done.exit_code == 0
    assert done.output.splitlines()[0].startswith(f"Usage: calls {command}")
    assert len(main.commands[command].help or "") > 40


def test_commands_are_those_that_were_promised() -> None:
    promised = {"demo", "serve", "work", "migrate", "check", "check-url", "owner", "backup", "restore", "inbound"}

    assert set(main.commands) == promised


def test_version_is_told(operator: Operator) -> None:
    assert operator.run("--version").output == "Calls 0.1.0\n"


def test_wrong_settings_are_told_all_at_once(operator: Operator) -> None:
    done = operator.run("migrate", CALLS_URL="calls", CALLS_LOG="loud")

    lines = done.output.splitlines()
    assert (done.exit_code, len(lines)) == (1, 2)
    assert lines[0].startswith("Error: CALLS_URL ")
    assert lines[1].startswith("CALLS_LOG ")


def test_unreachable_database_is_a_sentence_without_its_password(operator: Operator) -> None:
    done = operator.run("migrate", CALLS_DATABASE="postgresql://calls:tiptop@127.0.0.1:1/calls")

    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert done.output.startswith("Error: The database cannot be used: ")
    assert "tiptop" not in done.output


def test_folder_that_may_not_be_made_is_a_sentence(operator: Operator) -> None:
    done = operator.run("migrate", CALLS_DATA="/dev/null/calls")

    assert (done.exit_code, done.output) == (1, "Error: /dev/null/calls: Not a directory.\n")
