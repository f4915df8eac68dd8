"""Take what a guest answers to her entry: her Yes confirms what is held for her, her No gives the date back.

A Yes to what is confirmed says that she is still on. Another time becomes a card for the host; for a talk, which has no card,
it is kept as what she asked for.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.calendars import asking, noting, proposing
from calls.calendars.answers import ACCEPTED, DECLINED, Answered, Proposed
from calls.calendars.models import Entry
from calls.calendars.proposing import Proposer
from calls.ground import when
from calls.ground.refusals import Refusal
from calls.ground.text import clean, excerpt
from calls.guests import booking as bookings
from calls.guests import checking_in, dates, inviting
from calls.guests.models import Booking
from calls.history.keeping import Actor, Subject, keep

GAVE_BACK = "A guest’s No was counted, and the date is free."
ACCEPTS = "A guest’s Yes was counted, and what is held for her is accepted."
STILL_ON = "A guest’s Yes was counted: she is still on."
LONGEST_REASON = 500


def take(session: Session, entry: Entry, booking: Booking, answered: Answered, *, now: datetime) -> str:
    """Take an answer that came by mail. Returns in a sentence, which names nobody, what became of it."""
    if not noting.is_hers(answered, booking.guest.email):
        return noting.note(session, entry, answered, answered.answer, noting.STRANGER, now)
    _catch_up(session, entry, booking)
    standing = noting.standing(entry, answered, now)
    said = noting.note(session, entry, answered, answered.answer, standing, now)
    if said == noting.TWICE or standing != noting.COUNTED:
        return said
    entry.answer, entry.answered_at = answered.answer, min(answered.stamped_at, now)
    return _count(session, booking, answered, now)


def take_proposal(session: Session, entry: Entry, booking: Booking, proposed: Proposed, *, now: datetime) -> str:
    """Take another time that came by mail (M22). Returns in a sentence, which names nobody, what became of it."""
    if not noting.is_hers(proposed, booking.guest.email):
        return noting.note(session, entry, proposed, noting.COUNTER, noting.STRANGER, now)
    _catch_up(session, entry, booking)
    if booking.call:
        proposer = Proposer(who(booking), booking.call, is_coming=booking.is_standing)
        return proposing.propose(session, entry, proposer, proposed, now=now)
    said = noting.note(session, entry, proposed, noting.COUNTER, noting.COUNTED, now)
    if said == noting.TWICE or not _is_before_her(booking, now):
        return said
    wished = when.full(proposed.starts_at, dates.zone(booking)) if proposed.starts_at else proposed.words
    words = excerpt(f"{wished}. {clean(proposed.comment)}".strip(), LONGEST_REASON)
    inviting.ask_for(session, booking.invitation, words, by=who(booking), now=now)
    return proposing.KEPT


def who(booking: Booking) -> Actor:
    """The guest as the one who does it."""
    return Actor("guest", booking.guest_id, booking.guest.name)


def _catch_up(session: Session, entry: Entry, booking: Booking) -> None:
    if booking.call and booking.is_standing:
        asking.catch_up(session, entry, booking.call)


def _count(session: Session, booking: Booking, answered: Answered, now: datetime) -> str:
    about = Subject(booking.id, booking.show.account_id, booking.show_id, booking.call_id)
    facts = {"answer": answered.answer, "way": noting.MAIL, "guest": booking.guest.name, "guest_id": str(booking.guest_id)}
    keep(session, "booking.answered", about, by=who(booking), now=now, facts=facts)
    if not _is_before_her(booking, now):
        return noting.SAID[noting.COUNTED]
    if answered.answer == ACCEPTED:
        return _accept(session, booking, now)
    if answered.answer == DECLINED:
        reason = excerpt(clean(answered.comment).strip(), LONGEST_REASON)
        bookings.decline(session, booking, reason, by=who(booking), now=now)
        return GAVE_BACK
    return noting.SAID[noting.COUNTED]


def _accept(session: Session, booking: Booking, now: datetime) -> str:
    """What can't be accepted any more is an answer like another: the host sees that it came."""
    if booking.is_confirmed:
        checking_in.check_in(session, booking, by=who(booking), now=now)
        return STILL_ON
    try:
        with session.begin_nested():
            bookings.accept(session, booking, None, by=who(booking), now=now)
    except Refusal:
        return noting.SAID[noting.COUNTED]
    return ACCEPTS


def _is_before_her(booking: Booking, now: datetime) -> bool:
    return booking.is_standing and not dates.is_called_off(booking) and dates.starts_at(booking) > now
