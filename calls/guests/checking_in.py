"""A guest says, shortly before her call, that she is still on; or that she is in trouble."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground import text
from calls.ground.refusals import Invalid, Refused
from calls.guests import dates, noting
from calls.guests.holding import hold_booking
from calls.guests.models import Booking
from calls.history.keeping import Actor, keep

LONGEST = 2_000


def check_in(session: Session, booking: Booking, *, by: Actor, now: datetime) -> None:
    """Note that she is still on; what she said of a trouble before is over with that. Saying it again does nothing new."""
    _hold(session, booking, now)
    if booking.checked_at is not None and not booking.trouble:
        booking.checked_at = now
        return
    booking.checked_at, booking.trouble = now, ""
    keep(session, "booking.checked_in", noting.about(booking), by=by, now=now, facts=noting.facts(booking))


def report_trouble(session: Session, booking: Booking, words: str, *, by: Actor, now: datetime) -> None:
    """Keep what stands in her way, in her words; the host hears of it at once. Her booking stands until somebody ends it."""
    said = text.clean(words).strip()
    if not said:
        raise Invalid({"words": "Say in a few words what is the matter, or which other day would do."})
    if len(said) > LONGEST:
        raise Invalid({"words": f"Use at most {LONGEST:,} characters."})
    _hold(session, booking, now)
    if said == booking.trouble:
        return
    booking.trouble, booking.checked_at = said, None
    keep(session, "booking.troubled", noting.about(booking), by=by, now=now, facts=noting.facts(booking, words=said))


def _hold(session: Session, booking: Booking, now: datetime) -> None:
    hold_booking(session, booking)
    if not booking.is_standing:
        raise Refused("This date is not yours any more.")
    if dates.is_called_off(booking):
        raise Refused("The host has cancelled this call.")
    if dates.over_at(booking) <= now:
        raise Refused("This call is over.")
