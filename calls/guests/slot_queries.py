"""Finders for open hours, and for what is free in them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground import zones
from calls.guests import open_hours, slots
from calls.guests.models import STANDING, Booking, BusyCalendar, OpenHours
from calls.guests.slots import Hours, Interval
from calls.shows.models import Call, Pending, Show


def hours_of(session: Session, show_id: UUID) -> Hours | None:
    """When the show's host can take guests for talks; None where no hours are open."""
    row = session.get(OpenHours, show_id)
    return open_hours.kept(row.zone, row.weekly, {name: getattr(row, name) for name in open_hours.LIMITS}) if row else None


def busy_calendar_of(session: Session, show_id: UUID) -> BusyCalendar | None:
    return session.get(BusyCalendar, show_id)


def slots_of(session: Session, show: Show, now: datetime) -> list[datetime]:
    """The starts that a guest may choose for a talk with the show's host, in order; none where no hours are open.

    Whatever any show of the account has then is taken: calls, what they are about to be moved to, talks; and what the host's
    own calendar says.
    """
    hours = hours_of(session, show.id)
    if hours is None:
        return []
    since, until = now - timedelta(days=8), now + timedelta(days=hours.horizon + 2)
    talks = _talks(session, show.account_id, since, until)
    busy = busy_calendar_of(session, show.id)
    taken = [
        *_calls(session, show.account_id, since, until),
        *_about_to_be(session, show.account_id),
        *((start, start + timedelta(minutes=minutes)) for _, start, minutes in talks),
        *(open_hours.busy(busy.busy) if busy else ()),
    ]
    return slots.slots(hours, taken, now, [start for show_id, start, _ in talks if show_id == show.id])


def _calls(session: Session, account_id: UUID, since: datetime, until: datetime) -> list[Interval]:
    standing = sa.and_(Call.cancelled_at.is_(None), Call.ends_at > since, Call.starts_at < until)
    rows = session.execute(
        sa.select(Call.starts_at, Call.ends_at).join(Call.show).where(Show.account_id == account_id, standing)
    )
    return [(row.starts_at, row.ends_at) for row in rows]


def _about_to_be(session: Session, account_id: UUID) -> Iterator[Interval]:
    """The times of calls that are to be moved there, added or restored within minutes."""
    waiting = sa.and_(Show.account_id == account_id, Pending.refused.is_(None), Pending.kind.in_(("move", "extra", "restore")))
    for it in session.scalars(sa.select(Pending).join(Pending.show).where(waiting)):
        if it.kind == "restore" and it.call:
            yield it.call.starts_at, it.call.ends_at
        elif "wall" in it.facts:
            wall, zone = datetime.fromisoformat(it.facts["wall"]), it.facts.get("zone") or it.show.zone
            start = zones.resolve(wall, zone, it.facts.get("fold", 0))
            yield start, start + timedelta(minutes=it.facts["minutes"])


def _talks(session: Session, account_id: UUID, since: datetime, until: datetime) -> list[tuple[UUID, datetime, int]]:
    """Show, start and minutes of the talks that stand."""
    standing = sa.and_(Booking.state.in_(STANDING), Booking.call_id.is_(None), Booking.starts_at.between(since, until))
    rows = session.execute(
        sa.select(Booking.show_id, Booking.starts_at, Booking.minutes)
        .join(Booking.show)
        .where(Show.account_id == account_id, standing)
    )
    return [(show_id, start, minutes or 0) for show_id, start, minutes in rows if start]
