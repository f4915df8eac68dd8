"""A full disk on SQLite: what cannot be written is refused in a sentence, what can be read is served, and room heals it all.

It is made twice. A limit on the size of the process's files needs no rights, refuses the log too, and looks like a broken
disk to SQLite. A small disk that is really full looks like what it is; only root may mount one.
"""

import os
import resource
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from calls.ground.database import Database
from tests.served import Served, plan_a_show, register, wait_for

DISK = "4m"
MORE_THAN_FITS = 40


class Disk(Protocol):
    """Where the data folder lies, and how it fills up."""

    folder: Path

    def fill(self, served: Served) -> None: ...

    def make_room(self, served: Served) -> None: ...


class LimitedFiles:
    """A usual folder, in which the process may write nothing to any file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, served: Served) -> None:
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def make_room(self, served: Served) -> None:
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class SmallDisk:
    """A disk of a few megabytes in memory, with something in it that takes all the rest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, served: Served) -> None:
        with self._ballast.open("wb", buffering=0) as ballast, pytest.raises(OSError, match="No space left"):
            while ballast.write(bytes(4096)):
                pass

    def make_room(self, served: Served) -> None:
        self._ballast.unlink()


@pytest.fixture(params=["limited files", "small disk"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "limited files":
        yield LimitedFiles(tmp_path / "disk")
        return
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("a small disk cannot be mounted here: only root may")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def served(disk: Disk, tmp_path: Path, sqlite_template: Path, servers: list[Served]) -> Served:
    """An installation with a show, its database on the disk."""
    served = Served(disk.folder, CALLS_LOG="json")
    served.log_file = tmp_path / "serve.log"
    served.data.mkdir(parents=True)
    shutil.copyfile(sqlite_template, served.data / "calls.sqlite3")
    database = Database(served.database, is_serving=False)
    plan_a_show(database, datetime.now(UTC))
    database.close()
    servers.append(served)
    return served.start()


def test_full_disk_refuses_in_a_sentence_serves_what_it_has_and_heals(disk: Disk, served: Served) -> None:
    page, feed = first_call(served), "/ask-tara/calendar.ics"
    browser, host = served.browser(), host_of(served)
    before = {path: browser.get(path).content for path in ("/ask-tara", page, feed)}
    taken = [register(browser, page, "before@example.com").status_code]
    wait_for(lambda: served.figure('calls_messages{state="sent"}') == 1, "the first confirmation")
    leave_work_undone(served)

    disk.fill(served)
    refused, acknowledged = register_until_refused(served, page)
    time.sleep(3)  # in which the worker tries again and again
    shown = {path: browser.get(path) for path in ("/", "/find", "/ask-tara", page, feed, "/health/live")}
    board = host.get("/host")
    disk.make_room(served)
    healed = register(served.browser("198.51.100.9"), page, "after@example.com")

    assert (taken, healed.status_code) == ([303], 303)
    assert refused.status_code == 503
    assert "Nothing was saved just now" in refused.text
    assert 'name="name" value="Zoë &lt;O’Hara&gt;"' in refused.text
    assert {path: it.status_code for path, it in shown.items()} == dict.fromkeys(shown, 200)
    assert shown[feed].content == before[feed]
    assert board.status_code == 200
    everybody = ["before@example.com", *acknowledged, "after@example.com"]
    letters = sorted(["before@example.com", *everybody])  # hers was made to go once more
    wait_for(lambda: sorted(served.readers()) == letters, "the confirmations that were held up")
    assert served.stop() == 0
    assert "Traceback" not in served.log
    assert held(served) == (sorted(everybody), [(len(everybody), len(everybody))], [("ok",)], [])


def held(served: Served) -> tuple[list[str], list[tuple[int, int]], list[tuple[str]], list[object]]:
    """Who is registered, the seats taken and the registrations of the calls that have any, and that the file is whole."""
    with sqlite3.connect(served.data / "calls.sqlite3") as connection:
        people = "SELECT email FROM registrations r JOIN attendees a ON a.id = r.attendee_id WHERE state = 'confirmed' ORDER BY 1"
        seats = "SELECT taken, (SELECT count(*) FROM registrations WHERE call_id = calls.id) FROM calls WHERE taken > 0"
        return (
            [row[0] for row in connection.execute(people)],
            connection.execute(seats).fetchall(),
            connection.execute("PRAGMA integrity_check").fetchall(),
            connection.execute("PRAGMA foreign_key_check").fetchall(),
        )


def first_call(served: Served) -> str:
    with sqlite3.connect(served.data / "calls.sqlite3") as connection:
        return f"/ask-tara/{connection.execute('SELECT address FROM calls ORDER BY starts_at').fetchone()[0]}"


def host_of(served: Served) -> httpx.Client:
    """The host's browser, signed in."""
    link = served.run("owner", "tara@example.com").strip()
    browser = served.browser("198.51.100.7")
    assert browser.post(link).status_code == 303
    return browser


def leave_work_undone(served: Served) -> None:
    """The host's next page notes that she was here, and in a second the confirmation is written and sent once more."""
    with sqlite3.connect(served.data / "calls.sqlite3") as connection:
        connection.execute("UPDATE sign_ins SET seen_at = ?", [stored(datetime.now(UTC) - timedelta(days=1))])
        connection.execute("DELETE FROM messages")
        connection.execute("DELETE FROM told")
        soon = stored(datetime.now(UTC) + timedelta(seconds=1))
        afresh = "UPDATE changes SET followed_up_at = NULL, step = 0, try_at = ? WHERE kind = 'registration.confirmed'"
        connection.execute(afresh, [soon])


def stored(moment: datetime) -> str:
    """A moment as the database holds it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def register_until_refused(served: Served, page: str) -> tuple[httpx.Response, list[str]]:
    """The refusal, and who was still taken: there may be some room left inside the files."""
    taken: list[str] = []
    for number in range(MORE_THAN_FITS):
        email = f"full{number}@example.com"
        answer = register(served.browser(f"198.51.100.{number}"), page, email, "Zoë <O’Hara>")
        if answer.status_code != 303:
            return answer, taken
        taken.append(email)
    raise AssertionError("a full disk has taken everything")
