"""Note that mail to an address came back for good, and forget it once she gives one that may take it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import touch
from calls.history.keeping import SYSTEM, Subject, keep
from calls.registrations.models import Attendee


def mark(session: Session, attendee: Attendee, words: str, *, now: datetime) -> None:
    """Note that her address takes no mail; `words` is what the mail server said. One that is marked already stays as it is."""
    if attendee.email is None or attendee.bounced_at is not None:
        return
    attendee.bounced_at, attendee.bounce = now, words
    keep(session, "attendee.bounced", Subject(attendee.id, attendee.account_id), by=SYSTEM, now=now)
    touch(session, "board", f"attendee:{attendee.id}")


def clear(session: Session, attendee: Attendee) -> None:
    """Write to her again: she has another address, or says that this one is hers."""
    clear_by_id(session, attendee.id)


def clear_by_id(session: Session, attendee_id: UUID) -> None:
    marked = sa.and_(Attendee.id == attendee_id, Attendee.bounced_at.is_not(None))
    cleared = session.execute(sa.update(Attendee).where(marked).values(bounced_at=None, bounce=None))
    if cleared.rowcount:  # type: ignore[attr-defined]
        touch(session, "board", f"attendee:{attendee_id}")
