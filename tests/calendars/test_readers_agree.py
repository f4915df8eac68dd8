"""Every feed there is, over HTTP, through every reader there is: all of them show the same calls, and those are the right ones.

A further feed is one more line in FEEDS. `icalendar`, `recurring-ical-events` and the grammar checker always read; ical.js,
vdirsyncer and khal where they are there (`CALLS_TESTS_REQUIRE` asks for the latter two).
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa

from calls.calendars import updating
from calls.ground.clock import SetClock
from calls.history.keeping import Actor
from calls.shows.models import Call
from calls.team.models import Member
from tests.calendars import readers
from tests.calendars.grammar import check_feed
from tests.calendars.test_khal import FIRST, Subscriber, change, own_feed, register_over_the_web
from tests.served import NO_TLS, plan_a_show
from tests.served_here import ServedHere, served_here

KATHMANDU = ZoneInfo("Asia/Kathmandu")
Address = Callable[[ServedHere], str]
Holds = Callable[[Call], bool]
Words = Callable[[Call], str]


def _hers(call: Call) -> bool:
    return call.address in ("2026-12-01", "2026-12-08")


def _all(call: Call) -> bool:
    return True


def _plain(call: Call) -> str:
    return "Ask Tara"


def _with_numbers(call: Call) -> str:
    return f"[{call.taken} of {call.capacity}] OPEN · Ask Tara"


def feed_of_the_host(here: ServedHere) -> str:
    """The address of the one member's feed, made if need be."""
    with here.database.transaction() as session:
        feed = updating.open_host_feed(session, session.scalars(sa.select(Member)).one().id, here.clock.now())
        return here.built.house.links.feed(feed.id, feed.generation, "host")


# Which feed: where it lies, which of the show's calls stand in it, and how they are called there.
FEEDS: dict[str, tuple[Address, Holds, Words]] = {
    "public": (lambda here: f"{here.url}/ask-tara/calendar.ics", _all, _plain),
    "personal": (own_feed, _hers, _plain),
    "host": (feed_of_the_host, _all, _with_numbers),
}


@pytest.fixture
def here(tmp_path: Path, address: str, clock: SetClock) -> Iterator[ServedHere]:
    with served_here(tmp_path, clock, CALLS_DATABASE=address) as here:
        yield here


@pytest.fixture
def host(here: ServedHere) -> Actor:
    """The host of a show on Tuesdays at 19:00 in New York, for which somebody has registered twice."""
    host = plan_a_show(here.database, here.clock.now(), first_day=FIRST, rrule="FREQ=WEEKLY;BYDAY=TU")[0]
    register_over_the_web(here, "2026-12-01", "2026-12-08")
    return host


def fetched(url: str) -> bytes:
    answer = httpx.get(url, verify=NO_TLS, trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert check_feed(answer.content) == []
    return answer.content


def right(here: ServedHere, holds: Holds, words: Words) -> list[tuple[datetime, datetime, str]]:
    """The calls as the database has them: start, end, and what is to be read."""
    with here.database.reading() as session:
        calls = [it for it in session.scalars(sa.select(Call).order_by(Call.starts_at)) if holds(it)]
        return [(it.starts_at, it.ends_at, f"{'CANCELLED: ' if it.cancelled_at else ''}{words(it)}") for it in calls]


def shown_by_khal(calls: list[tuple[datetime, datetime, str]]) -> list[str]:
    """The same calls as khal shows them in Kathmandu."""
    local = [(it[0].astimezone(KATHMANDU), it[1].astimezone(KATHMANDU), it[2]) for it in calls]
    return [
        f"{starts:%Y-%m-%d %H:%M} {ends:%H:%M} {words} {'CANCELLED' if words.startswith('CANCELLED') else 'CONFIRMED'}"
        for starts, ends, words in local
    ]


@pytest.mark.parametrize("name", FEEDS)
def test_readers_agree_on_the_feed_before_and_after_changes(here: ServedHere, host: Actor, name: str) -> None:
    at, holds, words = FEEDS[name]
    seen = []
    for is_changed in (False, True):
        if is_changed:
            change(here, host)
        ics = fetched(at(here))
        by_icalendar = readers.by_icalendar(ics)

        assert [(it.starts_at, it.ends_at, it.summary) for it in by_icalendar] == right(here, holds, words)
        assert readers.by_recurring_ical_events(ics) == by_icalendar
        if readers.has_ical_js():
            assert readers.by_ical_js(ics) == by_icalendar
        seen.append({it.uid: it for it in by_icalendar})

    before, after = seen
    assert before.keys() == after.keys()
    assert sorted(after[uid].sequence - it.sequence for uid, it in before.items() if after[uid] != it) == [1, 1]


@pytest.mark.parametrize("name", FEEDS)
def test_subscriber_with_vdirsyncer_and_khal_sees_the_same(here: ServedHere, host: Actor, tmp_path: Path, name: str) -> None:
    at, holds, words = FEEDS[name]
    subscriber = Subscriber(tmp_path / "subscriber", at(here))

    for is_changed in (False, True):
        if is_changed:
            change(here, host)
        held = subscriber.sync()
        calls = right(here, holds, words)

        assert held == len(calls)
        assert subscriber.sees("2026-11-24", "2028-01-01") == shown_by_khal(calls)


def test_ical_js_reads_the_feeds_where_it_is_there(here: ServedHere, host: Actor) -> None:
    """Says in the summary that ical.js was missing, which the tests above pass over."""
    for at, holds, words in FEEDS.values():
        shown = readers.by_ical_js(fetched(at(here)))
        assert [(it.starts_at, it.ends_at, it.summary) for it in shown] == right(here, holds, words)
