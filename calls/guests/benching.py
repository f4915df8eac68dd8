"""Keep the bench: who is on it, what is kept about each, and in which order they are asked."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls.ground.database import new_id, touch
from calls.ground.refusals import Invalid
from calls.guests import person as persons
from calls.guests import queries
from calls.guests.models import Guest
from calls.guests.person import Person
from calls.history.keeping import Actor, Subject, keep
from calls.team import queries as team
from calls.team.models import Account
from calls.team.roles import require

TAKEN = "Somebody on the bench has that address already."


def add(session: Session, account_id: UUID, person: Person, *, by: Actor, now: datetime) -> Guest:
    """Put somebody on the bench, without a turn in its order as yet."""
    require(by, "invite guests", account_id)
    return _added(session, account_id, _checked(session, account_id, person), by, now)


def meet(session: Session, account_id: UUID, person: Person, *, by: Actor, now: datetime) -> Guest:
    """The guest with this address as she is, or somebody new.

    For acts that have asked already who may do it: an invitation passed on, a wish of the audience.
    """
    taken = _checked(session, account_id, person)
    known = queries.guest_by_email(session, account_id, taken.email) if taken.email else None
    return known or _added(session, account_id, taken, by, now)


def change(session: Session, guest: Guest, person: Person, *, by: Actor, now: datetime) -> None:
    """Change whatever is kept about somebody. Another address is written to again, whatever befell the old one."""
    require(by, "invite guests", guest.account_id)
    known = of(guest)
    taken = _checked(session, guest.account_id, person, known.looked_after_by_id)
    what = [it for it in persons.FIELDS if getattr(taken, it) != getattr(known, it)]
    if not what:
        return
    try:
        with session.begin_nested():
            for name, value in row(taken).items():
                setattr(guest, name, value)
    except IntegrityError as fault:
        raise Invalid({"email": TAKEN}) from fault
    if "email" in what:
        guest.bounced_at, guest.bounce = None, None
    _keep(session, "guest.changed", guest, by, now, what=what)


def note_contact(session: Session, guest: Guest, on: date, *, by: Actor, now: datetime) -> None:
    """Note when somebody last talked or wrote to her."""
    change(session, guest, replace(of(guest), contacted_on=on), by=by, now=now)


def look_after(session: Session, guest: Guest, member_id: UUID | None, *, by: Actor, now: datetime) -> None:
    """Say who of the account looks after her, or nobody."""
    change(session, guest, replace(of(guest), looked_after_by_id=member_id), by=by, now=now)


def move(session: Session, guest: Guest, to: int | None, *, by: Actor, now: datetime) -> None:
    """Give somebody this turn on the bench, the first being 1; who waits from there on waits one longer. None takes it away."""
    require(by, "invite guests", guest.account_id)
    others = [it for it in held(session, guest.account_id) if it is not guest]
    was = guest.place
    if to is not None:
        others.insert(max(1, min(to, len(others) + 1)) - 1, guest)
    number(others, [guest])
    if guest.place != was:
        _keep(session, "guest.moved", guest, by, now, was=was, to=guest.place)


def order(session: Session, account_id: UUID, guest_ids: Sequence[UUID], *, by: Actor, now: datetime) -> None:
    """Let these wait in this order and nobody else. Ids of other accounts, and of nobody, count for nothing."""
    require(by, "invite guests", account_id)
    before = {it: it.place for it in held(session, account_id)}
    rows = session.scalars(sa.select(Guest).where(*queries.of(account_id), Guest.id.in_(guest_ids)))
    known = {it.id: it for it in rows}
    ordered = [known[it] for it in dict.fromkeys(guest_ids) if it in known]
    number(ordered, before)
    for guest in {**before, **dict.fromkeys(ordered)}:
        if guest.place != before.get(guest):
            _keep(session, "guest.moved", guest, by, now, was=before.get(guest), to=guest.place)


def of(guest: Guest) -> Person:
    """What is kept about a guest."""
    known = {name: getattr(guest, name) for name in persons.FIELDS}
    return Person(**known | {"email": guest.email or "", "tags": tuple(guest.tags)})


def row(person: Person) -> dict[str, Any]:
    """The person as a row keeps her: no address is none."""
    return asdict(person) | {"email": person.email or None, "tags": list(person.tags)}


def _checked(session: Session, account_id: UUID, person: Person, standing: UUID | None = None) -> Person:
    """The person as she will be kept. Who looks after her is a member who is here, or the one who does already."""
    taken, looks_after = persons.checked(person), person.looked_after_by_id
    if looks_after and looks_after != standing:
        members = {it.id for it in team.members_of(session, account_id)}
        if looks_after not in members:
            raise Invalid({"looked_after_by_id": "Choose somebody from the list."})
    return taken


def _added(session: Session, account_id: UUID, person: Person, by: Actor, now: datetime) -> Guest:
    guest = Guest(id=new_id(), created_at=now, account_id=account_id, **row(person))
    try:
        with session.begin_nested():
            session.add(guest)
    except IntegrityError as fault:
        raise Invalid({"email": TAKEN}) from fault
    _keep(session, "guest.added", guest, by, now)
    return guest


def held(session: Session, account_id: UUID) -> list[Guest]:
    """Who waits, in order; nobody else moves them until this transaction ends."""
    session.execute(sa.select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))
    return queries.waiting_of(session, account_id)


def number(waiting: Sequence[Guest], others: Sequence[Guest] | dict[Guest, Any]) -> None:
    """Let these wait in this order, and those others not, unless they are among them."""
    for guest in others:
        guest.place = None
    for number, guest in enumerate(waiting, 1):
        guest.place = number


def _keep(session: Session, kind: str, guest: Guest, by: Actor, now: datetime, **facts: Any) -> None:
    about = {"guest": guest.name, "guest_id": str(guest.id)}
    keep(session, kind, Subject(guest.id, guest.account_id), by=by, now=now, facts=about | facts)
    touch(session, f"guest:{guest.id}")
