"""When the doors are open: from fifteen minutes before the call until half an hour after its end."""

from datetime import datetime, timedelta
from typing import Literal

BEFORE = timedelta(minutes=15)
AFTER = timedelta(minutes=30)

Door = Literal["early", "open", "over", "cancelled"]


def door(starts_at: datetime, ends_at: datetime, cancelled_at: datetime | None, now: datetime) -> Door:
    """Whether one may come in now, by the server's time."""
    if cancelled_at is not None:
        return "cancelled"
    if now < starts_at - BEFORE:
        return "early"
    return "open" if now < ends_at + AFTER else "over"
