"""When something is, as other people's calendars write it: in UTC, or in a zone that the mail describes or names (T6)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from dateutil.rrule import rrulestr
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from calls.ground import zones
from calls.inbound.lines import Component, Property

_WRITTEN = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})(Z?)")
_OFFSET = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?")
_LENGTH = re.compile(r"P(?:([0-9]{1,3})W|(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})S)?)?)")
# One change of clocks a year, as every zone's is written; other rules could take hours to work out.
_YEARLY = re.compile(
    r"FREQ=YEARLY|INTERVAL=1|BYMONTH=(0?[1-9]|1[0-2])|BYDAY=[+-]?[0-5]?(SU|MO|TU|WE|TH|FR|SA)|BYMONTHDAY=[0-9]{1,2}|WKST=[A-Z]{2}"
    r"|UNTIL=[0-9]{8}(T[0-9]{6}Z?)?"
)
_UNTIL = re.compile(r"(UNTIL=[0-9]{8})T[0-9]{6}Z?")
_MOST_RULES = 30
_FIRST_RULES = 1900


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
    offset = _offset_at(wall, zone) if zone else None
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
    found = _WRITTEN.fullmatch(value)
    if not found or not zones.FIRST_YEAR <= int(found[1]) <= zones.LAST_YEAR:
        return None
    year, month, day, hour, minute, second = (int(it) for it in found.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 -- a wall time
    except ValueError:
        return None


def _offset_at(wall: datetime, zone: Component) -> timedelta | None:
    """How far a zone that the mail describes is from UTC then: by the change of clocks that came last (RFC 5545 3.6.5)."""
    changes: list[tuple[datetime, timedelta]] = []
    begins: list[tuple[datetime, timedelta]] = []
    for rule in [*zone.components("STANDARD"), *zone.components("DAYLIGHT")][:_MOST_RULES]:
        begin, before, after = _begin(rule), _offset(rule.value("TZOFFSETFROM")), _offset(rule.value("TZOFFSETTO"))
        if begin is None or before is None or after is None or not _is_yearly(rule):
            return None
        begins.append((begin, before))
        changed = _last_change(rule, begin, wall)
        changes += [(changed, after)] if changed else []
    return max(changes)[1] if changes else min(begins)[1] if begins else None


def _is_yearly(rule: Component) -> bool:
    parts = rule.value("RRULE").upper().split(";")
    return parts == [""] or ("FREQ=YEARLY" in parts and all(_YEARLY.fullmatch(it) for it in parts))


def _last_change(rule: Component, begin: datetime, wall: datetime) -> datetime | None:
    """When this rule changed the clocks last before the wall time; None where it had not begun, or cannot be worked out."""
    text = rule.value("RRULE").upper()
    if begin > wall or not text:
        return None if begin > wall else begin
    if "BYMONTH=" in text and "BYDAY=" in text and "UNTIL" not in text:
        begin = max(begin, begin.replace(year=wall.year - 2, day=1))  # Exchange begins in 1601, and the rest is long past
    if begin.year < _FIRST_RULES:
        return None
    try:
        found = rrulestr(_UNTIL.sub(r"\1", text), dtstart=begin).before(wall, inc=True)
    except ValueError:
        return None
    return found if isinstance(found, datetime) else None


def _begin(rule: Component) -> datetime | None:
    found = _WRITTEN.fullmatch(rule.value("DTSTART"))
    if not found:
        return None
    year, month, day, hour, minute, second = (int(it) for it in found.groups()[:6])
    return datetime(max(year, 1), month, day, hour, minute, second)  # noqa: DTZ001 -- a wall time


def _offset(value: str) -> timedelta | None:
    found = _OFFSET.fullmatch(value)
    if not found:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return ahead if found[1] == "+" else -ahead
