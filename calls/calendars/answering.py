"""Take what somebody answers to her invitation, by mail of her calendar or by a link: a yes, no or maybe (M17 to M21).

Her No frees the seat; nothing else that she answers does more than stand there for the host. Each is taken once.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars import asking, proposing, queries, testing, updating
from calls.calendars.answers import DECLINED, Answered, Heard, Proposed, is_older
from calls.calendars.models import Entry, Reply
from calls.ground.database import new_id
from calls.ground.text import clean
from calls.history.keeping import Actor, Subject, keep
from calls.registrations import queries as registrations
from calls.registrations import registering
from calls.registrations.models import Registration
from calls.shows.holding import hold

MAIL, PAGE = "mail", "page"
COUNTED, OLDER, OLD_TIME, STRANGER = "counted", "older", "old time", "stranger"
SAID = {
    COUNTED: "An answer was counted.",
    OLDER: "An answer older than one that counts was noted.",
    OLD_TIME: "An answer to an older time was noted; the invitation to the newer one is still unanswered.",
    STRANGER: "An answer from another address than the invited one was noted for the host.",
}
UNKNOWN = "An answer to an invitation that is none of ours changed nothing."
TWICE = "An answer that had come before changed nothing."
FREED = "A No was counted, and the seat is free."
COUNTER = "proposed"
LONGEST_COMMENT = 2_000
HIGHEST_SEQUENCE = 2**31 - 1


def take(session: Session, answered: Answered, *, now: datetime) -> str:
    """Take an answer that came by mail. Returns in a sentence, which names nobody, what became of it."""
    found = _invited(session, answered)
    if found is None:
        return testing.hear(session, answered, now=now) or UNKNOWN
    entry, mine = found
    if not _is_hers(answered, mine):
        return _note(session, entry, answered, answered.answer, STRANGER, now)
    standing = _standing(entry, answered, now)
    said = _note(session, entry, answered, answered.answer, standing, now)
    if said != TWICE and standing == COUNTED:
        return _count(session, entry, mine, answered.answer, min(answered.stamped_at, now), MAIL, now)
    return said


def take_proposal(session: Session, proposed: Proposed, *, now: datetime) -> str:
    """Take another time that came by mail (M22). Returns in a sentence, which names nobody, what became of it."""
    found = _invited(session, proposed)
    if found is None:
        return UNKNOWN
    entry, mine = found
    if not _is_hers(proposed, mine):
        return _note(session, entry, proposed, COUNTER, STRANGER, now)
    is_of_old_time = proposed.sequence is not None and proposed.sequence < entry.asked_sequence
    return proposing.propose(session, entry, mine, proposed, is_of_old_time=is_of_old_time, now=now)


def take_by_link(session: Session, registration: Registration, answer: str, *, now: datetime) -> str:
    """Take an answer that its reader gave on a page of ours, to the time that the page showed her: it counts.

    Without an entry, which is made a moment after the registration, there is no invitation to answer.
    """
    entry = queries.entry_of(session, registration.id)
    if entry is None:
        return UNKNOWN
    hold(session, entry)
    asking.catch_up(session, entry, registration)
    if entry.answer == answer and registration.is_confirmed == (answer != DECLINED):
        return TWICE
    session.add(_reply(entry, PAGE, answer, updating.sequence(entry, registration.call), now, COUNTED, now))
    return _count(session, entry, registration, answer, now, PAGE, now)


def who(registration: Registration) -> Actor:
    """The invited person as the one who does it."""
    return Actor("attendee", registration.attendee_id, registration.attendee.name)


def _invited(session: Session, heard: Heard) -> tuple[Entry, Registration] | None:
    """The entry with this UID, held against a second answer that comes at the same moment, and whose it is."""
    entry = session.scalar(sa.select(Entry).where(Entry.uid == heard.uid))
    if entry is None:
        return None
    hold(session, entry)
    registration = registrations.registration_by_id(session, entry.registration_id) if entry.registration_id else None
    if registration is None:
        return None
    asking.catch_up(session, entry, registration)
    return entry, registration


def _is_hers(heard: Heard, mine: Registration) -> bool:
    """Whether the invited address is behind it, and the mail server vouches for that (M19)."""
    email = mine.attendee.email
    return heard.is_authentic and email is not None and heard.names(email)


def _standing(entry: Entry, answered: Answered, now: datetime) -> str:
    """M20. A calendar whose clock is ahead of ours is taken to speak now, so that whatever she says next is later."""
    if answered.sequence is not None and answered.sequence < entry.asked_sequence:
        return OLD_TIME
    if entry.answered_at is not None and is_older(min(answered.stamped_at, now), entry.answered_at):
        return OLDER
    return COUNTED


def _note(session: Session, entry: Entry, heard: Heard, answer: str, standing: str, now: datetime) -> str:
    """Keep the answer as it came, once."""
    sequence = entry.asked_sequence if heard.sequence is None else min(max(heard.sequence, 0), HIGHEST_SEQUENCE)
    reply = _reply(entry, MAIL, answer, sequence, heard.stamped_at, standing, now)
    reply.comment = clean(heard.comment).strip()[:LONGEST_COMMENT]
    reply.sender = ", ".join(sorted(clean(it) for it in heard.addresses))[:LONGEST_COMMENT]
    if session.scalar(sa.select(Reply.id).where(*_same(reply, has_sequence=heard.sequence is not None)).limit(1)):
        return TWICE
    session.add(reply)
    return SAID[standing]


def _same(reply: Reply, *, has_sequence: bool) -> list[sa.ColumnElement[bool]]:
    """The same answer come before; hers may come from two of her addresses (M18)."""
    same = [Reply.entry_id == reply.entry_id, Reply.way == reply.way, Reply.answer == reply.answer]
    same.append(Reply.stamped_at == reply.stamped_at)
    if has_sequence:
        same.append(Reply.sequence == reply.sequence)
    if reply.standing == STRANGER:
        return [*same, Reply.standing == STRANGER, Reply.sender == reply.sender]
    return [*same, Reply.standing != STRANGER]


def _reply(
    entry: Entry, way: str, answer: str, sequence: int, stamped_at: datetime, standing: str, now: datetime
) -> Reply:
    known = {"id": new_id(), "created_at": now, "entry_id": entry.id, "comment": "", "sender": ""}
    return Reply(**known, way=way, answer=answer, sequence=sequence, stamped_at=stamped_at, standing=standing)


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
        return SAID[COUNTED]
    registering.cancel(session, mine, by=by, now=now, said_no=way)
    return FREED
