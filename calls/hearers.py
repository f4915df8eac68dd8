"""Who would hear of a change, in numbers, asked before the deed: what the previews say."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.guests.models import STANDING, Booking, Guest
from calls.messages import queries as outbox
from calls.registrations.models import CONFIRMED, Pass, Registration


@dataclass(frozen=True)
class Hearers:
    """Who would hear of a change: who gets a mail, has no address, wants no mail; holders of a pass; guests of the calls."""

    attendees: int = 0
    without_email: int = 0
    silenced: int = 0
    holders: int = 0
    guests: int = 0

    @property
    def is_nobody(self) -> bool:
        return self.attendees + self.without_email + self.silenced + self.holders + self.guests == 0

    @property
    def mails(self) -> int:
        """How many people get a mail."""
        return self.attendees + self.guests


def of_calls(session: Session, call_ids: Sequence[UUID], *, with_guests: bool = True) -> Hearers:
    """Who would hear of something about these calls, asked before the deed."""
    reached, without, silenced = outbox.hearers(session, call_ids)
    holders = sa.and_(Registration.call_id.in_(call_ids), Registration.state == CONFIRMED, Registration.pass_id.is_not(None))
    number = session.scalar(sa.select(sa.func.count(Registration.pass_id.distinct())).where(holders)) or 0
    return Hearers(reached, without, silenced, number, _guests_of(session, call_ids) if with_guests else 0)


def of_passes(session: Session, show_id: UUID, call_ids: Sequence[UUID] = ()) -> Hearers:
    """Who would hear of dates that are added: those who hold a pass; and those registered for calls that change with it."""
    standing = sa.and_(Pass.show_id == show_id, Pass.cancelled_at.is_(None))
    number = session.scalar(sa.select(sa.func.count()).select_from(Pass).where(standing)) or 0
    return Hearers(*outbox.hearers(session, call_ids, show_id), number, _guests_of(session, call_ids))


def _guests_of(session: Session, call_ids: Sequence[UUID]) -> int:
    """How many guests who are booked for these calls, or have one held, mail reaches."""
    reached = (Guest.email.is_not(None), Guest.silenced_at.is_(None), Guest.bounced_at.is_(None))
    booked = (Booking.call_id.in_(call_ids), Booking.state.in_(STANDING))
    wanted = sa.select(sa.func.count(Guest.id.distinct())).join(Booking, Booking.guest_id == Guest.id).where(*booked, *reached)
    return session.scalar(wanted) or 0
