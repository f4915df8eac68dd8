"""Introduce guests to the public: who is confirmed for a call, and who has been heard on a show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.guests.introductions import Heard, Introduction
from calls.guests.models import Booking, Guest, Picture, Prep
from calls.shows.models import Call

WEB = ("https://", "http://")
HAS_PREP = Prep.booking_id.is_not(None)
# What she sent in for the call counts, also where she took something out of it; without a prep, what is known of her.
PICTURE: sa.ColumnElement[Any] = sa.case((HAS_PREP, Prep.picture_id), else_=Guest.picture_id)
NAME: sa.ColumnElement[str] = sa.func.coalesce(sa.func.nullif(Prep.name, ""), Guest.name)


def introductions(session: Session, call_ids: Sequence[UUID]) -> dict[UUID, list[Introduction]]:
    """The confirmed guests of calls as the public may know them, each call's by place."""
    wanted = sa.and_(Booking.call_id.in_(call_ids), Booking.state == "confirmed")
    rows = session.execute(
        sa.select(
            Booking.call_id,
            Booking.id,
            Booking.guest_id,
            NAME,
            sa.func.coalesce(Prep.topic, ""),
            sa.case((HAS_PREP, Prep.bio), else_=Guest.bio),
            sa.case((HAS_PREP, Prep.links), else_=Guest.links),
            Picture.id,
            Picture.digest,
        )
        .join(Guest, Guest.id == Booking.guest_id)
        .outerjoin(Prep, Prep.booking_id == Booking.id)
        .outerjoin(Picture, Picture.id == PICTURE)
        .where(wanted)
        .order_by(Booking.place)
    )
    found: dict[UUID, list[Introduction]] = {}
    for call_id, booking_id, guest_id, name, topic, bio, links, picture_id, digest in rows:
        followed = tuple(it for it in links if it.startswith(WEB))
        it = Introduction(call_id, booking_id, guest_id, name, topic, bio, followed, _picture(picture_id, digest))
        found.setdefault(it.call_id, []).append(it)
    return found


def _picture(id: UUID | None, digest: str | None) -> tuple[UUID, str] | None:
    return (id, digest) if id and digest else None


def heard(session: Session, show_id: UUID, now: datetime, limit: int) -> list[Heard]:
    """Who has been a guest of the show, the last first, each person once."""
    over = (Call.show_id == show_id, Call.ends_at <= now, Call.cancelled_at.is_(None), Booking.state == "confirmed")
    last_first = sa.func.row_number().over(partition_by=Booking.guest_id, order_by=(Call.starts_at.desc(), Call.id))
    ranked = sa.select(Booking.id, last_first.label("turn")).join(Call, Call.id == Booking.call_id).where(*over).subquery()
    rows = session.execute(
        sa.select(Booking.guest_id, NAME, Call.title, Call.address, Call.starts_at, Call.zone, Picture.id, Picture.digest)
        .join(ranked, sa.and_(ranked.c.id == Booking.id, ranked.c.turn == 1))
        .join(Call, Call.id == Booking.call_id)
        .join(Guest, Guest.id == Booking.guest_id)
        .outerjoin(Prep, Prep.booking_id == Booking.id)
        .outerjoin(Picture, Picture.id == PICTURE)
        .order_by(Call.starts_at.desc(), Booking.place)
        .limit(limit)
    )
    return [
        Heard(guest_id, name, title, address, starts_at, zone, _picture(picture_id, digest))
        for guest_id, name, title, address, starts_at, zone, picture_id, digest in rows
    ]


def photo_of_call(session: Session, call_id: UUID) -> bytes | None:
    """The square photo of the call's first confirmed guest who has one (JPEG)."""
    wanted = (Booking.call_id == call_id, Booking.state == "confirmed")
    rows = (
        sa.select(Picture.square)
        .select_from(Booking)
        .join(Guest, Guest.id == Booking.guest_id)
        .outerjoin(Prep, Prep.booking_id == Booking.id)
        .join(Picture, Picture.id == PICTURE)
    )
    return session.scalar(rows.where(*wanted).order_by(Booking.place).limit(1))


def shows_of_guest(session: Session, guest_id: UUID) -> Sequence[UUID]:
    """The shows whose pages introduce this guest."""
    hers = (Booking.guest_id == guest_id, Booking.state == "confirmed", Booking.call_id.is_not(None))
    return session.scalars(sa.select(Booking.show_id).where(*hers).distinct()).all()
