"""Note what each person was last told about her call, and say what is new since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from calls.joining import queries as joining
from calls.joining import rooms
from calls.messages.models import Told
from calls.registrations.models import Registration


@dataclass(frozen=True)
class State:
    """What a person needs to know about her call; two of them differ in what has to be told."""

    call_id: str
    starts_at: str
    minutes: int
    guest_name: str
    way_in: str
    is_cancelled: bool

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.starts_at)


def state(session: Session, registration: Registration) -> State:
    """How her call stands now."""
    call = registration.call
    way_in = rooms.digest(joining.way_in(session, call))
    return State(str(call.id), call.starts_at.isoformat(), call.minutes, call.guest_name, way_in, call.cancelled_at is not None)


def last(session: Session, registration_id: UUID) -> State | None:
    """What she was last told, or None when nothing has reached her yet."""
    row = session.get(Told, registration_id)
    if row is None:
        return None
    return State(str(row.call_id), row.starts_at.isoformat(), row.minutes, row.guest_name, row.way_in, row.is_cancelled)


def keep(session: Session, registration_id: UUID, facts: dict[str, Any], now: datetime) -> None:
    """Note that a letter with this state in it has gone out."""
    told = State(**facts)
    row = session.get(Told, registration_id) or Told(registration_id=registration_id)
    row.call_id, row.starts_at, row.minutes = UUID(told.call_id), told.moment, told.minutes
    row.guest_name, row.way_in, row.is_cancelled, row.at = told.guest_name, told.way_in, told.is_cancelled, now
    session.add(row)


def note(session: Session, registrations: Sequence[Registration], now: datetime) -> None:
    """Take as told what a letter about many dates says of each."""
    for registration in registrations:
        found = state(session, registration)
        keep(session, registration.id, found.__dict__, now)
