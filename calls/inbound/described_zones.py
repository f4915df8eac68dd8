"""A zone as a mail describes it (VTIMEZONE, RFC 5545 section 3.6.5), as far as clocks go: one change a year each way.

Anybody may write one, and anything into it. So nothing is unrolled: of each rule only the change that came last is worked out,
and a rule that could not be one of a zone's clocks leaves the whole zone unknown.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from calls.inbound.lines import Component

WRITTEN = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})(Z?)")

_OFFSET = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?")
_UNTIL = re.compile(r"([0-9]{8})(?:(T[0-9]{6})(Z?))?")
_NUMBER = re.compile(r"[0-9]{1,2}")
_NTH = re.compile(r"([+-]?[1-5])(SU|MO|TU|WE|TH|FR|SA)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# What a yearly change of clocks is written with, beside FREQ=YEARLY, INTERVAL=1, WKST and UNTIL.
_DAYS: tuple[set[str], ...] = (set(), {"BYMONTH"}, {"BYMONTH", "BYDAY"}, {"BYMONTH", "BYMONTHDAY"})
_MOST_RULES = 30
_MOST_DATES = 200  # RDATEs of a rule: all the years of a zone stand in them at times
_YEARS = 9  # looked back for the last change; a 29 February may be so long ago


def offset_at(wall: datetime, zone: Component) -> timedelta | None:
    """How far the zone is from UTC at a wall time: by the change of clocks that came last. None where that cannot be told."""
    changes: list[tuple[datetime, timedelta]] = []
    begins: list[tuple[datetime, timedelta]] = []
    for rule in [*zone.components("STANDARD"), *zone.components("DAYLIGHT")][:_MOST_RULES]:
        begin, parts = as_written(rule.value("DTSTART")), _parts(rule.value("RRULE"))
        before, after = _offset(rule.value("TZOFFSETFROM")), _offset(rule.value("TZOFFSETTO"))
        if begin is None or before is None or after is None or parts is None:
            return None
        begins.append((begin, before))
        if begin <= wall:
            changes.append((max(_changes(rule, parts, begin, before, wall)), after))
    return max(changes)[1] if changes else min(begins)[1] if begins else None


def as_written(value: str) -> datetime | None:
    """The wall time of a value such as 20261028T110000; None for what is none. Exchange's first year is 1601, others' is 0."""
    found = WRITTEN.fullmatch(value.strip())
    if not found:
        return None
    year, month, day, hour, minute, second = (int(it) for it in found.groups()[:6])
    try:
        return datetime(max(year, 1), month, day, hour, minute, min(second, 59))  # noqa: DTZ001 -- a wall time
    except ValueError:
        return None


def _parts(text: str) -> dict[str, str] | None:
    """The parts of an RRULE by their names, empty without one; None where it is no yearly change of clocks."""
    parts = dict(it.partition("=")[::2] for it in text.upper().split(";") if it)
    if not parts:
        return {}
    if parts.get("FREQ") != "YEARLY" or parts.get("INTERVAL", "1") != "1":
        return None
    until = parts.get("UNTIL")
    is_known = parts.keys() - {"FREQ", "INTERVAL", "WKST", "UNTIL"} in _DAYS and (until is None or _UNTIL.fullmatch(until))
    is_numbered = all(_NUMBER.fullmatch(parts.get(it, "1")) for it in ("BYMONTH", "BYMONTHDAY"))
    is_nth = "BYDAY" not in parts or _NTH.fullmatch(parts["BYDAY"])
    return parts if is_known and is_numbered and is_nth else None


def _changes(rule: Component, parts: dict[str, str], begin: datetime, before: timedelta, wall: datetime) -> Iterator[datetime]:
    """When this rule changed the clocks until then: at its beginning, on dates of its own, the last time by its pattern."""
    yield begin
    dates = (as_written(it) for each in rule.all("RDATE") for it in each.value.split(","))
    yield from (it for it in islice(dates, _MOST_DATES) if it and it <= wall)
    if parts:
        latest = min(wall, _until(parts.get("UNTIL"), before) or wall)
        years = range(latest.year, max(begin.year, latest.year - _YEARS) - 1, -1)
        days = (_day(parts, begin, year) for year in years)
        found = (datetime.combine(it, begin.time()) for it in days if it)
        yield from islice((it for it in found if begin <= it <= latest), 1)


def _until(text: str | None, before: timedelta) -> datetime | None:
    """The last moment of a rule on the clocks that it changes; UNTIL is in UTC there, or a whole day."""
    found = _UNTIL.fullmatch(text or "")
    written = as_written(found[1] + (found[2] or "T235959")) if found else None
    if written is None or found is None or not found[3]:
        return written
    try:
        return written + before
    except OverflowError:
        return None


def _day(parts: dict[str, str], begin: datetime, year: int) -> date | None:
    """The day of a year on which the rule changes the clocks; None in a year that has none."""
    month, nth = int(parts.get("BYMONTH", begin.month)), _NTH.fullmatch(parts.get("BYDAY", ""))
    if not 1 <= month <= 12:
        return None
    first_weekday, days = monthrange(year, month)
    day = int(parts.get("BYMONTHDAY", begin.day))
    if nth:
        number, first = int(nth[1]), 1 + (_WEEKDAYS.index(nth[2]) - first_weekday) % 7
        day = first + 7 * (number - 1) if number > 0 else first + 7 * ((days - first) // 7 + number + 1)
    return date(year, month, day) if 1 <= day <= days else None


def _offset(value: str) -> timedelta | None:
    found = _OFFSET.fullmatch(value)
    if not found:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return ahead if found[1] == "+" else -ahead
