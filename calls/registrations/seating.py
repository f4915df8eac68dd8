"""Take a seat and give it back: one conditional UPDATE, so that two people never get the last one."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import straight
from calls.shows.models import Call

CALLS = Call.__table__
_TAKE = (
    sa.update(CALLS)  # type: ignore[arg-type]
    .where(CALLS.c.id == sa.bindparam("call", type_=sa.Uuid()), CALLS.c.taken < CALLS.c.capacity, CALLS.c.cancelled_at.is_(None))
    .values(taken=CALLS.c.taken + 1)
)
_GIVE_BACK = (
    sa.update(CALLS)  # type: ignore[arg-type]
    .where(CALLS.c.id == sa.bindparam("call", type_=sa.Uuid()), CALLS.c.taken > 0)
    .values(taken=CALLS.c.taken - 1)
)


def take(session: Session, call_id: UUID) -> bool:
    """Take one seat; False when the call is full or cancelled."""
    return bool(straight(session).execute(_TAKE, {"call": call_id}).rowcount)


def give_back(session: Session, call_id: UUID) -> None:
    """Give one seat back."""
    session.execute(_GIVE_BACK, {"call": call_id})
