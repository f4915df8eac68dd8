"""Take what somebody answers to her invitation, by mail of her calendar or by a link: a yes, no or maybe (M17 to M21).

An attendee's No frees the seat; nothing else that she answers does more than stand there for the host. What a guest answers
goes its own way (answering_guests.py). Each is taken once.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars import answering_guests, asking, noting, proposing, queries, testing, updating
from calls.calendars.answers import DECLINED, Answered, Heard, Proposed
from calls.calendars.models import Entry
from calls.calendars.proposing import Proposer
from calls.history.keeping import Actor, Subject, keep
from calls.registrations import queries as registrations
from calls.registrations import registering
from calls.registrations.models import Registration
from calls.shows.holding import hold

FREED = "A No was counted, and the seat is free."


def take(session: Session, answered: Answered, *, now: datetime) -> str:
    """Take an answer that came by mail. Returns in a sentence, which names nobody, what became of it."""
    entry = _invited(session, answered)
    if entry is None:
        return testing.hear(session, answered, now=now) or noting.UNKNOWN
    booking = queries.booking_of(session, entry)
    if booking:
        return answering_guests.take(session, entry, booking, answered, now=now)
    mine = _registration(session, entry)
    if mine is None:
        return noting.UNKNOWN
    if not noting.is_hers(answered, mine.attendee.email):
        return noting.note(session, entry, answered, answered.answer, noting.STRANGER, now)
    standing = noting.standing(entry, answered, now)
    said = noting.note(session, entry, answered, answered.answer, standing, now)
    if said != noting.TWICE and standing == noting.COUNTED:
        return _count(session, entry, mine, answered.answer, min(answered.stamped_at, now), noting.MAIL, now)
    return said


def take_proposal(session: Session, proposed: Proposed, *, now: datetime) -> str:
    """Take another time that came by mail (M22). Returns in a sentence, which names nobody, what became of it."""
    entry = _invited(session, proposed)
    if entry is None:
        return noting.UNKNOWN
    booking = queries.booking_of(session, entry)
    if booking:
        return answering_guests.take_proposal(session, entry, booking, proposed, now=now)
    mine = _registration(session, entry)
    if mine is None:
        return noting.UNKNOWN
    if not noting.is_hers(proposed, mine.attendee.email):
        return noting.note(session, entry, proposed, noting.COUNTER, noting.STRANGER, now)
    proposer = Proposer(who(mine), mine.call, is_coming=mine.is_confirmed)
    return proposing.propose(session, entry, proposer, proposed, now=now)


def take_by_link(session: Session, registration: Registration, answer: str, *, now: datetime) -> str:
    """Take an answer that its reader gave on a page of ours, to the time that the page showed her: it counts.

    Without an entry, which is made a moment after the registration, there is no invitation to answer.
    """
    entry = queries.entry_of(session, registration.id)
    if entry is None:
        return noting.UNKNOWN
    hold(session, entry)
    _catch_up(session, entry, registration)
    if entry.answer == answer and registration.is_confirmed == (answer != DECLINED):
        return noting.TWICE
    sequence = updating.sequence(entry, registration.call)
    session.add(noting.reply(entry, noting.PAGE, answer, sequence, now, noting.COUNTED, now))
    return _count(session, entry, registration, answer, now, noting.PAGE, now)


def who(registration: Registration) -> Actor:
    """The invited person as the one who does it."""
    return Actor("attendee", registration.attendee_id, registration.attendee.name)


def _invited(session: Session, heard: Heard) -> Entry | None:
    """The entry with this UID, held against a second answer that comes at the same moment."""
    entry = session.scalar(sa.select(Entry).where(Entry.uid == heard.uid))
    if entry:
        hold(session, entry)
    return entry


def _registration(session: Session, entry: Entry) -> Registration | None:
    """Whose entry it is; what a change of a moment ago asks her anew is asked already."""
    registration = registrations.registration_by_id(session, entry.registration_id) if entry.registration_id else None
    if registration:
        _catch_up(session, entry, registration)
    return registration


def _catch_up(session: Session, entry: Entry, registration: Registration) -> None:
    if registration.is_confirmed:
        asking.catch_up(session, entry, registration.call)


def _count(
    session: Session, entry: Entry, mine: Registration, answer: str, answered_at: datetime, way: str, now: datetime
) -> str:
    """What she says now stands; a No gives her seat back, unless there is none to give or nothing to miss any more."""
    entry.answer, entry.answered_at = answer, answered_at
    call, by = mine.call, who(mine)
    about = Subject(mine.id, call.show.account_id, call.show_id, call.id)
    keep(session, "call.answered", about, by=by, now=now, facts={"answer": answer, "way": way})
    is_before_her = call.ends_at > now and call.cancelled_at is None
    if answer != DECLINED or not mine.is_confirmed or not is_before_her:
        return noting.SAID[noting.COUNTED]
    registering.cancel(session, mine, by=by, now=now, said_no=way)
    return FREED
