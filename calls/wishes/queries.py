"""Finders for wishes and votes."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.wishes.models import Wish


def votes_for(session: Session, show_id: UUID, guest_id: UUID) -> int:
    """How many listeners of the show asked for this guest."""
    wanted = (Wish.show_id == show_id, Wish.guest_id == guest_id)
    return session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Wish.votes), 0)).where(*wanted)) or 0
