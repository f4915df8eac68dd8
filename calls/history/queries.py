"""Finders for the history."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.history.models import IS_GUESTS, IS_STORY, Change

ANSWERED = "call.answered"


def story_of_call(session: Session, call_id: UUID, limit: int = 30, answers: int = 10) -> Sequence[Change]:
    """What was done to one call, the latest first; of what people answered the last few, so that nothing else is crowded out."""
    latest = sa.select(Change).where(Change.call_id == call_id, IS_STORY).order_by(Change.created_at.desc(), Change.id.desc())
    done = session.scalars(latest.where(Change.kind != ANSWERED).limit(limit)).all()
    said = session.scalars(latest.where(Change.kind == ANSWERED).limit(answers)).all()
    return sorted([*done, *said], key=lambda it: (it.created_at, it.id), reverse=True)


def clock_moves(session: Session, call_ids: Collection[UUID], since: datetime | None = None) -> Sequence[Change]:
    """How other time-zone rules moved these calls, the first first; with `since` only what was done from then on."""
    wanted: list[sa.ColumnElement[bool]] = [Change.call_id.in_(call_ids), Change.kind == "call.clock_moved"]
    if since:
        wanted.append(Change.created_at >= since)
    return session.scalars(sa.select(Change).where(IS_STORY, *wanted).order_by(Change.id)).all()


def story_of_guest(session: Session, account_id: UUID, thing_ids: Collection[UUID], limit: int = 100) -> Sequence[Change]:
    """What was done about one guest, the latest first: about herself, her invitations and her bookings, whose ids these are."""
    hers = (Change.thing_id.in_(thing_ids), Change.account_id == account_id, IS_GUESTS)
    return session.scalars(
        sa.select(Change).where(*hers).order_by(Change.created_at.desc(), Change.id.desc()).limit(limit)
    ).all()
