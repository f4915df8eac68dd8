"""What follows for the kit of a guest, and for the public pages that introduce her."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.ground.database import touch
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


def renew_pages(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Have every page made anew that introduces somebody of whom something else is known now."""
    for show_id in introducing.shows_of_guest(session, UUID(change.facts["guest_id"])):
        touch(session, f"show:{show_id}")
