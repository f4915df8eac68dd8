"""Coming in: only the button counts, only while the doors are open, and once is once."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.ground.refusals import Refused
from calls.joining import entering, queries
from calls.joining.models import Attendance, Room
from calls.joining.rooms import WayIn
from calls.registrations.models import Registration
from tests.builders import NOW, a_call, a_registration, a_show
from tests.registrations.people import at_once


@pytest.mark.parametrize("way", ["web", "phone"])
def test_whoever_comes_in_is_noted_once_however_often(database: Database, way: str) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session))
        mine = a_registration(session, call)
        session.add(
            Room(created_at=NOW, show_id=call.show_id, phone="+1 555 010 0100", code="1", web_link="https://meet.example")
        )
        session.flush()
        found = [entering.enter(session, mine, it, now=call.starts_at) for it in (way, "web", "phone")]

    with database.reading() as session:
        assert found == [WayIn("+1 555 010 0100", "1", "https://meet.example")] * 3
        assert session.scalars(sa.select(Attendance.way)).all() == [way]
        assert queries.came(session, call.id) == {mine.id}


@pytest.mark.parametrize(
    ("facts", "minutes", "way", "sentence"),
    [
        ({}, -16, "web", "The doors are not open yet."),
        ({}, 90, "web", "This call is over."),
        ({"cancelled_at": NOW}, 0, "web", "This call has been cancelled."),
        ({}, 0, "phone", "The host has not said yet how to get in; please look again in a moment."),
    ],
)
def test_shut_door_is_a_sentence(database: Database, facts: dict[str, Any], minutes: int, way: str, sentence: str) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session), **facts)
        mine = a_registration(session, call)
        session.add(Room(created_at=NOW, show_id=call.show_id, web_link="https://meet.example"))
        session.flush()

        with pytest.raises(Refused) as refusal:
            entering.enter(session, mine, way, now=call.starts_at + timedelta(minutes=minutes))

        assert (refusal.value.sentence, queries.came(session, call.id)) == (sentence, frozenset())


def test_registration_that_was_cancelled_opens_nothing(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session))
        mine = a_registration(session, call, state="cancelled")

        with pytest.raises(Refused) as refusal:
            entering.enter(session, mine, "web", now=call.starts_at)

    assert refusal.value.sentence == "This registration has been cancelled."


def test_button_pressed_ten_times_at_once_is_one_person(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session))
        mine_id = a_registration(session, call).id
        session.add(Room(created_at=NOW, show_id=call.show_id, web_link="https://meet.example"))

    def enter() -> str:
        with database.transaction() as session:
            mine = session.get_one(Registration, mine_id)
            return entering.enter(session, mine, "web", now=mine.call.starts_at).web_link

    outcomes = at_once([enter] * 10)

    with database.reading() as session:
        assert outcomes == ["https://meet.example"] * 10
        assert session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 1
