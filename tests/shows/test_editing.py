"""What a call says, who speaks, and how many it seats."""

from typing import Any

import pytest

from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from calls.shows import editing
from calls.shows.models import Call
from calls.team import staffing
from tests.builders import a_member, a_registration
from tests.shows.planned import PLANNED_AT, a_planned_show, an_owner, at, call_on, kinds_kept

NOW = at("2026-11-01 12:00")
DAY = "2026-11-11"


def standing(call: Call) -> tuple[Any, ...]:
    return call.title, call.description, call.guest_name, call.capacity, call.sequence, call.revised_at


@pytest.mark.parametrize(
    ("title", "description", "expected"),
    [
        ("Sleep\u2028", "How\nto", ("Sleep", "How\nto", 1, NOW)),
        ("", "How to find it", ("", "How to find it", 0, NOW)),  # LAST-MODIFIED alone
        ("", "", ("", "", 0, PLANNED_AT)),
    ],
)
def test_title_raises_the_sequence_and_other_words_do_not(
    database: Database, title: str, description: str, expected: tuple[Any, ...]
) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        editing.describe(session, call_on(session, show, DAY), title, description, by=by, now=NOW)

    with database.reading() as session:
        call = call_on(session, show, DAY)
        assert (call.title, call.description, call.sequence, call.revised_at) == expected
        assert kinds_kept(session)[2:] == (["call.changed"] if expected[3] == NOW else [])


def test_case_6_guest_with_a_foreign_name_raises_the_sequence(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        editing.name_guest(session, call_on(session, show, DAY), " Ōno 小野 ", by=by, now=NOW)

    with database.reading() as session:
        call = call_on(session, show, DAY)
        assert standing(call) == ("", "", "Ōno 小野", 20, 1, NOW)
        assert (call.name, call.starts_at) == ("Ōno 小野", at("2026-11-11 17:00"))


def test_two_changes_in_one_second_are_two_revisions(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, DAY)
        editing.name_guest(session, call, "Ada", by=by, now=NOW)
        editing.name_guest(session, call, "", by=by, now=NOW)

    assert (call.sequence, call.revised_at.timestamp() - NOW.timestamp(), call.name) == (2, 1, "Ask Tara")


@pytest.mark.parametrize(
    ("deed", "facts", "errors"),
    [
        ("describe", ("x" * 201, ""), {"title": "Give a title of at most 200 characters."}),
        ("describe", ("", "x" * 20_001), {"description": "Describe the call in at most 20,000 characters."}),
        ("name_guest", ("x" * 201,), {"guest_name": "Give a name of at most 200 characters."}),
        ("set_capacity", (0,), {"capacity": "Give a number of seats between 1 and 100,000."}),
        ("set_capacity", (100_001,), {"capacity": "Give a number of seats between 1 and 100,000."}),
        ("set_capacity", (1,), {"capacity": "2 seats are taken; the smallest number is 2."}),
    ],
)
def test_words_and_seats_that_cannot_be_are_refused(
    database: Database, deed: str, facts: tuple[Any, ...], errors: dict[str, str]
) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, DAY)
        a_registration(session, call)
        a_registration(session, call)
        before = standing(call)

        with pytest.raises(Invalid) as refusal:
            getattr(editing, deed)(session, call, *facts, by=by, now=NOW)

    assert (refusal.value.errors, standing(call)) == (errors, before)


def test_guest_who_speaks_already_is_refused(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)

        with pytest.raises(Refused) as refusal:
            editing.name_guest(session, call_on(session, show, DAY), " ", by=by, now=NOW)

    assert refusal.value.sentence == "That is the guest already."


def test_seats_may_be_as_few_as_are_taken(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, DAY)
        a_registration(session, call)
        editing.set_capacity(session, call, 1, by=by, now=NOW)
        editing.set_capacity(session, call, 1, by=by, now=NOW)

    with database.reading() as session:
        call = call_on(session, show, DAY)
        assert (call.capacity, call.has_own_capacity, call.taken, call.seats_left, call.sequence) == (1, True, 1, 0, 0)
        assert kinds_kept(session)[2:] == ["call.capacity_set"]


@pytest.mark.parametrize(("deed", "facts"), [("describe", ("x", "")), ("name_guest", ("x",)), ("set_capacity", (5,))])
def test_editing_is_for_members_of_the_account(database: Database, deed: str, facts: tuple[Any, ...]) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, DAY)
        nobody = staffing.actor(a_member(session, account_id=by.account_id, role="nobody"))
        before = standing(call)

        with pytest.raises(NotFound):
            getattr(editing, deed)(session, call, *facts, by=an_owner(session), now=NOW)
        with pytest.raises(NotAllowed):
            getattr(editing, deed)(session, call, *facts, by=nobody, now=NOW)

    assert standing(call) == before
