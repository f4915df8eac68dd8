"""Moments in words, as people read them in a zone: the same in pages and in mails, whatever the machine's locale."""

from datetime import UTC, date, datetime

from calls.ground import zones

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(moment: datetime, zone: str) -> str:
    """The day in full: "Tuesday 3 November 2026"."""
    return day_in_words(zones.wall(moment, zone).date())


def day_in_words(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(moment: datetime, zone: str) -> str:
    """The day for tables: "Tue 3 Nov 2026"."""
    return short_date(zones.wall(moment, zone).date())


def short_date(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def clock(moment: datetime, zone: str) -> str:
    """What the clock shows: "19:00"."""
    return f"{zones.wall(moment, zone):%H:%M}"


def full(moment: datetime, zone: str) -> str:
    """Day, time and zone in one line: "Tuesday 3 November 2026, 19:00, New York time (UTC−05:00)"."""
    place = zones.time_name(zone)
    return f"{day(moment, zone)}, {clock(moment, zone)}, {place} ({zones.offset(moment, zone)})"


def iso(moment: datetime) -> str:
    """The moment for machines (RFC 3339, in UTC, to the second): "2026-11-04T00:00:00Z"."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
