"""Which reminder is due for a call: only ever the latest one, so that nobody gets two after a day of silence."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from calls.ground.refusals import Invalid

USUAL = (24 * 60, 60, 15)
LEAST, MOST = 5, 60 * 24 * 60
MOST_RULES = 12
FRESH = timedelta(minutes=20)


def current(offsets: Iterable[int], starts_at: datetime, now: datetime) -> int | None:
    """The reminder (minutes before the start) whose moment was passed last, or None: too early, or the call has begun."""
    if now >= starts_at:
        return None
    return min((it for it in offsets if moment(it, starts_at) <= now), default=None)


def in_force(rules: Iterable[tuple[int, datetime]], starts_at: datetime) -> list[int]:
    """The offsets that count for a call, of rules with the moment each was made: one made after it fell due never does.

    So a host who adds "two days before" the day before a call sends nobody anything this minute.
    """
    return [minutes for minutes, made_at in rules if made_at <= moment(minutes, starts_at)]


def is_needless(minutes: int, last_at: datetime | None, now: datetime) -> bool:
    """Whether a mail that went a moment ago serves as the reminder: twenty minutes ago, or half of the time still left."""
    return last_at is not None and now - last_at < min(FRESH, timedelta(minutes=minutes) / 2)


def moment(minutes: int, starts_at: datetime) -> datetime:
    """When a reminder falls due."""
    return starts_at - timedelta(minutes=minutes)


def checked(offsets: Iterable[int]) -> list[int]:
    """The rules as they will be kept, the earliest first, or what is wrong with them."""
    kept = sorted(set(offsets), reverse=True)
    if any(not LEAST <= it <= MOST for it in kept):
        raise Invalid({"reminders": "A reminder goes out between 5 minutes and 60 days before the call."})
    if len(kept) > MOST_RULES:
        raise Invalid({"reminders": f"Choose at most {MOST_RULES} reminders."})
    return kept


def in_words(minutes: int) -> str:
    """How long before: "a day", "15 minutes", "2 weeks"."""
    for size, one, many in (
        (7 * 1440, "a week", "weeks"),
        (1440, "a day", "days"),
        (60, "an hour", "hours"),
        (1, "a minute", "minutes"),
    ):
        if minutes % size == 0:
            return one if minutes == size else f"{minutes // size} {many}"
    return f"{minutes} minutes"


def until(starts_at: datetime, now: datetime) -> str:
    """How long it still is, in words a person would use: "in 15 minutes", "in 3 hours", "tomorrow" is for the dates to say."""
    minutes = max(0, round((starts_at - now).total_seconds() / 60))
    if minutes < 1:
        return "now"
    if minutes < 100:
        return "in a minute" if minutes == 1 else f"in {minutes} minutes"
    hours = round(minutes / 60)
    if hours < 36:
        return f"in {hours} hours"
    return f"in {round(minutes / 1440)} days"
