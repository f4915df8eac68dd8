"""Take one mail that came in: once, in the caller's transaction. Nothing is ever sent in answer to it (M23)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars import answering as of_calendars
from calls.calendars.answers import Answered, Proposed
from calls.ground.database import insert_once, new_id
from calls.ground.refusals import Refusal
from calls.ground.text import excerpt
from calls.guests import silencing
from calls.guests.models import Guest
from calls.inbound.bounces import Bounce
from calls.inbound.reading import OTHER, Mail
from calls.messages import queries as outbox
from calls.messages.models import Message, Received
from calls.registrations import bouncing
from calls.registrations.models import Attendee

TABLE = cast(sa.Table, Received.__table__)
KEPT_FOR = timedelta(days=30)
MOST_KEPT = 1_000_000  # bytes of a mail; the mailbox has the rest
LONGEST = 1000
KNOWN = "It was taken before."
ASIDE = "It was understood, but not taken: see the log."


class Answering(Protocol):
    """What understands answers: says in a sentence what became of one, without an address and without a secret."""

    def take(self, session: Session, answered: Answered, *, now: datetime) -> str: ...

    def take_proposal(self, session: Session, proposed: Proposed, *, now: datetime) -> str: ...


def take(session: Session, mail: Mail, answering: Answering = of_calendars, *, now: datetime) -> str:
    """Keep the mail and do what it says; what became of it, in sentences. The same mail again changes nothing."""
    if not _keep(session, mail, mail.kind, now):
        return KNOWN
    told = [*_answers(session, mail, answering, now), *(_returned(session, it, now) for it in mail.bounces)]
    became = excerpt(" ".join(dict.fromkeys(told)) or mail.about, LONGEST)
    _note(session, mail, became)
    return became


def keep_aside(session: Session, mail: Mail, *, now: datetime) -> str:
    """Keep a mail that could not be taken, so that it stands in no other's way; what became of it, in a sentence."""
    if not _keep(session, mail, OTHER, now):
        return KNOWN
    _note(session, mail, ASIDE)
    return ASIDE


def forget(session: Session, now: datetime) -> None:
    """Let go of mails that came in more than 30 days ago."""
    session.execute(sa.delete(TABLE).where(TABLE.c.created_at < now - KEPT_FOR))


def _keep(session: Session, mail: Mail, kind: str, now: datetime) -> bool:
    row = {"id": new_id(), "created_at": now, "digest": mail.digest, "sender": mail.sender, "subject": mail.subject}
    return insert_once(session, TABLE, [{**row, "kind": kind, "became": "", "raw": mail.raw[:MOST_KEPT]}]) > 0


def _note(session: Session, mail: Mail, became: str) -> None:
    session.execute(sa.update(TABLE).where(TABLE.c.digest == mail.digest).values(became=became))


def _answers(session: Session, mail: Mail, answering: Answering, now: datetime) -> Iterator[str]:
    """What became of each answer. One that is refused takes nothing of the others back."""
    for heard in mail.answers:
        try:
            with session.begin_nested():
                became = _answer(session, heard, answering, now)
        except Refusal as refusal:
            became = refusal.sentence
        yield became


def _answer(session: Session, heard: Answered | Proposed, answering: Answering, now: datetime) -> str:
    if isinstance(heard, Answered):
        return answering.take(session, heard, now=now)
    return answering.take_proposal(session, heard, now=now)


def _returned(session: Session, bounce: Bounce, now: datetime) -> str:
    """Mark whose address takes no mail, if a letter of ours went there: its Message-ID is known to nobody else."""
    letter = outbox.letter_to(session, bounce.message_id, bounce.addresses)
    person = _reader(session, letter) if letter else None
    if letter is None or person is None:
        return "A report about a letter that is none of ours; left alone."
    if person.email != letter.address:
        return "A report about an address that is no longer in use; left alone."
    if isinstance(person, Guest):
        silencing.mark_bounced(session, person, bounce.words, now=now)
    else:
        bouncing.mark(session, person, bounce.words, now=now)
    return "An address takes no mail; it is marked, and stands on the board."


def _reader(session: Session, letter: Message) -> Attendee | Guest | None:
    if letter.guest_id:
        return session.get(Guest, letter.guest_id)
    return session.get(Attendee, letter.attendee_id) if letter.attendee_id else None
