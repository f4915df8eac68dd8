"""Finders for the history."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.history.models import IS_STORY, Change


def story_of_call(session: Session, call_id: UUID, limit: int = 30) -> Sequence[Change]:
    """What was done to one call, the latest first."""
    wanted = sa.select(Change).where(Change.call_id == call_id, IS_STORY)
    return session.scalars(wanted.order_by(Change.created_at.desc(), Change.id.desc()).limit(limit)).all()
