"""When a booking is: its call says so, or the talk itself; and by which clock each side reads it."""

from datetime import datetime, timedelta
from typing import Protocol

USUAL_MINUTES = 30


class OfCall(Protocol):
    """The call of a booking."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def minutes(self) -> int: ...
    @property
    def zone(self) -> str: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


class Placed(Protocol):
    """Who or what has a time zone."""

    @property
    def zone(self) -> str: ...


class Booked(Protocol):
    """What is asked here of a booking."""

    @property
    def call(self) -> OfCall | None: ...
    @property
    def show(self) -> Placed: ...
    @property
    def guest(self) -> Placed: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def minutes(self) -> int | None: ...
    @property
    def zone(self) -> str: ...


def starts_at(booking: Booked) -> datetime:
    """When it begins."""
    moment = booking.call.starts_at if booking.call else booking.starts_at
    if moment is None:
        raise ValueError("a booking has a call or a start of its own")
    return moment


def minutes(booking: Booked) -> int:
    """How long it takes."""
    return booking.call.minutes if booking.call else booking.minutes or USUAL_MINUTES


def over_at(booking: Booked) -> datetime:
    """When it ends."""
    return starts_at(booking) + timedelta(minutes=minutes(booking))


def zone(booking: Booked) -> str:
    """Where the host reads the time: the call's zone, else the one that the talk was planned in."""
    return booking.call.zone if booking.call else booking.zone or booking.show.zone


def guest_zone(booking: Booked) -> str:
    """Where the guest reads it: her own zone, else the show's."""
    return booking.guest.zone or booking.show.zone


def is_called_off(booking: Booked) -> bool:
    """Whether the whole call was cancelled, whoever speaks."""
    return booking.call is not None and booking.call.cancelled_at is not None
