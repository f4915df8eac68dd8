"""Feeds while something fails: no connection while the process is away, otherwise 200 with the last good bytes (F19).

One bad answer makes a calendar program switch a feed off or empty it, so everything else that an address may say is a fault.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from calls import settings
from calls.calendars import queries, updating
from calls.calendars.models import Feed
from calls.ground.database import Database
from calls.ground.links import Links
from calls.ground.tokens import Keys
from calls.registrations.models import Attendee
from calls.shows.models import Call
from tests.faults.crowd import pages_of_calls
from tests.faults.test_database_away import Way
from tests.served import Served, plan_a_show, register, wait_for

PUBLIC = "/ask-tara/calendar.ics"


def served_on(address: str, folder: Path, servers: list[Served], *words: str, **given: str) -> Served:
    """A show with one registered person, served; its feeds are not fetched yet."""
    with closing(Database(address)) as database:
        plan_a_show(database, datetime.now(UTC))
    served = Served(folder / "served", *words, CALLS_DATABASE=given.pop("through", address), **given)
    servers.append(served)
    served.start()
    assert register(served.browser(), pages_of_calls(address)[0], "ann@example.com").status_code == 303
    served.letters_to("ann@example.com")
    return served


def own_feed(served: Served, address: str) -> str:
    """The address of the one attendee's feed."""
    secret = settings.read({"CALLS_URL": served.url, "CALLS_DATA": str(served.data)}).secret
    with closing(Database(address, is_serving=False)) as database, database.reading() as session:
        feed = queries.feed_of(session, session.scalars(sa.select(Attendee)).one().id)
        assert feed is not None
        return Links(served.url, Keys(secret)).here.feed(feed.id, feed.generation)


def fetched(served: Served, *paths: str) -> dict[str, tuple[int, bytes, str]]:
    """Status, bytes and ETag of each."""
    browser = served.browser()
    answers = {path: browser.get(path, headers={"accept-encoding": "identity"}) for path in paths}
    return {path: (it.status_code, it.content, it.headers.get("etag", "")) for path, it in answers.items()}


@dataclass
class Poller:
    """A calendar program that asks all the time."""

    url: str
    seen: Counter[tuple[int, bytes]] = field(default_factory=Counter)
    refused: int = 0

    @contextmanager
    def polling(self, path: str) -> Iterator["Poller"]:
        over = threading.Event()

        def poll() -> None:
            while not over.is_set():
                try:
                    answer = httpx.get(self.url + path, timeout=30, trust_env=False)
                    self.seen[answer.status_code, answer.content] += 1
                except httpx.TransportError:
                    self.refused += 1
                time.sleep(0.01)

        thread = threading.Thread(target=poll, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            over.set()
            thread.join(timeout=60)


def test_restart_in_the_middle_refuses_connections_and_nothing_else(
    address: str, tmp_path: Path, servers: list[Served]
) -> None:
    served = served_on(address, tmp_path, servers)
    own = own_feed(served, address)
    [(_, before, _)] = fetched(served, own).values()

    with Poller(served.url).polling(own) as poller:
        for end in (served.kill, served.stop):
            seen = poller.seen.total()
            wait_for(lambda seen=seen: poller.seen.total() > seen + 5, "the feed is fetched")  # type: ignore[misc]
            end()
            wait_for(lambda: poller.refused > 0, "the process is away")
            served.start()

    assert set(poller.seen) == {(200, before)}


def test_call_that_cannot_be_written_leaves_the_last_good_feed_even_after_a_restart(
    address: str, tmp_path: Path, servers: list[Served]
) -> None:
    served = served_on(address, tmp_path, servers)
    feeds = (PUBLIC, own_feed(served, address))
    before = fetched(served, *feeds)
    served.kill()
    with closing(Database(address)) as database, database.transaction() as session:
        first = session.scalars(sa.select(Call).order_by(Call.starts_at)).first()
        assert first is not None
        first.ends_at = first.starts_at
    served.start()

    assert fetched(served, *feeds) == before
    assert "call" in served.log
    assert "cannot be written into a calendar" in served.log


@pytest.fixture
def way(postgres_address: str) -> Iterator[Way]:
    url = sa.make_url(postgres_address)
    way = Way(url.host or "127.0.0.1", url.port or 5432)
    yield way
    way.close()


@pytest.fixture
def through(way: Way, postgres_address: str) -> str:
    """The address of the database behind the way."""
    return sa.make_url(postgres_address).set(host="127.0.0.1", port=way.port).render_as_string(hide_password=False)


def test_fresh_process_without_a_database_answers_feeds_that_were_fetched_before(
    way: Way, through: str, postgres_address: str, tmp_path: Path, servers: list[Served]
) -> None:
    served = served_on(postgres_address, tmp_path, servers, through=through)
    feeds = (PUBLIC, own_feed(served, postgres_address))
    before = fetched(served, *feeds)
    served.kill()
    served.start()

    way.cut()
    after = fetched(served, *feeds)
    unchanged = httpx.get(served.url + PUBLIC, headers={"if-none-match": before[PUBLIC][2], "accept-encoding": "identity"})
    other = served.status(feeds[1].replace(feeds[1][10], "A" if feeds[1][10] != "A" else "B"))
    way.mend()

    assert {it[0] for it in before.values()} == {200}
    assert after == before
    assert (unchanged.status_code, other) == (304, 503)
    assert "the last good one is served" in served.log
    assert feeds[1].split("/")[2] not in served.log


def test_start_without_a_database_ends_with_a_sentence_and_refuses_connections(
    way: Way, through: str, postgres_address: str, tmp_path: Path, servers: list[Served]
) -> None:
    served = served_on(postgres_address, tmp_path, servers, through=through)
    fetched(served, PUBLIC)
    served.kill()

    way.cut()
    command = [sys.executable, "-m", "calls", "serve", "--port", str(served.port)]
    tried = subprocess.run(command, env={**os.environ, **served.settings}, capture_output=True, text=True, timeout=60)

    assert (tried.returncode != 0, served.status(PUBLIC)) == (True, 0)
    assert "Traceback" not in tried.stderr


def test_process_that_takes_the_place_of_another_without_a_database_answers_too(
    way: Way, through: str, postgres_address: str, tmp_path: Path, servers: list[Served]
) -> None:
    served = served_on(postgres_address, tmp_path, servers, "--processes", "2", through=through)
    own = own_feed(served, postgres_address)
    before = fetched(served, PUBLIC, own)
    old = children(served.pid)

    way.cut()
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: len(set(children(served.pid)) - set(old)) == 2 and served.status(PUBLIC), "others have taken over")
    after = [fetched(served, PUBLIC, own) for _ in range(6)]
    way.mend()

    assert after == [before] * 6


def children(pid: int) -> list[int]:
    """The serving processes that a process has started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(it) for it in found if b"spawn_main" in Path(f"/proc/{it}/cmdline").read_bytes()]


def test_withdrawn_feed_does_not_come_back_from_disk(
    way: Way, through: str, postgres_address: str, tmp_path: Path, servers: list[Served]
) -> None:
    served = served_on(postgres_address, tmp_path, servers, through=through)
    own = own_feed(served, postgres_address)
    [(status, _, _)] = fetched(served, own).values()
    served.kill()
    with closing(Database(postgres_address)) as database, database.transaction() as session:
        updating.rotate_feed(session, session.scalars(sa.select(Feed)).one(), datetime.now(UTC))
    kept = set((served.data / "feeds").iterdir())

    served.start()  # it asks what was withdrawn while nobody listened
    wait_for(lambda: set((served.data / "feeds").iterdir()) < kept, "the withdrawn copy is cleared")
    way.cut()

    assert (status, served.status(own)) == (200, 503)


def test_broken_sqlite_file_leaves_the_feeds_that_were_fetched_before(
    sqlite_address: str, tmp_path: Path, servers: list[Served]
) -> None:
    served = served_on(sqlite_address, tmp_path, servers)
    feeds = (PUBLIC, own_feed(served, sqlite_address))
    before = fetched(served, *feeds)
    served.stop()
    served.start()

    rot(Path(sqlite_address.removeprefix("sqlite:///")))
    after = fetched(served, *feeds)

    assert served.status("/ask-tara") in {500, 503}
    assert after == before


def rot(file: Path) -> None:
    """Have the disk give back rubbish for all pages but the first few, which say what kind of file it is."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint")
    with file.open("r+b") as pages:
        size = file.stat().st_size
        pages.seek(4096)
        pages.write(b"\xff" * (size - 4096))


@pytest.mark.parametrize("path", [PUBLIC, "own"])
def test_feed_is_answered_where_nothing_can_be_kept_on_disk(
    sqlite_address: str, tmp_path: Path, servers: list[Served], path: str
) -> None:
    (tmp_path / "served" / "data").mkdir(parents=True)
    (tmp_path / "served" / "data" / "feeds").write_text("no folder")
    served = served_on(sqlite_address, tmp_path, servers)
    path = own_feed(served, sqlite_address) if path == "own" else path

    first, second = fetched(served, path), fetched(served, path)

    assert (first[path][0], second) == (200, first)
    assert served.log.count("cannot be kept on disk") == 1
