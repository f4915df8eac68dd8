"""What a person was last told about her call is known, until she registers anew or has another call."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from calls.joining.rooms import NOWHERE
from calls.messages import telling
from calls.messages.models import Told
from tests.builders import NOW, a_call, a_registration, a_show
from tests.studio import ANN, CLEO, ROOM, Studio


@pytest.mark.parametrize(
    ("facts", "is_known"),
    [
        ({}, True),
        ({"at": NOW}, True),
        ({"at": NOW - timedelta(seconds=1)}, False),
        ({"call_id": None}, False),
    ],
    ids=["later", "at once", "before she registered", "another call"],
)
def test_only_what_was_told_of_this_call_since_she_registered_counts(
    studio: Studio, facts: dict[str, Any], is_known: bool
) -> None:
    with studio.database.transaction() as session:
        call = a_call(session, a_show(session))
        registration = a_registration(session, call, confirmed_at=NOW)
        state = telling.state(call, ROOM)
        known = {**state.__dict__, "registration_id": registration.id, "at": NOW + timedelta(hours=1)} | facts

        found = telling.last(Told(**known), registration)

    assert found == (state if is_known else None)


def test_who_was_never_told_anything_knows_nothing(studio: Studio) -> None:
    with studio.database.transaction() as session:
        registration = a_registration(session, a_call(session, a_show(session)))

    assert telling.last(None, registration) is None


def test_state_differs_by_time_length_guest_way_in_and_cancellation_and_by_nothing_else(studio: Studio) -> None:
    with studio.database.transaction() as session:
        call = a_call(session, a_show(session))
        before = telling.state(call, ROOM)
        call.title, call.description, call.capacity = "Another", "Words", 7
        assert telling.state(call, ROOM) == before
        states = {before, telling.state(call, NOWHERE)}
        call.guest_name = "Dr. Ono"
        states.add(telling.state(call, ROOM))
        call.minutes = 90
        states.add(telling.state(call, ROOM))
        call.starts_at += timedelta(hours=1)
        states.add(telling.state(call, ROOM))
        call.cancelled_at = NOW
        states.add(telling.state(call, ROOM))

    assert len(states) == 6


def test_every_letter_is_kept_as_told(studio: Studio) -> None:
    for person in (ANN, CLEO):
        studio.register(person)
    studio.work()
    studio.wait(hours=1)
    studio.ask("guest", guest_name="Dr. Ono")
    studio.wait(minutes=11)

    with studio.database.reading() as session:
        rows = session.scalars(sa.select(Told)).all()
    assert [(row.guest_name, row.at) for row in rows] == [("Dr. Ono", studio.clock.now())] * 2
