"""PostgreSQL away: cut connections, a server that takes nobody for a while, and everything heals by itself."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.history.keeping import Actor
from calls.shows import editing
from calls.shows.models import Call
from tests.faults.crowd import Crowd, pages_of_calls, registered, seats_taken
from tests.served import Served, plan_a_show, register, wait_for

FEED = "/ask-tara/calendar.ics"


class Way:
    """A TCP forwarder between the house and the database that can be cut: what is open breaks off, what is new is refused."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._is_cut = False
        self._guard = threading.Lock()
        threading.Thread(target=self._take, daemon=True).start()

    def cut(self) -> None:
        with self._guard:
            self._is_cut = True
            for it in self._open:
                hang_up(it)
            self._open.clear()

    def mend(self) -> None:
        with self._guard:
            self._is_cut = False

    def close(self) -> None:
        self.cut()
        self._listening.close()

    def _take(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            with self._guard:
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._to)
                self._open |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while received := one.recv(65536):
                other.sendall(received)
        with self._guard:
            for it in (one, other):
                hang_up(it)
                self._open.discard(it)


def hang_up(connection: socket.socket) -> None:
    """End a connection on which another thread may be waiting: closing it alone would not, before that one hears something."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@pytest.fixture
def way(postgres_address: str) -> Iterator[Way]:
    url = sa.make_url(postgres_address)
    way = Way(url.host or "127.0.0.1", url.port or 5432)
    yield way
    way.close()


@pytest.fixture
def host(postgres_address: str) -> Actor:
    """The host of a show for many."""
    with closing(Database(postgres_address)) as database:
        return plan_a_show(database, datetime.now(UTC), capacity=10_000)[0]


@pytest.fixture
def served(way: Way, host: Actor, postgres_address: str, tmp_path: Path, servers: list[Served]) -> Served:
    """An installation whose database lies behind the way."""
    address = sa.make_url(postgres_address).set(host="127.0.0.1", port=way.port).render_as_string(hide_password=False)
    served = Served(tmp_path / "served", CALLS_DATABASE=address)
    servers.append(served)
    return served.start()


def test_database_that_is_away_leaves_what_was_read_and_keeps_what_is_typed(
    served: Served, way: Way, postgres_address: str
) -> None:
    page, unread, *_ = pages_of_calls(postgres_address)
    browser = served.browser()
    before = {path: browser.get(path).content for path in ("/", "/ask-tara", page, FEED)}

    way.cut()
    wait_for(lambda: "the database does not tell of changes" in served.log, "the listener has noticed")
    shown = {path: browser.get(path) for path in before}
    others = {path: browser.get(path) for path in (unread, "/find?sent", "/sign-in/" + "a" * 32, "/health/ready")}
    typed = register(browser, page, "away@example.com", "Zoë <O’Hara>", question="Why <b>now</b>?")
    alive = served.status("/health/live")
    away = served.figure("calls_database_answers")
    way.mend()

    assert {path: it.status_code for path, it in shown.items()} == dict.fromkeys(before, 200)
    assert {path: it.content for path, it in shown.items()} == before
    assert {path: it.status_code for path, it in others.items()} == {
        unread: 503,
        "/find?sent": 200,
        "/sign-in/" + "a" * 32: 503,
        "/health/ready": 503,
    }
    assert "Back in a moment" in others[unread].text
    assert others[unread].headers["retry-after"] == "10"
    assert (typed.status_code, alive, away) == (503, 200, 0)
    assert 'name="question" value="Why &lt;b&gt;now&lt;/b&gt;?"' in typed.text
    wait_for(lambda: served.status("/health/ready") == 200, "the database is there again")
    assert register(browser, page, "away@example.com").status_code == 303
    wait_for(lambda: served.readers() == ["away@example.com"], "the worker goes on")


def test_cut_connections_lose_nobody_who_was_told_that_she_is_registered(served: Served, way: Way, postgres_address: str) -> None:
    page = pages_of_calls(postgres_address)[0]

    with Crowd(served, page).coming() as crowd:
        for _ in range(3):
            time.sleep(0.7)
            hang_up_on_everybody(postgres_address)
        way.cut()
        time.sleep(1.5)
        way.mend()
        healed_from = len(crowd.acknowledged)
        wait_for(lambda: len(crowd.acknowledged) > healed_from + 20, "people register again")

    acknowledged = crowd.acknowledged
    assert set(crowd.statuses) <= {303, 503}
    assert set(acknowledged) - set(registered(postgres_address)) == set()
    assert seats_taken(postgres_address) == len(registered(postgres_address))
    wait_for(lambda: set(served.readers()) >= set(registered(postgres_address)), "everybody has her confirmation")
    assert Counter(served.readers()) == Counter(registered(postgres_address))
    assert "Traceback" not in served.log


def test_changes_are_heard_of_again_after_a_cut(served: Served, way: Way, host: Actor, postgres_address: str) -> None:
    page = pages_of_calls(postgres_address)[0]
    browser = served.browser()
    browser.get(page)
    way.cut()
    wait_for(lambda: "the database does not tell of changes" in served.log, "the listener has noticed")
    way.mend()
    wait_for(lambda: is_listened_to(postgres_address), "the listener listens again")
    browser.get(page)

    with closing(Database(postgres_address)) as database, database.transaction() as session:
        call = session.scalars(sa.select(Call).order_by(Call.starts_at)).first()
        assert call is not None
        editing.describe(session, call, "Sleep without pills", "", by=host, now=datetime.now(UTC))

    wait_for(lambda: "Sleep without pills" in browser.get(page).text, "the page says what is new", seconds=5)


def hang_up_on_everybody(address: str) -> int:
    """Have PostgreSQL end every other connection to this database; how many there were."""
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(address, autocommit=True) as connection:
        return len(connection.execute(others).fetchall())


def is_listened_to(address: str) -> bool:
    """Whether somebody has just asked to be told of changes."""
    listening = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN calls'"
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(listening).fetchone() is not None
