"""Moving, cancelling, skipping and restoring one call."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refusal, Refused
from calls.shows import laying_out, moving, planning, queries, rescheduling
from calls.shows.models import Call, Show
from calls.team import staffing
from tests.builders import a_member, a_registration
from tests.shows.planned import LA, PLANNED_AT, a_planned_show, an_owner, at, call_on, calls_of, kinds_kept, starts, wall

NOW = at("2026-11-01 12:00")


def shape(call: Call) -> tuple[Any, ...]:
    """Everything a calendar shows of a call."""
    return (call.uid, call.sequence, call.revised_at, call.starts_at, call.ends_at, call.cancelled_at, call.address, call.title)


def test_case_4_moved_call_keeps_its_identity_and_no_other_changes(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        before = {it.address: shape(it) for it in calls_of(session, show)}
    with database.transaction() as session:
        call = call_on(session, show, "2026-11-11")
        moving.move(session, call, wall("2026-11-12 14:00"), LA, 60, by=by, now=NOW)

    with database.reading() as session:
        after = {it.address: shape(it) for it in calls_of(session, show)}
        moved = call_on(session, show, "2026-11-11")
    uid = before.pop("2026-11-11")[0]
    assert after.pop("2026-11-11") == (uid, 1, NOW, at("2026-11-12 22:00"), at("2026-11-12 23:00"), None, "2026-11-11", "")
    assert after == before
    assert (moved.is_by_hand, moved.planned_day, moved.planned_for) == (
        True,
        date(2026, 11, 11),
        at("2026-11-11 17:00"),
    )


def test_case_5_call_may_be_moved_past_its_neighbour(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moving.move(session, call_on(session, show, "2026-11-11"), wall("2026-11-20 09:00"), LA, 60, by=by, now=NOW)

        assert starts(session, show)[4:7] == ["2026-11-18 17:00", "2026-11-20 17:00", "2026-11-25 17:00"]


@pytest.mark.parametrize(
    ("clock", "zone", "minutes", "expected"),
    [
        ("2026-11-11 18:00", "Europe/Berlin", 60, ("2026-11-11 17:00", "2026-11-11 18:00")),  # the same moment, said otherwise
        ("2026-11-11 09:00", LA, 90, ("2026-11-11 17:00", "2026-11-11 18:30")),
        ("2026-11-11 09:30", LA, 60, ("2026-11-11 17:30", "2026-11-11 18:30")),  # onto itself
        ("2027-03-14 02:30", LA, 60, ("2027-03-14 10:30", "2027-03-14 11:30")),
    ],
)
def test_call_moves_to_a_wall_time(database: Database, clock: str, zone: str, minutes: int, expected: tuple[str, str]) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-11")
        moving.move(session, call, wall(clock), zone, minutes, by=by, now=NOW)

    assert (call.starts_at, call.ends_at, call.zone, call.minutes) == (at(expected[0]), at(expected[1]), zone, minutes)


@pytest.mark.parametrize(
    ("clock", "zone", "minutes", "errors"),
    [
        ("2026-11-12 09:00", LA, 4, {"minutes": "Give a length between 5 minutes and 24 hours."}),
        ("2026-11-12 09:00", LA, 1441, {"minutes": "Give a length between 5 minutes and 24 hours."}),
        ("2026-11-12 09:00", "LA", 60, {"zone": "That time zone is not known; choose one like America/New_York."}),
        ("2026-11-01 04:00", LA, 60, {"time": "That time is past; choose one still to come."}),
        (
            "2026-11-18 09:59",
            LA,
            60,
            {
                "time": "That would lie on the call of Wednesday 18 November 2026 at 09:00 (Los Angeles time); "
                "choose another time."
            },
        ),
        (
            "2026-11-18 06:00",
            LA,
            600,
            {
                "time": "That would lie on the call of Wednesday 18 November 2026 at 09:00 (Los Angeles time); "
                "choose another time."
            },
        ),
    ],
)
def test_time_that_cannot_be_is_refused_beside_its_field(
    database: Database, clock: str, zone: str, minutes: int, errors: dict[str, str]
) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)

    with pytest.raises(Invalid) as refusal, database.transaction() as session:
        moving.move(session, call_on(session, show, "2026-11-11"), wall(clock), zone, minutes, by=by, now=NOW)

    assert refusal.value.errors == errors


@pytest.mark.parametrize(
    ("clock", "sentence"),
    [
        ("2026-11-11 09:00", "The call is at that time already."),
        ("2300-11-11 09:00", "A date must lie between the years 1970 and 2200."),
    ],
)
def test_move_that_makes_no_sense_is_refused(database: Database, clock: str, sentence: str) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-11")

        with pytest.raises(Refused) as refusal:
            moving.move(session, call, wall(clock), LA, 60, by=by, now=NOW)

    assert (refusal.value.sentence, call.sequence) == (sentence, 0)


def test_call_may_begin_when_another_ends_or_lie_on_a_cancelled_one(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moving.cancel(session, call_on(session, show, "2026-11-25"), by=by, now=NOW)
        moving.move(session, call_on(session, show, "2026-11-11"), wall("2026-11-18 10:00"), LA, 60, by=by, now=NOW)
        moving.move(session, call_on(session, show, "2026-12-02"), wall("2026-11-25 09:00"), LA, 60, by=by, now=NOW)

        assert starts(session, show)[4:] == ["2026-11-18 17:00", "2026-11-18 18:00", "2026-11-25 17:00"]


def test_calls_of_another_show_may_be_at_the_same_time(database: Database) -> None:
    with database.transaction() as session:
        a_planned_show(session)
        show, by = a_planned_show(session, first_time=time(11))
        call = call_on(session, show, "2026-11-11")
        moving.move(session, call, wall("2026-11-11 09:00"), LA, 60, by=by, now=NOW)

    assert call.starts_at == at("2026-11-11 17:00")


def test_cancelled_call_keeps_its_registrations_and_their_seats(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-11")
        registration = a_registration(session, call)
        moving.cancel(session, call, " The guest is ill.\x00", by=by, now=NOW)

    with database.reading() as session:
        call = call_on(session, show, "2026-11-11")
        assert (call.cancelled_at, call.reason, call.sequence, call.taken, call.is_skipped) == (
            NOW,
            " The guest is ill.",
            1,
            1,
            False,
        )
        assert registration.is_confirmed


def test_restored_call_is_at_its_old_time_with_everybody(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-11")
        uid = call.uid
        a_registration(session, call)
        moving.cancel(session, call, "Ill.", by=by, now=NOW)
        moving.restore(session, call, by=by, now=NOW)

    with database.reading() as session:
        call = call_on(session, show, "2026-11-11")
        assert (call.cancelled_at, call.reason, call.sequence, call.taken, call.uid) == (None, "", 2, 1, uid)
        assert call.revised_at.timestamp() == NOW.timestamp() + 1
        assert kinds_kept(session) == ["show.created", "show.laid_out", "call.cancelled", "call.restored"]


def test_restored_call_follows_the_schedule_again(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-11")
        moving.cancel(session, call, by=by, now=NOW)
        moving.restore(session, call, by=by, now=NOW)
        rescheduling.reschedule(session, show, replace(queries.own_rule(show), time=time(10)), by=by, now=NOW)

    assert call.starts_at == at("2026-11-11 18:00")


def test_call_whose_time_was_given_away_is_not_restored_onto_it(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-11")
        moving.cancel(session, call, by=by, now=NOW)
        rescheduling.add_extra(session, show, wall("2026-11-11 09:30"), 30, by=by, now=NOW)

        with pytest.raises(Refused) as refusal:
            moving.restore(session, call, by=by, now=NOW)

    assert refusal.value.sentence == (
        "Its time is taken by the call of Wednesday 11 November 2026 at 09:30 (Los Angeles time); move or cancel that one first."
    )


def test_case_3_call_skipped_after_publication_is_cancelled_in_public(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moving.skip(session, call_on(session, show, "2026-11-25"), by=by, now=NOW)

    with database.reading() as session:
        call = call_on(session, show, "2026-11-25")
        assert (call.cancelled_at, call.sequence, call.is_skipped) == (NOW, 1, True)
        assert queries.skips_of(session, show.id) == {wall("2026-11-25").date()}
        assert kinds_kept(session)[2:] == ["call.skipped"]
        in_feed = [at("2026-12-25 17:59"), at("2026-12-25 18:00")]
        feeds = [[it.address for it in queries.feed_calls(session, show.id, now)] for now in in_feed]
        assert ["2026-11-25" in it for it in feeds] == [True, False]


def test_skipped_call_comes_back_restored_and_its_date_is_no_longer_left_out(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-25")
        moving.skip(session, call, by=by, now=NOW)
        moving.restore(session, call, by=by, now=NOW)
        laid = laying_out.lay_out(session, show, now=NOW)

    with database.reading() as session:
        call = call_on(session, show, "2026-11-25")
        assert (call.cancelled_at, call.is_skipped, call.sequence, list(laid)) == (None, False, 2, [])
        assert queries.skips_of(session, show.id) == frozenset()


def test_case_2_call_skipped_in_a_draft_is_as_if_it_never_was(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session, is_published=False)
        moving.skip(session, call_on(session, show, "2026-11-25"), by=by, now=NOW)
        planning.publish(session, show, by=by, now=NOW)
        laying_out.lay_out(session, show, now=NOW)

    with database.reading() as session:
        assert [it.address for it in calls_of(session, show)] == [
            "2026-10-14", "2026-10-21", "2026-10-28", "2026-11-04", "2026-11-11", "2026-11-18", "2026-12-02",
        ]  # fmt: skip
        assert len(queries.feed_calls(session, show.id, NOW)) == 7


def test_call_skipped_in_a_draft_stays_as_cancelled_when_something_hangs_on_it(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session, is_published=False)
        call = call_on(session, show, "2026-11-25")
        a_registration(session, call, state="cancelled")
        moving.skip(session, call, by=by, now=NOW)

    with database.reading() as session:
        call = call_on(session, show, "2026-11-25")
        assert (call.cancelled_at, call.is_skipped, len(calls_of(session, show))) == (NOW, True, 8)


def test_date_skipped_in_a_draft_can_be_brought_back(database: Database) -> None:
    day = wall("2026-11-25").date()
    with database.transaction() as session:
        show, by = a_planned_show(session, is_published=False)
        moving.skip(session, call_on(session, show, "2026-11-25"), by=by, now=NOW)
        rescheduling.take_back_skip(session, show, day, by=by, now=NOW)

    with database.reading() as session:
        assert (call_on(session, show, "2026-11-25").planned_day, queries.skips_of(session, show.id)) == (day, frozenset())


def test_skip_of_a_call_that_stands_cancelled_is_taken_back_by_restoring_it(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moving.skip(session, call_on(session, show, "2026-11-25"), by=by, now=NOW)

        with pytest.raises(Refused) as refusal:
            rescheduling.take_back_skip(session, show, wall("2026-11-25").date(), by=by, now=NOW)

    assert refusal.value.sentence == "People may know of the call that was skipped; restore that call instead."


@pytest.mark.parametrize(
    ("deed", "address", "now", "sentence"),
    [
        ("move", "2026-10-28", "2026-11-01 12:00", "This call is over, so it can no longer be moved."),
        ("move", "2026-11-11", "2026-11-11 17:30", "This call is going on now, so it can no longer be moved."),
        ("move", "2026-11-18", "2026-11-01 12:00", "This call is cancelled; restore it first, then move it."),
        ("cancel", "2026-10-28", "2026-11-01 12:00", "This call is over, so it can no longer be cancelled."),
        ("cancel", "2026-11-18", "2026-11-01 12:00", "This call is cancelled already."),
        ("skip", "2026-11-18", "2026-11-01 12:00", "This call is cancelled already."),
        ("skip", "2026-11-14", "2026-11-01 12:00", "This call is not one of the schedule's dates; cancel it instead."),
        ("restore", "2026-11-11", "2026-11-01 12:00", "This call is not cancelled, so there is nothing to restore."),
        (
            "restore",
            "2026-11-18",
            "2026-11-18 18:00",
            "The time of this call has gone by, so it can no longer be restored; add an extra date instead.",
        ),
    ],
)
def test_deed_out_of_season_is_refused(database: Database, deed: str, address: str, now: str, sentence: str) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        moving.cancel(session, call_on(session, show, "2026-11-18"), by=by, now=PLANNED_AT)
        rescheduling.add_extra(session, show, wall("2026-11-14 09:00"), 60, by=by, now=PLANNED_AT)
        call = call_on(session, show, address)
        before = shape(call)
        more: tuple[Any, ...] = (wall("2026-12-12 09:00"), LA, 60) if deed == "move" else ()

        with pytest.raises(Refused) as refusal:
            getattr(moving, deed)(session, call, *more, by=by, now=at(now))

    assert (refusal.value.sentence, shape(call)) == (sentence, before)


def test_call_going_on_may_be_called_off(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-11")
        moving.cancel(session, call, by=by, now=at("2026-11-11 17:30"))

    assert call.cancelled_at == at("2026-11-11 17:30")


@pytest.mark.parametrize("deed", ["move", "cancel", "skip", "restore"])
def test_moving_is_for_members_of_the_account(database: Database, deed: str) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-11")
        if deed == "restore":
            moving.cancel(session, call, by=by, now=NOW)
        more: tuple[Any, ...] = (wall("2026-12-12 09:00"), LA, 60) if deed == "move" else ()
        host = staffing.actor(a_member(session, account_id=by.account_id, role="host"))
        stranger = staffing.actor(a_member(session, account_id=by.account_id, role="nobody"))
        refusals: list[type[Refusal]] = []
        for whoever in (an_owner(session), stranger):
            try:
                getattr(moving, deed)(session, call, *more, by=whoever, now=NOW)
            except Refusal as refusal:
                refusals.append(type(refusal))
        getattr(moving, deed)(session, call, *more, by=host, now=NOW)

    assert refusals == [NotFound, NotAllowed]


def test_moving_never_writes_the_taken_seats_back(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, "2026-11-11")
        session.execute(sa.update(Call.__table__).where(Call.__table__.c.id == call.id).values(taken=3))  # type: ignore[arg-type]
        moving.move(session, call, wall("2026-11-12 09:00"), LA, 60, by=by, now=NOW)
        moving.cancel(session, call, by=by, now=NOW)
        moving.restore(session, call, by=by, now=NOW)

    with database.reading() as session:
        assert (call_on(session, show, "2026-11-11").taken, session.get_one(Show, show.id).generation) == (3, 0)
