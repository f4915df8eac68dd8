"""Talks beforehand and extra calls: chosen among the open hours, held, and what becomes of them when they are agreed on."""

from datetime import datetime, time
from uuid import UUID

import pytest

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.refusals import Refused
from calls.guests import booking, open_hours, opening_hours, slot_queries
from calls.guests.answers import Answers
from calls.guests.booking import Taken
from calls.shows import rescheduling
from calls.shows.models import Show
from tests.guests.asking import BEN, MIKA, Asking, an_asking

ANSWERS = Answers("Mika Ono", "Whales", "+81 3 1234 5678")


@pytest.fixture
def asking(database: Database, clock: SetClock) -> Asking:
    """A host who has time on Wednesdays from nine to twelve."""
    asking = an_asking(database, clock)
    with asking.database.transaction() as session:
        show = asking.studio.show(session)
        numbers = {"minutes": 30, "buffer": 15, "notice": 24, "horizon": 60, "most_a_week": 0}
        hours = open_hours.kept("America/New_York", [[2, "09:00", "12:00"]], numbers)
        opening_hours.set_hours(session, show, hours, by=asking.studio.by, now=asking.now)
    return asking


def slots(asking: Asking) -> list[datetime]:
    with asking.database.reading() as session:
        return slot_queries.slots_of(session, asking.studio.show(session), asking.now)


def choose(asking: Asking, invitation_id: UUID, slot: datetime) -> UUID:
    with asking.invitation(invitation_id) as (session, invitation, by):
        return booking.choose_slot(session, invitation, slot, 30, "America/New_York", by=by, now=asking.now).id


def test_talk_is_held_and_agreed_on_without_a_call(asking: Asking) -> None:
    slot = slots(asking)[0]
    booking_id = choose(asking, asking.invite(asking.guest(), (), purpose="talk"), slot)
    asking.accept(booking_id, ANSWERS)

    with asking.booking(booking_id) as (_, found, _by):
        assert (found.state, found.call_id, found.starts_at, found.minutes) == ("confirmed", None, slot, 30)
    assert slot not in slots(asking)


def test_two_do_not_get_one_time(asking: Asking) -> None:
    slot = slots(asking)[0]
    first, second = (asking.invite(asking.guest(it), (), purpose="talk") for it in (MIKA, BEN))
    choose(asking, first, slot)
    with pytest.raises(Taken):
        choose(asking, second, slot)

    assert asking.states() == [("Mika Ono", "taken", "chosen"), ("Ben Adler", "sent", "")]


def test_another_time_moves_the_hold(asking: Asking) -> None:
    first, second = slots(asking)[0], slots(asking)[-1]
    invitation_id = asking.invite(asking.guest(), (), purpose="talk")

    assert choose(asking, invitation_id, first) == choose(asking, invitation_id, second)
    assert (first in slots(asking), second in slots(asking)) == (True, False)


def test_extra_that_is_agreed_on_becomes_a_call_of_the_show(asking: Asking) -> None:
    slot = slots(asking)[0]
    booking_id = choose(asking, asking.invite(asking.guest(), (), purpose="extra"), slot)
    with asking.database.reading() as session:
        before = len(asking.studio.calls(session))
    asking.accept(booking_id, ANSWERS)

    with asking.booking(booking_id) as (session, found, _):
        assert len(asking.studio.calls(session)) == before + 1
        assert found.call is not None
        assert (found.call.starts_at, found.call.minutes, found.call.guest_name) == (slot, 30, "Mika Ono")
        assert (found.starts_at, found.call.is_extra) == (None, True)


def test_extra_whose_time_a_call_was_laid_on_is_not_agreed_on(asking: Asking) -> None:
    slot = slots(asking)[0]
    booking_id = choose(asking, asking.invite(asking.guest(), (), purpose="extra"), slot)
    with asking.database.transaction() as session:
        show = session.get_one(Show, asking.studio.show_id)
        wall = datetime.combine(datetime(2026, 11, 25).date(), time(9))  # noqa: DTZ001
        rescheduling.add_extra(session, show, wall, 60, by=asking.studio.by, now=asking.now)
    with pytest.raises(Refused, match="That would lie on the call"):
        asking.accept(booking_id, ANSWERS)

    assert asking.states() == [("Mika Ono", "taken", "chosen")]
