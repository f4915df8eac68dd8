"""When a mail may go out: never at night in the reader's zone, unless it can't wait or she asked for it this minute.

Night is 22:00 to 07:00. What is held goes at 07:00, or three hours before the call, whichever is first. Two mails about
one call lie twenty minutes apart, so that changes in between share one, unless the call is near.
"""

from datetime import datetime, time, timedelta

from calls.ground import zones

EVENING = time(22)
MORNING = time(7)
URGENT = timedelta(hours=3)
MERGE = timedelta(minutes=20)


def hold(now: datetime, zone: str, starts_at: datetime | None, last_at: datetime | None, *, is_asked: bool = False) -> datetime:
    """The moment to send at: by day, and twenty minutes after the last mail about the same; `now` itself means at once."""
    if is_asked:
        return now
    return due(merged(due(now, zone, starts_at), last_at, starts_at), zone, starts_at)


def due(now: datetime, zone: str, starts_at: datetime | None, *, is_asked: bool = False) -> datetime:
    """The moment to send at, for a reader in this zone, about a call that starts then (None: about no one call)."""
    if is_asked or (starts_at is not None and starts_at - now <= URGENT):
        return now
    zone = zone if zones.is_zone(zone) else "UTC"  # one row with a broken zone must not hold up all others
    local = zones.wall(now, zone)
    if MORNING <= local.time() < EVENING:
        return now
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    morning = max(now, zones.resolve(datetime.combine(day, MORNING), zone))
    return morning if starts_at is None else min(morning, starts_at - URGENT)


def merged(due_at: datetime, last_at: datetime | None, starts_at: datetime | None) -> datetime:
    """The same, held back until twenty minutes after the last mail, or three hours before the call."""
    if last_at is None:
        return due_at
    later = max(due_at, last_at + MERGE)
    return later if starts_at is None else max(due_at, min(later, starts_at - URGENT))
