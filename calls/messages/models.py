"""The outbox, and what decides what goes into it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from calls.ground.database import Identified, Table

WAITING = "waiting"
SENDING = "sending"
SENT = "sent"
FAILED = "failed"
DROPPED = "dropped"


class Message(Identified, Table):
    """One copy of a mail to one person.

    `key` makes writing it again do nothing. It is rendered from the newest state when it is sent; `body` keeps the
    bytes that went out. A message that newer facts overtook is `dropped`, with the reason in `fault`.
    """

    __tablename__ = "messages"
    __table_args__ = (
        sa.Index(
            "ix_messages_due", "due_at", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
        ),
        sa.Index(
            "ix_messages_claimed",
            "claimed_until",
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        ),
        sa.Index("ix_messages_registration_id", "registration_id"),
        sa.Index("ix_messages_call_id", "call_id"),
        sa.Index("ix_messages_show_id_state", "show_id", "state"),
        sa.Index(
            "ix_messages_guest_id",
            "guest_id",
            sqlite_where=sa.text("guest_id IS NOT NULL"),
            postgresql_where=sa.text("guest_id IS NOT NULL"),
        ),
    )

    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    account_id: Mapped[UUID | None]
    show_id: Mapped[UUID | None]
    call_id: Mapped[UUID | None]
    attendee_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]
    registration_id: Mapped[UUID | None]
    guest_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=WAITING)
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None]
    address: Mapped[str | None]
    subject: Mapped[str | None]
    body: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    sent_at: Mapped[datetime | None]


class Told(Table):
    """What a registered person was last told about her call, so that each later mail says only what changed."""

    __tablename__ = "told"

    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("registrations.id"), primary_key=True)
    call_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    guest_name: Mapped[str]
    way_in: Mapped[str]
    is_cancelled: Mapped[bool]
    at: Mapped[datetime]


class ToldGuest(Table):
    """What a guest was last told about her booking. Of a talk, which has no call, `call_id` is empty."""

    __tablename__ = "told_guests"

    booking_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bookings.id"), primary_key=True)
    state: Mapped[str]
    call_id: Mapped[UUID | None]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    way_in: Mapped[str]
    is_cancelled: Mapped[bool]
    at: Mapped[datetime]


class Reminder(Identified, Table):
    """A rule of a show: this long before each call, in minutes."""

    __tablename__ = "reminders"
    __table_args__ = (sa.UniqueConstraint("show_id", "minutes"),)

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"))
    minutes: Mapped[int]


class ReminderRound(Table):
    """How far the reminders of one call at one offset have been written, for the start that they announce."""

    __tablename__ = "reminder_rounds"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("calls.id"), primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    cursor: Mapped[UUID | None]
    done_at: Mapped[datetime | None]


class Words(Table):
    """A host's own words for one kind of mail of a show."""

    __tablename__ = "words"

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"), primary_key=True)
    mail: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    body: Mapped[str]


class Silence(Identified, Table):
    """That a person wants no more `reminders`, or no more mail at all (`all`) but answers to what she does herself."""

    __tablename__ = "silences"
    __table_args__ = (sa.UniqueConstraint("attendee_id", "kind"),)

    attendee_id: Mapped[UUID] = mapped_column(sa.ForeignKey("attendees.id"))
    kind: Mapped[str]


class Received(Identified, Table):
    """One mail that came in, kept for 30 days.

    `digest` is the SHA-256 of its bytes, by which the same mail is taken once. `kind` is `reply`, `counter`, `bounce` or `other`;
    `became` says in a sentence what was made of it, without a secret and without an address.
    """

    __tablename__ = "received"
    __table_args__ = (sa.Index("ix_received_created_at", "created_at"),)

    digest: Mapped[str] = mapped_column(unique=True)
    sender: Mapped[str]
    subject: Mapped[str]
    kind: Mapped[str]
    became: Mapped[str]
    raw: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
