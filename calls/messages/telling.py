"""Note what each person was last told about her call, so that the next letter says what is new since."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.joining import queries as joining
from calls.joining import rooms
from calls.joining.rooms import WayIn
from calls.messages import queries
from calls.messages.models import Told
from calls.registrations.models import Registration
from calls.shows.models import Call


@dataclass(frozen=True)
class State:
    """What a person needs to know about her call; two of them differ in what has to be told."""

    call_id: UUID
    starts_at: datetime
    minutes: int
    guest_name: str
    way_in: str
    is_cancelled: bool


def state(call: Call, way_in: WayIn) -> State:
    """How a call stands now."""
    return State(call.id, call.starts_at, call.minutes, call.guest_name, rooms.digest(way_in), call.cancelled_at is not None)


def last(row: Told | None, registration: Registration) -> State | None:
    """What she was last told about the call that she has, or None: nothing yet, or nothing since she registered for it."""
    if row is None or row.at < registration.confirmed_at or row.call_id != registration.call_id:
        return None
    return State(row.call_id, row.starts_at, row.minutes, row.guest_name, row.way_in, row.is_cancelled)


def keep(session: Session, told: Mapping[UUID, State], now: datetime) -> None:
    """Note that a letter has gone out with these states in it, by registration."""
    known = queries.told_of(session, told)
    for registration_id, its_state in told.items():
        row = known.get(registration_id) or Told(registration_id=registration_id)
        for name, value in asdict(its_state).items():
            setattr(row, name, value)
        row.at = now
        session.add(row)


def note(session: Session, registrations: Sequence[Registration], now: datetime) -> None:
    """Take as told what a letter about many dates says of each."""
    ways = joining.ways_in(session, list({it.call.show_id for it in registrations}))
    keep(session, {it.id: state(it.call, rooms.way_in_of(ways, it.call.show_id, it.call_id)) for it in registrations}, now)
