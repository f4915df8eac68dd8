"""What other people's calendars hold of ours."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from calls.ground.database import Identified, Table


class Entry(Identified, Table):
    """A call as it stands in one person's calendar: one UID a registration.

    Its SEQUENCE is the call's plus `offset`, so that a moved call moves every entry without writing one; what befalls
    this person alone (cancelled, registered again, moved to another date) raises the offset.
    `invited_at` is when an invitation was first mailed: only what was invited can be taken back by a CANCEL.
    """

    __tablename__ = "entries"

    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    uid: Mapped[str] = mapped_column(unique=True)
    offset: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime]
    invited_at: Mapped[datetime | None]


class Feed(Identified, Table):
    """A person's own calendar to subscribe to. Raising `generation` withdraws the address; `withdrawn_at` says when."""

    __tablename__ = "feeds"

    attendee_id: Mapped[UUID] = mapped_column(sa.ForeignKey("attendees.id"), unique=True)
    generation: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None]
