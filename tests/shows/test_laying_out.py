"""Calls laid out ahead: once for each date, however often and whenever it is done."""

from datetime import date, datetime, time, timedelta

import pytest

from calls.ground import zones
from calls.ground.database import Database
from calls.shows import laying_out, moving, queries, rescheduling, schedule
from calls.shows.models import Show
from tests.shows.planned import PLANNED_AT, a_planned_show, at, call_on, calls_of, kinds_kept, starts, wall


def test_laying_out_again_does_nothing(database: Database) -> None:
    with database.transaction() as session:
        show, _ = a_planned_show(session, rrule="FREQ=WEEKLY")
        before = [it.id for it in calls_of(session, show)]
        again = laying_out.lay_out(session, show, now=PLANNED_AT)

    with database.reading() as session:
        assert (list(again), [it.id for it in calls_of(session, show)]) == ([], before)
        assert kinds_kept(session) == ["show.created", "show.laid_out"]


def test_at_least_a_year_is_laid_out(database: Database) -> None:
    with database.transaction() as session:
        show, _ = a_planned_show(session, rrule="FREQ=WEEKLY")
        last = calls_of(session, show)[-1].starts_at

    assert last - PLANNED_AT > timedelta(days=366)


@pytest.mark.parametrize(
    ("zone", "clock", "rrule"),
    [
        ("America/Los_Angeles", time(0, 0), "FREQ=DAILY"),
        ("America/Los_Angeles", time(23, 59), "FREQ=WEEKLY;COUNT=60"),
        ("Africa/Cairo", time(0, 30), "FREQ=DAILY"),  # the clocks skip midnight there
        ("Pacific/Kiritimati", time(0, 5), "FREQ=MONTHLY;UNTIL=20280401"),
        ("America/Nuuk", time(23, 30), "FREQ=DAILY;UNTIL=20280329"),  # and the half hour before it there
    ],
)
def test_laying_out_bit_by_bit_makes_each_date_once(database: Database, zone: str, clock: time, rrule: str) -> None:
    with database.transaction() as session:
        show, _ = a_planned_show(session, zone=zone, first_time=clock, rrule=rrule, minutes=30)
        now = PLANNED_AT
        for hours in (11, 13, 6, 1, 0, 23, 24 * 30, 24 * 90 + 1, 24 * 200, 24 * 100 + 7):
            now += timedelta(hours=hours)
            laying_out.lay_out(session, show, now=now)

    with database.reading() as session:
        rule = queries.rule_of(session, session.get_one(Show, show.id))
        last = (zones.wall(now, zone) + laying_out.AHEAD).date()
        planned = [it.starts_at for it in schedule.dates(rule, rule.first_day, last - timedelta(days=1))]
        assert [it.starts_at for it in calls_of(session, show)] == planned


def test_call_that_the_clocks_push_over_midnight_is_laid_out_that_day(database: Database) -> None:
    """23:30 on 27 March 2027 does not exist in Nuuk: the call begins on the 28th, when its own day is over."""
    with database.transaction() as session:
        show, _ = a_planned_show(session, zone="America/Nuuk", first_day=date(2027, 3, 27), first_time=time(23, 30), rrule="")
        [call] = calls_of(session, show)
        session.delete(call)
        session.flush()
        just_after_midnight = zones.resolve(wall("2027-03-28 00:10"), "America/Nuuk")
        laid = laying_out.lay_out(session, show, now=just_after_midnight)

    assert [(zones.wall(it.starts_at, it.zone), it.planned_day) for it in laid] == [(wall("2027-03-28 00:30"), date(2027, 3, 27))]


def test_day_whose_call_was_moved_cancelled_or_skipped_is_not_filled_again(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moving.move(session, call_on(session, show, "2026-10-21"), wall("2026-10-16 09:00"), show.zone, 60, by=by, now=PLANNED_AT)
        moving.cancel(session, call_on(session, show, "2026-10-28"), by=by, now=PLANNED_AT)
        moving.skip(session, call_on(session, show, "2026-11-04"), by=by, now=PLANNED_AT)
        after_the_moved_one = at("2026-10-20 12:00")
        laid = [*laying_out.lay_out(session, show, now=PLANNED_AT), *laying_out.lay_out(session, show, now=after_the_moved_one)]

    assert laid == []


def test_time_on_which_another_call_lies_is_passed_over_until_it_is_free(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session, rrule="")
        extra = rescheduling.add_extra(session, show, wall("2026-10-21 09:30"), 60, by=by, now=PLANNED_AT)
        show.rrule = "FREQ=WEEKLY;COUNT=3"
        first = laying_out.lay_out(session, show, now=PLANNED_AT)
        moving.cancel(session, extra, by=by, now=PLANNED_AT)
        second = laying_out.lay_out(session, show, now=PLANNED_AT)

        assert [[it.address for it in laid] for laid in (first, second)] == [["2026-10-28"], ["2026-10-21-2"]]
        assert starts(session, show) == ["2026-10-14 16:00", "2026-10-21 16:00", "2026-10-28 16:00"]


def test_every_show_is_laid_out_by_the_nightly_task(database: Database) -> None:
    with database.transaction() as session:
        shows = [a_planned_show(session, rrule="FREQ=WEEKLY")[0] for _ in range(3)]
        week_later = PLANNED_AT + timedelta(days=7)
        numbers = [laying_out.lay_out_all(session, it) for it in (PLANNED_AT, week_later, week_later)]

        assert numbers == [0, 3, 0]
        assert {len(calls_of(session, it)) for it in shows} == {len(calls_of(session, shows[0]))}


def test_calls_have_names_that_nobody_can_guess() -> None:
    names = {laying_out.random_name() for _ in range(1000)}

    assert (len(names), {len(it) for it in names}) == (1000, {26})


def test_first_call_may_begin_at_any_moment_still_to_come(database: Database) -> None:
    with database.transaction() as session:
        show, _ = a_planned_show(session, rrule="", now=at("2026-10-14 15:59"))

        assert [it.starts_at for it in calls_of(session, show)] == [datetime.fromisoformat("2026-10-14T16:00Z")]
