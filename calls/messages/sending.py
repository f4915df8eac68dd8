"""Send what is due: claim, compose, keep the bytes, hand over, mark; try again with growing pauses, then give up.

A message that was handed over when the process died is handed over once more, with the same Message-ID; no other is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars.models import Entry
from calls.gateways.mail import MailDelayed, MailGateway, MailRefused
from calls.ground.clock import Clock
from calls.ground.database import Database, touch
from calls.messages import telling
from calls.messages.composing import Composed, Dropped, compose
from calls.messages.desk import Desk
from calls.messages.models import DROPPED, FAILED, SENDING, SENT, WAITING, Message

TABLE = cast(sa.Table, Message.__table__)
LEASE = timedelta(minutes=5)
CLAIM = 50
PAUSES = tuple(timedelta(minutes=it) for it in (1, 2, 5, 10, 20, 40, 60, 120, 240, 480, 720, 1440))
SEND_LOCK = 7_226_001


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether a message waits to go."""
    due = sa.and_(TABLE.c.state == WAITING, TABLE.c.due_at <= now)
    return session.scalar(sa.select(TABLE.c.id).where(due).limit(1)) is not None


def claim(session: Session, now: datetime, limit: int = CLAIM) -> Sequence[UUID]:
    """Take the messages due for this process, the earliest first; never two to one registration at a time.

    That way nothing older ever goes out after something newer about the same call (calendars.md M9).
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": SEND_LOCK})
    busy = sa.select(TABLE.c.registration_id).where(TABLE.c.state == SENDING, TABLE.c.registration_id.is_not(None))
    due = sa.and_(TABLE.c.state == WAITING, TABLE.c.due_at <= now)
    free = sa.or_(TABLE.c.registration_id.is_(None), TABLE.c.registration_id.not_in(busy))
    rows = session.execute(
        sa.select(TABLE.c.id, TABLE.c.registration_id).where(due, free).order_by(TABLE.c.due_at, TABLE.c.id).limit(limit)
    ).all()
    taken: dict[UUID, UUID] = {}
    for message_id, registration_id in rows:
        taken.setdefault(registration_id or message_id, message_id)
    ids = list(taken.values())
    session.execute(sa.update(TABLE).where(TABLE.c.id.in_(ids)).values(state=SENDING, claimed_until=now + LEASE))
    return ids


def release(session: Session, now: datetime, *, is_alone: bool = False) -> int:
    """Put back what a process that died had claimed; at the start of the only process there is, all of it."""
    left = TABLE.c.state == SENDING if is_alone else sa.and_(TABLE.c.state == SENDING, TABLE.c.claimed_until < now)
    return session.execute(sa.update(TABLE).where(left).values(state=WAITING, claimed_until=None)).rowcount  # type: ignore[attr-defined, no-any-return]


def prepare(session: Session, ids: Sequence[UUID], desk: Desk, now: datetime) -> list[tuple[UUID, Composed]]:
    """Write the letters of claimed messages from the newest state, and keep their bytes before anything is sent."""
    ready = []
    for message in session.scalars(
        sa.select(Message).where(Message.id.in_(ids), Message.state == SENDING).order_by(Message.due_at, Message.id)
    ):
        try:
            composed = compose(session, message, desk, now)
        except Dropped as reason:
            message.state, message.fault, message.claimed_until = DROPPED, str(reason), None
            message.facts = {key: value for key, value in message.facts.items() if key != "token"}
            continue
        message.address, message.subject = composed.to, composed.subject
        message.body = None if composed.is_secret else composed.body
        ready.append((message.id, composed))
    return ready


def hand_over(database: Database, mail: MailGateway, message_id: UUID, composed: Composed, clock: Clock) -> bool:
    """Send one letter and mark what became of it. False when the mail server takes nothing at the moment."""
    try:
        mail.send(parseaddr(composed.sender)[1] or composed.sender, composed.to, composed.body)
    except MailRefused as refusal:
        with database.transaction() as session:
            fail(session, message_id, str(refusal), clock.now())
        return True
    except MailDelayed as delay:
        with database.transaction() as session:
            postpone(session, message_id, str(delay), clock.now())
        return False
    with database.transaction() as session:
        mark_sent(session, message_id, composed, clock.now())
    return True


def mark_sent(session: Session, message_id: UUID, composed: Composed, now: datetime) -> None:
    """Note that a letter has gone out, and what its reader knows and her calendar holds since."""
    values: dict[str, object] = {"state": SENT, "sent_at": now, "claimed_until": None, "fault": None}
    if composed.is_secret:
        values["facts"] = {}
    session.execute(sa.update(TABLE).where(TABLE.c.id == message_id).values(**values))
    for registration_id, facts in composed.told.items():
        telling.keep(session, UUID(registration_id), facts, now)
    if composed.invited:
        session.execute(sa.update(Entry).where(Entry.id == composed.invited, Entry.invited_at.is_(None)).values(invited_at=now))


def postpone(session: Session, message_id: UUID, fault: str, now: datetime) -> None:
    """Try again after a pause that grows; after the last one give up."""
    tries = session.scalar(sa.select(TABLE.c.tries).where(TABLE.c.id == message_id)) or 0
    if tries >= len(PAUSES):
        fail(session, message_id, fault, now)
        return
    later = now + PAUSES[tries]
    values = {"state": WAITING, "due_at": later, "tries": tries + 1, "claimed_until": None, "fault": fault}
    session.execute(sa.update(TABLE).where(TABLE.c.id == message_id).values(**values))


def put_back(session: Session, ids: Sequence[UUID]) -> None:
    """Let go of claimed messages that were not tried, so that they go when the server is there again."""
    session.execute(
        sa.update(TABLE).where(TABLE.c.id.in_(ids), TABLE.c.state == SENDING).values(state=WAITING, claimed_until=None)
    )


def fail(session: Session, message_id: UUID, fault: str, now: datetime) -> None:
    """Give a message up; the board says so."""
    values = {"state": FAILED, "claimed_until": None, "fault": fault[:500], "sent_at": now}
    session.execute(sa.update(TABLE).where(TABLE.c.id == message_id).values(**values))
    touch(session, "board")
