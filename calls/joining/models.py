"""Rooms, who came, and what people want asked."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from calls.ground.database import Identified, Table


class Room(Identified, Table):
    """Where a show's calls are held, or, with `call_id`, one call alone.

    `is_page_only` keeps number and code out of calendars ("page only").
    """

    __tablename__ = "rooms"
    __table_args__ = (
        sa.Index(
            "ix_rooms_show_id",
            "show_id",
            unique=True,
            sqlite_where=sa.text("call_id IS NULL"),
            postgresql_where=sa.text("call_id IS NULL"),
        ),
        sa.Index("ix_rooms_call_id", "call_id", unique=True),
    )

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"))
    call_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("calls.id"))
    phone: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    web_link: Mapped[str] = mapped_column(default="")
    is_page_only: Mapped[bool] = mapped_column(default=False)


class Attendance(Identified, Table):
    """That somebody pressed the button to come in, by `web` or by `phone`."""

    __tablename__ = "attendances"
    __table_args__ = (sa.UniqueConstraint("registration_id", "call_id"), sa.Index("ix_attendances_call_id", "call_id"))

    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("registrations.id"))
    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("calls.id"))
    way: Mapped[str]


class Question(Identified, Table):
    """What an attendee wants asked of a call's guest."""

    __tablename__ = "questions"
    __table_args__ = (sa.UniqueConstraint("registration_id", "call_id"), sa.Index("ix_questions_call_id", "call_id"))

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("calls.id"))
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("registrations.id"))
    text: Mapped[str]
