"""Busy calendars are read every fifteen minutes by one worker each; what was read before counts while reading fails."""

import threading
from datetime import time, timedelta
from http.server import BaseHTTPRequestHandler
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls.busy_reader import BusyReader
from calls.gateways.fetching import PublicWeb
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.public_addresses import Rule
from calls.guests import opening_hours, reading_busy, slot_queries
from calls.guests.models import BusyCalendar
from calls.guests.slots import Hours, OpenRange
from calls.history.models import Change
from calls.sender import Tools
from calls.shows.models import Show
from calls.team import staffing
from calls.worker import Worker
from tests.builders import a_member, a_show
from tests.fakes import FakeMail, FakeWeb
from tests.gateways.web_servers import page, web_server
from tests.guests.busy_calendars import an_hour, calendar, entry
from tests.studio import DESK
from tests.test_worker import wait_until

ADDRESS = "https://calendar.example/busy.ics"
HOUR = [["2026-12-01T09:00:00+00:00", "2026-12-01T10:00:00+00:00"]]
HALF_A_DAY = time(0), time(12)
DOWN = "calendar.example could not be reached."


class Desk:
    """A show with a busy calendar, the web it lies on, and a worker's part that reads it when it is told to."""

    def __init__(self, database: Database, clock: SetClock) -> None:
        self.database, self.clock, self.web = database, clock, FakeWeb()
        self.web.put(ADDRESS, calendar(an_hour("20261201T090000")))
        self.worker = Worker(Tools(database, clock, FakeMail(clock), DESK))
        with database.transaction() as session:
            member = a_member(session)
            self.by, self.account_id = staffing.actor(member), member.account_id
        self.show_id = self.a_show(ADDRESS)

    def a_show(self, address: str) -> UUID:
        with self.database.transaction() as session:
            show = a_show(session, account_id=self.account_id, zone="America/New_York")
            opening_hours.watch(session, show, address, by=self.by, now=self.clock.now())
            return show.id

    def read(self) -> None:
        BusyReader(self.worker.tools, self.web, self.worker.attempt, threading.Event()).read()

    def wait(self, **by: float) -> None:
        self.clock.advance(**by)
        self.read()

    @property
    def row(self) -> BusyCalendar:
        with self.database.reading() as session:
            return session.get_one(BusyCalendar, self.show_id)

    def failures(self) -> list[dict[str, str]]:
        with self.database.reading() as session:
            return list(session.scalars(sa.select(Change.facts).where(Change.kind == "busy_calendar.failed")))


@pytest.fixture
def desk(database: Database, clock: SetClock) -> Desk:
    return Desk(database, clock)


def test_calendar_is_read_at_once_and_then_every_fifteen_minutes(desk: Desk) -> None:
    desk.read()
    first = desk.row
    desk.read()
    desk.wait(minutes=14)
    asked = len(desk.web.asked)
    desk.wait(minutes=1)

    assert (first.busy, first.read_at, first.fault) == (HOUR, desk.clock.now() - timedelta(minutes=15), "")
    assert (asked, len(desk.web.asked)) == (1, 2)


def test_calendar_that_has_not_changed_is_not_read_again_but_once_a_day(desk: Desk) -> None:
    desk.read()
    for _ in range(96):
        desk.wait(minutes=15)

    tags = [etag for _, etag in desk.web.asked]
    assert (desk.row.read_at, desk.row.busy) == (desk.clock.now(), HOUR)
    assert [bool(it) for it in tags] == [False, *[True] * 95, False]


def test_what_changes_there_is_followed(desk: Desk) -> None:
    desk.read()
    desk.web.put(ADDRESS, calendar())
    desk.wait(minutes=15)

    assert desk.row.busy == []


def test_while_reading_fails_what_was_read_before_counts_and_the_pauses_grow(desk: Desk) -> None:
    desk.read()
    read_at, desk.web.is_down = desk.clock.now(), True
    began = desk.clock.advance(minutes=15)
    pauses = []
    for _ in range(9):
        desk.read()
        pause = desk.row.try_at - desk.clock.now()
        pauses.append(pause.total_seconds() / 60)
        desk.clock.advance(seconds=pause.total_seconds())
    failing = desk.row
    desk.web.is_down = False
    desk.read()

    assert pauses == [15, 15, 30, 60, 120, 240, 360, 360, 360]
    assert (failing.busy, failing.read_at, failing.fault, failing.failing_since) == (HOUR, read_at, DOWN, began)
    assert desk.failures() == [{"why": DOWN}]
    assert (desk.row.fault, desk.row.failing_since, desk.row.read_at) == ("", None, desk.clock.now())


@pytest.mark.parametrize("content", ["<html>Sign in</html>", "BEGIN:VCALENDAR", calendar("nonsense\r\n"), "\x00"])
def test_what_is_no_calendar_is_a_fault_that_the_host_can_read(desk: Desk, content: str) -> None:
    desk.read()
    desk.web.put(ADDRESS, content)
    desk.wait(minutes=15)

    assert desk.row.busy == HOUR
    assert desk.row.fault.endswith(".")


def test_calendar_that_cannot_be_read_keeps_no_other_waiting(desk: Desk) -> None:
    other = desk.a_show("https://calendar.example/other.ics")
    desk.web.put("https://calendar.example/other.ics", calendar(entry("DTSTART;VALUE=DATE:20261201")))
    desk.web.put(ADDRESS, "nothing")
    desk.read()

    with desk.database.reading() as session:
        busy = session.get_one(BusyCalendar, other).busy
    assert busy == [["2026-12-01T05:00:00+00:00", "2026-12-02T05:00:00+00:00"]]
    assert desk.row.fault


def test_whole_days_are_counted_where_the_open_hours_are(desk: Desk) -> None:
    desk.web.put(ADDRESS, calendar(entry("DTSTART;VALUE=DATE:20261201")))
    desk.read()
    with desk.database.transaction() as session:
        hours = Hours("Asia/Tokyo", (OpenRange(0, *HALF_A_DAY),))
        opening_hours.set_hours(session, session.get_one(Show, desk.show_id), hours, by=desk.by, now=desk.clock.now())
    desk.read()

    assert desk.row.busy == [["2026-11-30T15:00:00+00:00", "2026-12-01T15:00:00+00:00"]]


def test_calendar_that_was_changed_or_taken_away_meanwhile_is_not_noted(desk: Desk) -> None:
    def watch_another() -> None:
        with desk.database.transaction() as session:
            show = session.get_one(Show, desk.show_id)
            opening_hours.watch(session, show, "https://calendar.example/new.ics", by=desk.by, now=desk.clock.now())
        desk.web.on_asking = forget

    def forget() -> None:
        with desk.database.transaction() as session:
            opening_hours.forget(session, session.get_one(Show, desk.show_id), by=desk.by, now=desk.clock.now())

    desk.web.on_asking = watch_another
    desk.read()

    assert [address for address, _ in desk.web.asked] == [ADDRESS, "https://calendar.example/new.ics"]
    with desk.database.reading() as session:
        assert slot_queries.busy_calendar_of(session, desk.show_id) is None


def test_nothing_is_asked_within_a_transaction(desk: Desk) -> None:
    """On SQLite a writer would wait for itself; on PostgreSQL the row would be locked."""
    seen = []

    def write_elsewhere() -> None:
        with desk.database.transaction() as session:
            seen.append(session.get_one(BusyCalendar, desk.show_id, with_for_update=True).try_at)

    desk.web.on_asking = write_elsewhere
    desk.read()

    assert seen == [desk.clock.now() + reading_busy.LEASE]


def test_calendar_is_claimed_by_one_of_several_workers(desk: Desk) -> None:
    others = threading.Thread(target=desk.read)

    def let_another_look() -> None:
        if len(desk.web.asked) == 1:
            others.start()
            others.join(10)

    desk.web.on_asking = let_another_look
    desk.read()

    assert len(desk.web.asked) == 1


def test_claim_of_a_worker_that_died_lapses(desk: Desk) -> None:
    with desk.database.transaction() as session:
        reading_busy.claim(session, desk.clock.now())
    desk.read()
    asked = len(desk.web.asked)
    desk.wait(minutes=2)

    assert (asked, len(desk.web.asked)) == (0, 1)


def test_calendar_on_a_server_is_read_and_then_asked_for_by_its_tag(desk: Desk) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        is_known = handler.headers["If-None-Match"] == '"1"'
        page(b"" if is_known else calendar(an_hour("20261201T090000")).encode(), 304 if is_known else 200, ETag='"1"')(handler)

    rule = Rule(takes_loopback=True)
    with web_server({"/busy.ics": answer}) as server:
        with desk.database.transaction() as session:
            show, address = session.get_one(Show, desk.show_id), f"http://127.0.0.1:{server.port}/busy.ics"
            opening_hours.watch(session, show, address, by=desk.by, now=desk.clock.now(), rule=rule)
        reader = BusyReader(desk.worker.tools, PublicWeb(rule), desk.worker.attempt, threading.Event())
        reader.read()
        desk.clock.advance(minutes=15)
        reader.read()

    assert [headers.get("If-None-Match") for _, headers in server.asked] == [None, '"1"']
    assert (desk.row.busy, desk.row.read_at, desk.row.fault) == (HOUR, desk.clock.now(), "")


def test_running_worker_reads_a_calendar_as_soon_as_it_is_set(desk: Desk) -> None:
    worker = Worker(Tools(desk.database, desk.clock, FakeMail(desk.clock), DESK, web=desk.web))
    worker.start()
    try:
        wait_until(lambda: desk.row.read_at is not None)
        other = desk.a_show(ADDRESS)
        wait_until(lambda: len(desk.web.asked) == 2)
    finally:
        worker.stop()

    with desk.database.reading() as session:
        assert session.get_one(BusyCalendar, other).busy == HOUR
