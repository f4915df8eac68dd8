"""Finders for short links and for what they brought. Who came through one is counted once, however many calls she takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.guests.models import Booking
from calls.kits.models import Share
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.shows.models import Call, Show

_PEOPLE = sa.func.count(sa.distinct(Registration.attendee_id))
# Nobody brings herself.
_IS_ANOTHER = sa.or_(Share.attendee_id.is_(None), Share.attendee_id != Registration.attendee_id)


@dataclass(frozen=True)
class Brought:
    """How many people somebody's links have brought to a show. Who brought as many has the same rank; the first is 1."""

    name: str
    people: int
    rank: int


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


def origins(session: Session, call_id: UUID) -> list[tuple[str, int]]:
    """Through whom the registered of a call came, the most first: whose link it is, or else the word itself."""
    through = sa.func.coalesce(Share.name, Registration.via)
    coming = (Registration.call_id == call_id, Registration.state == CONFIRMED, Registration.via.is_not(None))
    rows = session.execute(
        sa.select(through, _PEOPLE)
        .select_from(Registration)
        .outerjoin(Share, Share.code == Registration.via)
        .where(*coming)
        .group_by(Registration.via, through)
        .order_by(_PEOPLE.desc(), through)
    )
    return [(name, people) for name, people in rows]


def names_of(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Whose links these are; words that are nobody's link are left out."""
    codes = list(codes)
    if not codes:
        return {}
    rows = session.execute(sa.select(Share.code, Share.name).where(Share.code.in_(codes)))
    return {row[0]: row[1] for row in rows}


def came_through(session: Session, share: Share) -> int:
    """How many people a link has brought, to whichever call."""
    rows = sa.select(_PEOPLE).select_from(Share).join(Registration, Registration.via == Share.code)
    return session.scalar(rows.where(Share.id == share.id, Registration.state == CONFIRMED, _IS_ANOTHER)) or 0


def race(session: Session, show_id: UUID, limit: int) -> list[Brought]:
    """Who brought most people to the show, of those who may be named; nobody who brought none.

    A person counts once with all her links, and two people with one name are two. A guest is named while she is booked.
    """
    owner = sa.func.coalesce(Booking.guest_id, Share.attendee_id)
    name = sa.func.max(sa.func.coalesce(Attendee.name, Share.name))
    is_hers = sa.or_(Share.booking_id.is_(None), Booking.state == "confirmed")
    rows = session.execute(
        sa.select(name, _PEOPLE)
        .select_from(Share)
        .join(Registration, Registration.via == Share.code)
        .outerjoin(Booking, Booking.id == Share.booking_id)
        .outerjoin(Attendee, Attendee.id == Share.attendee_id)
        .where(Share.show_id == show_id, Share.is_named, Registration.state == CONFIRMED, _IS_ANOTHER, is_hers)
        .group_by(owner)
        .order_by(_PEOPLE.desc(), name)
        .limit(limit)
    ).all()
    numbers = [people for _, people in rows]
    return [Brought(name, people, numbers.index(people) + 1) for name, people in rows]
