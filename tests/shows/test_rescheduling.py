"""Another schedule for a show that stands, dates added to it, and other time-zone rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from calls.ground import zones
from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from calls.history.models import Change
from calls.shows import editing, laying_out, moving, queries, rescheduling, transfer
from calls.shows.models import Call, Show
from calls.team import staffing
from tests.builders import a_member, a_registration
from tests.shows.planned import BERLIN, LA, PLANNED_AT, a_planned_show, an_owner, at, call_on, calls_of, kinds_kept, starts, wall

NOW = at("2026-11-05 20:00")  # noon on a Thursday: four calls of S are over


def test_case_15_another_zone_with_the_same_wall_time(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moved = call_on(session, show, "2026-11-11")
        moving.move(session, moved, wall("2026-11-12 14:00"), LA, 60, by=by, now=PLANNED_AT)
        uids = [it.uid for it in calls_of(session, show)]
    with database.transaction() as session:
        show = session.get_one(Show, show.id)
        found = rescheduling.reschedule(session, show, replace(queries.own_rule(show), zone=BERLIN), by=by, now=NOW)

    with database.reading() as session:
        calls = calls_of(session, show)
        assert [it.uid for it in calls] == uids
        assert starts(session, show) == [
            "2026-10-14 16:00", "2026-10-21 16:00", "2026-10-28 16:00", "2026-11-04 17:00",
            "2026-11-12 22:00", "2026-11-18 08:00", "2026-11-25 08:00", "2026-12-02 08:00",
        ]  # fmt: skip
        assert [it.sequence for it in calls] == [0, 0, 0, 0, 1, 1, 1, 1]
        assert [it.zone for it in calls] == [LA] * 5 + [BERLIN] * 3
        change = session.scalars(sa.select(Change).where(Change.kind == "show.rescheduled")).one()
    assert [key for key, _ in found.moves] == [it.id for it in calls[5:]]
    assert change.facts == {"moved": [str(it.id) for it in calls[5:]], "vanished": [], "calls": []}
    assert session.get(Show, show.id) is not None


def test_another_zone_at_the_same_moments_changes_no_time_but_says_it_by_its_own_clock(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        rule = replace(queries.own_rule(show), time=time(18), zone=BERLIN)
        found = rescheduling.reschedule(session, show, rule, by=by, now=NOW)

    with database.reading() as session:
        calls = [it for it in calls_of(session, show) if it.starts_at > NOW]
        assert (found.moves, found.vanish, found.appear) == ([], [], [])
        assert {(it.zone, it.wall.time(), it.sequence, it.tzdata) for it in calls} == {(BERLIN, time(18), 0, zones.VERSION)}
        assert {it.revised_at for it in calls} == {NOW}


def test_another_weekday_takes_everybody_along(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-11")
        a_registration(session, call)
        rule = replace(queries.own_rule(show), rrule="FREQ=WEEKLY;BYDAY=TH;COUNT=8")
        rescheduling.reschedule(session, show, rule, by=by, now=NOW)

    with database.reading() as session:
        assert starts(session, show)[4:] == [f"2026-{day} 17:00" for day in ("11-12", "11-19", "11-26", "12-03")]
        call = call_on(session, show, "2026-11-11")
        assert (call.planned_day, call.planned_for, call.taken) == (date(2026, 11, 12), at("2026-11-12 17:00"), 1)
        kept = session.get_one(Show, show.id)
        assert (kept.first_day, kept.rrule, kept.generation) == (date(2026, 10, 15), "FREQ=WEEKLY;COUNT=8;BYDAY=TH", 1)


def test_longer_calls_are_moves_too(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        rescheduling.reschedule(session, show, replace(queries.own_rule(show), minutes=90), by=by, now=NOW)

    with database.reading() as session:
        told = {(it.minutes, it.ends_at - it.starts_at, it.sequence) for it in calls_of(session, show)[4:]}
    assert told == {(90, timedelta(minutes=90), 1)}


def test_call_without_a_date_is_cancelled_and_new_dates_get_calls(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        rule = replace(queries.own_rule(show), first_day=date(2026, 11, 25), rrule="FREQ=WEEKLY;COUNT=3")
        rescheduling.reschedule(session, show, rule, by=by, now=NOW)

    with database.reading() as session:
        assert starts(session, show)[4:] == ["2026-11-25 17:00", "2026-12-02 17:00", "2026-12-09 17:00"]
        gone = [it for it in calls_of(session, show) if it.cancelled_at]
        assert [(it.address, it.sequence, it.planned_day, it.is_skipped) for it in gone] == [
            ("2026-11-11", 1, None, False),
            ("2026-11-18", 1, None, False),
        ]
        assert list(laying_out.lay_out(session, session.get_one(Show, show.id), now=NOW)) == []


def test_call_of_a_draft_that_loses_its_date_vanishes(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session, is_published=False)
        a_registration(session, call_on(session, show, "2026-11-18"))
        rule = replace(queries.own_rule(show), first_day=date(2026, 11, 25), rrule="FREQ=WEEKLY;COUNT=2")
        rescheduling.reschedule(session, show, rule, by=by, now=NOW)

    with database.reading() as session:
        coming = [(it.address, it.cancelled_at) for it in calls_of(session, show)[4:]]
    assert coming == [("2026-11-18", NOW), ("2026-11-25", None), ("2026-12-02", None)]


def test_extra_date_neither_takes_a_planned_day_nor_loses_its_own(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        rescheduling.add_extra(session, show, wall("2026-11-11 06:00"), 60, by=by, now=NOW)
        found = rescheduling.reschedule(session, show, replace(queries.own_rule(show), time=time(10)), by=by, now=NOW)

    with database.reading() as session:
        assert (len(found.moves), found.vanish, found.appear) == (4, [], [])
        assert starts(session, show)[4:6] == ["2026-11-11 14:00", "2026-11-11 18:00"]


def test_call_moved_by_hand_stands_for_its_week_and_the_night_adds_none(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moved = call_on(session, show, "2026-11-11")
        moving.move(session, moved, wall("2026-11-13 14:00"), LA, 60, by=by, now=NOW)
        moving.cancel(session, call_on(session, show, "2026-11-18"), by=by, now=NOW)
        rule = replace(queries.own_rule(show), rrule="FREQ=WEEKLY;BYDAY=TH;COUNT=8")
        found = rescheduling.reschedule(session, show, rule, by=by, now=NOW)
        laid = laying_out.lay_out(session, show, now=NOW)

    with database.reading() as session:
        assert (list(laid), found.appear, found.vanish) == ([], [], [])
        assert starts(session, show)[4:] == ["2026-11-13 22:00", "2026-11-26 17:00", "2026-12-03 17:00"]
        days = [call_on(session, show, it).planned_day for it in ("2026-11-11", "2026-11-18")]
    assert days == [date(2026, 11, 12), date(2026, 11, 19)]


def test_call_that_has_begun_or_is_over_keeps_its_day(database: Database) -> None:
    """At 10:30 on a Wednesday today's call is over: another hour of the same day gives nobody a second call."""
    with database.transaction() as session:
        show, by = a_planned_show(session)
        over = at("2026-11-11 18:30")
        found = rescheduling.reschedule(session, show, replace(queries.own_rule(show), time=time(20)), by=by, now=over)
        laid = laying_out.lay_out(session, show, now=over)

    with database.reading() as session:
        assert (list(laid), len(found.moves)) == ([], 3)
        assert starts(session, show)[4:6] == ["2026-11-11 17:00", "2026-11-19 04:00"]


def test_day_of_a_call_that_was_moved_ahead_and_is_over_is_not_given_away(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moving.move(session, call_on(session, show, "2026-11-18"), wall("2026-11-06 09:00"), LA, 60, by=by, now=NOW)
        over = at("2026-11-07 12:00")
        rescheduling.reschedule(session, show, replace(queries.own_rule(show), time=time(20)), by=by, now=over)

    with database.reading() as session:
        assert starts(session, show)[4:] == ["2026-11-06 17:00", "2026-11-12 04:00", "2026-11-26 04:00", "2026-12-03 04:00"]


def test_new_dates_keep_off_a_call_going_on(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session, minutes=24 * 60)
        during = at("2026-11-11 20:00")
        rule = replace(queries.own_rule(show), first_day=date(2026, 11, 12), time=time(6), minutes=60, rrule="FREQ=DAILY;COUNT=3")
        rescheduling.reschedule(session, show, rule, by=by, now=during)

    with database.reading() as session:
        assert starts(session, show)[4:] == ["2026-11-11 17:00", "2026-11-13 14:00", "2026-11-14 14:00"]


def test_schedule_that_puts_a_call_onto_one_moved_by_hand_is_refused(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moving.move(session, call_on(session, show, "2026-11-11"), wall("2026-11-18 12:30"), LA, 60, by=by, now=NOW)

    with pytest.raises(Refused) as refusal, database.transaction() as session:
        show = session.get_one(Show, show.id)
        rescheduling.reschedule(session, show, replace(queries.own_rule(show), time=time(12)), by=by, now=NOW)

    with database.reading() as session:
        assert session.get_one(Show, show.id).first_time == time(9)
    assert refusal.value.sentence == (
        "By this schedule a call would lie on the call of Wednesday 18 November 2026 at 12:30 (Los Angeles time); "
        "move or cancel that one first."
    )


def test_back_and_forth_leaves_everything_as_it_was_but_the_sequence(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        before = [(it.uid, it.starts_at, it.planned_day) for it in calls_of(session, show)]
        old = queries.own_rule(show)
        for rule in (replace(old, rrule="FREQ=WEEKLY;BYDAY=TH;COUNT=8"), replace(old, time=time(20)), old):
            rescheduling.reschedule(session, show, rule, by=by, now=PLANNED_AT)

    with database.reading() as session:
        calls = calls_of(session, show)
        assert [(it.uid, it.starts_at, it.planned_day) for it in calls] == before
        assert {it.sequence for it in calls} == {3}


@pytest.mark.parametrize(
    ("facts", "errors"),
    [
        ({"zone": "LA"}, {"zone": "That time zone is not known; choose one like America/New_York."}),
        ({"minutes": 1}, {"minutes": "Give a length between 5 minutes and 24 hours."}),
        (
            {"rrule": "FREQ=HOURLY"},
            {"rrule": "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY: a show has at most one call a day."},
        ),
        ({"rrule": "FREQ=WEEKLY;COUNT=2"}, {"first_day": "By this schedule no call is still to come; choose later days."}),
        (
            {"rrule": "FREQ=DAILY", "minutes": 1440},
            {"minutes": "One call would still be on when the next begins; give a shorter length."},
        ),
    ],
)
def test_schedule_that_cannot_be_is_refused_beside_its_fields(
    database: Database, facts: dict[str, Any], errors: dict[str, str]
) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)

        with pytest.raises(Invalid) as refusal:
            rescheduling.reschedule(session, show, replace(queries.own_rule(show), **facts), by=by, now=NOW)

    assert (refusal.value.errors, show.generation) == (errors, 0)


def test_schedule_that_stands_already_is_refused(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)

        with pytest.raises(Refused) as refusal:
            rule = replace(queries.own_rule(show), first_day=date(2026, 10, 9), rrule="RRULE:freq=weekly;byday=we;count=8")
            rescheduling.reschedule(session, show, rule, by=by, now=NOW)

    assert refusal.value.sentence == "That is the schedule already."


def test_rescheduling_is_for_owners_and_producers_of_the_account(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        rule = replace(queries.own_rule(show), time=time(10))
        host = staffing.actor(a_member(session, account_id=by.account_id, role="host"))

        with pytest.raises(NotAllowed):
            rescheduling.reschedule(session, show, rule, by=host, now=NOW)
        with pytest.raises(NotFound):
            rescheduling.add_extra(session, show, wall("2026-11-14 09:00"), 60, by=an_owner(session), now=NOW)
        with pytest.raises(NotFound):
            rescheduling.take_back_skip(session, show, date(2026, 11, 14), by=an_owner(session), now=NOW)

        assert len(calls_of(session, show)) == 8


def test_extra_date_is_a_call_of_its_own(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        rescheduling.add_extra(session, show, wall("2026-11-11 12:00"), 30, by=by, now=NOW)

    with database.reading() as session:
        extra = call_on(session, show, "2026-11-11-2")
        assert (extra.starts_at, extra.ends_at, extra.minutes) == (at("2026-11-11 20:00"), at("2026-11-11 20:30"), 30)
        assert (extra.is_extra, extra.is_by_hand, extra.planned_day, extra.capacity, extra.sequence) == (True, True, None, 20, 0)
        assert kinds_kept(session)[2:] == ["call.added"]


def test_extra_date_in_a_fold_is_the_moment_that_was_chosen(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        second = rescheduling.add_extra(session, show, wall("2026-11-01 01:30"), 60, 1, by=by, now=PLANNED_AT)
        plain = rescheduling.add_extra(session, show, wall("2026-11-02 01:30"), 60, 1, by=by, now=PLANNED_AT)

    assert [(it.starts_at, it.fold) for it in (second, plain)] == [(at("2026-11-01 09:30"), 1), (at("2026-11-02 09:30"), 0)]


@pytest.mark.parametrize(
    ("clock", "minutes", "errors"),
    [
        ("2026-11-05 03:59", 60, {"time": "That time is past; choose one still to come."}),
        ("2026-11-14 09:00", 0, {"minutes": "Give a length between 5 minutes and 24 hours."}),
        (
            "2026-11-11 08:30",
            60,
            {
                "time": "That would lie on the call of Wednesday 11 November 2026 at 09:00 (Los Angeles time); "
                "choose another time."
            },
        ),
    ],
)
def test_extra_date_that_cannot_be_is_refused(database: Database, clock: str, minutes: int, errors: dict[str, str]) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)

        with pytest.raises(Invalid) as refusal:
            rescheduling.add_extra(session, show, wall(clock), minutes, by=by, now=NOW)

        assert (refusal.value.errors, len(calls_of(session, show))) == (errors, 8)


def stale(database: Database, show: Show, hours: int, since: str) -> None:
    """Let calls be as an older edition of the time-zone rules derived them: so many hours later from a moment on."""
    with database.transaction() as session:
        for call in calls_of(session, show):
            call.tzdata = "2025b"
            if call.starts_at >= at(since):
                off = timedelta(hours=hours)
                call.starts_at, call.ends_at, call.planned_for = call.starts_at + off, call.ends_at + off, call.planned_for + off


def test_case_14_other_time_zone_rules_move_the_calls_they_touch(database: Database) -> None:
    """British Columbia keeps UTC-07:00 from 2026 on: what older rules put at 17:00Z is at 16:00Z."""
    with database.transaction() as session:
        show, _ = a_planned_show(session, zone="America/Vancouver")
    stale(database, show, 1, "2026-11-01 12:00")
    with database.transaction() as session:
        rounds = [rescheduling.derive_again(session, PLANNED_AT) for _ in range(3)]

    with database.reading() as session:
        calls = calls_of(session, show)
        told = [(f"{it.starts_at:%m-%d %H:%M}", it.sequence, it.revised_at > PLANNED_AT) for it in calls]
        kept = list(session.scalars(sa.select(Change).where(Change.kind == "call.clock_moved").order_by(Change.id)))
    assert rounds == [True, False, False]
    assert told == [(f"10-{day} 16:00", 0, False) for day in (14, 21, 28)] + [
        (f"{day} 16:00", 1, True) for day in ("11-04", "11-11", "11-18", "11-25", "12-02")
    ]
    assert {(it.tzdata, it.planned_for == it.starts_at, it.minutes) for it in calls} == {(zones.VERSION, True, 60)}
    assert kept[0].facts == {
        "was": "2026-11-04T17:00:00+00:00",
        "to": "2026-11-04T16:00:00+00:00",
        "zone": "America/Vancouver",
        "minutes": 60,
        "sequence": 1,
    }
    assert [it.call_id for it in kept] == [it.id for it in calls[3:]]


def test_calls_that_have_begun_keep_the_moments_they_had(database: Database) -> None:
    with database.transaction() as session:
        show, _ = a_planned_show(session)
    stale(database, show, 1, "2026-10-01 12:00")
    with database.transaction() as session:
        while rescheduling.derive_again(session, at("2026-11-11 18:30")):
            pass

    with database.reading() as session:
        assert [it[11:] for it in starts(session, show)] == ["17:00"] * 3 + ["18:00"] * 2 + ["17:00"] * 3


def test_every_show_is_derived_again_however_many_there_are(database: Database) -> None:
    with database.transaction() as session:
        shows = [a_planned_show(session, rrule="FREQ=WEEKLY")[0] for _ in range(12)]
    for show in shows:
        stale(database, show, 0, "2026-10-01 12:00")
    with database.transaction() as session:
        rounds = [rescheduling.derive_again(session, PLANNED_AT) for _ in range(13)]

    with database.reading() as session:
        left = session.scalar(sa.select(sa.func.count()).select_from(Call).where(Call.tzdata == "2025b"))
        assert (rounds, left) == ([True] * 12 + [False], 0)
        assert set(kinds_kept(session)) == {"show.created", "show.laid_out"}


def test_own_number_of_seats_survives_another_schedule(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        editing.set_capacity(session, call_on(session, show, "2026-11-11"), 5, by=by, now=NOW)
        rescheduling.reschedule(session, show, replace(queries.own_rule(show), time=time(10)), by=by, now=NOW)

    with database.reading() as session:
        call = call_on(session, show, "2026-11-11")
        assert (call.capacity, call.has_own_capacity) == (5, True)


def test_case_15_another_zone_with_the_same_moments(database: Database) -> None:
    """09:00 Los Angeles is 18:00 Berlin; nothing moves until clocks change, so nobody has anything to hear."""
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moving.move(session, call_on(session, show, "2026-11-11"), wall("2026-11-12 14:00"), LA, 60, by=by, now=PLANNED_AT)
        before = [(it.uid, it.starts_at, it.sequence, it.address) for it in calls_of(session, show)]
        found = transfer.carry(queries.own_rule(show), BERLIN, NOW)
        foreseen = rescheduling.compare(session, show, found.rule, NOW, found.days)
        done = rescheduling.reschedule(session, show, found.rule, days=found.days, by=by, now=NOW)

    with database.reading() as session:
        calls = calls_of(session, show)
        assert [(it.uid, it.starts_at, it.sequence, it.address) for it in calls] == before
        assert [(it.zone, f"{it.wall:%H:%M}") for it in calls[4:]] == [(LA, "14:00")] + [(BERLIN, "18:00")] * 3
        assert [it.zone for it in calls[:4]] == [LA] * 4
        kept = session.get_one(Show, show.id)
        assert (kept.first_time, kept.zone, kept.rrule) == (time(18), BERLIN, "FREQ=WEEKLY;COUNT=8;BYDAY=WE")
    assert (foreseen.moves, done.moves, done.vanish, done.appear) == ([], [], [], [])


def test_same_moments_follow_the_new_zone_after_the_next_change_of_clocks(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session, rrule="FREQ=WEEKLY;BYDAY=WE;COUNT=30")
        before = {it.id: it.starts_at for it in calls_of(session, show)}
        found = transfer.carry(queries.own_rule(show), BERLIN, NOW)
        rescheduling.reschedule(session, show, found.rule, days=found.days, by=by, now=NOW)

    with database.reading() as session:
        other = [it for it in calls_of(session, show) if it.starts_at != before[it.id]]
        assert [(f"{it.starts_at:%m-%d %H:%M}", it.sequence) for it in other] == [("03-17 17:00", 1), ("03-24 17:00", 1)]


@pytest.mark.parametrize(
    ("zone", "rrule", "at", "new_zone", "now"),
    [
        ("America/New_York", "FREQ=DAILY;COUNT=12", time(19), BERLIN, "2026-11-16 12:00"),
        ("America/New_York", "FREQ=DAILY;COUNT=12", time(19), BERLIN, "2026-11-17 00:30"),
        (BERLIN, "FREQ=DAILY;COUNT=12", time(1), "America/New_York", "2026-11-16 12:00"),
        (BERLIN, "FREQ=DAILY;COUNT=12", time(1), "America/New_York", "2026-11-16 00:30"),
        ("America/New_York", "FREQ=WEEKLY;BYDAY=SU,MO;COUNT=8", time(19), BERLIN, "2026-11-16 12:00"),
        (BERLIN, "FREQ=WEEKLY;BYDAY=MO;COUNT=8", time(1), "America/New_York", "2026-11-16 00:30"),
    ],
)
def test_same_moments_across_midnight_move_no_call_and_keep_what_was_skipped_or_moved(
    database: Database, zone: str, rrule: str, at: time, new_zone: str, now: str
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    with database.transaction() as session:
        show, by = a_planned_show(session, zone=zone, rrule=rrule, first_day=date(2026, 11, 13), first_time=at)
        coming = [it for it in calls_of(session, show) if it.starts_at > moment]
        moving.skip(session, coming[1], by=by, now=moment)
        moving.move(session, coming[2], coming[2].wall + timedelta(hours=2), zone, 60, by=by, now=moment)
        before = [(it.id, it.starts_at, it.sequence, it.cancelled_at) for it in calls_of(session, show)]
        found = transfer.carry(queries.own_rule(show), new_zone, moment)
        foreseen = rescheduling.compare(
            session, show, rescheduling.check(session, show, found.rule, moment, found.days), moment, found.days
        )
        done = rescheduling.reschedule(session, show, found.rule, days=found.days, by=by, now=moment)
        laid = laying_out.lay_out(session, show, now=moment)

    with database.transaction() as session:
        calls = calls_of(session, show)
        assert [(it.id, it.starts_at, it.sequence, it.cancelled_at) for it in calls] == before
        assert (list(laid), foreseen.moves, foreseen.vanish, foreseen.appear) == ([], [], [], [])
        assert (done.moves, done.vanish, done.appear) == ([], [], [])
        to_come = [it for it in calls if it.starts_at > moment]
        assert to_come[0].planned_day == zones.wall(to_come[0].starts_at, new_zone).date()
        show = session.get_one(Show, show.id)
        skipped = session.get_one(Call, coming[1].id)
        assert queries.skips_of(session, show.id) == {skipped.planned_day}
        moving.restore(session, skipped, by=by, now=moment)
        assert queries.skips_of(session, show.id) == frozenset()


def test_same_moments_and_back_again_leave_everything_as_it_was(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session, first_time=time(19))
        before = [(it.uid, it.planned_day, it.wall, it.zone) for it in calls_of(session, show)]
        rule = queries.own_rule(show)
        for zone in (BERLIN, LA):
            found = transfer.carry(queries.own_rule(show), zone, PLANNED_AT)
            rescheduling.reschedule(session, show, found.rule, days=found.days, by=by, now=PLANNED_AT)

    with database.reading() as session:
        calls = calls_of(session, show)
        after = [(it.uid, it.planned_day, it.wall, it.zone) for it in calls]
        kept = queries.own_rule(session.get_one(Show, show.id))
    assert after == before
    assert kept == rule
