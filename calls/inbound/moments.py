"""When something is, as other people's calendars write it: in UTC, or in a zone that the mail describes or names (T6)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from calls.ground import zones
from calls.inbound.described_zones import as_written, offset_at
from calls.inbound.lines import Component, Property

_LENGTH = re.compile(r"P(?:([0-9]{1,3})W|(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})S)?)?)")


def written_in_utc(value: str) -> datetime | None:
    """A moment that must be in UTC (DTSTAMP), read so whether or not it says it."""
    found = _wall(value)
    return found.replace(tzinfo=UTC) if found else None


def moment(written: Property, described: Iterable[Component]) -> datetime | None:
    """The moment in UTC; None for a whole day, a time of no zone or of one that nobody knows, and what is no time.

    `described` are the VTIMEZONEs beside it: they win, for they say what its writer saw.
    """
    wall, name = _wall(written.value.strip()), written.parameters.get("TZID", "").strip()
    if wall is None or written.value.strip().endswith("Z"):
        return wall.replace(tzinfo=UTC) if wall else None
    zone = next((it for it in described if name and it.value("TZID").strip('"') == name), None)
    offset = offset_at(wall, zone) if zone else None
    if offset is not None:
        return (wall - offset).replace(tzinfo=UTC)
    known = WINDOWS_TO_OLSON.get(name, name)
    return zones.resolve(wall, known) if zones.is_zone(known) else None


def length(value: str) -> timedelta | None:
    """A DURATION (RFC 5545 3.3.6) that is not nothing."""
    found = _LENGTH.fullmatch(value.strip().lstrip("+"))
    if not found:
        return None
    weeks, days, hours, minutes, seconds = (int(it or 0) for it in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds) or None


def in_words(written: Property) -> str:
    """The time as it was written, for people: "2026-10-28 11:00, Pacific Standard Time"."""
    value = written.value.strip()
    wall, name = _wall(value), written.parameters.get("TZID", "UTC" if value.endswith("Z") else "")
    said = f"{wall:%Y-%m-%d %H:%M}" if wall else value
    return f"{said}, {name}" if name else said


def _wall(value: str) -> datetime | None:
    """What the clocks show, where it is a time in years whose clock rules are known."""
    written = as_written(value)
    return written if written and zones.FIRST_YEAR <= written.year <= zones.LAST_YEAR else None
