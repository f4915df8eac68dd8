"""An address that takes no mail is marked once, and written to again when she gives another or comes back by herself."""

from datetime import timedelta

import sqlalchemy as sa

from calls.ground.database import Database
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.registrations import attending, bouncing, passing, registering
from calls.registrations.attending import Person
from calls.registrations.models import Attendee
from calls.team.staffing import actor
from tests.builders import NOW, a_call, a_member, a_show, an_account, an_attendee

ADA = Person("Ada", "ada@example.com", "Europe/Berlin")


def marked(database: Database) -> Attendee:
    """Ada, to whom no mail comes through."""
    with database.transaction() as session:
        attendee = an_attendee(session, email=ADA.email)
        bouncing.mark(session, attendee, "550 no such user", now=NOW)
        return attendee


def state(database: Database, attendee: Attendee) -> tuple[object, object]:
    with database.reading() as session:
        found = session.get_one(Attendee, attendee.id)
        return found.bounced_at, found.bounce


def test_address_is_marked_once_with_a_change(database: Database) -> None:
    attendee = marked(database)

    with database.transaction() as session:
        bouncing.mark(session, session.get_one(Attendee, attendee.id), "another fault", now=NOW + timedelta(days=1))

    assert state(database, attendee) == (NOW, "550 no such user")
    with database.reading() as session:
        assert session.scalars(sa.select(Change.thing_id).where(Change.kind == "attendee.bounced")).all() == [attendee.id]


def test_somebody_without_an_address_is_not_marked(database: Database) -> None:
    with database.transaction() as session:
        attendee = an_attendee(session, email=None)
        bouncing.mark(session, attendee, "550 no such user", now=NOW)

    assert state(database, attendee) == (None, None)


def test_another_address_is_written_to(database: Database) -> None:
    attendee = marked(database)

    with database.transaction() as session:
        found = session.get_one(Attendee, attendee.id)
        by = Actor("attendee", found.id, found.name)
        attending.change_email(session, found, "new@example.com", by=by, now=NOW)
        assert found.bounced_at is None

    assert state(database, attendee) == (None, None)


def test_who_registers_anew_by_herself_is_written_to(database: Database) -> None:
    attendee = marked(database)
    with database.transaction() as session:
        call = a_call(session, a_show(session, account_id=attendee.account_id))

        registering.register(session, call, ADA, by=None, now=NOW)

    assert state(database, attendee) == (None, None)


def test_who_takes_a_pass_by_herself_is_written_to(database: Database) -> None:
    attendee = marked(database)
    with database.transaction() as session:
        show = a_show(session, account_id=attendee.account_id)

        passing.register_for_all(session, show, ADA, by=None, now=NOW)

    assert state(database, attendee) == (None, None)


def test_whom_a_member_adds_stays_marked(database: Database) -> None:
    with database.transaction() as session:
        account = an_account(session)
        by = actor(a_member(session, account=account))
        attendee = an_attendee(session, email=ADA.email, account=account)
        bouncing.mark(session, attendee, "550 no such user", now=NOW)
        call = a_call(session, a_show(session, account=account))

        registering.register(session, call, ADA, by=by, now=NOW)

    assert state(database, attendee) == (NOW, "550 no such user")
