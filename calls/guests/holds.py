"""When a hold ends: after the show's hours, but half a day before the call, so that somebody else can still be asked."""

from datetime import datetime, timedelta

BEFORE = timedelta(hours=12)
LAST_CHANCE = timedelta(hours=1)
FEWEST_HOURS, MOST_HOURS = 1, 30 * 24


def ends_at(now: datetime, hours: int, starts_at: datetime) -> datetime:
    """When a date that is chosen now is free again, unless it is confirmed before."""
    return min(now + timedelta(hours=hours), latest(now, starts_at))


def latest(now: datetime, starts_at: datetime) -> datetime:
    """The last moment for a hold: twelve hours before the start, or in an hour where that is past; never after the start."""
    half_a_day_before = starts_at - BEFORE
    return half_a_day_before if half_a_day_before > now else min(now + LAST_CHANCE, starts_at)


def after_acceptance(held_until: datetime, now: datetime, hours: int, starts_at: datetime) -> datetime:
    """When it ends once the guest has done her part and the host's yes is missing: the host gets the whole time."""
    return max(held_until, ends_at(now, hours, starts_at))


def after_change(held_until: datetime, now: datetime, starts_at: datetime) -> datetime:
    """When it ends once it is for another start. Choosing anew, or a move of the call, makes a hold no longer.

    What would have ended at once by that stays for an hour.
    """
    return max(min(held_until, latest(now, starts_at)), min(now + LAST_CHANCE, starts_at))
