"""Shows, their calls, and the changes to them that wait for their ten minutes."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from calls.ground.database import Identified, Table


class Show(Identified, Table):
    """A named run of calls with its schedule: wall time, zone and minutes are the truth, moments are derived.

    `generation` counts the changes of rule or zone. A show without `published_at` is a draft that only its account sees.
    """

    __tablename__ = "shows"

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    host_name: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int]
    first_day: Mapped[date]
    first_time: Mapped[time]
    zone: Mapped[str]
    fold: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int]
    rrule: Mapped[str] = mapped_column(default="")
    generation: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]


class Skip(Table):
    """A day on which the schedule's call does not take place."""

    __tablename__ = "skips"

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class Call(Identified, Table):
    """One dated meeting of a show, a row with its own life.

    `wall` is the local start in `zone`; `starts_at` and `ends_at` are derived from it with the time-zone rules named in
    `tzdata`. `planned_day` is the schedule's day that this call fills (none for an extra), `address` its part of the
    page's address, which stays when the call is moved. `sequence` and `revised_at` are iCalendar's SEQUENCE and
    LAST-MODIFIED. `taken` counts the seats that registrations hold; `counted_at` is when that, or what else only the host's
    side sees, last changed. `guest_places` is how many guests may speak.
    """

    __tablename__ = "calls"
    __table_args__ = (
        sa.UniqueConstraint("show_id", "address"),
        sa.UniqueConstraint("show_id", "planned_day"),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name="seats"),
        sa.Index("ix_calls_show_id_starts_at", "show_id", "starts_at"),
        sa.Index("ix_calls_starts_at", "starts_at"),
    )

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"))
    address: Mapped[str]
    planned_day: Mapped[date | None]
    planned_for: Mapped[datetime]
    wall: Mapped[datetime] = mapped_column(sa.DateTime(timezone=False))
    zone: Mapped[str]
    fold: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    tzdata: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    guest_name: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int]
    has_own_capacity: Mapped[bool] = mapped_column(default=False)
    taken: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime | None]
    guest_places: Mapped[int] = mapped_column(default=1, server_default="1")
    is_extra: Mapped[bool] = mapped_column(default=False)
    is_by_hand: Mapped[bool] = mapped_column(default=False)
    is_skipped: Mapped[bool] = mapped_column(default=False)
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime]

    show: Mapped[Show] = relationship()

    @property
    def name(self) -> str:
        """What the call is called: its own title, else its guest, else its show."""
        return self.title or self.guest_name or self.show.name

    @property
    def seats_left(self) -> int:
        return max(0, self.capacity - self.taken)

    @property
    def host_revised_at(self) -> datetime:
        """LAST-MODIFIED for the host's side, which sees the seats too: the later of `revised_at` and `counted_at`."""
        return max(self.revised_at, self.counted_at or self.revised_at)

    def revise(self, now: datetime, *, is_weighty: bool = True) -> None:
        """Mark a published change: LAST-MODIFIED strictly later, and SEQUENCE+1 when the change is more than wording."""
        shown_before = self.host_revised_at
        self.revised_at = max(now.replace(microsecond=0), self.revised_at + timedelta(seconds=1))
        if self.revised_at <= shown_before:
            self.recount(now)
        if is_weighty:
            self.sequence += 1

    def recount(self, now: datetime) -> None:
        """Mark a change that only the host's side sees; `registrations.seating` does the same in the taking of a seat."""
        self.counted_at = max(now.replace(microsecond=0), self.host_revised_at + timedelta(seconds=1))

    def set_time(self, wall: datetime, zone: str, minutes: int, fold: int, starts_at: datetime, tzdata: str) -> None:
        """Set the wall time and the moments derived from it; the end is exactly so many minutes after the start."""
        self.wall, self.zone, self.minutes, self.fold = wall, zone, minutes, fold
        self.starts_at, self.ends_at, self.tzdata = starts_at, starts_at + timedelta(minutes=minutes), tzdata


class Pending(Identified, Table):
    """A change that others will hear of, until it takes effect; undoing it deletes the row and nobody has heard.

    `refused` holds the sentence with which the change was refused when its time came; the board shows it.
    """

    __tablename__ = "pending_changes"
    __table_args__ = (
        sa.Index("ix_pending_changes_effect_at", "effect_at"),
        # One change at a time waits for a call, and one for the show itself.
        sa.Index(
            "ix_pending_changes_call_id",
            "call_id",
            unique=True,
            sqlite_where=sa.text("refused IS NULL"),
            postgresql_where=sa.text("refused IS NULL"),
        ),
        sa.Index(
            "ix_pending_changes_show_id",
            "show_id",
            unique=True,
            sqlite_where=sa.text("call_id IS NULL AND refused IS NULL"),
            postgresql_where=sa.text("call_id IS NULL AND refused IS NULL"),
        ),
    )

    show_id: Mapped[UUID] = mapped_column(sa.ForeignKey("shows.id"))
    call_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("calls.id"))
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str]
    effect_at: Mapped[datetime]
    refused: Mapped[str | None]

    show: Mapped[Show] = relationship()
    call: Mapped[Call | None] = relationship()
