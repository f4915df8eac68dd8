"""Attendees, their registrations, and their passes."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from calls.ground.database import Identified, Table
from calls.shows.models import Call, Show

CONFIRMED = "confirmed"
CANCELLED = "cancelled"


class Attendee(Identified, Table):
    """A person who registered. The address is lower-cased; who gave none is known by phone or by hand.

    `calendar` is how calls reach her calendar: `auto` (invitations for single calls; for a pass the feed and an
    invitation in the call's last week), `invitations`, or `feed`. `generation` withdraws all her links when raised.
    `bounced_at` is when a mail to the address came back for good, `bounce` what the mail server said.
    """

    __tablename__ = "attendees"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "email"),
        sa.Index(
            "ix_attendees_bounced",
            "account_id",
            sqlite_where=sa.text("bounced_at IS NOT NULL"),
            postgresql_where=sa.text("bounced_at IS NOT NULL"),
        ),
    )

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    email: Mapped[str | None]
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    zone: Mapped[str]
    calendar: Mapped[str] = mapped_column(default="auto")
    generation: Mapped[int] = mapped_column(default=0)
    bounced_at: Mapped[datetime | None]
    bounce: Mapped[str | None]


class Pass(Identified, Table):
    """A registration to every call of a show, those still to be laid out included."""

    __tablename__ = "passes"
    __table_args__ = (sa.UniqueConstraint("show_id", "attendee_id"), sa.Index("ix_passes_attendee_id", "attendee_id"))

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"))
    attendee_id: Mapped[UUID] = mapped_column(sa.ForeignKey("attendees.id"))
    cancelled_at: Mapped[datetime | None]

    show: Mapped[Show] = relationship()
    attendee: Mapped[Attendee] = relationship()


class Registration(Identified, Table):
    """An attendee's place at a call. It keeps its identity, links and calendar entry when it moves to another date.

    `via` says where she came from: the code of somebody's short link, or a word that the host put into an address.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        sa.UniqueConstraint("call_id", "attendee_id"),
        sa.Index("ix_registrations_attendee_id", "attendee_id"),
        sa.Index(
            "ix_registrations_pass_id",
            "pass_id",
            sqlite_where=sa.text("pass_id IS NOT NULL"),
            postgresql_where=sa.text("pass_id IS NOT NULL"),
        ),
    )

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("calls.id"))
    attendee_id: Mapped[UUID] = mapped_column(sa.ForeignKey("attendees.id"))
    pass_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("passes.id"))
    state: Mapped[str]
    confirmed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    via: Mapped[str | None]

    call: Mapped[Call] = relationship()
    attendee: Mapped[Attendee] = relationship()

    @property
    def is_confirmed(self) -> bool:
        return self.state == CONFIRMED
