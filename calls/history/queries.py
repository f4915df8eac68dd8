"""Finders for the history."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.history.models import Change

# What happened to the call itself; who came and went stands in its registrations.
OF_CALLS = ("call.%", "pending.%")


def story_of_call(session: Session, call_id: UUID, limit: int = 30) -> Sequence[Change]:
    """What was done to one call, the latest first."""
    kinds = sa.or_(*(Change.kind.like(it) for it in OF_CALLS))
    wanted = sa.select(Change).where(Change.call_id == call_id, kinds)
    return session.scalars(wanted.order_by(Change.created_at.desc(), Change.id.desc()).limit(limit)).all()


def changes_of(session: Session, thing_id: UUID, show_id: UUID, limit: int = 30) -> Sequence[Change]:
    """What was done to one thing of a show, the latest first."""
    wanted = sa.select(Change).where(Change.show_id == show_id, Change.thing_id == thing_id)
    return session.scalars(wanted.order_by(Change.created_at.desc(), Change.id.desc()).limit(limit)).all()
