"""Changes that others will hear of: seen first, kept for ten minutes, undone, or taken effect exactly once."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls import pending
from calls.ground.database import Database, new_id
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refusal, Refused
from calls.hearers import Hearers
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.joining import opening
from calls.joining import queries as joining
from calls.joining.rooms import WayIn
from calls.shows import moving, queries
from calls.shows.models import Call, Pending, Show
from calls.team import staffing
from tests.builders import a_member, a_pass, a_registration, an_attendee
from tests.registrations.people import at_once
from tests.shows.planned import LA, a_planned_show, an_owner, at, call_on, calls_of, kinds_kept, starts, wall

NOW = at("2026-11-06 12:00")
LATER = NOW + timedelta(minutes=10)
DAY = "2026-11-11"
MOVE = {"wall": "2026-11-12T14:00", "zone": LA, "minutes": 60, "fold": 0}
RULE = {"first_day": "2026-10-15", "first_time": "09:00:00", "zone": LA, "minutes": 60, "rrule": "FREQ=WEEKLY;COUNT=8", "fold": 0}
PHONE = {"phone": "+1 555 010 0100", "code": "48213", "web_link": "", "is_page_only": False}

CALL_KINDS: list[tuple[str, dict[str, Any]]] = [
    ("move", MOVE),
    ("cancel", {"reason": "Ill."}),
    ("skip", {}),
    ("guest", {"guest_name": "Dr. Ono"}),
    ("way_in", PHONE),
    ("share_way_in", {}),
    ("restore", {}),
]
SHOW_KINDS: list[tuple[str, dict[str, Any]]] = [
    ("extra", {"wall": "2026-11-14T09:00", "minutes": 60, "fold": 0}),
    ("reschedule", RULE),
    ("way_in", PHONE),
]


def a_show_with_people(session: Session) -> tuple[Show, Actor]:
    """Series S with two people at the call of 11 November, one of them through a pass."""
    show, by = a_planned_show(session)
    call = call_on(session, show, DAY)
    a_registration(session, call)
    holder = an_attendee(session, account_id=show.account_id)
    a_registration(session, call, holder, pass_id=a_pass(session, show, holder).id)
    return show, by


def prepared(session: Session, show: Show, by: Actor, kind: str) -> Call:
    """The call of 11 November, so that this kind of change makes sense."""
    call = call_on(session, show, DAY)
    if kind == "restore":
        moving.cancel(session, call, by=by, now=NOW)
    if kind == "share_way_in":
        opening.give_room(session, show, call, WayIn(web_link="https://example.com"), by=by, now=NOW)
    return call


def everything(session: Session) -> dict[str, Any]:
    """All that a change could have touched."""
    calls = sa.select(
        Call.id, Call.starts_at, Call.sequence, Call.revised_at, Call.cancelled_at, Call.guest_name, Call.planned_day
    )
    shows = sa.select(Show.first_day, Show.rrule, Show.generation)
    return {
        "calls": [tuple(it) for it in session.execute(calls.order_by(Call.id))],
        "shows": [tuple(it) for it in session.execute(shows)],
        "changes": session.scalar(sa.select(sa.func.count()).select_from(Change)),
        "ways_in": {
            str(key): value for key, value in joining.ways_in(session, list(session.scalars(sa.select(Show.id)))).items()
        },
        "pending": session.scalar(sa.select(sa.func.count()).select_from(Pending)),
        "skips": [queries.skips_of(session, it) for it in session.scalars(sa.select(Show.id))],
    }


@pytest.mark.parametrize(("kind", "facts"), CALL_KINDS)
def test_preview_of_a_call_counts_who_would_hear_and_leaves_no_trace(
    database: Database, kind: str, facts: dict[str, Any]
) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        call = prepared(session, show, by, kind)
    heard: list[frozenset[str]] = []
    database.on_commit(heard.append)
    with database.reading() as session:
        before = everything(session)

    with database.transaction() as session:
        call = call_on(session, show, DAY)
        foreseen = pending.preview(session, kind, call.show, call, facts, by=by, now=NOW)

    with database.reading() as session:
        assert everything(session) == before
    assert (foreseen.hearers, foreseen.is_at_once) == (Hearers(2, 0, 0, 1), False)
    assert heard == []


@pytest.mark.parametrize(("kind", "facts"), SHOW_KINDS)
def test_preview_of_a_show_leaves_no_trace(database: Database, kind: str, facts: dict[str, Any]) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
    with database.reading() as session:
        before = everything(session)

    with database.transaction() as session:
        foreseen = pending.preview(session, kind, session.get_one(Show, show.id), None, facts, by=by, now=NOW)

    with database.reading() as session:
        assert everything(session) == before
    assert (foreseen.hearers.is_nobody, foreseen.is_at_once) == (False, False)
    assert (
        [len(it) for it in (foreseen.shifts.moves, foreseen.shifts.vanish)] == [4, 0] if foreseen.shifts else kind != "reschedule"
    )


@pytest.mark.parametrize(("kind", "facts"), CALL_KINDS + SHOW_KINDS)
def test_change_waits_ten_minutes_then_takes_effect_once(database: Database, kind: str, facts: dict[str, Any]) -> None:
    is_of_call = (kind, facts) in CALL_KINDS and (kind != "way_in" or facts is CALL_KINDS[4][1])
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        call = prepared(session, show, by, kind) if is_of_call else None
    with database.reading() as session:
        before = everything(session)

    with database.transaction() as session:
        show = session.get_one(Show, show.id)
        asked = pending.ask(session, kind, show, call_on(session, show, DAY) if call else None, facts, by=by, now=NOW)
    with database.transaction() as session:
        too_early = pending.take_next(session, LATER - timedelta(seconds=1))
    with database.reading() as session:
        waiting = everything(session)
    with database.transaction() as session:
        taken = [pending.take_next(session, LATER) for _ in range(3)]

    assert asked is not None
    assert (asked.effect_at, too_early, taken) == (LATER, False, [True, False, False])
    assert waiting == before | {"changes": before["changes"] + 1, "pending": 1}
    with database.reading() as session:
        after = everything(session)
        last = session.scalars(sa.select(Change).order_by(Change.id.desc()).limit(1)).one()
    assert (after["pending"], after["changes"]) == (0, before["changes"] + 2)
    assert (after["calls"], after["ways_in"]) != (before["calls"], before["ways_in"])
    assert (last.by_kind, last.by_id, last.by_name, last.created_at) == ("system", by.id, by.name, LATER)


def test_change_that_nobody_hears_of_is_made_at_once(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        asked = pending.ask(session, "move", show, call_on(session, show, DAY), MOVE, by=by, now=NOW)

    with database.reading() as session:
        assert (asked, starts(session, show)[4]) == (None, "2026-11-12 22:00")
        assert kinds_kept(session)[2:] == ["call.moved"]


@pytest.mark.parametrize(
    ("kind", "facts", "now", "is_at_once"),
    [
        ("move", MOVE, "2026-11-11 13:59", False),
        ("move", MOVE, "2026-11-11 14:00", True),  # three hours before it
        ("move", {**MOVE, "wall": "2026-11-08T06:00"}, "2026-11-08 11:00", True),  # to a time within three hours
        ("cancel", {"reason": ""}, "2026-11-11 17:30", True),  # while it goes on
        ("way_in", PHONE, "2026-11-11 17:30", True),
        ("guest", {"guest_name": "x"}, "2026-11-11 10:00", False),
    ],
)
def test_change_that_touches_the_next_three_hours_is_made_at_once(
    database: Database, kind: str, facts: dict[str, Any], now: str, is_at_once: bool
) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        asked = pending.ask(session, kind, show, call_on(session, show, DAY), facts, by=by, now=at(now))

    assert (asked is None) == is_at_once


@pytest.mark.parametrize(
    ("kind", "facts", "now", "is_at_once"),
    [
        ("extra", {"wall": "2026-11-11T12:00", "minutes": 60}, "2026-11-11 17:00", True),
        ("extra", {"wall": "2026-11-11T12:00", "minutes": 60}, "2026-11-11 16:59", False),
        ("way_in", PHONE, "2026-11-11 17:30", True),  # a call goes on in that room
        ("way_in", PHONE, "2026-11-11 13:59", False),
        (
            "reschedule",
            {**RULE, "first_day": "2026-11-11", "first_time": "06:00:00", "rrule": "FREQ=WEEKLY"},
            "2026-11-11 12:00",
            True,
        ),
    ],
)
def test_change_of_a_show_that_touches_the_next_three_hours_is_made_at_once(
    database: Database, kind: str, facts: dict[str, Any], now: str, is_at_once: bool
) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        asked = pending.ask(session, kind, show, None, facts, by=by, now=at(now))

    assert (asked is None) == is_at_once


def test_way_in_of_calls_with_a_room_of_their_own_is_left_alone(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, DAY)
        a_registration(session, call)
        opening.give_room(session, show, call, WayIn(web_link="https://example.com"), by=by, now=NOW)
        asked = pending.ask(session, "way_in", show, None, PHONE, by=by, now=NOW)

    with database.reading() as session:
        assert asked is None
        assert [(it.address, it.sequence) for it in calls_of(session, show)][4:] == [
            (DAY, 1), ("2026-11-18", 1), ("2026-11-25", 1), ("2026-12-02", 1),
        ]  # fmt: skip


def test_undone_change_never_was(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        asked = pending.ask(session, "cancel", show, call_on(session, show, DAY), {"reason": ""}, by=by, now=NOW)
        assert asked is not None
    with database.transaction() as session:
        pending.undo(session, show.account_id, asked.id, by=by, now=LATER - timedelta(seconds=1))
    with database.transaction() as session:
        taken = pending.take_next(session, LATER)

    with database.reading() as session:
        assert (taken, call_on(session, show, DAY).cancelled_at, everything(session)["pending"]) == (False, None, 0)
        assert kinds_kept(session)[2:] == ["pending.asked", "pending.undone"]


@pytest.mark.parametrize("is_taken", [False, True])
def test_change_that_is_due_or_gone_is_not_undone(database: Database, is_taken: bool) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        asked = pending.ask(session, "cancel", show, call_on(session, show, DAY), {"reason": ""}, by=by, now=NOW)
        assert asked is not None
        if is_taken:
            pending.take_next(session, LATER)

    with pytest.raises(Refusal) as refusal, database.transaction() as session:
        pending.undo(session, show.account_id, asked.id, by=by, now=LATER)

    expected = (
        (Refused, "That change has gone out already, or was undone.")
        if is_taken
        else (Refused, "That change has gone out already. Make another change to put it right.")
    )
    assert (type(refusal.value), refusal.value.sentence) == expected


def test_foreign_and_missing_changes_cannot_be_told_apart(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        asked = pending.ask(session, "cancel", show, call_on(session, show, DAY), {"reason": ""}, by=by, now=NOW)
        assert asked is not None
        stranger = an_owner(session)
        assert stranger.account_id is not None
        refusals = []
        for which in (asked.id, new_id()):
            with pytest.raises(Refused) as refusal:
                pending.undo(session, stranger.account_id, which, by=stranger, now=NOW)
            refusals.append(refusal.value.sentence)
        nobody = staffing.actor(a_member(session, account_id=by.account_id, role="nobody"))
        with pytest.raises(NotAllowed):
            pending.undo(session, show.account_id, asked.id, by=nobody, now=NOW)

    assert refusals == ["That change has gone out already, or was undone."] * 2


@pytest.mark.parametrize(("first", "second"), [("call", "call"), ("show", "show")])
def test_second_change_waits_for_the_first(database: Database, first: str, second: str) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        call = call_on(session, show, DAY) if first == "call" else None
        kind, facts = ("move", MOVE) if call else ("reschedule", RULE)
        pending.ask(session, kind, show, call, facts, by=by, now=NOW)

        with pytest.raises(Refused) as refusal:
            pending.preview(session, kind, show, call, facts, by=by, now=NOW)

    assert refusal.value.sentence == ("Another change is about to be sent. Undo that one first, or wait until it has gone out.")


def test_changes_of_two_calls_and_of_their_show_wait_side_by_side(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        other = call_on(session, show, "2026-11-18")
        a_registration(session, other)
        pending.ask(session, "cancel", show, call_on(session, show, DAY), {"reason": ""}, by=by, now=NOW)
        pending.ask(session, "cancel", show, other, {"reason": ""}, by=by, now=NOW)
        pending.ask(session, "reschedule", show, None, RULE, by=by, now=NOW)
    with database.transaction() as session:
        taken = [pending.take_next(session, LATER) for _ in range(4)]

    with database.reading() as session:
        assert taken == [True, True, True, False]
        assert starts(session, show)[4:] == ["2026-11-26 17:00", "2026-12-03 17:00"]


def test_database_itself_keeps_a_second_change_from_waiting(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        asked = pending.ask(session, "move", show, call_on(session, show, DAY), MOVE, by=by, now=NOW)
        assert asked is not None
    facts = {"created_at": NOW, "show_id": show.id, "kind": "move", "facts": {}, "by_name": "", "effect_at": NOW}

    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(Pending(call_id=asked.call_id, **facts))
    with database.transaction() as session:
        session.add(Pending(call_id=None, **facts))
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(Pending(call_id=None, **facts))
    with database.transaction() as session:
        session.add(Pending(call_id=asked.call_id, refused="x", **facts))

    with database.reading() as session:
        assert everything(session)["pending"] == 3


def test_change_that_has_become_impossible_is_refused_and_says_why(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        asked = pending.ask(session, "move", show, call_on(session, show, DAY), MOVE, by=by, now=NOW)
        assert asked is not None
        moving.move(session, call_on(session, show, "2026-11-18"), wall("2026-11-12 14:30"), LA, 60, by=by, now=NOW)
    heard: list[frozenset[str]] = []
    database.on_commit(heard.append)
    with database.transaction() as session:
        taken = [pending.take_next(session, LATER) for _ in range(2)]

    sentence = "That would lie on the call of Thursday 12 November 2026 at 14:30 (Los Angeles time); choose another time."
    with database.reading() as session:
        row = session.get_one(Pending, asked.id)
        call = call_on(session, show, DAY)
        last = session.scalars(sa.select(Change).order_by(Change.id.desc()).limit(1)).one()
    assert (taken, row.refused, call.starts_at, call.sequence) == ([True, False], sentence, at("2026-11-11 17:00"), 0)
    assert (last.kind, last.facts) == ("pending.refused", {"kind": "move", "why": sentence})
    with database.transaction() as session:
        again = pending.ask(
            session, "cancel", session.get_one(Show, show.id), call_on(session, show, DAY), {"reason": ""}, by=by, now=LATER
        )
        pending.undo(session, show.account_id, asked.id, by=by, now=LATER)
    assert again is not None


def test_change_that_the_database_refuses_holds_up_no_other(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        call = call_on(session, show, "2026-11-18")
        a_registration(session, call)
        bad = pending.ask(session, "reschedule", show, None, RULE, by=by, now=NOW)
        assert bad is not None
        bad_id = bad.id
        pending.ask(session, "cancel", show, call, {"reason": ""}, by=by, now=NOW)
        a_planned_show(session)[0].generation = 1
        session.flush()
        # No rule of the house says so, but this database will not have two shows whose schedule was changed once.
        session.execute(sa.text("CREATE UNIQUE INDEX never_two ON shows (generation) WHERE generation > 0"))
    with database.transaction() as session:
        taken = [pending.take_next(session, LATER) for _ in range(3)]
    with database.transaction() as session:
        session.execute(sa.text("DROP INDEX never_two"))

    with database.reading() as session:
        refused = session.get_one(Pending, bad_id).refused
        assert (taken, call_on(session, show, "2026-11-18").cancelled_at) == ([True, True, False], LATER)
    assert refused == "What it was about has changed meanwhile; please make the change anew."


def test_change_that_comes_too_late_is_refused(database: Database) -> None:
    """After a night without a worker the call has begun."""
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        asked = pending.ask(session, "move", show, call_on(session, show, DAY), MOVE, by=by, now=NOW)
        assert asked is not None
    with database.transaction() as session:
        pending.take_next(session, at("2026-11-11 17:30"))

    with database.reading() as session:
        refused = session.get_one(Pending, asked.id).refused
    assert refused == "This call is going on now, so it can no longer be moved."


@pytest.mark.parametrize(
    ("kind", "facts", "errors"),
    [
        ("move", {**MOVE, "minutes": 1}, {"minutes": "Give a length between 5 minutes and 24 hours."}),
        (
            "move",
            {**MOVE, "wall": "2026-11-18T09:30"},
            {
                "time": "That would lie on the call of Wednesday 18 November 2026 at 09:00 (Los Angeles time); "
                "choose another time."
            },
        ),
        ("guest", {"guest_name": "x" * 201}, {"guest_name": "Give a name of at most 200 characters."}),
        ("way_in", {**PHONE, "phone": "x"}, {"phone": "Give a phone number with its country code, like +1 555 010 0100."}),
    ],
)
def test_asking_refuses_what_the_deed_would(database: Database, kind: str, facts: dict[str, Any], errors: dict[str, str]) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)

        with pytest.raises(Invalid) as refusal:
            pending.ask(session, kind, show, call_on(session, show, DAY), facts, by=by, now=NOW)

        assert (refusal.value.errors, everything(session)["pending"]) == (errors, 0)


def test_kind_for_a_call_without_one_is_not_found(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)

        for kind in ("move", "cancel", "skip", "restore", "guest", "share_way_in"):
            with pytest.raises(NotFound):
                pending.preview(session, kind, show, None, MOVE | {"guest_name": "x"}, by=by, now=NOW)

        assert everything(session)["pending"] == 0


@pytest.mark.parametrize("round_", range(5))
def test_two_tabs_asking_at_once_leave_one_change(database: Database, round_: int) -> None:
    with database.transaction() as session:
        show, by = a_show_with_people(session)

    def ask() -> UUID:
        with database.transaction() as session:
            call = call_on(session, show, DAY)
            asked = pending.ask(session, "move", call.show, call, MOVE, by=by, now=NOW)
            assert asked is not None
            return asked.id

    outcomes = at_once([ask] * 4)

    with database.reading() as session:
        rows = list(session.scalars(sa.select(Pending.id)))
    assert [it for it in outcomes if it is not Refused] == rows
    assert (len(rows), outcomes.count(Refused)) == (1, 3)


@pytest.mark.parametrize("round_", range(8))
def test_either_undo_or_effect_wins(database: Database, round_: int) -> None:
    """The clocks of two processes differ by a second: one says it is due, the other that it may still be undone."""
    with database.transaction() as session:
        show, by = a_show_with_people(session)
        asked = pending.ask(session, "cancel", show, call_on(session, show, DAY), {"reason": ""}, by=by, now=NOW)
        assert asked is not None

    def undo() -> str:
        with database.transaction() as session:
            pending.undo(session, show.account_id, asked.id, by=by, now=LATER - timedelta(seconds=1))
        return "undone"

    def take() -> str:
        with database.transaction() as session:
            return "taken" if pending.take_next(session, LATER) else "nothing"

    outcomes = at_once([undo, take, take])

    with database.reading() as session:
        is_cancelled = call_on(session, show, DAY).cancelled_at is not None
        kinds = kinds_kept(session)[3:]
    assert (outcomes[0], sorted(map(str, outcomes[1:])), kinds) in [
        ("undone", ["nothing", "nothing"], ["pending.undone"]),
        (Refused, ["nothing", "taken"], ["call.cancelled"]),
    ]
    assert is_cancelled == (kinds == ["call.cancelled"])


@pytest.mark.parametrize("round_", range(5))
def test_two_hosts_never_put_two_calls_on_one_time(database: Database, round_: int) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)

    def move(address: str) -> datetime:
        with database.transaction() as session:
            call = call_on(session, show, address)
            moving.move(session, call, wall("2026-11-14 09:00"), LA, 60, by=by, now=NOW)
            return call.starts_at

    outcomes = at_once([partial(move, address) for address in (DAY, "2026-11-18", "2026-11-25")])

    with database.reading() as session:
        assert starts(session, show).count("2026-11-14 17:00") == 1
    assert sorted(map(str, outcomes)) == [str(at("2026-11-14 17:00")), str(Invalid), str(Invalid)]
