"""What follows for the kit of a guest."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.guests import introducing
from calls.guests.models import Booking
from calls.history.models import Change
from calls.kits import sharing


def open_kit(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Give the guest of a confirmed call her own short link."""
    booking = session.get(Booking, change.thing_id)
    if booking is None or booking.call_id is None or not booking.is_confirmed:
        return
    introduced = introducing.introductions(session, [booking.call_id]).get(booking.call_id, [])
    name = next((it.name for it in introduced if it.booking_id == booking.id), booking.guest.name)
    sharing.share_of_booking(session, booking, name, now)
