"""The history's one table."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from calls.ground.database import Identified, Table

# What happened to a call itself. Who came and went stands in its registrations, and is not to be gone through for this.
IS_STORY = sa.text("(kind LIKE 'call.%' OR kind LIKE 'pending.%')")
# What befell guests, from the bench to the thanks; found by what it is about.
IS_GUESTS = sa.text("(kind LIKE 'guest.%' OR kind LIKE 'invitation.%' OR kind LIKE 'booking.%' OR kind LIKE 'prep.%')")


class Change(Identified, Table):
    """One deed: who did what to which thing, when, with which facts; and how far it has been followed up."""

    __tablename__ = "changes"
    __table_args__ = (
        sa.Index(
            "ix_changes_to_follow_up",
            "try_at",
            sqlite_where=sa.text("followed_up_at IS NULL"),
            postgresql_where=sa.text("followed_up_at IS NULL"),
        ),
        sa.Index("ix_changes_story", "call_id", sqlite_where=IS_STORY, postgresql_where=IS_STORY),
        sa.Index("ix_changes_guests", "thing_id", sqlite_where=IS_GUESTS, postgresql_where=IS_GUESTS),
    )

    account_id: Mapped[UUID | None]
    show_id: Mapped[UUID | None]
    call_id: Mapped[UUID | None]
    thing_id: Mapped[UUID]
    kind: Mapped[str]
    by_kind: Mapped[str]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str]
    facts: Mapped[dict[str, Any]]
    followed_up_at: Mapped[datetime | None]
    step: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[str | None]
    try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None]
