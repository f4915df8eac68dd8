"""Note what each guest was last told about her booking, so that the next letter says what is new since."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.guests import dates
from calls.guests.models import Booking
from calls.joining import rooms
from calls.joining.rooms import WayIn
from calls.messages.models import ToldGuest


@dataclass(frozen=True)
class State:
    """What a guest needs to know about her booking; two of them differ in what has to be told."""

    state: str
    call_id: UUID | None
    starts_at: datetime
    minutes: int
    way_in: str
    is_cancelled: bool


def state(booking: Booking, way_in: WayIn) -> State:
    """How a booking stands now."""
    starts_at, minutes, is_off = dates.starts_at(booking), dates.minutes(booking), dates.is_called_off(booking)
    return State(booking.state, booking.call_id, starts_at, minutes, rooms.digest(way_in), is_off)


def last(session: Session, booking_id: UUID) -> tuple[State, datetime] | None:
    """What she was last told about this booking, and when; None before the first letter."""
    row = session.get(ToldGuest, booking_id)
    if row is None:
        return None
    return State(row.state, row.call_id, row.starts_at, row.minutes, row.way_in, row.is_cancelled), row.at


def keep(session: Session, booking_id: UUID, its_state: State, now: datetime) -> None:
    """Note that a letter has gone out with this state in it."""
    row = session.get(ToldGuest, booking_id) or ToldGuest(booking_id=booking_id)
    for name, value in asdict(its_state).items():
        setattr(row, name, value)
    row.at = now
    session.add(row)
