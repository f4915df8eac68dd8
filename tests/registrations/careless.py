"""How seats are oversold: the way of taking them that a race must find out."""

import threading
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.shows.models import Call


class LooksOnce:
    """Takes a seat as a careless program would: it looks first, writes later, and nobody is kept from doing so in between.

    The count that it looks at is the one of the moment when people came, as their pages had shown it.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._seen: int | None = None

    def __call__(self, session: Session, call_id: UUID, now: datetime) -> bool:
        with self._guard:
            if self._seen is None:
                self._seen = session.scalar(sa.select(Call.capacity - Call.taken).where(Call.id == call_id))
        return bool(self._seen)
