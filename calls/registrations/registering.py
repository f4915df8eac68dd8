"""Register for one call, and everything that can become of a registration."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import insert_once, new_id
from calls.ground.refusals import Refused
from calls.history.keeping import Actor, Subject, keep
from calls.registrations import bouncing, queries, seating
from calls.registrations.attending import Person, attend, checked
from calls.registrations.models import CANCELLED, CONFIRMED, Pass, Registration
from calls.shows import stages
from calls.shows.facts import CallFacts
from calls.shows.holding import hold
from calls.shows.models import Call
from calls.team.roles import require

AnyCall = Call | CallFacts
Take = Callable[[Session, UUID, datetime], bool]
TABLE = cast(sa.Table, Registration.__table__)
_STANDING = sa.select(TABLE.c.id, TABLE.c.state).where(
    TABLE.c.call_id == sa.bindparam("call", type_=sa.Uuid()), TABLE.c.attendee_id == sa.bindparam("attendee", type_=sa.Uuid())
)
_HELD = _STANDING.with_for_update(key_share=True)
CAME = "registration.confirmed"
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
    session: Session,
    call: AnyCall,
    person: Person,
    *,
    by: Actor | None,
    now: datetime,
    take: Take = seating.take,
    via: str | None = None,
) -> Outcome:
    """Register a person for one call; registering again changes nothing but sends the confirmation once more.

    `by` is a member who adds somebody by hand, or None when the person does it herself; `via` says where she came from.
    Refuses with Full when no seat is left, and a call that is over or cancelled.
    """
    if by is not None:
        require(by, "change registrations", account_of(call))
    person = checked(person, is_by_hand=by is not None)
    check_open(call, now)
    attendee_id, is_newcomer = attend(session, account_of(call), person, now=now)
    if by is None and not is_newcomer:
        bouncing.clear_by_id(session, attendee_id)
    actor = by or Actor("attendee", attendee_id, person.name)
    return enter(session, call, attendee_id, None, by=actor, now=now, take=take, is_newcomer=is_newcomer, via=via)


def enter(
    session: Session,
    call: AnyCall,
    attendee_id: UUID,
    pass_id: UUID | None,
    *,
    by: Actor,
    now: datetime,
    take: Take = seating.take,
    is_newcomer: bool = False,
    via: str | None = None,
) -> Outcome:
    """Give an attendee a seat of a call, or find the one that she has; a newcomer has none and is not looked for."""
    who = {"call": call.id, "attendee": attendee_id}
    standing = None if is_newcomer else session.execute(_HELD, who).first()
    if (standing is None or standing.state != CONFIRMED) and take(session, call.id, now):
        made = _write(session, call, attendee_id, pass_id, standing.id if standing else None, via, now)
        if made:
            facts = {"by_pass": pass_id is not None}
            keep(session, CAME, subject(made, call), by=by, now=now, facts=facts)
            return Outcome(made, attendee_id, True)
        seating.give_back(session, call.id, now)
    if standing is None:
        # A second request of hers may have been quicker, and may have had the last seat.
        standing = session.execute(_STANDING, who).first()
    if standing is None or standing.state != CONFIRMED:
        _check_standing(session, call.id, now)
        raise Full(FULL)
    keep(session, "registration.asked_again", subject(standing.id, call), by=by, now=now)
    return Outcome(standing.id, attendee_id, False)


def _write(
    session: Session,
    call: AnyCall,
    attendee_id: UUID,
    pass_id: UUID | None,
    known: UUID | None,
    via: str | None,
    now: datetime,
) -> UUID | None:
    """The registration, or None when there is one by now. Who comes again without a word keeps the one she came by first."""
    facts: dict[str, Any] = {"state": CONFIRMED, "confirmed_at": now, "cancelled_at": None, "pass_id": pass_id}
    facts |= {"via": via} if via else {}
    if known:
        session.execute(sa.update(TABLE).where(TABLE.c.id == known).values(**facts))
        return known
    made = new_id()
    row = {"id": made, "created_at": now, "call_id": call.id, "attendee_id": attendee_id, **facts}
    return made if insert_once(session, TABLE, [row]) else None


def check_open(call: AnyCall, now: datetime) -> None:
    """Refuse a call that one can no longer come to."""
    _check_times(call.cancelled_at, call.starts_at, call.ends_at, now)


def _check_standing(session: Session, call_id: UUID, now: datetime) -> None:
    """Refuse a call that was moved or cancelled since it was read."""
    times = session.execute(sa.select(Call.cancelled_at, Call.starts_at, Call.ends_at).where(Call.id == call_id)).one()
    _check_times(*times, now)


def _check_times(cancelled_at: datetime | None, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    stage = stages.stage(cancelled_at, starts_at, ends_at, now)
    if stage == "cancelled":
        raise Refused("This call has been cancelled.")
    if stage == "over":
        raise Refused("This call is over.")


def subject(registration_id: UUID, call: AnyCall) -> Subject:
    """What the history says a registration is."""
    return Subject(registration_id, account_of(call), call.show_id, call.id)


def account_of(call: AnyCall) -> UUID:
    """The account whose call it is."""
    return call.account_id if isinstance(call, CallFacts) else call.show.account_id


def cancel(
    session: Session, registration: Registration, *, by: Actor, now: datetime, is_with_pass: bool = False, said_no: str = ""
) -> None:
    """Give up a seat, by the attendee's own wish, or with the pass that it came with. Doing it again does nothing.

    `said_no` is the way by which she answered No to her invitation, where that is why: `mail` or `page`.
    """
    facts = {"by_pass": is_with_pass, **({"said_no": said_no} if said_no else {})}
    _end(session, registration, "registration.cancelled", facts, by=by, now=now)


def take_again(session: Session, registration: Registration, *, by: Actor, now: datetime, take: Take = seating.take) -> None:
    """Have the seat again that was given up, as part of the pass that it came with where that still stands.

    Who has it already keeps it. Refuses with Full when somebody else has it by now, and a call that is over or cancelled.
    """
    check_open(registration.call, now)
    if registration.is_confirmed:
        return
    a_pass = session.get(Pass, registration.pass_id) if registration.pass_id else None
    pass_id = a_pass.id if a_pass and a_pass.cancelled_at is None else None
    enter(session, registration.call, registration.attendee_id, pass_id, by=by, now=now, take=take)


def remove(session: Session, registration: Registration, *, by: Actor, now: datetime) -> None:
    """Take somebody off a call, by a member's hand."""
    require(by, "change registrations", registration.call.show.account_id)
    _end(session, registration, "registration.removed", {}, by=by, now=now)


def _end(session: Session, registration: Registration, kind: str, facts: dict[str, Any], *, by: Actor, now: datetime) -> None:
    hold(session, registration)
    if not registration.is_confirmed:
        return
    registration.state, registration.cancelled_at = CANCELLED, now
    session.flush()
    seating.give_back(session, registration.call_id, now)
    keep(session, kind, subject(registration.id, registration.call), by=by, now=now, facts=facts)


def move_to(session: Session, registration: Registration, call: Call, *, by: Actor, now: datetime) -> UUID:
    """Move a registration to another date of the same show; its links and its calendar entry move with it.

    Returns the registration that stands for the new date: the same one, or the one that was cancelled there before.
    Refuses with Full when that date has no seat left, and a date for which the person is registered already.
    """
    hold(session, call.show)
    hold(session, registration)
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
        _end(session, registration, "registration.cancelled", {}, by=by, now=now)
        return outcome.registration_id
    if not seating.take(session, call.id, now):
        raise Full(FULL)
    was = registration.call_id
    seating.give_back(session, was, now)
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
    check_open(registration.call, now)
    keep(session, "registration.asked_again", subject(registration.id, registration.call), by=by, now=now)
