"""Ask people anew whether they can come, where a call has another time: what they said of the one before counts no more (M20)."""

from datetime import datetime
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars import proposing, updating
from calls.calendars.models import Entry
from calls.guests.models import STANDING, Booking
from calls.history.models import Change
from calls.registrations.models import CONFIRMED, Registration
from calls.shows import queries as shows
from calls.shows.models import Call

ENTRIES = cast(sa.Table, Entry.__table__)
# After these a yes, no or maybe that was given before says nothing any more: the time is another, or there is one again.
ANEW = ("call.clock_moved", "call.moved", "call.restored", "show.rescheduled")


def follow(session: Session, change: Change, now: datetime) -> None:
    """What a change of calls' times or standing means for answers and proposals. Doing it again does nothing."""
    for call_id in _concerned(change):
        call = shows.call_by_id(session, call_id)
        if call and call_id in _asked_anew(change):
            ask_all(session, call_id, change.facts.get("sequence", call.sequence))
        if call:
            proposing.settle(session, call, now)


def catch_up(session: Session, entry: Entry, call: Call) -> None:
    """Have one person who is to come asked anew already by a change of a moment ago, whose follow-ups are still to come."""
    waiting = sa.and_(Change.followed_up_at.is_(None), Change.kind.in_(ANEW), Change.show_id == call.show_id)
    for change in session.scalars(sa.select(Change).where(waiting)):
        if call.id in _asked_anew(change):
            _ask(entry, change.facts.get("sequence", call.sequence) + entry.offset)


def ask_one(entry: Entry, call: Call) -> None:
    """Ask one person anew: she registered again, or moved to this call."""
    _ask(entry, updating.sequence(entry, call))


def _ask(entry: Entry, asked_sequence: int) -> None:
    """She is asked anew at this SEQUENCE, so what she said of the time before counts no more; asked already, nothing changes."""
    if entry.asked_sequence < asked_sequence:
        entry.asked_sequence, entry.answer, entry.answered_at = asked_sequence, None, None


def ask_all(session: Session, call_id: UUID, call_sequence: int) -> None:
    """Ask everybody anew who is registered for a call, or speaks on it, at this SEQUENCE of the call: the same for all.

    Who was asked at it already keeps what she has answered since.
    """
    coming = sa.select(Registration.id).where(Registration.call_id == call_id, Registration.state == CONFIRMED)
    speaking = sa.select(Booking.id).where(Booking.call_id == call_id, Booking.state.in_(STANDING))
    asked = call_sequence + ENTRIES.c.offset
    anew = {"asked_sequence": asked, "answer": None, "answered_at": None}
    for theirs in (ENTRIES.c.registration_id.in_(coming), ENTRIES.c.booking_id.in_(speaking)):
        session.execute(sa.update(ENTRIES).where(theirs, ENTRIES.c.asked_sequence < asked).values(**anew))


def _asked_anew(change: Change) -> frozenset[UUID]:
    """The calls whose people a change asks anew whether they can come."""
    if change.kind == "show.rescheduled":
        return frozenset(UUID(it) for it in change.facts["moved"])
    return frozenset([change.call_id] if change.kind in ANEW and change.call_id else [])


def _concerned(change: Change) -> frozenset[UUID]:
    """The calls whose time a change concerns, those that it drops among them."""
    if change.kind == "show.rescheduled":
        return frozenset(UUID(it) for it in [*change.facts["moved"], *change.facts["vanished"]])
    return frozenset([change.call_id] if change.call_id else [])
