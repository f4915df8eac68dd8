"""When a mail may go out: never at night in the reader's zone, unless it can't wait or she asked for it this minute.

Night is 22:00 to 07:00. What is held goes at 07:00, or three hours before the call, whichever is first.
"""

from datetime import datetime, time, timedelta

from calls.ground import zones

EVENING = time(22)
MORNING = time(7)
URGENT = timedelta(hours=3)
MERGE = timedelta(minutes=20)


def due(now: datetime, zone: str, starts_at: datetime | None, *, is_asked: bool = False) -> datetime:
    """The moment to send at, for a reader in this zone, about a call that starts then (None: about no one call)."""
    if is_asked or (starts_at is not None and starts_at - now <= URGENT):
        return now
    local = zones.wall(now, zone)
    if MORNING <= local.time() < EVENING:
        return now
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    morning = max(now, zones.resolve(datetime.combine(day, MORNING), zone))
    return morning if starts_at is None else min(morning, starts_at - URGENT)


def merged(due_at: datetime, told_at: datetime | None, starts_at: datetime) -> datetime:
    """The same, held back so that two mails about one call lie twenty minutes apart, unless the call is near."""
    if told_at is None or starts_at - due_at <= URGENT:
        return due_at
    return max(due_at, told_at + MERGE)
