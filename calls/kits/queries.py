"""Finders for short links and for what they brought. Who came through one is counted once, however many calls she takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.kits.models import Share
from calls.registrations.models import CONFIRMED, Registration
from calls.shows.models import Call, Show

_PEOPLE = sa.func.count(sa.distinct(Registration.attendee_id))


@dataclass(frozen=True)
class Brought:
    """How many people somebody's links have brought to a show."""

    name: str
    people: int


def share_of_booking(session: Session, booking_id: UUID) -> Share | None:
    return session.scalar(sa.select(Share).where(Share.booking_id == booking_id))


def share_of_attendee(session: Session, call_id: UUID, attendee_id: UUID) -> Share | None:
    return session.scalar(sa.select(Share).where(Share.call_id == call_id, Share.attendee_id == attendee_id))


def shared(session: Session, code: str) -> tuple[Share, Call, Show] | None:
    """What a short link leads to, where the public may see it."""
    rows = sa.select(Share, Call, Show).join(Call, Call.id == Share.call_id).join(Show, Show.id == Share.show_id)
    row = session.execute(rows.where(Share.code == code, Show.published_at.is_not(None))).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def brought(session: Session, call_id: UUID) -> dict[str, int]:
    """How many are registered for a call, by the word that they came by."""
    coming = (Registration.call_id == call_id, Registration.state == CONFIRMED, Registration.via.is_not(None))
    rows = session.execute(sa.select(Registration.via, _PEOPLE).where(*coming).group_by(Registration.via))
    return {via: people for via, people in rows if via}


def came_through(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """How many people each of these links has brought, to whichever call."""
    wanted = (Registration.via.in_(list(codes)), Registration.state == CONFIRMED)
    rows = session.execute(sa.select(Registration.via, _PEOPLE).where(*wanted).group_by(Registration.via))
    return {via: people for via, people in rows if via}


def race(session: Session, show_id: UUID, limit: int) -> list[Brought]:
    """Who brought most people to the show, of those who may be named; nobody who brought none."""
    wanted = (Share.show_id == show_id, Share.is_named, Registration.state == CONFIRMED)
    rows = session.execute(
        sa.select(Share.name, _PEOPLE)
        .join(Registration, Registration.via == Share.code)
        .where(*wanted)
        .group_by(Share.name)
        .order_by(_PEOPLE.desc(), Share.name)
        .limit(limit)
    )
    return [Brought(name, people) for name, people in rows]
