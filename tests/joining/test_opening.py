"""How people get into a show's calls, and into one alone."""

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from calls.joining import opening, queries
from calls.joining.models import Room
from calls.joining.rooms import NOWHERE, WayIn
from calls.shows.models import Show
from calls.team import staffing
from tests.builders import a_member
from tests.registrations.people import at_once
from tests.shows.planned import a_planned_show, an_owner, at, call_on, calls_of, kinds_kept

NOW = at("2026-11-05 20:00")
DAY = "2026-11-11"
PHONE, LINK = WayIn("+1 555 010 0100", "48213"), WayIn(web_link="https://meet.example/tara")


def test_way_into_a_show_is_that_of_its_calls_and_raises_those_to_come(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        nowhere = queries.way_in(session, call_on(session, show, DAY))
        opening.give_room(session, show, None, PHONE, by=by, now=NOW)

    with database.reading() as session:
        assert (nowhere, queries.way_in(session, call_on(session, show, DAY))) == (NOWHERE, PHONE)
        assert [it.sequence for it in calls_of(session, show)] == [0] * 4 + [1] * 4
        assert kinds_kept(session)[2:] == ["show.way_in_changed"]


def test_way_into_a_show_being_made_is_no_change(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        opening.give_room(session, show, None, PHONE, by=by, now=NOW, is_first=True)

    with database.reading() as session:
        assert ({it.sequence for it in calls_of(session, show)}, kinds_kept(session)[2:]) == ({0}, [])
        assert queries.way_in(session, call_on(session, show, DAY)) == PHONE


def test_call_may_have_a_way_in_of_its_own_and_share_the_shows_again(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        opening.give_room(session, show, None, PHONE, by=by, now=NOW)
        call = call_on(session, show, DAY)
        opening.give_room(session, show, call, LINK, by=by, now=NOW)
        opening.give_room(session, show, None, WayIn("+1 555 010 0199"), by=by, now=NOW)
        own = queries.way_in(session, call)
        opening.share_room(session, call, by=by, now=NOW)

    with database.reading() as session:
        call = call_on(session, show, DAY)
        assert (own, queries.way_in(session, call)) == (LINK, WayIn("+1 555 010 0199"))
        assert [it.sequence for it in calls_of(session, show)][4:] == [3, 2, 2, 2]
        assert kinds_kept(session)[2:] == [
            "show.way_in_changed",
            "call.way_in_changed",
            "show.way_in_changed",
            "call.way_in_changed",
        ]
        assert queries.ways_in(session, [show.id]) == {(show.id, None): WayIn("+1 555 010 0199")}


def test_way_in_that_stands_or_cannot_be_is_refused(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        call = call_on(session, show, DAY)
        opening.give_room(session, show, None, PHONE, by=by, now=NOW)
        sentences = []
        for which, way_in in ((None, PHONE), (call, PHONE)):
            with pytest.raises(Refused) as refusal:
                opening.give_room(session, show, which, way_in, by=by, now=NOW)
            sentences.append(refusal.value.sentence)
        with pytest.raises(Refused) as shared:
            opening.share_room(session, call, by=by, now=NOW)
        with pytest.raises(Invalid) as empty:
            opening.give_room(session, show, call, NOWHERE, by=by, now=NOW)
        with pytest.raises(Invalid) as wrong:
            opening.give_room(session, show, None, WayIn("x"), by=by, now=NOW, is_first=True)

        assert sentences == ["That is the way in already."] * 2
        assert shared.value.sentence == "This call has the show’s way in already."
        assert empty.value.errors == {"web_link": "Give a phone number or a web link, or let the call use the show’s way in."}
        assert list(wrong.value.errors) == ["phone"]
        assert call.sequence == 1


def test_way_in_of_a_show_may_be_taken_away(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        opening.give_room(session, show, None, PHONE, by=by, now=NOW)
        opening.give_room(session, show, None, NOWHERE, by=by, now=NOW)

        assert queries.way_in(session, call_on(session, show, DAY)) == NOWHERE


def test_opening_is_for_members_of_the_account(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        nobody = staffing.actor(a_member(session, account_id=by.account_id, role="nobody"))

        with pytest.raises(NotFound):
            opening.give_room(session, show, None, PHONE, by=an_owner(session), now=NOW)
        with pytest.raises(NotAllowed):
            opening.give_room(session, show, None, PHONE, by=nobody, now=NOW)
        with pytest.raises(NotFound):
            opening.share_room(session, call_on(session, show, DAY), by=an_owner(session), now=NOW)

        assert session.scalar(sa.select(sa.func.count()).select_from(Room)) == 0


def test_two_tabs_giving_a_room_at_once_leave_one(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)

    def give() -> None:
        with database.transaction() as session:
            opening.give_room(session, session.get_one(Show, show.id), None, PHONE, by=by, now=NOW)

    outcomes = at_once([give] * 4)

    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Room)) == 1
        assert {it.sequence for it in calls_of(session, show)[4:]} == {1}
    assert sorted(map(str, outcomes)) == sorted(map(str, [None, Refused, Refused, Refused]))
