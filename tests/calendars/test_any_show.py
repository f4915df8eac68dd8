"""Any show, anywhere from Los Angeles to Lord Howe, in any year to 2030: a feed says of every call what zoneinfo says.

What should stand there is worked out from the plan by dateutil on naive times and by zoneinfo alone, without the house.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.calendars import publishing, queries, updating
from calls.ground.database import Database
from calls.ground.refusals import Refusal
from calls.history.keeping import Actor
from calls.joining import opening
from calls.joining.rooms import WayIn
from calls.registrations import passing
from calls.registrations import queries as registrations
from calls.registrations.attending import Person
from calls.registrations.models import Attendee
from calls.shows import moving, planning
from calls.shows import queries as shows
from calls.shows.models import Show
from calls.shows.planning import Plan
from calls.team import staffing
from tests.calendars.grammar import check_feed
from tests.calendars.readers import by_icalendar
from tests.studio import LINKS

HOSTS = (
    "America/Los_Angeles",
    "Europe/Berlin",
    "Australia/Sydney",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/Vancouver",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
)
RULES = (
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=WEEKLY;BYDAY=SU",
    "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=30",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=-1SU",
    "FREQ=MONTHLY;BYMONTHDAY=1,15,28",
    "FREQ=DAILY;INTERVAL=5",
    "FREQ=DAILY;COUNT=40",
)
HOURS = (time(0, 30), time(1, 30), time(2, 0), time(2, 15), time(2, 30), time(3, 0), time(9), time(19, 30), time(23, 30))
YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Case:
    """A show as a host plans it, which call she moves later, and by how much."""

    zone: str
    rule: str
    first: datetime
    minutes: int
    moved: int
    by: timedelta

    @property
    def now(self) -> datetime:
        """The moment at which it is planned: three days before it begins."""
        return (self.first - timedelta(days=3)).replace(hour=12, minute=0, tzinfo=UTC)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Shows that begin in 2026 to 2030, at hours of which clocks make trouble more often than not."""
    day = draw(st.dates(date(2026, 1, 10), date(2030, 11, 1)))
    return Case(
        draw(st.sampled_from(HOSTS)),
        draw(st.sampled_from(RULES)),
        datetime.combine(day, draw(st.sampled_from(HOURS))),
        draw(st.sampled_from((15, 60, 90, 180))),
        draw(st.integers(0, 9)),
        timedelta(minutes=draw(st.integers(1, 40)) * 30),
    )


def moment(wall: datetime, zone: str) -> datetime:
    """When the clocks of the zone show this: in a gap what zoneinfo makes of it, in a fold the first time."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def walls(case: Case) -> list[datetime]:
    """The wall times of the rule for a year and a month."""
    return list(rrulestr(case.rule, dtstart=case.first).between(case.first, case.first + timedelta(days=400), inc=True))


def planned(database: Database, case: Case) -> tuple[Show, Attendee, Actor]:
    """The show, somebody with a pass to all of it, and its host."""
    name = secrets.token_hex(6)
    with database.transaction() as session:
        owner = staffing.open_account(session, f"{name}@example.com", "Tara", now=case.now)
        by = staffing.actor(owner)
        plan = Plan(name, case.first.date(), case.first.time(), case.zone, case.minutes, case.rule, slug=name)
        show = planning.create(session, owner.account_id, plan, by=by, now=case.now)
        opening.give_room(session, show, None, WayIn("+1 555 010 0100", "48213"), by=by, now=case.now, is_first=True)
        taken = passing.register_for_all(session, show, Person("Ann", "ann@example.com", "UTC"), by=None, now=case.now)
        return show, session.get_one(Attendee, taken.attendee_id), by


def public(database: Database, show: Show, now: datetime) -> bytes:
    with database.reading() as session:
        return publishing.public_feed(session, session.get_one(Show, show.id), LINKS, now).body


def move(database: Database, show: Show, case: Case, by: Actor) -> tuple[datetime, datetime] | None:
    """Move one call by some hours: its old and its new moment. None where it would lie on another, which is refused."""
    with database.transaction() as session:
        call = shows.calls_to_come(session, [show.id], case.now, limit=500)[case.moved]
        was, wall = call.starts_at, call.wall + case.by
        try:
            moving.move(session, call, wall, case.zone, case.minutes, by=by, now=case.now)
        except Refusal:
            return None
        return was, moment(wall, case.zone)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(case=cases())
def test_feed_of_any_show_says_of_every_call_what_zoneinfo_says(database: Database, case: Case) -> None:
    show, _, _ = planned(database, case)

    feed = public(database, show, case.now)

    seen = by_icalendar(feed)
    expected = [moment(it, case.zone) for it in walls(case)]
    assert [it.starts_at for it in seen] == expected[: len(seen)]
    assert len(seen) == len(expected) or seen[-1].starts_at >= case.now + YEAR - timedelta(days=31)
    assert {it.ends_at - it.starts_at for it in seen} == {timedelta(minutes=case.minutes)}
    assert check_feed(feed) == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(case=cases())
def test_call_moved_by_its_wall_time_is_where_zoneinfo_puts_it_and_no_other_is_touched(database: Database, case: Case) -> None:
    show, _, by = planned(database, case)
    before = by_icalendar(public(database, show, case.now))

    moved = move(database, show, case, by)

    after = by_icalendar(public(database, show, case.now))
    if moved is None:
        assert after == before
        return
    [was], [now] = [it for it in before if it not in after], [it for it in after if it not in before]
    assert (was.uid, was.starts_at, now.starts_at) == (now.uid, *moved)
    assert (now.ends_at - now.starts_at, now.sequence) == (timedelta(minutes=case.minutes), was.sequence + 1)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(case=cases())
def test_personal_feed_of_a_pass_says_the_same_of_every_call(database: Database, case: Case) -> None:
    show, attendee, _ = planned(database, case)
    with database.transaction() as session:
        rows = registrations.registrations_of_attendee(session, attendee.id, case.now)
        updating.open_entries(session, list(rows), case.now)
    with database.reading() as session:
        feed = queries.feed_of(session, attendee.id)
        assert feed is not None
        own = publishing.personal_feed(session, feed, LINKS, case.now).body

    theirs = by_icalendar(public(database, show, case.now))
    assert [(it.starts_at, it.ends_at) for it in by_icalendar(own)] == [(it.starts_at, it.ends_at) for it in theirs]
    assert check_feed(own) == []
