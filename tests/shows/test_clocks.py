"""The guard over changing clocks: what it says is what the clocks of reader and show do, in every zone."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground import zones
from calls.ground.database import Database
from calls.shows import clocks, moving, queries, rescheduling
from tests.shows.planned import BERLIN, LA, PLANNED_AT, a_planned_show, at, call_on, wall

NEW_YORK = "America/New_York"
ZONES = [
    LA, BERLIN, "Australia/Sydney", "Asia/Kolkata", "Asia/Kathmandu", "America/Vancouver",
    "Africa/Casablanca", "America/Sao_Paulo", "Australia/Lord_Howe",
]  # fmt: skip


def calls_from(first: str, zone: str, count: int, days: int = 7) -> list[datetime]:
    """The starts of a show at one hour of its clock."""
    return [zones.resolve(wall(first) + number * timedelta(days=days), zone) for number in range(count)]


def said(usual: list[datetime], show_zone: str, zone: str) -> list[tuple[str, str]]:
    """The sentence of each call that has one, by the call's day."""
    found = [(it, clocks.shift(it, usual, show_zone, zone)) for it in usual]
    return [(f"{zones.wall(it, show_zone):%Y-%m-%d}", clocks.sentence(shift)) for it, shift in found if shift]


def test_week_between_two_changes_of_clocks_is_announced_and_so_is_its_end() -> None:
    assert said(calls_from("2026-10-06 12:00", NEW_YORK, 8), NEW_YORK, BERLIN) == [
        (
            "2026-10-27",
            (
                "This week it is one hour earlier for you: 17:00 instead of 18:00, Berlin time, "
                "because the clocks go back in Berlin on 25 October and in New York only on 1 November."
            ),
        ),
        (
            "2026-11-03",
            (
                "This week it is back at the hour it had for you before: 18:00 instead of 17:00, Berlin time, "
                "because the clocks go back in New York on 1 November."
            ),
        ),
    ]


def test_three_weeks_of_spring_are_announced_in_the_first_of_them() -> None:
    assert said(calls_from("2027-02-23 19:00", NEW_YORK, 8), NEW_YORK, BERLIN) == [
        (
            "2027-03-16",
            (
                "This week it is one hour earlier for you: 00:00 instead of 01:00, Berlin time, "
                "because the clocks go forward in New York on 14 March and in Berlin only on 28 March."
            ),
        ),
        (
            "2027-03-30",
            (
                "This week it is back at the hour it had for you before: 01:00 instead of 00:00, Berlin time, "
                "because the clocks go forward in Berlin on 28 March."
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("zone", "sentence"),
    [
        ("Asia/Kolkata", "From now on it is one hour later for you: 05:30 instead of 04:30, Kolkata time, "),
        ("America/Phoenix", "From now on it is one hour later for you: 17:00 instead of 16:00, Phoenix time, "),
        ("UTC", "From now on it is one hour later for you: 00:00 on Wednesday instead of 23:00 on Tuesday, UTC, "),
    ],
)
def test_reader_whose_clocks_never_change_is_told_from_when_on(zone: str, sentence: str) -> None:
    found = said(calls_from("2026-10-06 19:00", NEW_YORK, 8), NEW_YORK, zone)

    assert found == [("2026-11-03", f"{sentence}because the clocks go back in New York on 1 November.")]


def test_half_an_hour_of_lord_howe_is_half_an_hour() -> None:
    assert said(calls_from("2026-09-23 10:00", "Australia/Sydney", 4), "Australia/Sydney", "Australia/Lord_Howe") == [
        (
            "2026-10-07",
            (
                "From now on it is 30 minutes earlier for you: 10:00 instead of 10:30, Lord Howe time, "
                "because the clocks go forward by one hour in Sydney on 4 October and go forward by 30 minutes in Lord Howe "
                "on 4 October."
            ),
        )
    ]


def test_clocks_that_change_back_by_themselves_say_until_when() -> None:
    found = said(calls_from("2026-02-03 10:00", "Africa/Casablanca", 5), "Africa/Casablanca", "Europe/London")

    reason = "because the clocks go back in Casablanca on 15 February, until 22 March."
    assert found == [("2026-02-17", f"This week it is one hour later for you: 10:00 instead of 09:00, London time, {reason}")]


def test_monthly_call_over_two_changes_names_both() -> None:
    assert said(calls_from("2026-09-29 19:00", NEW_YORK, 2, 42), NEW_YORK, "Australia/Sydney") == [
        (
            "2026-11-10",
            (
                "From now on it is 2 hours later for you: 11:00 instead of 09:00, Sydney time, "
                "because the clocks go back by one hour in New York on 1 November and go forward by one hour "
                "in Sydney on 4 October."
            ),
        )
    ]


@pytest.mark.parametrize(("show_zone", "zone"), [(BERLIN, "Europe/London"), (LA, NEW_YORK), (BERLIN, BERLIN)])
def test_clocks_that_change_together_are_no_news(show_zone: str, zone: str) -> None:
    assert said(calls_from("2026-09-29 19:00", show_zone, 30), show_zone, zone) == []


def test_first_call_and_one_at_another_hour_say_nothing() -> None:
    usual = calls_from("2026-10-06 12:00", NEW_YORK, 5)

    assert clocks.shift(usual[0], usual, NEW_YORK, BERLIN) is None
    assert clocks.shift(usual[3] + timedelta(hours=2), usual, NEW_YORK, BERLIN) is None


def test_show_that_began_between_the_changes_knows_no_hour_to_be_back_at() -> None:
    found = said(calls_from("2027-03-16 19:00", NEW_YORK, 4), NEW_YORK, BERLIN)

    reason = "because the clocks go forward in Berlin on 28 March."
    assert found == [("2027-03-30", f"From now on it is one hour later for you: 01:00 instead of 00:00, Berlin time, {reason}")]


@given(
    show_zone=st.sampled_from(ZONES),
    zone=st.sampled_from(ZONES),
    first=st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 1)),  # noqa: DTZ001 -- wall times
    days=st.sampled_from([1, 7, 14, 28]),
)
def test_what_the_guard_says_is_what_zoneinfo_says(show_zone: str, zone: str, first: datetime, days: int) -> None:
    walls = [first.replace(second=0, microsecond=0) + number * timedelta(days=days) for number in range(10)]
    usual = sorted(
        it for it in (zones.resolve(each, show_zone) for each in walls) if zones.wall(it, show_zone).time() == walls[0].time()
    )

    for before, starts_at in pairwise(usual):
        mine, until_now, show, show_before = (
            it.astimezone(ZoneInfo(name)) for name in (zone, show_zone) for it in (starts_at, before)
        )
        # How much later her clock shows it, beyond the days that lie between the two calls on the show's own clock.
        naive = [it.replace(tzinfo=None) for it in (mine, until_now, show, show_before)]
        later = (naive[0] - naive[1]) - (naive[2] - naive[3])
        found = clocks.shift(starts_at, usual, show_zone, zone)
        assert (found.by if found else timedelta()) == later
        if found:
            sentence, usual_wall = clocks.sentence(found), naive[0] - later
            assert f"{naive[0]:%H:%M}" in sentence
            assert f"instead of {usual_wall:%H:%M}" in sentence
            assert f"{usual_wall:%H:%M}" == f"{until_now:%H:%M}"


@given(zone=st.sampled_from(ZONES), since=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001
def test_changes_of_clocks_are_where_the_offset_changes(zone: str, since: datetime) -> None:
    start = since.replace(microsecond=0, tzinfo=UTC)

    found = zones.changes(start, start + timedelta(days=366), zone)

    second = timedelta(seconds=1)
    assert all(zones.ahead(it, zone) != zones.ahead(it - second, zone) for it in found)
    samples = [start + timedelta(days=number) for number in range(367)]
    felt = [it for it, after in pairwise(samples) if zones.ahead(it, zone) != zones.ahead(after, zone)]
    assert len(felt) == len(found)


def test_usual_calls_are_those_at_the_schedules_hour(database: Database) -> None:
    """Moved by hand, added, cancelled: none of these tells at which hour a show usually is."""
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moving.move(session, call_on(session, show, "2026-10-21"), wall("2026-10-22 09:00"), LA, 60, by=by, now=PLANNED_AT)
        moving.cancel(session, call_on(session, show, "2026-10-28"), by=by, now=PLANNED_AT)
        rescheduling.add_extra(session, show, wall("2026-10-30 09:00"), 60, by=by, now=PLANNED_AT)

    with database.reading() as session:
        calls = [call_on(session, show, "2026-11-11")]
        found = queries.usual_starts(session, calls)
        none = queries.usual_starts(session, [])

    assert (found, none) == ({show.id: [at("2026-10-14 16:00"), at("2026-11-04 17:00"), at("2026-11-11 17:00")]}, {})


def test_usual_calls_leave_out_the_hour_before_another_schedule_and_what_the_clocks_skip(database: Database) -> None:
    with database.transaction() as session:
        show, _ = a_planned_show(session, rrule="FREQ=DAILY;COUNT=3", first_day=date(2027, 3, 13), first_time=time(2, 30))
        before = call_on(session, show, "2027-03-13")
        found = queries.usual_starts(session, [call_on(session, show, "2027-03-15")])
        show.first_time = time(5, 30)
        session.flush()
        later = queries.usual_starts(session, [call_on(session, show, "2027-03-15")])

    assert (found, later) == ({show.id: [before.starts_at, at("2027-03-15 09:30")]}, {})
