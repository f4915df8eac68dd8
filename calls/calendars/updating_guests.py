"""Keep a guest's entries in step with what becomes of her bookings: one entry a booking, held and confirmed under one UID."""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars import updating
from calls.calendars.models import Entry, Feed
from calls.ground.database import insert_once, new_id, touch
from calls.guests.models import Booking
from calls.history.models import Change
from calls.shows.laying_out import random_name

ENTRIES = cast(sa.Table, Entry.__table__)
# Naming a call's guests raises the call's SEQUENCE, and with it that of every entry of the call.
NAMINGS = ("call.guest_changed", "call.guest_named")


def open_entry(session: Session, booking: Booking, now: datetime) -> None:
    """Give a booking its entry at SEQUENCE 0; one that it has it keeps."""
    row = {
        "id": new_id(),
        "created_at": now,
        "booking_id": booking.id,
        "uid": f"inv-{random_name()}",
        "offset": -_base(booking),
        "revised_at": now.replace(microsecond=0),
    }
    if insert_once(session, ENTRIES, [row]):
        touch(session, *tags(booking))


def raise_entry(session: Session, entry: Entry, booking: Booking, change: Change, now: datetime) -> None:
    """Something befell this booking: SEQUENCE+1, unless the naming that came with it has raised it already.

    She may have chosen another date, whose call was revised more seldom; what she was asked at is never fallen short of.
    """
    if not _is_raised(session, booking, change) or sequence(entry, booking) <= entry.asked_sequence:
        entry.offset = max(sequence(entry, booking), entry.asked_sequence) + 1 - _base(booking)
    entry.revised_at = max(now.replace(microsecond=0), revised_at(entry, booking) + timedelta(seconds=1))
    session.flush()
    touch(session, *tags(booking))


def sequence(entry: Entry, booking: Booking) -> int:
    """iCalendar's SEQUENCE of this booking in the guest's calendar; a call that moves raises it for all."""
    return max(0, _base(booking) + entry.offset)


def revised_at(entry: Entry, booking: Booking) -> datetime:
    """When what the guest's calendar shows was last changed."""
    return max(entry.revised_at, booking.call.revised_at) if booking.call else entry.revised_at


def open_feed(session: Session, guest_id: UUID, now: datetime) -> Feed:
    """The guest's feed of all her bookings, made if need be; one that was withdrawn is opened again, at a new address."""
    return updating.open_feed_of(session, {"guest_id": guest_id}, now)


def tags(booking: Booking) -> list[str]:
    """What is to be made anew when a booking changes: the guest's feed, and what the host's side shows of the show."""
    return [f"guest:{booking.guest_id}", f"show:{booking.show_id}"]


def _base(booking: Booking) -> int:
    return booking.call.sequence if booking.call else 0


def _is_raised(session: Session, booking: Booking, change: Change) -> bool:
    """Whether what befell the booking has had the guests of its call named anew, in the same transaction."""
    if booking.call_id is None:
        return False
    with_it = (Change.call_id == booking.call_id, Change.created_at == change.created_at, Change.id > change.id)
    return session.scalar(sa.select(Change.id).where(*with_it, Change.kind.in_(NAMINGS)).limit(1)) is not None
