"""The guest who is booked in the demo, with her kit, and a vote that waits to be confirmed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.links import Links
from calls.guests.models import Booking
from calls.kits import sharing
from calls.kits.models import Share
from calls.registrations.models import Registration
from calls.shows.models import Show
from calls.wishes import wishing
from calls.wishes.models import Vote, Wish

WAITS = "nobody-yet@example.org"


def wish_and_bring(session: Session, show: Show, bringing: Registration, now: datetime) -> None:
    """Somebody votes and has not confirmed it; somebody has a link of her own."""
    shown = session.scalars(sa.select(Wish).where(Wish.show_id == show.id, Wish.state == "shown")).first()
    assert shown is not None
    wishing.vote(session, show, shown, WAITS, now=now)
    sharing.share_of_attendee(session, bringing, now)


def links_of(session: Session, links: Links) -> dict[str, str]:
    booked = session.scalars(sa.select(Booking).join(Share, Share.booking_id == Booking.id)).first()
    votes = {it.email: it.id for it in session.scalars(sa.select(Vote))}
    assert booked is not None
    return {
        "kit": f"{links.guest(booked.invitation_id)}/kit",
        "vote": links.vote(votes[WAITS]),
        "vote given": links.vote(next(id for email, id in votes.items() if email != WAITS)),
    }
