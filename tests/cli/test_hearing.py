"""`calls inbound` takes one mail from a mail server, and has it try again where anything is wrong here."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa

from calls.cli.opening import sqlite_file
from calls.ground.database import Database
from calls.messages.models import Received
from calls.settings import read
from tests.cli.conftest import Operator
from tests.inbound import mails
from tests.inbound.hostile import HOSTILE
from tests.inbound.mails import AUTHSERV


def received(operator: Operator) -> list[tuple[str, str]]:
    database = Database(read(operator.settings).database, is_serving=False)
    with database.reading() as session:
        found = [(it.kind, it.became) for it in session.scalars(sa.select(Received).order_by(Received.id))]
    database.close()
    return found


def test_mail_is_taken_once(operator_of_either: Operator) -> None:
    operator_of_either.run("migrate")

    first = operator_of_either.hand_in(mails.exchange(), CALLS_IMAP_AUTHSERV=AUTHSERV)
    second = operator_of_either.hand_in(mails.exchange(), CALLS_IMAP_AUTHSERV=AUTHSERV)

    [(kind, became)] = received(operator_of_either)
    assert (first.exit_code, first.stdout, kind) == (0, f"{became}\n", "reply")
    assert (second.exit_code, second.stdout) == (0, "It was taken before.\n")


@pytest.mark.parametrize("name", ["nothing", "NULs", "mail of 6 MB", "2,000 deep"])
def test_mail_that_nobody_understands_is_taken_too(operator: Operator, name: str) -> None:
    operator.run("migrate")

    done = operator.hand_in(HOSTILE[name])

    assert done.exit_code == 0
    assert [kind for kind, _ in received(operator)] == ["other"]


def test_mail_that_breaks_the_taking_is_kept_aside_and_not_sent_back(operator: Operator) -> None:
    """A mail server sends back whatever a command fails at, and whoever answered would get that for an answer (M23)."""
    operator.run("migrate")
    with closing(sqlite3.connect(cast(Path, sqlite_file(read(operator.settings))))) as file, file:
        columns = '(id, created_at, registration_id, uid, "offset", revised_at)'
        file.execute(f"INSERT INTO entries {columns} VALUES ('none', 'never', 'none', ?, 0, 'never')", [mails.UID])

    done = operator.hand_in(mails.exchange(), CALLS_IMAP_AUTHSERV=AUTHSERV)

    assert (done.exit_code, done.stdout) == (0, "It was understood, but not taken: see the log.\n")
    assert "taking a mail failed" in done.stderr
    assert received(operator) == [("other", "It was understood, but not taken: see the log.")]


def test_mail_that_is_too_big_is_heard_to_its_end(operator: Operator) -> None:
    """Whoever hands it in would otherwise find the pipe broken, and take that for a failure."""
    operator.run("migrate")
    command = [sys.executable, "-m", "calls", "inbound"]
    process = subprocess.Popen(command, env={**os.environ, **operator.settings}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None

    for _ in range(80):
        process.stdin.write(b"x" * 100_000)
    process.stdin.close()

    assert process.wait(timeout=60) == 0


def test_mail_with_the_line_that_mail_servers_put_before_it_is_understood(operator: Operator) -> None:
    operator.run("migrate")

    operator.hand_in(b"From ann@example.com Sun Nov 22 12:00:00 2026\n" + mails.exchange().replace(b"\r\n", b"\n"))

    assert [kind for kind, _ in received(operator)] == ["reply"]


@pytest.mark.parametrize(
    "setting",
    [
        {"CALLS_DATABASE": "postgresql://calls:tiptop@127.0.0.1:1/calls"},
        {"CALLS_DATA": "/nowhere/to/be/found"},
        {"CALLS_URL": "calls"},
    ],
)
def test_mail_is_to_come_again_when_anything_is_wrong_here(operator: Operator, setting: dict[str, str]) -> None:
    done = operator.hand_in(mails.exchange(), **setting)

    assert (done.exit_code, done.stdout) == (75, "")
    assert done.stderr.startswith("Error: ")
    assert "tiptop" not in done.output


def test_mail_is_to_come_again_when_the_database_is_behind(operator_of_either: Operator) -> None:
    file = sqlite_file(read(operator_of_either.settings))
    if file:
        file.touch()

    done = operator_of_either.hand_in(mails.exchange())

    assert (done.exit_code, "Run `calls migrate`" in done.stderr) == (75, True)


def test_mail_is_taken_while_another_process_writes(operator: Operator) -> None:
    """On SQLite, beside a running `calls serve`: it waits for its turn."""
    operator.run("migrate")
    database = Database(read(operator.settings).database)
    with database.transaction() as session:
        session.execute(sa.delete(Received))
        command = [sys.executable, "-m", "calls", "inbound"]
        process = subprocess.Popen(command, env=operator.settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        handing = threading.Thread(target=process.communicate, args=(mails.exchange(),))
        handing.start()
        handing.join(timeout=2)
        assert handing.is_alive()
    handing.join(timeout=30)
    database.close()

    assert process.returncode == 0
    assert [kind for kind, _ in received(operator)] == ["reply"]
