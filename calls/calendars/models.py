"""What other people's calendars hold of ours."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from calls.ground.database import Identified, Table


class Entry(Identified, Table):
    """A call as it stands in one person's calendar: one UID a registration, one a guest's booking.

    Its SEQUENCE is the call's plus `offset`, so that a moved call moves every entry without writing one; what befalls
    this person alone (cancelled, registered again, moved to another date) raises the offset.
    `invited_at` is when an invitation was first mailed: only what was invited can be taken back by a CANCEL.
    `answer` is what she said last of what she was asked last (`accepted`, `tentative`, `declined`), stamped `answered_at`;
    `asked_sequence` is the SEQUENCE at which she was last asked, so that an answer to an older time is known as one.
    """

    __tablename__ = "entries"
    __table_args__ = (sa.CheckConstraint("(registration_id IS NULL) <> (booking_id IS NULL)", name="whose"),)

    registration_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    booking_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("bookings.id"), unique=True)
    uid: Mapped[str] = mapped_column(unique=True)
    offset: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime]
    invited_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    asked_sequence: Mapped[int] = mapped_column(default=0, server_default="0")


class Feed(Identified, Table):
    """A person's own calendar to subscribe to: an attendee's, a member's or a guest's.

    Raising `generation` withdraws the address; `withdrawn_at` says when. One that is not open has no address that works.
    """

    __tablename__ = "feeds"
    __table_args__ = (
        sa.CheckConstraint(
            "(attendee_id IS NOT NULL AND member_id IS NULL AND guest_id IS NULL)"
            " OR (attendee_id IS NULL AND member_id IS NOT NULL AND guest_id IS NULL)"
            " OR (attendee_id IS NULL AND member_id IS NULL AND guest_id IS NOT NULL)",
            name="whose",
        ),
    )

    attendee_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("attendees.id"), unique=True)
    member_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("members.id"), unique=True)
    guest_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("guests.id"), unique=True)
    generation: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None]
    is_open: Mapped[bool] = mapped_column(default=True, server_default=sa.true())


class Reply(Identified, Table):
    """A yes, no or maybe as it came, from a calendar by `mail` or from a link by `page`, and whether it counts.

    `standing` is `counted`, `older` (than one that counted), `old time` (she was asked anew since), or `stranger` (from
    another address than the one invited). `comment` is plain text; `stamped_at` is iCalendar's DTSTAMP.
    """

    __tablename__ = "replies"
    __table_args__ = (sa.Index("ix_replies_entry_id", "entry_id"),)

    entry_id: Mapped[UUID] = mapped_column(sa.ForeignKey("entries.id"))
    way: Mapped[str]
    answer: Mapped[str]
    sequence: Mapped[int]
    stamped_at: Mapped[datetime]
    comment: Mapped[str] = mapped_column(default="")
    sender: Mapped[str] = mapped_column(default="")
    standing: Mapped[str]


class Proposal(Identified, Table):
    """Another time that an invited person proposed (iTIP's COUNTER) for a call.

    It is `open` until a member has it `accepted` or `refused`, and `overtaken` once the call was moved otherwise. A time whose
    zone nobody knows is no time: then `starts_at` is empty and `words` holds what was written. `from_starts_at` is the start
    that it was proposed against.
    """

    __tablename__ = "proposals"
    __table_args__ = (sa.Index("ix_proposals_call_id", "call_id"), sa.Index("ix_proposals_entry_id", "entry_id"))

    entry_id: Mapped[UUID] = mapped_column(sa.ForeignKey("entries.id"))
    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("calls.id"))
    sequence: Mapped[int]
    stamped_at: Mapped[datetime]
    from_starts_at: Mapped[datetime]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="")
    comment: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    decided_at: Mapped[datetime | None]


class CalendarTest(Identified, Table):
    """A member's test of her own calendar: an invitation, its change and its end, and what she and her calendar said of each.

    `step` is the last of `invited`, `changed`, `cancelled` that was mailed. `seen` holds what she ticked, by step.
    """

    __tablename__ = "calendar_tests"
    __table_args__ = (sa.Index("ix_calendar_tests_member_id", "member_id"),)

    member_id: Mapped[UUID] = mapped_column(sa.ForeignKey("members.id"))
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    step: Mapped[str]
    seen: Mapped[dict[str, Any]]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
