"""What follows for holds from what happens to their calls."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.guests import booking, queries
from calls.history.models import Change


def mind_holds(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Let the holds of every call that the change is about follow it: a call that is off, or on at another time."""
    several = [UUID(it) for name in ("moved", "vanished") for it in change.facts.get(name, ())]
    for bookings in queries.bookings_of_calls(session, [change.call_id] if change.call_id else several).values():
        for held in bookings:
            booking.mind_call(session, held, now)
