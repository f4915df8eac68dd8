"""Who an attendee is, and what she may change about herself."""

from typing import Any

import pytest
import sqlalchemy as sa

from calls.ground.database import Database, new_id
from calls.ground.refusals import Invalid, Refused
from calls.history.keeping import Actor
from calls.registrations import attending, queries
from calls.registrations.attending import Person
from calls.registrations.models import Attendee
from tests.builders import NOW, an_account, an_attendee
from tests.registrations.people import ADA, at_once, kept

SHE = Actor("attendee", None, "Ada")


def facts_of(attendee: Attendee) -> tuple[Any, ...]:
    return attendee.name, attendee.email, attendee.zone, attendee.calendar, attendee.generation


def test_same_address_is_one_person_at_an_account_and_another_at_the_next(database: Database) -> None:
    with database.transaction() as session:
        here, there = an_account(session).id, an_account(session).id
        (first, *_), (second, *_), (other, *_) = [
            attending.attend(session, account, ADA, now=NOW) for account in (here, here, there)
        ]

    with database.reading() as session:
        found = queries.attendees_by_email(session, "ada@example.com")
        assert (first, {it.id for it in found}) == (second, {first, other})


def test_people_without_an_address_are_told_apart_by_phone_and_name(database: Database) -> None:
    with database.transaction() as session:
        account = an_account(session).id
        people = [
            Person("Ben", "", "UTC", "+1 555 010 0100"),
            Person("BEN", "", "UTC", "+1 555 010 0100"),
            Person("Bea", "", "UTC", "+1 555 010 0100"),
            Person("Ben", "", "UTC"),
            Person("Ben", "", "UTC"),
        ]
        found = [attending.attend(session, account, it, now=NOW) for it in people]

    ids = [it for it, _ in found]
    assert [ids.index(it) for it in ids] == [0, 0, 2, 3, 4]
    assert [is_new for _, is_new in found] == [True, False, True, True, True]


def test_one_address_typed_by_many_at_once_is_one_person(database: Database) -> None:
    with database.transaction() as session:
        account = an_account(session).id

    def attend() -> object:
        with database.transaction() as session:
            return attending.attend(session, account, ADA, now=NOW)

    outcomes = at_once([attend] * 20)

    with database.reading() as session:
        one = session.scalars(sa.select(Attendee.id)).one()
        assert sorted(outcomes, key=str) == [(one, False)] * 19 + [(one, True)]


def test_person_changes_name_zone_and_calendar(database: Database) -> None:
    with database.transaction() as session:
        attendee = an_attendee(session, email="ada@example.com")
        attending.change_person(session, attendee, " Ada L. ", "Asia/Tokyo", "feed", by=SHE, now=NOW)

    with database.reading() as session:
        assert facts_of(session.scalars(sa.select(Attendee)).one()) == ("Ada L.", "ada@example.com", "Asia/Tokyo", "feed", 0)
        assert kept(session) == ["attendee.changed"]


@pytest.mark.parametrize(
    ("name", "zone", "calendar", "errors"),
    [
        ("", "UTC", "auto", {"name": "Give a name."}),
        ("Ada", "Nowhere", "auto", {"zone": "That time zone is not known; choose one from the list."}),
        ("Ada", "UTC", "outlook", {"calendar": "Choose one of the ways offered."}),
    ],
)
def test_what_she_cannot_be_is_refused(database: Database, name: str, zone: str, calendar: str, errors: dict[str, str]) -> None:
    with database.transaction() as session:
        attendee = an_attendee(session, email="ada@example.com")
        before = facts_of(attendee)

        with pytest.raises(Invalid) as refusal:
            attending.change_person(session, attendee, name, zone, calendar, by=SHE, now=NOW)

        assert (refusal.value.errors, facts_of(attendee)) == (errors, before)


@pytest.mark.parametrize("email", ["ada@example.com", None])
def test_new_address_withdraws_the_links_that_the_old_one_was_sent(database: Database, email: str | None) -> None:
    with database.transaction() as session:
        attendee = an_attendee(session, email=email)
        attending.change_email(session, attendee, " Ada@New.Example ", by=SHE, now=NOW)

    with database.reading() as session:
        assert facts_of(session.scalars(sa.select(Attendee)).one())[1::3] == ("ada@new.example", 1)
        assert kept(session) == ["attendee.address_changed"]


def test_address_of_somebody_else_is_refused_without_saying_so(database: Database) -> None:
    with database.transaction() as session:
        ada = an_attendee(session, email="ada@example.com")
        an_attendee(session, email="bea@example.com", account_id=ada.account_id)

        with pytest.raises(Invalid) as refusal:
            attending.change_email(session, ada, "bea@example.com", by=SHE, now=NOW)

        sentence = "That address can't be used here. Register with it on the show's page instead."
        assert (refusal.value.errors, ada.email, ada.generation, kept(session)) == ({"email": sentence}, "ada@example.com", 0, [])


@pytest.mark.parametrize("email", ["", "ada", "a@b\r\nc@d.example"])
def test_address_that_cannot_be_is_refused(database: Database, email: str) -> None:
    with database.transaction() as session:
        attendee = an_attendee(session, email="ada@example.com")

        with pytest.raises(Invalid) as refusal:
            attending.change_email(session, attendee, email, by=SHE, now=NOW)

    assert list(refusal.value.errors) == ["email"]


def test_same_address_is_refused(database: Database) -> None:
    with database.transaction() as session:
        attendee = an_attendee(session, email="ada@example.com")

        with pytest.raises(Refused) as refusal:
            attending.change_email(session, attendee, "ADA@example.com", by=SHE, now=NOW)

    assert (refusal.value.sentence, attendee.generation) == ("That is the address already.", 0)


def test_nobody_is_found_where_nobody_is(database: Database) -> None:
    with database.reading() as session:
        assert queries.attendee_by_email(session, new_id(), "ada@example.com") is None
