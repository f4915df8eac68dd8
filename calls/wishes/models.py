"""Wishes of an audience, and the votes for them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from calls.ground.database import Identified, Table


class Wish(Identified, Table):
    """Somebody whom listeners would like to hear: `waiting` for the host, then `shown` on the public page or `refused`."""

    __tablename__ = "wishes"
    __table_args__ = (sa.Index("ix_wishes_show_id_state", "show_id", "state"),)

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"))
    guest_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("guests.id"))
    name: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="waiting")
    votes: Mapped[int] = mapped_column(default=0)


class Vote(Identified, Table):
    """One person's vote for a wish; it counts once `confirmed_at` is set, by the link that was mailed to `email`."""

    __tablename__ = "votes"
    __table_args__ = (sa.UniqueConstraint("wish_id", "email"), sa.Index("ix_votes_created_at", "created_at"))

    wish_id: Mapped[UUID] = mapped_column(sa.ForeignKey("wishes.id"))
    email: Mapped[str]
    confirmed_at: Mapped[datetime | None]
