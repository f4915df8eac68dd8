"""The acceptance cases of the design about changing clocks (calendars.md, section 7), as feeds and pages show them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.tokens import Keys
from calls.shows import queries as shows
from calls.web import application, host
from calls.web import public as web
from tests.builders import a_member, an_account
from tests.calendars.conftest import S
from tests.calendars.feeds import public
from tests.calendars.grammar import check_feed
from tests.calendars.happenings import utc
from tests.calendars.readers import Seen, by_icalendar, by_recurring_ical_events
from tests.fakes import FakeMail
from tests.studio import LINKS, Studio, a_studio
from tests.web.browsers import Browser, a_house
from tests.web.reading import errors, words

LA = "America/Los_Angeles"
SUNDAYS = {"first_day": date(2027, 3, 7), "rrule": "FREQ=WEEKLY;BYDAY=SU;COUNT=3"}
FORM: dict[str, Any] = {"name": "Ask Tara", "zone": LA, "minutes": "60", "repeats": "once", "phone": "+1 555 010 0100"}


def a_series(database: Database, clock: SetClock, **facts: Any) -> Studio:
    """Series S with what is said here instead."""
    return a_studio(database, clock, FakeMail(clock), plan=replace(S, **facts))


def seen_in(studio: Studio) -> list[Seen]:
    """The calls in the feed, on which two readers agree and in which the checker finds no fault."""
    body = public(studio).body
    seen = by_icalendar(body)
    assert by_recurring_ical_events(body) == seen
    assert check_feed(body) == []
    return seen


def times(studio: Studio) -> list[tuple[datetime, timedelta]]:
    return [(it.starts_at, it.ends_at - it.starts_at) for it in seen_in(studio)]


@pytest.fixture
def browser(database: Database, series_clock: SetClock, keys: Keys) -> Iterator[Browser]:
    house = a_house(database, series_clock, keys, "https://calls.example")
    browser = Browser(application(house, [*host.PAGES, *web.PAGES], registry=CollectorRegistry()), house)
    with browser.client:
        with database.transaction() as session:
            member = a_member(session, account=an_account(session))
        browser.sign_in(member)
        yield browser


def test_case_7_los_angeles_over_the_start_of_summer_time(database: Database, series_clock: SetClock) -> None:
    studio = a_series(database, series_clock, **SUNDAYS)

    hour = timedelta(hours=1)
    assert times(studio) == [(utc(f"2027-03-{it}"), hour) for it in ("07 17:00", "14 16:00", "21 16:00")]


def test_case_8_berlin_over_the_end_of_summer_time_is_read_alike(database: Database, series_clock: SetClock) -> None:
    studio = a_series(database, series_clock, zone="Europe/Berlin", first_day=date(2026, 10, 21), first_time=time(18))

    assert [it for it, _ in times(studio)[:3]] == [utc("2026-10-21 16:00"), utc("2026-10-28 17:00"), utc("2026-11-04 17:00")]


def test_case_9_sydney_over_the_start_of_summer_time_is_read_alike(database: Database) -> None:
    clock = SetClock(datetime(2026, 9, 1, tzinfo=UTC))
    studio = a_series(database, clock, zone="Australia/Sydney", first_day=date(2026, 9, 30), first_time=time(10))

    assert [it for it, _ in times(studio)[:2]] == [utc("2026-09-30 00:00"), utc("2026-10-06 23:00")]


@pytest.mark.parametrize(("zone", "start"), [("Asia/Kolkata", "2026-10-14 14:00"), ("Asia/Kathmandu", "2026-10-14 13:45")])
def test_case_10_zones_of_odd_minutes_are_read_alike(
    database: Database, series_clock: SetClock, zone: str, start: str
) -> None:
    assert times(a_series(database, series_clock, zone=zone, first_time=time(19, 30)))[0] == (utc(start), timedelta(hours=1))


def test_case_11_hour_that_the_clocks_skip_is_the_hour_after_it(database: Database, series_clock: SetClock) -> None:
    studio = a_series(database, series_clock, first_time=time(2, 30), **SUNDAYS)

    assert [it for it, _ in times(studio)] == [utc(f"2027-03-{it}") for it in ("07 10:30", "14 10:30", "21 09:30")]
    shown = [it.partition(b"\r\n")[0] for it in public(studio).body.replace(b"\r\n ", b"").split(b"DESCRIPTION:")[1:]]
    assert [it.count(b"03:30 Los Angeles time") for it in shown if b"Los Angeles" in it] == [0, 1, 0]
    with database.reading() as session:
        stored = shows.call_at(session, studio.show_id, "2027-03-14")
        assert stored is not None
        assert (stored.wall, stored.starts_at) == (datetime(2027, 3, 14, 2, 30), utc("2027-03-14 10:30"))  # noqa: DTZ001


def test_case_11_form_warns_of_an_hour_that_the_clocks_skip(browser: Browser) -> None:
    page = browser.post("/host/shows/new", FORM | {"first_day": "2027-03-14", "first_time": "02:30"})

    assert page.status_code == 200
    assert "02:30 on 14 March 2027 does not exist in Los Angeles; the call would start at 03:30." in words(page)


def test_case_12_form_asks_which_of_two_equal_hours_is_meant(browser: Browser) -> None:
    typed = FORM | {"first_day": "2026-11-01", "first_time": "01:30"}
    asking, chosen = browser.post("/host/shows/new", typed), browser.post("/host/shows/new", typed | {"fold": "1"})

    twice = "The clocks show 01:30 twice on 1 November 2026 in Los Angeles, first at UTC−07:00 and again at UTC−08:00."
    assert (asking.status_code, errors(asking)) == (422, [f"{twice} Say which of the two is meant."])
    assert chosen.status_code == 200


@pytest.mark.parametrize(("fold", "start"), [(0, "2026-11-01 08:30"), (1, "2026-11-01 09:30")])
def test_case_12_hour_that_comes_twice_is_the_one_that_was_chosen(
    database: Database, series_clock: SetClock, fold: int, start: str
) -> None:
    studio = a_series(database, series_clock, first_day=date(2026, 11, 1), first_time=time(1, 30), rrule="", fold=fold)

    assert times(studio) == [(utc(start), timedelta(hours=1))]


def test_case_13_length_is_exact_across_the_change_of_clocks(database: Database, series_clock: SetClock) -> None:
    studio = a_series(database, series_clock, first_day=date(2026, 10, 31), first_time=time(23, 30), rrule="", minutes=180)

    [seen] = seen_in(studio)
    assert (seen.starts_at, seen.ends_at) == (utc("2026-11-01 06:30"), utc("2026-11-01 09:30"))


@pytest.mark.parametrize(
    ("zone", "line"), [(LA, "09:00 Los Angeles time"), ("UTC", "09:00 UTC"), ("Asia/Kolkata", "09:00 Kolkata time")]
)
def test_description_ends_with_the_hour_where_the_call_is_held(
    database: Database, series_clock: SetClock, zone: str, line: str
) -> None:
    """Before the page's address, which is the very last line (F15)."""
    body = public(a_series(database, series_clock, zone=zone)).body.replace(b"\r\n ", b"").decode()

    page = LINKS.call("ask-tara", "2026-10-14")
    assert body.count(f"\\n\\n{line}\\n\\n{page}\r\n") == 1
