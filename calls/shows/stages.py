"""The stages of a call, and which steps each allows. Every rule takes the same three times of a call, and now."""

from datetime import datetime, timedelta
from typing import Literal

from calls.ground.refusals import Refused

Stage = Literal["planned", "live", "over", "cancelled"]

UNDO = timedelta(minutes=10)
AT_ONCE = timedelta(hours=3)


def stage(cancelled_at: datetime | None, starts_at: datetime, ends_at: datetime, now: datetime) -> Stage:
    """Live from the start up to, but not at, the end. A cancelled call stays cancelled, whatever the time."""
    if cancelled_at is not None:
        return "cancelled"
    if now < starts_at:
        return "planned"
    return "live" if now < ends_at else "over"


def check_movable(cancelled_at: datetime | None, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuse to move a call that has begun, is over or is cancelled."""
    match stage(cancelled_at, starts_at, ends_at, now):
        case "cancelled":
            raise Refused("This call is cancelled; restore it first, then move it.")
        case "live":
            raise Refused("This call is going on now, so it can no longer be moved.")
        case "over":
            raise Refused("This call is over, so it can no longer be moved.")


def check_cancellable(cancelled_at: datetime | None, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuse to cancel a call that is over or cancelled. One that is going on may still be called off."""
    match stage(cancelled_at, starts_at, ends_at, now):
        case "cancelled":
            raise Refused("This call is cancelled already.")
        case "over":
            raise Refused("This call is over, so it can no longer be cancelled.")


def check_restorable(cancelled_at: datetime | None, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuse to restore a call that is not cancelled, or whose time has gone by."""
    if cancelled_at is None:
        raise Refused("This call is not cancelled, so there is nothing to restore.")
    if stage(None, starts_at, ends_at, now) == "over":
        raise Refused("The time of this call has gone by, so it can no longer be restored; add an extra date instead.")


def goes_at_once(starts_at: datetime, now: datetime) -> bool:
    """Whether a change to the call is told without the ten minutes for Undo: it starts within three hours, or has begun.

    Where a call is moved, ask with the earlier of its two times.
    """
    return starts_at - now <= AT_ONCE
