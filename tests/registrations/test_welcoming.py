"""Registering somebody new in a single statement: it does what `register` does step by step, or nothing at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import Database, cause
from calls.ground.listening import Listener
from calls.ground.refusals import Invalid
from calls.history.models import Change
from calls.registrations import registering
from calls.registrations.attending import Person
from calls.registrations.models import Attendee, Registration
from calls.registrations.welcoming import welcome
from calls.shows.models import Call, Show
from tests.builders import NOW, a_call, a_show
from tests.ground.test_database import wait_until_told
from tests.registrations.people import ADA, at_once, kept, person, seated, taken

TABLES = (Attendee, Registration, Change)
DAY = "2026-11-24"


@pytest.fixture
def place(database: Database) -> Database:
    """A database with one call of two seats, and another of a show that is still a draft."""
    return with_calls(database)


@pytest.fixture
def server(postgres_address: str) -> Iterator[Database]:
    """The same on PostgreSQL, for what is of no concern elsewhere."""
    database = Database(postgres_address)
    yield with_calls(database)
    database.close()


def with_calls(database: Database) -> Database:
    with database.transaction() as session:
        a_call(session, a_show(session, slug="ask-tara"), capacity=2)
        a_call(session, a_show(session, slug="draft", published_at=None), capacity=2)
    return database


def welcomed(
    database: Database, whom: Person = ADA, slug: str = "ask-tara", address: str = DAY, now: datetime = NOW
) -> UUID | None:
    with database.single() as session:
        return welcome(session, slug, address, whom, now=now)


def the_call(session: Session) -> Call:
    return session.scalars(sa.select(Call).join(Call.show).where(Show.slug == "ask-tara")).one()


def rows(database: Database, whom: Person) -> list[dict[str, Any]]:
    """What was written for a person, without what differs from one to the next; identifiers by what they point to."""
    with database.reading() as session:
        attendee = session.scalars(sa.select(Attendee).where(Attendee.email == whom.email)).one()
        registration = session.scalars(sa.select(Registration).where(Registration.attendee_id == attendee.id)).one()
        change = session.scalars(sa.select(Change).where(Change.thing_id == registration.id)).one()
    names = {attendee.id: "her", registration.id: "place", change.id: "change", whom.name: "name", whom.email: "address"}
    found = [{it.name: getattr(row, it.name) for it in row.__table__.columns} for row in (attendee, registration, change)]
    return [{name: names.get(it, it) if isinstance(it, UUID | str) else it for name, it in row.items()} for row in found]


def count_of_all(database: Database) -> list[int]:
    with database.reading() as session:
        return [session.execute(sa.select(sa.func.count()).select_from(it)).scalar_one() for it in TABLES]


def test_newcomer_is_registered_as_step_by_step(place: Database) -> None:
    other = person(2)

    made = welcomed(place)
    with place.transaction() as session:
        registering.register(session, the_call(session), other, by=None, now=NOW)

    assert rows(place, ADA) == rows(place, other)
    with place.reading() as session:
        assert (taken(session), seated(session)) == ({DAY: 2}, {DAY: 2})
        assert session.scalars(sa.select(Registration.id)).first() == made


def test_somebody_known_is_left_to_the_usual_way(place: Database) -> None:
    welcomed(place)

    again = welcomed(place, Person("Somebody else", ADA.email, "Asia/Tokyo"))

    assert (again, count_of_all(place)) == (None, [1, 1, 1])
    with place.reading() as session:
        assert (taken(session), session.scalars(sa.select(Attendee.name)).one()) == ({DAY: 1}, ADA.name)


@pytest.mark.parametrize("change", [{"capacity": 0}, {"taken": 2}, {"cancelled_at": NOW}])
def test_call_without_a_seat_is_left_to_the_usual_way(place: Database, change: dict[str, Any]) -> None:
    with place.transaction() as session:
        session.execute(sa.update(Call).values(**change))

    assert (welcomed(place), count_of_all(place)) == (None, [0, 0, 0])


@pytest.mark.parametrize(
    "wish", [{"slug": "draft"}, {"slug": "nobody"}, {"address": "2026-11-25"}, {"now": NOW + timedelta(days=30)}]
)
def test_what_is_no_open_call_is_left_to_the_usual_way(place: Database, wish: dict[str, Any]) -> None:
    assert (welcomed(place, **wish), count_of_all(place)) == (None, [0, 0, 0])


def test_trigger_that_was_rolled_back_with_its_transaction_is_made_again(place: Database) -> None:
    with pytest.raises(ZeroDivisionError), place.single() as session:
        welcome(session, "ask-tara", DAY, ADA, now=NOW)
        raise ZeroDivisionError
    nothing = count_of_all(place)

    made = welcomed(place, person(2))

    assert made is not None
    assert (nothing[0] == 0) is place.is_sqlite  # on PostgreSQL the statement was committed by itself
    assert count_of_all(place)[0] == nothing[0] + 1


def test_last_seat_that_goes_meanwhile_leaves_nothing_behind(server: Database) -> None:
    done = Event()

    def wait_for_the_seat() -> object:
        outcome = welcomed(server)
        done.set()
        return outcome

    with server.transaction() as session, ThreadPoolExecutor() as threads:
        session.execute(sa.update(Call).values(taken=2))
        waiting = threads.submit(wait_for_the_seat)
        was_quick = done.wait(0.5)
        session.connection().commit()
        outcome = waiting.result(timeout=30)

    assert (was_quick, outcome, count_of_all(server)) == (False, None, [0, 0, 0])


def test_what_is_wrong_with_a_person_comes_without_the_database(place: Database) -> None:
    with pytest.raises(Invalid) as refused:
        welcomed(place, Person("", "nobody", "Mars/Base"))

    assert (set(refused.value.errors), count_of_all(place)) == ({"name", "email", "zone"}, [0, 0, 0])


def test_many_at_once_get_the_seats_there_are(place: Database) -> None:
    outcomes = at_once([partial(welcomed, place, person(number)) for number in range(12)])

    assert (sum(it is not None for it in outcomes), count_of_all(place)) == (2, [2, 2, 2])
    with place.reading() as session:
        assert (taken(session), seated(session), len(kept(session, "registration"))) == ({DAY: 2}, {DAY: 2}, 2)


def test_same_person_at_once_is_registered_once(place: Database) -> None:
    outcomes = at_once([partial(welcomed, place)] * 6)

    assert (sum(it is not None for it in outcomes), count_of_all(place)) == (1, [1, 1, 1])


def test_other_processes_and_this_one_hear_of_it_once(server: Database) -> None:
    there = Database(server.url.render_as_string(hide_password=False))
    heard_here: list[frozenset[str]] = []
    heard_there: list[frozenset[str]] = []
    server.on_commit(heard_here.append)
    there.on_commit(heard_there.append)
    listeners = [Listener(server), Listener(there)]
    for listener in listeners:
        listener.start()
    wait_until_told(there, heard_there, "beginning")
    wait_until_told(server, heard_here, "beginning")

    made = welcomed(server)
    wait_until_told(there, heard_there, "end")
    wait_until_told(server, heard_here, "end")
    for listener in listeners:
        listener.stop()
    there.close()

    with server.reading() as session:
        show_id = the_call(session).show_id
    wanted = {"changes", "change:registration.confirmed", f"thing:{made}", f"show:{show_id}"}
    for heard in (heard_here, heard_there):
        assert [tag for tags in heard for tag in sorted(tags) if tag in wanted] == sorted(wanted)


def test_call_that_fails_to_be_told_of_is_spoken_of_under_another_name(server: Database) -> None:
    name = server.voice.name

    with pytest.raises(sa.exc.OperationalError), server.single() as session:
        session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    assert server.voice.name != name


def test_trouble_of_the_file_is_trouble_of_the_database(sqlite_address: str) -> None:
    file = with_calls(Database(sqlite_address))

    with pytest.raises(sa.exc.OperationalError) as fault, file.single() as session:
        session.execute(sa.text("PRAGMA query_only = ON"))
        welcome(session, "ask-tara", DAY, ADA, now=NOW)
    file.close()

    assert cause(fault.value) == "OperationalError: attempt to write a readonly database"
