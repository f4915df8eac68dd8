"""Keep two people from changing one show's bookings at the same moment, and see them as they are now.

Everybody takes the show first, then a call, then what hangs on it, so that nobody waits in a circle.
"""

from sqlalchemy.orm import Session

from calls.guests.models import Booking, Invitation
from calls.shows.holding import hold


def hold_invitation(session: Session, invitation: Invitation) -> None:
    """Wait until nobody else changes this invitation or another of its show."""
    hold(session, invitation.show)
    hold(session, invitation)


def hold_booking(session: Session, booking: Booking) -> None:
    """Wait until nobody else changes this booking, its call or its invitation."""
    hold(session, booking.show)
    if booking.call:
        hold(session, booking.call)
    hold(session, booking.invitation)
    hold(session, booking)
