"""Follow calls on their way to a guest, for the board: who is booked, held or asked for each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.guests.courses import Course, Place
from calls.guests.introducing import NAME
from calls.guests.models import STANDING, Booking, Guest, Invitation, InvitationDate, Prep
from calls.shows.models import Call


def courses(session: Session, calls: Sequence[Call], now: datetime) -> dict[UUID, Course]:
    """How far each of the calls is on its way to a guest, by two queries however many they are."""
    ids = [it.id for it in calls]
    has_needed = sa.and_(Prep.booking_id.is_not(None), Prep.name != "", Prep.topic != "", Prep.phone != "")
    rows = session.execute(
        sa.select(Booking.call_id, NAME, Booking.state, Booking.ends_at, has_needed)
        .join(Guest, Guest.id == Booking.guest_id)
        .outerjoin(Prep, Prep.booking_id == Booking.id)
        .where(Booking.call_id.in_(ids), Booking.state.in_(STANDING))
        .order_by(Booking.place)
    )
    places: dict[UUID | None, list[Place]] = {}
    for call_id, name, state, ends_at, is_whole in rows:
        places.setdefault(call_id, []).append(Place(name, state == "confirmed", ends_at, bool(is_whole)))
    asked = _asked(session, ids)
    return {
        it.id: Course(places.get(it.id, ()), asked.get(it.id, 0), it.guest_name, it.cancelled_at is not None or it.ends_at <= now)
        for it in calls
    }


def _asked(session: Session, call_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many open invitations offer each call by name; those to any open date are not counted."""
    rows = session.execute(
        sa.select(InvitationDate.call_id, sa.func.count())
        .join(Invitation, Invitation.id == InvitationDate.invitation_id)
        .where(InvitationDate.call_id.in_(call_ids), Invitation.state == "sent")
        .group_by(InvitationDate.call_id)
    )
    return {row[0]: row[1] for row in rows}
