"""Guests and how they come to speak: bench, terms, open hours, invitations, bookings, prep, pictures."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from calls.ground.database import Identified, Table
from calls.shows.models import Call, Show

STANDING = ("chosen", "confirmed")
_IS_STANDING = sa.text("state IN ('chosen', 'confirmed')")


class Picture(Identified, Table):
    """A photo of a guest as it is shown: read, turned upright, stripped of all that a camera wrote, cut square and wide (JPEG).

    `digest` is of the square bytes; it stands in the address, so that a picture may be kept by browsers for good.
    """

    __tablename__ = "pictures"

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    digest: Mapped[str]
    square: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    wide: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


class Guest(Identified, Table):
    """A person whom the account might ask, has asked, or had on a call.

    The address is lower-cased; not everybody on the bench has one yet. `met` says where the host met her: words, or a link to the
    post. `place` is her turn on the bench, the smallest first; without one she waits for no date. What she once gave as bio,
    links and picture is offered to her again. `merged_into_id` is the person whose double this row was found to be.
    """

    __tablename__ = "guests"
    __table_args__ = (
        sa.Index(
            "ix_guests_account_id_email",
            "account_id",
            "email",
            unique=True,
            sqlite_where=sa.text("email IS NOT NULL AND merged_into_id IS NULL"),
            postgresql_where=sa.text("email IS NOT NULL AND merged_into_id IS NULL"),
        ),
        sa.Index("ix_guests_account_id_place", "account_id", "place"),
    )

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(default="")
    met: Mapped[str] = mapped_column(default="")
    topics: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    tags: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    contacted_on: Mapped[date | None]
    looked_after_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("members.id"))
    place: Mapped[int | None]
    bio: Mapped[str] = mapped_column(default="")
    links: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    picture_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("pictures.id"))
    merged_into_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("guests.id"))
    silenced_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    bounce: Mapped[str | None]


class Terms(Table):
    """What a show agrees with its guests, and how it takes them; without a row the defaults hold.

    `hold_hours`: how long a chosen date is kept. `is_approved_by_itself`: no member has to say yes to a chosen date.
    `asks_next`: an unused hold falls to the next on the bench. `style`, `pitch`, `listeners` and `connect` are lines of the
    agreement. `takes_wishes`: the public page lets listeners propose and vote for guests. `shows_race`: it shows who brought
    how many.
    """

    __tablename__ = "terms"

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"), primary_key=True)
    hold_hours: Mapped[int] = mapped_column(default=72)
    is_approved_by_itself: Mapped[bool] = mapped_column(default=True)
    asks_next: Mapped[bool] = mapped_column(default=True)
    style: Mapped[str] = mapped_column(default="")
    pitch: Mapped[str] = mapped_column(default="")
    listeners: Mapped[str] = mapped_column(default="")
    connect: Mapped[str] = mapped_column(default="")
    consent: Mapped[str] = mapped_column(default="")
    takes_wishes: Mapped[bool] = mapped_column(default=False)
    shows_race: Mapped[bool] = mapped_column(default=False)


class OpenHours(Table):
    """When a show's host can take guests for talks that are not on the schedule.

    `weekly` is a list of [weekday (0 is Monday), "09:00", "12:30"] by the wall clock of `zone`. `minutes` is a talk's length,
    `buffer` the minutes kept free on both sides, `notice` the hours before which nobody can choose, `horizon` the days ahead,
    `most_a_week` the number of talks a week (0: as many as fit).
    """

    __tablename__ = "open_hours"

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"), primary_key=True)
    zone: Mapped[str]
    weekly: Mapped[list[Any]] = mapped_column(sa.JSON)
    minutes: Mapped[int] = mapped_column(default=30)
    buffer: Mapped[int] = mapped_column(default=15)
    notice: Mapped[int] = mapped_column(default=24)
    horizon: Mapped[int] = mapped_column(default=60)
    most_a_week: Mapped[int] = mapped_column(default=0)


class BusyCalendar(Table):
    """The ICS address of a show's host, whose busy times no talk may touch, and what was read there last.

    `busy` is a list of [start, end] in ISO 8601 UTC, and `worked_out_at` when it was made, for what is repeated reaches only so
    far. `fault` says why the last reading failed, and `failing_since` from when on; what was read before still counts.
    """

    __tablename__ = "busy_calendars"

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"), primary_key=True)
    address: Mapped[str]
    busy: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    read_at: Mapped[datetime | None]
    try_at: Mapped[datetime]
    etag: Mapped[str] = mapped_column(default="")
    worked_out_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(default="")
    failing_since: Mapped[datetime | None]


class Invitation(Identified, Table):
    """One asking of one guest for one show, behind one link; raising `generation` withdraws the link.

    State `sent`, then `taken`, `declined`, `withdrawn` or `lapsed`. `purpose` is `call` (a date of the schedule), `extra` (an
    extra call in open hours) or `talk` (a talk beforehand in open hours). `is_any_date`: every open date may be chosen, later
    ones too; else those in `invitation_dates`. `words` are the host's own. `asked_for` is another date for which the guest
    asked, in her words. `follows_id` is the invitation that was passed on to her, or whose unused hold fell to her.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        sa.Index("ix_invitations_guest_id", "guest_id"),
        sa.Index("ix_invitations_show_id_state", "show_id", "state"),
        sa.CheckConstraint("state IN ('sent', 'taken', 'declined', 'withdrawn', 'lapsed')", name="state"),
        sa.CheckConstraint("purpose IN ('call', 'extra', 'talk')", name="purpose"),
    )

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"))
    guest_id: Mapped[UUID] = mapped_column(sa.ForeignKey("guests.id"))
    purpose: Mapped[str] = mapped_column(default="call")
    is_any_date: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="sent")
    generation: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    asked_for: Mapped[str] = mapped_column(default="")
    asked_for_at: Mapped[datetime | None]
    follows_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("invitations.id"))
    by_id: Mapped[UUID | None]

    show: Mapped[Show] = relationship()
    guest: Mapped[Guest] = relationship()


class InvitationDate(Table):
    """A call that an invitation offers."""

    __tablename__ = "invitation_dates"

    invitation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("invitations.id"), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("calls.id"), primary_key=True, index=True)


class Booking(Identified, Table):
    """The agreement that this guest speaks on this call, or talks with the host beforehand (then it has no call).

    State `chosen` (a hold, until `ends_at`), then `confirmed`, or `lapsed`, `declined` (by the guest) or `cancelled` (by the
    host). It is confirmed once the guest has accepted and a member has approved. `place` counts a call's guests from 0; one
    standing booking a place is held by the database. `starts_at`, `zone` and `minutes` are a talk's own; a call's are the call's.
    `sequence` and `revised_at` are iCalendar's, for what befalls the booking alone. `checked_at` is when the guest last said
    that she is still on; `trouble` what she said when she is not.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        sa.Index(
            "ix_bookings_call_id_place",
            "call_id",
            "place",
            unique=True,
            sqlite_where=_IS_STANDING,
            postgresql_where=_IS_STANDING,
        ),
        sa.Index(
            "ix_bookings_show_id_starts_at",
            "show_id",
            "starts_at",
            unique=True,
            sqlite_where=sa.text("state IN ('chosen', 'confirmed') AND call_id IS NULL"),
            postgresql_where=sa.text("state IN ('chosen', 'confirmed') AND call_id IS NULL"),
        ),
        sa.Index(
            "ix_bookings_ends_at",
            "ends_at",
            sqlite_where=sa.text("state = 'chosen'"),
            postgresql_where=sa.text("state = 'chosen'"),
        ),
        sa.Index("ix_bookings_guest_id", "guest_id"),
        sa.Index("ix_bookings_invitation_id", "invitation_id"),
        sa.CheckConstraint("state IN ('chosen', 'confirmed', 'lapsed', 'declined', 'cancelled')", name="state"),
        sa.CheckConstraint("(call_id IS NULL) = (starts_at IS NOT NULL)", name="when"),
    )

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"))
    guest_id: Mapped[UUID] = mapped_column(sa.ForeignKey("guests.id"))
    invitation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("invitations.id"))
    call_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("calls.id"))
    place: Mapped[int] = mapped_column(default=0)
    state: Mapped[str]
    starts_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int | None]
    ends_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime]

    show: Mapped[Show] = relationship()
    guest: Mapped[Guest] = relationship()
    invitation: Mapped[Invitation] = relationship()
    call: Mapped[Call | None] = relationship()

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING

    @property
    def is_confirmed(self) -> bool:
        return self.state == "confirmed"

    def revise(self, now: datetime) -> None:
        """Mark a change for calendars: SEQUENCE+1, and LAST-MODIFIED strictly later."""
        self.sequence += 1
        self.revised_at = max(now.replace(microsecond=0), self.revised_at + timedelta(seconds=1))


class Prep(Table):
    """What a guest sends in for one booking. Required are three: `name` as announced, `topic` line, `phone` for the day.

    `consent` is `yes`, `no` or "" (not said), `consent_words` the wording that she saw, `consented_at` when she answered it.
    `agreement` keeps the six lines as they stood when she accepted. `generation` is that of the assistant's link, which is open
    while it is odd: raising it opens a link, or withdraws the one that is open.
    """

    __tablename__ = "preps"

    booking_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bookings.id"), primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    topic: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    bio: Mapped[str] = mapped_column(default="")
    links: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    please_ask: Mapped[str] = mapped_column(default="")
    please_dont: Mapped[str] = mapped_column(default="")
    offer: Mapped[str] = mapped_column(default="")
    picture_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("pictures.id"))
    consent: Mapped[str] = mapped_column(default="")
    consent_words: Mapped[str] = mapped_column(default="")
    consented_at: Mapped[datetime | None]
    agreement: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    agreed_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime]

    @property
    def is_handed_on(self) -> bool:
        """Whether an assistant's link is open."""
        return self.generation % 2 == 1


class Understudy(Table):
    """Who steps in when a call's guest cannot: a person of the bench, or (without one) a replay, with what is played."""

    __tablename__ = "understudies"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("calls.id"), primary_key=True)
    guest_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("guests.id"))
    replay: Mapped[str] = mapped_column(default="")
