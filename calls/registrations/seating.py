"""Take a seat and give it back: one conditional UPDATE, so that two people never get the last one.

The same UPDATE says when the count changed, for the calendars of the host's side that show it.
"""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from calls.ground.database import UtcTime, straight
from calls.shows.models import Call

CALLS = cast(sa.Table, Call.__table__)


class Recounted(FunctionElement[datetime]):
    """What `Call.recount` sets, for a statement: the moment handed in, but a second after all that was shown.

    In a rush of many seats a second it runs ahead of the clock by a minute at most.
    """

    type = UtcTime()
    inherit_cache = True

    def __init__(self, now: sa.ColumnElement[datetime]) -> None:
        super().__init__(now, CALLS.c.revised_at, CALLS.c.counted_at)


@compiles(Recounted, "postgresql")
def _on_postgres(element: Recounted, compiler: SQLCompiler, **given: Any) -> str:
    now, revised, counted = (compiler.process(it, **given) for it in element.clauses)
    return f"greatest({now}, least(greatest({revised}, {counted}) + interval '1 second', {now} + interval '1 minute'))"


@compiles(Recounted, "sqlite")
def _on_sqlite(element: Recounted, compiler: SQLCompiler, **given: Any) -> str:
    """Moments are text there, in the form that SQLAlchemy writes."""
    now, revised, counted = (compiler.process(it, **given) for it in element.clauses)
    shown = f"max({revised}, coalesce({counted}, {revised}))"
    later, latest = (f"strftime('%Y-%m-%d %H:%M:%S.000000', {it})" for it in (f"{shown}, '+1 second'", f"{now}, '+1 minute'"))
    return f"max({now}, min({later}, {latest}))"


_THIS = CALLS.c.id == sa.bindparam("call", type_=sa.Uuid())
_COUNTED_AT = Recounted(sa.bindparam("now", type_=UtcTime()))
_TAKE = (
    sa.update(CALLS)
    .where(_THIS, CALLS.c.taken < CALLS.c.capacity, CALLS.c.cancelled_at.is_(None))
    .values(taken=CALLS.c.taken + 1, counted_at=_COUNTED_AT)
)
_GIVE_BACK = sa.update(CALLS).where(_THIS, CALLS.c.taken > 0).values(taken=CALLS.c.taken - 1, counted_at=_COUNTED_AT)


def take(session: Session, call_id: UUID, now: datetime) -> bool:
    """Take one seat; False when the call is full or cancelled."""
    return bool(straight(session).execute(_TAKE, {"call": call_id, "now": now.replace(microsecond=0)}).rowcount)


def give_back(session: Session, call_id: UUID, now: datetime) -> None:
    """Give one seat back."""
    session.execute(_GIVE_BACK, {"call": call_id, "now": now.replace(microsecond=0)})
