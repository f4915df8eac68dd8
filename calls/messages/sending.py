"""Send what is due: claim, compose, keep the bytes, hand over, mark; try again with growing pauses, then give up.

A message that was handed over when the process died is handed over once more, with the same Message-ID; no other is.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import partial
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars.models import Entry
from calls.gateways.mail import MailDelayed, MailGateway, MailRefused
from calls.ground.clock import Clock
from calls.ground.database import touch
from calls.messages import gathering, telling, telling_guests
from calls.messages.composing import Composed, compose
from calls.messages.deciding import Dropped, Held
from calls.messages.desk import Desk
from calls.messages.models import DROPPED, FAILED, SENDING, SENT, WAITING, Message

TABLE = cast(sa.Table, Message.__table__)
# What a message is about that may have but one letter under way.
WHOSE = sa.func.coalesce(TABLE.c.registration_id, TABLE.c.booking_id)
# Longer than the slowest server can take over one letter, and the time after which no other of the batch is begun.
LEASE = timedelta(minutes=10)
FRESH = timedelta(minutes=1)
CLAIM = 50
PAUSES = tuple(timedelta(minutes=it) for it in (1, 2, 5, 10, 20, 40, 60, 120, 240, 480, 720, 1440))
SEND_LOCK = 7_226_001

Outcome = Composed | Held | Dropped
Note = Callable[[Session], None]


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether a message waits to go."""
    due = sa.and_(TABLE.c.state == WAITING, TABLE.c.due_at <= now)
    return session.scalar(sa.select(TABLE.c.id).where(due).limit(1)) is not None


def claim(session: Session, now: datetime, limit: int = CLAIM) -> Sequence[UUID]:
    """Take the messages due for this process, the earliest first; never two about one registration or booking at a time.

    That way nothing older ever goes out after something newer about the same call (calendars.md M9).
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": SEND_LOCK})
    busy = sa.select(WHOSE).where(TABLE.c.state == SENDING, WHOSE.is_not(None))
    due = sa.and_(TABLE.c.state == WAITING, TABLE.c.due_at <= now)
    free = sa.or_(WHOSE.is_(None), WHOSE.not_in(busy))
    rows = session.execute(sa.select(TABLE.c.id, WHOSE).where(due, free).order_by(TABLE.c.due_at, TABLE.c.id).limit(limit)).all()
    taken: dict[UUID, UUID] = {}
    for message_id, whose in rows:
        taken.setdefault(whose or message_id, message_id)
    ids = list(taken.values())
    session.execute(sa.update(TABLE).where(TABLE.c.id.in_(ids)).values(state=SENDING, claimed_until=now + LEASE))
    return ids


def release(session: Session, now: datetime, *, is_alone: bool = False) -> int:
    """Put back what a process that died had claimed; at the start of the only process there is, all of it."""
    left = TABLE.c.state == SENDING if is_alone else sa.and_(TABLE.c.state == SENDING, TABLE.c.claimed_until < now)
    return session.execute(sa.update(TABLE).where(left).values(state=WAITING, claimed_until=None)).rowcount  # type: ignore[attr-defined, no-any-return]


def prepare(session: Session, ids: Sequence[UUID], desk: Desk, now: datetime) -> list[tuple[UUID, Outcome]]:
    """Write the letters of claimed messages from the newest state. Changes nothing, so that nobody waits for it."""
    mine = sa.and_(Message.id.in_(ids), Message.state == SENDING)
    messages = session.scalars(sa.select(Message).where(mine).order_by(Message.due_at, Message.id)).all()
    known = gathering.gather(session, messages)
    outcomes: list[tuple[UUID, Outcome]] = []
    for message in messages:
        try:
            outcomes.append((message.id, compose(session, message, known, desk, now)))
        except (Dropped, Held) as outcome:
            outcomes.append((message.id, outcome))
    return outcomes


def keep(session: Session, outcomes: Sequence[tuple[UUID, Outcome]]) -> list[tuple[UUID, Composed]]:
    """Keep the bytes of letters before any is sent, and what became of the others; returns the letters to hand over."""
    ready = []
    for message_id, outcome in outcomes:
        if isinstance(outcome, Composed):
            body = None if outcome.is_secret else outcome.body
            _set(session, message_id, address=outcome.to, subject=outcome.subject, body=body)
            ready.append((message_id, outcome))
        elif isinstance(outcome, Held):
            _set(session, message_id, state=WAITING, due_at=outcome.until, claimed_until=None)
        else:
            _set(session, message_id, state=DROPPED, fault=str(outcome), claimed_until=None)
            _forget_secret(session, message_id)
    return ready


def hand_over(mail: MailGateway, message_id: UUID, composed: Composed, clock: Clock) -> Note | None:
    """Send one letter. What became of it, to be noted in a transaction; None when the mail server takes none at all."""
    try:
        mail.send(parseaddr(composed.sender)[1] or composed.sender, composed.to, composed.body)
    except MailRefused as refusal:
        return partial(fail, message_id=message_id, fault=str(refusal), now=clock.now())
    except MailDelayed as delay:
        later = partial(postpone, message_id=message_id, fault=str(delay), now=clock.now())
        return later if _is_there(mail) else None
    return partial(mark_sent, message_id=message_id, composed=composed, now=clock.now())


def _is_there(mail: MailGateway) -> bool:
    """Whether the mail server takes messages, so that a delay concerns one of them alone."""
    try:
        mail.probe()
    except MailDelayed:
        return False
    return True


def mark_sent(session: Session, message_id: UUID, composed: Composed, now: datetime) -> None:
    """Note that a letter has gone out, and what its reader knows and her calendar holds since."""
    _set(session, message_id, state=SENT, sent_at=now, claimed_until=None, fault=None)
    if composed.is_secret:
        _forget_secret(session, message_id)
    telling.keep(session, composed.told, now)
    if composed.told_guest:
        telling_guests.keep(session, *composed.told_guest, now)
    if composed.invited:
        session.execute(sa.update(Entry).where(Entry.id == composed.invited, Entry.invited_at.is_(None)).values(invited_at=now))


def postpone(session: Session, message_id: UUID, fault: str, now: datetime) -> None:
    """Try again after a pause that grows; after the last one give up."""
    tries = session.scalar(sa.select(TABLE.c.tries).where(TABLE.c.id == message_id)) or 0
    if tries >= len(PAUSES):
        fail(session, message_id, fault, now)
        return
    later = now + PAUSES[tries]
    _set(session, message_id, state=WAITING, due_at=later, tries=tries + 1, claimed_until=None, fault=fault[:500])


def put_back(session: Session, ids: Sequence[UUID], claimed_until: datetime | None) -> None:
    """Let go of messages of one claim that were not tried; they keep their place. What others have claimed since is theirs."""
    mine = sa.and_(TABLE.c.id.in_(ids), TABLE.c.state == SENDING, TABLE.c.claimed_until == claimed_until)
    session.execute(sa.update(TABLE).where(mine).values(state=WAITING, claimed_until=None))


def fail(session: Session, message_id: UUID, fault: str, now: datetime) -> None:
    """Give a message up; the board says so."""
    _set(session, message_id, state=FAILED, claimed_until=None, fault=fault[:500], sent_at=now)
    _forget_secret(session, message_id)
    touch(session, "board")


def _set(session: Session, message_id: UUID, **values: object) -> None:
    session.execute(sa.update(TABLE).where(TABLE.c.id == message_id).values(**values))


def _forget_secret(session: Session, message_id: UUID) -> None:
    """A sign-in link is good for minutes, and its secret stands nowhere once its letter is over and done with."""
    session.execute(sa.update(TABLE).where(TABLE.c.id == message_id, TABLE.c.kind == "sign_in").values(facts={}))
