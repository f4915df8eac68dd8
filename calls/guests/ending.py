"""End a booking, and say what becomes of its invitation: the part that declining, cancelling and lapsing share."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.guests import naming, noting, stages
from calls.guests.models import Booking, Invitation
from calls.history.keeping import Actor, keep

KINDS = {"lapse": "booking.lapsed", "decline": "booking.declined", "cancel": "booking.cancelled"}


def end(session: Session, booking: Booking, step: str, then: str, reason: str = "", *, by: Actor, now: datetime) -> None:
    """End a standing booking by one of the steps in KINDS; `then` is the step that its invitation takes. Both are held."""
    was = booking.state
    booking.state = stages.after(stages.BOOKINGS, was, step)
    booking.ended_at, booking.reason = now, reason
    booking.revise(now)
    decide(booking.invitation, then, reason, now)
    keep(session, KINDS[step], noting.about(booking), by=by, now=now, facts=noting.facts(booking, reason=reason, was=was))
    if was == "confirmed" and booking.call:
        naming.silence(session, booking.call, by=by, now=now)


def decide(invitation: Invitation, step: str, reason: str, now: datetime) -> None:
    """Take one step of an invitation; what is not open any more says since when and why."""
    invitation.state = stages.after(stages.INVITATIONS, invitation.state, step)
    if invitation.state != "sent":
        invitation.decided_at, invitation.reason = now, reason
