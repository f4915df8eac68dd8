"""Passes: register for all calls of a show, those still to be laid out included."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import new_id
from calls.history.keeping import Actor, Subject, keep
from calls.registrations import bouncing, queries
from calls.registrations.attending import Person, attend, checked
from calls.registrations.models import CONFIRMED, Attendee, Pass, Registration
from calls.registrations.registering import Full, cancel, enter
from calls.shows.holding import hold, hold_call
from calls.shows.models import Call, Show
from calls.shows.queries import calls_to_come
from calls.team.roles import require

BATCH = 200


def register_for_all(
    session: Session, show: Show, person: Person, *, by: Actor | None, now: datetime, via: str | None = None
) -> Pass:
    """Take a pass: a seat at every call to come that has one left. Taking it again changes nothing.

    `via` is where she came from; the calls that are laid out later do not say so any more.
    """
    if by is not None:
        require(by, "change registrations", show.account_id)
    person = checked(person, is_by_hand=by is not None)
    attendee_id, is_newcomer = attend(session, show.account_id, person, now=now)
    if by is None and not is_newcomer:
        bouncing.clear_by_id(session, attendee_id)
    actor = by or Actor("attendee", attendee_id, person.name)
    hold(session, show)
    known = queries.pass_of(session, show.id, attendee_id)
    if known and known.cancelled_at is None:
        keep(session, "pass.asked_again", subject(known, show), by=actor, now=now)
        return known
    taken = known or Pass(id=new_id(), created_at=now, show_id=show.id, attendee_id=attendee_id)
    taken.cancelled_at = None
    session.add(taken)
    session.flush()
    keep(session, "pass.taken", subject(taken, show), by=actor, now=now)
    seated = _seated(session, show, attendee_id)
    for call in calls_to_come(session, [show.id], now, limit=500):
        if call.cancelled_at is None and call.id not in seated:
            _admit(session, call, taken, by=actor, now=now, via=via)
    return taken


def _seated(session: Session, show: Show, attendee_id: UUID) -> frozenset[UUID]:
    """The calls of the show where she has a seat. Those that she gave up are not among them: now she asks for all."""
    confirmed = sa.and_(Registration.attendee_id == attendee_id, Registration.state == CONFIRMED, Call.show_id == show.id)
    return frozenset(session.scalars(sa.select(Registration.call_id).join(Registration.call).where(confirmed)))


def subject(a_pass: Pass, show: Show) -> Subject:
    """What the history says a pass is."""
    return Subject(a_pass.id, show.account_id, show.id)


def _admit(session: Session, call: Call, a_pass: Pass, *, by: Actor, now: datetime, via: str | None = None) -> None:
    """Give the holder of a pass a seat of one call; one that is full is passed over."""
    try:
        enter(session, call, a_pass.attendee_id, a_pass.id, by=by, now=now, via=via)
    except Full:
        keep(session, "pass.passed_over", Subject(a_pass.id, call.show.account_id, call.show_id, call.id), by=by, now=now)


def admit_holders(session: Session, call: Call, after: UUID | None, *, by: Actor, now: datetime) -> UUID | None:
    """Give a batch of pass holders their seat of a call that was laid out later; returns where the next batch starts.

    A seat that somebody has is hers already, and one that she gave up is not forced on her again.
    """
    hold_call(session, call)
    if call.cancelled_at is not None or call.ends_at <= now:
        return None
    batch = queries.standing_passes(session, call.show_id, after, BATCH)
    known = frozenset(session.scalars(sa.select(Registration.attendee_id).where(Registration.call_id == call.id)))
    for a_pass in batch:
        if a_pass.attendee_id not in known:
            _admit(session, call, a_pass, by=by, now=now)
    return batch[-1].id if len(batch) == BATCH else None


def cancel_pass(session: Session, a_pass: Pass, *, by: Actor, now: datetime) -> None:
    """Give a pass back with all its seats to come. Doing it again does nothing."""
    hold(session, a_pass.show)
    ended = session.execute(sa.update(Pass).where(Pass.id == a_pass.id, Pass.cancelled_at.is_(None)).values(cancelled_at=now))
    if not ended.rowcount:  # type: ignore[attr-defined]
        return
    for registration in queries.registrations_of_pass(session, a_pass.id, now):
        cancel(session, registration, by=by, now=now, is_with_pass=True)
    attendee = session.get_one(Attendee, a_pass.attendee_id)
    keep(session, "pass.cancelled", Subject(a_pass.id, attendee.account_id, a_pass.show_id), by=by, now=now)
