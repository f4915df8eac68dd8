"""Who an attendee is: find or make the one person, and change what she says about herself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls.ground import addresses, text, zones
from calls.ground.database import insert_once, new_id, touch
from calls.ground.refusals import Invalid, Refused
from calls.history.keeping import Actor, Subject, keep
from calls.registrations import bouncing
from calls.registrations.models import Attendee

TABLE = cast(sa.Table, Attendee.__table__)
CALENDARS = ("auto", "invitations", "feed")
_KNOWN = sa.select(TABLE.c.id).where(
    TABLE.c.account_id == sa.bindparam("account", type_=sa.Uuid()), TABLE.c.email == sa.bindparam("email")
)


@dataclass(frozen=True)
class Person:
    """What somebody says about herself when she registers. Only a member may leave the address out."""

    name: str
    email: str
    zone: str
    phone: str = ""


def checked(person: Person, *, is_by_hand: bool = False) -> Person:
    """The person as she will be kept, or what is wrong, each beside its field."""
    name, phone = text.clean_line(person.name), text.clean_line(person.phone)
    email = addresses.mail_address(person.email)
    errors = {}
    if not name:
        errors["name"] = "Give a name."
    elif len(name) > 200:
        errors["name"] = "Give a name of at most 200 characters."
    if email or not is_by_hand:
        problem = addresses.email_problem(email)
        if problem:
            errors["email"] = problem
    if len(phone) > 40:
        errors["phone"] = "Give a phone number of at most 40 characters."
    if not zones.is_zone(person.zone):
        errors["zone"] = "That time zone is not known; choose one from the list."
    if errors:
        raise Invalid(errors)
    return Person(name, email, person.zone, phone)


def attend(session: Session, account_id: UUID, person: Person, *, now: datetime) -> tuple[UUID, bool]:
    """The attendee with this address, and whether she was made just now.

    A known one keeps her name and zone: a stranger may be typing.

    Whom a member adds without an address is known by phone number and name; without a number she is always somebody new.
    """
    email = person.email or None
    known = None if email else _known_by_phone(session, account_id, person)
    if known:
        return known, False
    made = row(person, now=now)
    if insert_once(session, TABLE, [{"account_id": account_id, **made}]) or email is None:
        return cast(UUID, made["id"]), True
    return cast(UUID, _known_by_email(session, account_id, email)), False


def row(person: Person, *, now: datetime) -> dict[str, Any]:
    """Somebody new, as her row; whose attendee she is is still to be added."""
    return {
        "id": new_id(),
        "created_at": now,
        "email": person.email or None,
        "name": person.name,
        "phone": person.phone,
        "zone": person.zone,
        "calendar": "auto",
        "generation": 0,
    }


def _known_by_email(session: Session, account_id: UUID, email: str) -> UUID | None:
    return session.scalar(_KNOWN, {"account": account_id, "email": email})


def _known_by_phone(session: Session, account_id: UUID, person: Person) -> UUID | None:
    """Two people may share a line, so the name counts too."""
    if not person.phone:
        return None
    same = (TABLE.c.account_id == account_id, TABLE.c.email.is_(None), TABLE.c.phone == person.phone)
    is_namesake = sa.func.lower(TABLE.c.name) == person.name.lower()
    return session.scalar(sa.select(TABLE.c.id).where(*same, is_namesake).order_by(TABLE.c.id).limit(1))


def change_person(session: Session, attendee: Attendee, name: str, zone: str, calendar: str, *, by: Actor, now: datetime) -> None:
    """Change name, zone, and how calls reach her calendar (`auto`, `invitations` or `feed`)."""
    person = checked(Person(name, attendee.email or "", zone, attendee.phone), is_by_hand=True)
    if calendar not in CALENDARS:
        raise Invalid({"calendar": "Choose one of the ways offered."})
    attendee.name, attendee.zone, attendee.calendar = person.name, person.zone, calendar
    _changed(session, attendee, "attendee.changed", by, now)


def change_email(session: Session, attendee: Attendee, email: str, *, by: Actor, now: datetime) -> None:
    """Send everything to another address from now on; the links that the old address was sent stop working.

    Refuses an address that another attendee of the account has, without saying so: that would tell who is registered.
    """
    address = addresses.mail_address(email)
    problem = addresses.email_problem(address)
    if problem:
        raise Invalid({"email": problem})
    if address == attendee.email:
        raise Refused("That is the address already.")
    try:
        with session.begin_nested():
            attendee.email, attendee.generation = address, attendee.generation + 1
    except IntegrityError as fault:
        sentence = "That address can't be used here. Register with it on the show's page instead."
        raise Invalid({"email": sentence}) from fault
    bouncing.clear(session, attendee)
    _changed(session, attendee, "attendee.address_changed", by, now)


def _changed(session: Session, attendee: Attendee, kind: str, by: Actor, now: datetime) -> None:
    keep(session, kind, Subject(attendee.id, attendee.account_id), by=by, now=now)
    touch(session, f"attendee:{attendee.id}")
