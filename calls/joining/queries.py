"""Finders for rooms, questions and attendance."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.joining.models import Attendance, Question, Room
from calls.joining.rooms import NOWHERE, WayIn
from calls.kits import queries as kits
from calls.kits.models import Share
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.shows.models import Call


@dataclass(frozen=True)
class Result:
    """What somebody's link has brought: how many registered through it, and how many of them came to its call."""

    came: int
    attended: int


def room(session: Session, show_id: UUID, call_id: UUID | None) -> Room | None:
    """The show's room, or the one that a call has for itself."""
    return session.scalar(
        sa.select(Room).where(Room.show_id == show_id, Room.call_id.is_(None) if call_id is None else Room.call_id == call_id)
    )


def way_in(session: Session, call: Call) -> WayIn:
    """How people get into this call: its own room, else the show's, else nowhere yet."""
    own_first = sa.select(Room).where(Room.show_id == call.show_id, sa.or_(Room.call_id == call.id, Room.call_id.is_(None)))
    found = session.scalars(own_first).all()
    return of(next((it for it in found if it.call_id), found[0] if found else None))


def ways_in(session: Session, show_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID | None], WayIn]:
    """All rooms of some shows, by show and call (None for the show's own)."""
    rows = session.scalars(sa.select(Room).where(Room.show_id.in_(show_ids)))
    return {(row.show_id, row.call_id): of(row) for row in rows}


def of(row: Room | None) -> WayIn:
    """A room's row as a value."""
    return WayIn(row.phone, row.code, row.web_link, row.is_page_only) if row else NOWHERE


def question_of(session: Session, registration_id: UUID, call_id: UUID) -> Question | None:
    return session.scalar(sa.select(Question).where(Question.registration_id == registration_id, Question.call_id == call_id))


def came(session: Session, call_id: UUID) -> frozenset[UUID]:
    """The registrations whose button was pressed."""
    return frozenset(session.scalars(sa.select(Attendance.registration_id).where(Attendance.call_id == call_id)))


def asked(session: Session, call_id: UUID, limit: int = 100) -> Sequence[tuple[Question, Attendee]]:
    """What those who are registered want asked, with who asks, the first one first."""
    rows = session.execute(
        sa.select(Question, Attendee)
        .join(Registration, Registration.id == Question.registration_id)
        .join(Attendee, Attendee.id == Registration.attendee_id)
        .where(Question.call_id == call_id, Registration.call_id == call_id, Registration.state == CONFIRMED)
        .order_by(Question.id)
        .limit(limit)
    )
    return [(question, attendee) for question, attendee in rows]


def count_came(session: Session, call_id: UUID) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Attendance).where(Attendance.call_id == call_id)) or 0


def came_of(session: Session, registration_ids: Sequence[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Of these registrations, those whose button was pressed, each with the call it was pressed for."""
    rows = session.execute(
        sa.select(Attendance.registration_id, Attendance.call_id).where(Attendance.registration_id.in_(registration_ids))
    )
    return frozenset((registration_id, call_id) for registration_id, call_id in rows)


def asked_by(session: Session, registration_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], str]:
    """What these registrations want asked, by registration and call."""
    rows = session.execute(
        sa.select(Question.registration_id, Question.call_id, Question.text).where(Question.registration_id.in_(registration_ids))
    )
    return {(registration_id, call_id): text for registration_id, call_id, text in rows}


def result(session: Session, share: Share) -> Result:
    """What a link has brought. Who registered through it for another call of the show counts as having come through it."""
    attended = (
        sa.select(sa.func.count(sa.distinct(Registration.attendee_id)))
        .join(Attendance, Attendance.registration_id == Registration.id)
        .where(Registration.via == share.code, Registration.state == CONFIRMED, Attendance.call_id == share.call_id)
        .where(sa.true() if share.attendee_id is None else Registration.attendee_id != share.attendee_id)
    )
    return Result(kits.came_through(session, share), session.scalar(attended) or 0)
