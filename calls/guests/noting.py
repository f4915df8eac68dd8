"""What the history is told of an invitation or a booking: where it belongs, and always the guest's name and id."""

from datetime import datetime
from typing import Any

from calls.guests.models import Booking, Invitation
from calls.history.keeping import Subject


def about(thing: Invitation | Booking) -> Subject:
    """What the history says it is."""
    call_id = thing.call_id if isinstance(thing, Booking) else None
    return Subject(thing.id, thing.show.account_id, thing.show_id, call_id)


def facts(thing: Invitation | Booking, **more: Any) -> dict[str, Any]:
    """The facts of a change: the guest, when a booking is and in which zone that is said, and what more there is."""
    known: dict[str, Any] = {"guest": thing.guest.name, "guest_id": str(thing.guest_id)}
    if isinstance(thing, Booking):
        known |= {"starts_at": starts_at(thing).isoformat(), "zone": thing.call.zone if thing.call else thing.zone}
    return known | more


def starts_at(booking: Booking) -> datetime:
    """When what was booked begins: the call, or the talk itself."""
    moment = booking.call.starts_at if booking.call else booking.starts_at
    if moment is None:
        raise ValueError("a booking has a call or a start of its own")
    return moment
