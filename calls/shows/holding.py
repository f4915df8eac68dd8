"""Keep two people from changing one show's calls at the same moment.

SQLite lets one writer in at a time. PostgreSQL lets all in, each seeing what it read before it had to wait; so every act
that moves calls, or that takes seats of several, first takes the show, and reads anew what it is about to change. Nobody
who holds a call waits for a show, and so nobody waits in a circle.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import Table
from calls.shows.models import Call, Show


def hold(session: Session, row: Table) -> None:
    """Wait until nobody else changes the row, and see it as it is now; a show's row stands for its calls.

    Others may go on adding rows that point to it.
    """
    session.flush()  # what was changed already would be lost in the reading
    session.refresh(row, with_for_update={"key_share": True, "of": type(row)})  # not what was loaded beside it


def hold_call(session: Session, call: Call) -> None:
    """Wait until nobody else changes this call or another of its show, and see both as they are now."""
    hold(session, call.show)
    hold(session, call)


def hold_calls(session: Session, show: Show, which: sa.ColumnElement[bool]) -> Sequence[Call]:
    """Hold some calls of a show; until the transaction ends none of them changes, nor gains or loses a taken seat."""
    hold(session, show)
    wanted = sa.select(Call).where(Call.show_id == show.id, which).order_by(Call.id).with_for_update(key_share=True)
    return session.scalars(wanted, execution_options={"populate_existing": True}).all()
