"""Short links to calls, each somebody's own."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from calls.ground.database import Identified, Table


class Share(Identified, Table):
    """Somebody's own short link to a call, and so where registrations came from: a guest's by her booking.

    `code` stands in the short address and in `registrations.via`. `attendee_id` is a listener's who shares.
    `is_named`: she agreed that the public page says how many she brought.
    """

    __tablename__ = "shares"
    __table_args__ = (sa.UniqueConstraint("call_id", "attendee_id"), sa.Index("ix_shares_attendee_id", "attendee_id"))

    code: Mapped[str] = mapped_column(unique=True)
    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"))
    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("calls.id"))
    booking_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("bookings.id"), unique=True)
    attendee_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("attendees.id"))
    name: Mapped[str] = mapped_column(default="")
    is_named: Mapped[bool] = mapped_column(default=False)
