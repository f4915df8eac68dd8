"""Finders of guests, invitations and bookings."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from calls.guests.models import STANDING, Booking, Invitation

_WITH_ALL = (joinedload(Booking.guest), joinedload(Booking.show), joinedload(Booking.invitation), joinedload(Booking.call))


def invitation_by_id(session: Session, id: UUID) -> Invitation | None:
    """An invitation with its show and its guest."""
    wanted = sa.select(Invitation).where(Invitation.id == id)
    return session.scalar(wanted.options(joinedload(Invitation.show), joinedload(Invitation.guest)))


def standing_booking_of(session: Session, invitation_id: UUID) -> Booking | None:
    """The booking that an invitation has led to and that stands: a hold, or one confirmed."""
    return _booking(session, Booking.invitation_id == invitation_id, Booking.state.in_(STANDING))


def last_booking_of(session: Session, invitation_id: UUID) -> Booking | None:
    """The standing booking of an invitation, else the one that ended last; None where nothing was ever chosen."""
    return _booking(session, Booking.invitation_id == invitation_id)


def _booking(session: Session, *which: sa.ColumnElement[bool]) -> Booking | None:
    order = (Booking.state.in_(STANDING).desc(), Booking.id.desc())
    return session.scalars(sa.select(Booking).where(*which).order_by(*order).options(*_WITH_ALL).limit(1)).first()


def bookings_of_call(session: Session, call_id: UUID) -> Sequence[Booking]:
    """The standing bookings of a call, by place."""
    return bookings_of_calls(session, [call_id]).get(call_id, [])


def bookings_of_calls(session: Session, call_ids: Sequence[UUID]) -> dict[UUID, list[Booking]]:
    """The standing bookings of calls, each call's by place; asked once for all."""
    wanted = sa.select(Booking).where(Booking.call_id.in_(call_ids), Booking.state.in_(STANDING)).order_by(Booking.place)
    found: dict[UUID, list[Booking]] = {}
    for booking in session.scalars(wanted.options(*_WITH_ALL)):
        if booking.call_id:
            found.setdefault(booking.call_id, []).append(booking)
    return found
