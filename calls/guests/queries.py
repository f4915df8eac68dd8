"""Finders of guests, invitations and bookings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from calls.guests.courses import Course, Place
from calls.guests.introductions import Heard, Introduction
from calls.guests.models import STANDING, Booking, Guest, Invitation, InvitationDate, Picture, Prep
from calls.shows.models import Call

WEB = ("https://", "http://")
_PICTURE: sa.ColumnElement[Any] = sa.func.coalesce(Prep.picture_id, Guest.picture_id)
_NAME: sa.ColumnElement[str] = sa.func.coalesce(sa.func.nullif(Prep.name, ""), Guest.name)
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


def introductions(session: Session, call_ids: Sequence[UUID]) -> dict[UUID, list[Introduction]]:
    """The confirmed guests of calls as the public may know them, each call's by place."""
    wanted = sa.and_(Booking.call_id.in_(call_ids), Booking.state == "confirmed")
    rows = session.execute(
        sa.select(
            Booking.call_id,
            Booking.id,
            _NAME,
            sa.func.coalesce(sa.func.nullif(Prep.bio, ""), Guest.bio),
            Prep.links,
            Guest.links,
            Picture.id,
            Picture.digest,
        )
        .join(Guest, Guest.id == Booking.guest_id)
        .outerjoin(Prep, Prep.booking_id == Booking.id)
        .outerjoin(Picture, Picture.id == _PICTURE)
        .where(wanted)
        .order_by(Booking.place)
    )
    found: dict[UUID, list[Introduction]] = {}
    for call_id, booking_id, name, bio, own_links, known_links, *picture in rows:
        links = tuple(it for it in own_links or known_links or () if it.startswith(WEB))
        it = Introduction(call_id, booking_id, name, bio, links, _picture(*picture))
        found.setdefault(it.call_id, []).append(it)
    return found


def _picture(id: UUID | None, digest: str | None) -> tuple[UUID, str] | None:
    return (id, digest) if id and digest else None


def heard(session: Session, show_id: UUID, now: datetime, limit: int) -> list[Heard]:
    """Who has been a guest of the show, the last first, each person once."""
    over = sa.and_(Call.show_id == show_id, Call.ends_at <= now, Call.cancelled_at.is_(None), Booking.state == "confirmed")
    rows = session.execute(
        sa.select(Booking.guest_id, _NAME, Call, Picture.id, Picture.digest)
        .join(Call, Call.id == Booking.call_id)
        .join(Guest, Guest.id == Booking.guest_id)
        .outerjoin(Prep, Prep.booking_id == Booking.id)
        .outerjoin(Picture, Picture.id == _PICTURE)
        .where(over)
        .order_by(Call.starts_at.desc(), Booking.place)
        .limit(4 * limit)
    )
    found: dict[UUID, Heard] = {}
    for guest_id, name, call, picture_id, digest in rows:
        found.setdefault(guest_id, Heard(name, call.title, call.address, call.starts_at, call.zone, _picture(picture_id, digest)))
    return list(found.values())[:limit]


def photo_of_call(session: Session, call_id: UUID) -> bytes | None:
    """The square photo of the call's first confirmed guest who has one (JPEG)."""
    wanted = (Booking.call_id == call_id, Booking.state == "confirmed")
    rows = (
        sa.select(Picture.square)
        .select_from(Booking)
        .join(Guest, Guest.id == Booking.guest_id)
        .outerjoin(Prep, Prep.booking_id == Booking.id)
        .join(Picture, Picture.id == _PICTURE)
    )
    return session.scalar(rows.where(*wanted).order_by(Booking.place).limit(1))


def courses(session: Session, calls: Sequence[Call], now: datetime) -> dict[UUID, Course]:
    """How far each of the calls is on its way to a guest, by two queries however many they are."""
    ids = [it.id for it in calls]
    has_needed = sa.and_(Prep.booking_id.is_not(None), Prep.name != "", Prep.topic != "", Prep.phone != "")
    rows = session.execute(
        sa.select(Booking.call_id, _NAME, Booking.state, Booking.ends_at, has_needed)
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
