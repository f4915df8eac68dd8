"""Register for one call, and everything that can become of a registration."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import new_id
from calls.ground.refusals import Refused
from calls.history.keeping import Actor, Subject, keep
from calls.registrations import queries, seating
from calls.registrations.attending import Person, attend, checked
from calls.registrations.models import CANCELLED, CONFIRMED, Registration
from calls.shows import stages
from calls.shows.models import Call
from calls.team.roles import require

Take = Callable[[Session, UUID], bool]
TABLE = cast(sa.Table, Registration.__table__)
_STANDING = sa.select(TABLE.c.id, TABLE.c.state).where(
    TABLE.c.call_id == sa.bindparam("call", type_=sa.Uuid()), TABLE.c.attendee_id == sa.bindparam("attendee", type_=sa.Uuid())
)
_INSERT = sa.insert(TABLE)
FULL = "This call is full."


class Full(Refused):
    """The refusal of a call without a free seat, so that a page can offer the next dates."""


@dataclass(frozen=True)
class Outcome:
    """What became of registering: the registration, and whether it is new."""

    registration_id: UUID
    attendee_id: UUID
    is_new: bool


def register(
    session: Session, call: Call, person: Person, *, by: Actor | None, now: datetime, take: Take = seating.take
) -> Outcome:
    """Register a person for one call; registering again changes nothing but sends the confirmation once more.

    `by` is a member who adds somebody by hand, or None when the person does it herself. Refuses with Full when no seat
    is left, and a call that is over or cancelled.
    """
    if by is not None:
        require(by, "change registrations", call.show.account_id)
    person = checked(person, is_by_hand=by is not None)
    check_open(call, now)
    attendee_id = attend(session, call.show.account_id, person, now=now)
    actor = by or Actor("attendee", attendee_id, person.name)
    return enter(session, call, attendee_id, None, by=actor, now=now, take=take)


def enter(
    session: Session, call: Call, attendee_id: UUID, pass_id: UUID | None, *, by: Actor, now: datetime, take: Take = seating.take
) -> Outcome:
    """Give a known attendee a seat of a call, or find the one that she has."""
    standing = session.execute(_STANDING, {"call": call.id, "attendee": attendee_id}).first()
    if standing and standing.state == CONFIRMED:
        keep(session, "registration.asked_again", subject(standing.id, call), by=by, now=now)
        return Outcome(standing.id, attendee_id, False)
    if not take(session, call.id):
        raise Full(FULL)
    registration_id = _write(session, call, attendee_id, pass_id, standing.id if standing else None, now)
    keep(
        session, "registration.confirmed", subject(registration_id, call), by=by, now=now, facts={"by_pass": pass_id is not None}
    )
    return Outcome(registration_id, attendee_id, True)


def _write(session: Session, call: Call, attendee_id: UUID, pass_id: UUID | None, known: UUID | None, now: datetime) -> UUID:
    facts: dict[str, Any] = {"state": CONFIRMED, "confirmed_at": now, "cancelled_at": None, "pass_id": pass_id}
    if known:
        session.execute(sa.update(TABLE).where(TABLE.c.id == known).values(**facts))
        return known
    made = new_id()
    session.execute(_INSERT, {"id": made, "created_at": now, "call_id": call.id, "attendee_id": attendee_id, **facts})
    return made


def check_open(call: Call, now: datetime) -> None:
    """Refuse a call that one can no longer come to."""
    stage = stages.stage(call.cancelled_at, call.starts_at, call.ends_at, now)
    if stage == "cancelled":
        raise Refused("This call has been cancelled.")
    if stage == "over":
        raise Refused("This call is over.")


def subject(registration_id: UUID, call: Call) -> Subject:
    """What the history says a registration is."""
    return Subject(registration_id, call.show.account_id, call.show_id, call.id)


def cancel(session: Session, registration: Registration, *, by: Actor, now: datetime) -> None:
    """Give up a seat, by the attendee's own wish. Doing it again does nothing."""
    _end(session, registration, "registration.cancelled", by=by, now=now)


def remove(session: Session, registration: Registration, *, by: Actor, now: datetime) -> None:
    """Take somebody off a call, by a member's hand."""
    require(by, "change registrations", registration.call.show.account_id)
    _end(session, registration, "registration.removed", by=by, now=now)


def _end(session: Session, registration: Registration, kind: str, *, by: Actor, now: datetime) -> None:
    ended = session.execute(
        sa.update(TABLE)
        .where(TABLE.c.id == registration.id, TABLE.c.state == CONFIRMED)
        .values(state=CANCELLED, cancelled_at=now)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        return
    seating.give_back(session, registration.call_id)
    session.refresh(registration)
    keep(session, kind, subject(registration.id, registration.call), by=by, now=now)


def move_to(session: Session, registration: Registration, call: Call, *, by: Actor, now: datetime) -> UUID:
    """Move a registration to another date of the same show; its links and its calendar entry move with it.

    Returns the registration that stands for the new date: the same one, or the one that was cancelled there before.
    Refuses with Full when that date has no seat left, and a date for which the person is registered already.
    """
    if not registration.is_confirmed:
        raise Refused("This registration has been cancelled; register again instead.")
    if call.show_id != registration.call.show_id or call.id == registration.call_id:
        raise Refused("Choose another date of the same show.")
    if registration.call.ends_at <= now:
        raise Refused("This call is over; register for the other date instead.")
    check_open(call, now)
    other = queries.registration_at(session, call.id, registration.attendee_id)
    if other and other.is_confirmed:
        raise Refused("You are registered for that date already.")
    if other:
        outcome = enter(session, call, registration.attendee_id, None, by=by, now=now)
        _end(session, registration, "registration.cancelled", by=by, now=now)
        return outcome.registration_id
    if not seating.take(session, call.id):
        raise Full(FULL)
    was = registration.call_id
    seating.give_back(session, was)
    session.execute(sa.update(TABLE).where(TABLE.c.id == registration.id).values(call_id=call.id, confirmed_at=now, pass_id=None))
    session.refresh(registration)
    keep(session, "registration.moved", subject(registration.id, call), by=by, now=now, facts={"from": str(was)})
    return registration.id


def ask_again(session: Session, registration: Registration, *, by: Actor, now: datetime) -> None:
    """Have the confirmation, with links and calendar entry, sent once more: by the person herself, or by a member."""
    if by.kind == "member":
        require(by, "change registrations", registration.call.show.account_id)
    if not registration.is_confirmed:
        raise Refused("This registration has been cancelled.")
    keep(session, "registration.asked_again", subject(registration.id, registration.call), by=by, now=now)
