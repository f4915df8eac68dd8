"""Who steps in when a guest cannot."""

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from calls import pending
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, Refused
from calls.guests import benching, queries, understudying
from calls.guests.models import Booking, Understudy
from calls.guests.person import Person
from calls.guests.understudying import StandIn
from calls.history.keeping import Actor
from calls.shows.models import Call
from tests.fakes import FakeMail
from tests.invited import MIA, Invited, invited, name_understudy, on_bench
from tests.studio import ANN, Studio, a_studio


@pytest.fixture
def studio(database: Database, clock: SetClock) -> Studio:
    return a_studio(database, clock, FakeMail(clock))


@pytest.fixture
def ken(studio: Studio) -> Invited:
    """Ken Ono, confirmed for the second date, to which Ann is registered."""
    found = invited(studio).confirmed(1)
    studio.register(ANN, 1)
    studio.work()
    return found


def bookings(studio: Studio) -> list[tuple[str, str, bool]]:
    """Name, state and whether approved, of every booking."""
    with studio.database.reading() as session:
        rows = session.scalars(sa.select(Booking).order_by(Booking.id))
        return [(it.guest.name, it.state, it.approved_at is not None) for it in rows]


def test_person_steps_in_by_a_held_date_that_is_approved_and_is_announced_at_once(studio: Studio, ken: Invited) -> None:
    to = name_understudy(studio, on_bench(studio, MIA), number=1)
    studio.ask("swap", 1, to=to)
    studio.wait(minutes=11)

    with studio.database.reading() as session:
        call = studio.call(session, 1)
        assert (call.guest_name, session.get(Understudy, call.id)) == ("Mia Silva", None)
    assert bookings(studio) == [("Ken Ono", "cancelled", True), ("Mia Silva", "chosen", True)]


def test_swap_waits_its_ten_minutes_and_can_be_undone(studio: Studio, ken: Invited) -> None:
    asked = studio.ask("swap", 1, to=name_understudy(studio, on_bench(studio, MIA), number=1))
    assert asked is not None
    studio.undo(asked)
    studio.wait(minutes=11)

    assert bookings(studio) == [("Ken Ono", "confirmed", True)]


def test_preview_counts_the_guest_and_those_who_are_registered(studio: Studio, ken: Invited) -> None:
    to = name_understudy(studio, replay="the best of sleep", number=1)
    with studio.database.transaction() as session:
        facts, call = {"to": to}, studio.call(session, 1)
        seen = pending.preview(session, "swap", call.show, call, facts, by=studio.by, now=studio.clock.now())

    assert (seen.hearers.guests, seen.hearers.attendees, seen.is_at_once) == (1, 1, False)


def test_replay_steps_in_and_nobody_has_to_confirm(studio: Studio, ken: Invited) -> None:
    studio.ask("swap", 1, to=name_understudy(studio, replay="the best of sleep", number=1))
    studio.wait(minutes=11)

    with studio.database.reading() as session:
        assert studio.call(session, 1).guest_name == "Replay: the best of sleep"
    assert bookings(studio) == [("Ken Ono", "cancelled", True)]


def test_understudy_steps_in_after_the_guest_has_given_the_date_back(studio: Studio, ken: Invited) -> None:
    to = name_understudy(studio, on_bench(studio, MIA), number=1)
    ken.decline("The flu")
    studio.work()
    studio.ask("swap", 1, to=to)
    studio.wait(minutes=11)

    assert bookings(studio) == [("Ken Ono", "declined", True), ("Mia Silva", "chosen", True)]


def test_understudy_who_is_invited_already_is_asked_under_that_invitation(studio: Studio, ken: Invited) -> None:
    mia = invited(studio, MIA, numbers=(5,))
    studio.ask("swap", 1, to=name_understudy(studio, mia.guest_id, number=1))
    studio.wait(minutes=11)

    with mia.booking() as (session, booking, _):
        assert (booking.state, booking.call_id) == ("chosen", studio.call(session, 1).id)


def test_swap_for_another_than_was_shown_is_refused(studio: Studio, ken: Invited) -> None:
    name_understudy(studio, on_bench(studio, MIA), number=1)

    with pytest.raises(Refused, match="Somebody else is named"):
        studio.ask("swap", 1, to="Replay: nothing")


def test_swap_without_an_understudy_is_refused(studio: Studio, ken: Invited) -> None:
    with pytest.raises(Refused, match="Nobody is named"):
        studio.ask("swap", 1, to="Mia Silva")


def named(studio: Studio, stand_in: StandIn | None) -> Understudy | None:
    with studio.database.transaction() as session:
        call = studio.call(session, 1)
        understudying.name(session, call, stand_in, by=studio.by, now=studio.clock.now())
        return session.get(Understudy, call.id)


@pytest.mark.parametrize("stand_in", [StandIn(), StandIn(uuid4(), "a replay"), StandIn(uuid4()), StandIn(replay="x" * 201)])
def test_understudy_is_one_known_person_or_one_replay(studio: Studio, stand_in: StandIn) -> None:
    with pytest.raises(Invalid):
        named(studio, stand_in)


def test_understudy_can_be_reached_and_is_not_the_guest(studio: Studio, ken: Invited) -> None:
    with studio.database.transaction() as session:
        account_id = studio.show(session).account_id
        silent = benching.add(session, account_id, Person("No Mail"), by=studio.by, now=studio.clock.now()).id

    for guest_id, words in ((silent, "no e-mail address"), (ken.guest_id, "is a guest of this call already")):
        with pytest.raises(Invalid) as refusal:
            named(studio, StandIn(guest_id))
        assert words in refusal.value.errors["guest"]


def test_understudy_is_taken_off_again(studio: Studio) -> None:
    named(studio, StandIn(replay="the best of sleep"))

    assert named(studio, None) is None


def test_host_who_leads_calls_names_nobody(studio: Studio) -> None:
    with studio.database.transaction() as session:
        call: Call = studio.call(session, 1)
        leader = Actor("member", studio.by.id, "Hal", "host", studio.by.account_id)
        with pytest.raises(NotAllowed):
            understudying.name(session, call, StandIn(replay="x"), by=leader, now=studio.clock.now())


def test_first_place_is_swapped_and_other_guests_stay(studio: Studio, ken: Invited) -> None:
    studio.update(Call, _call_id(studio), guest_places=2)
    lou = invited(studio, Person("Lou Sand", "lou@example.com"), numbers=(1,)).confirmed(1)
    studio.ask("swap", 1, to=name_understudy(studio, on_bench(studio, MIA), number=1))
    studio.wait(minutes=11)

    with lou.booking() as (session, booking, _):
        speaking = queries.bookings_of_call(session, booking.call_id or uuid4())
        assert [it.guest.name for it in speaking] == ["Mia Silva", "Lou Sand"]


def _call_id(studio: Studio) -> UUID:
    with studio.database.reading() as session:
        return studio.call(session, 1).id
