"""Who would hear of a change, in numbers, asked before the deed: what the previews say."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.messages import queries as outbox
from calls.registrations.models import CONFIRMED, Pass, Registration


@dataclass(frozen=True)
class Hearers:
    """Who would hear of a change: people who get a mail, have no address, want no mail; and holders of a pass."""

    attendees: int = 0
    without_email: int = 0
    silenced: int = 0
    holders: int = 0

    @property
    def is_nobody(self) -> bool:
        return self.attendees + self.without_email + self.silenced + self.holders == 0


def of_calls(session: Session, call_ids: Sequence[UUID]) -> Hearers:
    """Who would hear of something about these calls, asked before the deed."""
    reached, without, silenced = outbox.hearers(session, call_ids)
    holders = sa.and_(Registration.call_id.in_(call_ids), Registration.state == CONFIRMED, Registration.pass_id.is_not(None))
    number = session.scalar(sa.select(sa.func.count(Registration.pass_id.distinct())).where(holders)) or 0
    return Hearers(reached, without, silenced, number)


def of_passes(session: Session, show_id: UUID, call_ids: Sequence[UUID] = ()) -> Hearers:
    """Who would hear of dates that are added: those who hold a pass; and those registered for calls that change with it."""
    standing = sa.and_(Pass.show_id == show_id, Pass.cancelled_at.is_(None))
    number = session.scalar(sa.select(sa.func.count()).select_from(Pass).where(standing)) or 0
    return Hearers(*outbox.hearers(session, call_ids, show_id), number)
