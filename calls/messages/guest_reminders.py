"""What a guest is reminded of, and when: prep only while something is missing, her kit a week before, still on a day before.

Of the prep reminders only the latest that is past counts, so that nobody gets two after a silence. What fell due before she
was confirmed, her agreement has said.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from calls.ground import zones

PREP = tuple(timedelta(days=it) for it in (14, 7, 3))
KIT = timedelta(days=7)
STILL_ON = timedelta(hours=24)
THANKS_AT = time(9)
THANKS_WITHIN = timedelta(days=3)


def due(starts_at: datetime, confirmed_at: datetime, now: datetime) -> Iterator[tuple[str, timedelta]]:
    """The reminders of one booking that are due now, each with how long before the start it fell due."""
    if now >= starts_at:
        return
    past = [it for it in PREP if confirmed_at <= starts_at - it <= now]
    if past:
        yield "guest_prep_missing", min(past)
    for kind, before in (("guest_kit", KIT), ("guest_still_on", STILL_ON)):
        if confirmed_at <= starts_at - before <= now:
            yield kind, before


def is_late(kind: str, before: timedelta, starts_at: datetime, now: datetime) -> bool:
    """Whether the moment of a reminder is so long past that it would be odd now: a kit in the last day."""
    return kind == "guest_kit" and now > starts_at - before / 2


def has_said(checked_at: datetime | None, starts_at: datetime) -> bool:
    """Whether she has said of late that she is on: in the last two days before the start."""
    return checked_at is not None and checked_at >= starts_at - 2 * STILL_ON


def thanks_at(ended_at: datetime, zone: str) -> datetime:
    """Nine in the morning by her clock, on the day after the call ended."""
    day: date = zones.wall(ended_at, zone).date() + timedelta(days=1)
    return zones.resolve(datetime.combine(day, THANKS_AT), zone)
