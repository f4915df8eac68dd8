"""How long a sign-in link is good for, and how long a browser stays signed in."""

from datetime import datetime, timedelta

LINK_LASTS = timedelta(minutes=15)
IDLE_LASTS = timedelta(days=30)
SIGN_IN_LASTS = timedelta(days=180)
SEEN_EVERY = timedelta(minutes=5)


def is_seen_anew(seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to note that a browser was seen again: every page would be a write for nothing."""
    return now - seen_at >= SEEN_EVERY
