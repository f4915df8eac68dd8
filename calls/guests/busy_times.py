"""Somebody's calendar as the times at which she is busy (RFC 5545), for a stretch of time.

What is cancelled, or marked as free, is free; a whole day counts, from midnight to midnight in her zone. Entries of this product
are passed over, for what it knows of itself is newer than its own feed in her calendar. A rule that repeats more than daily, or
takes too long to work out, is no rule of a person: such an entry counts once, and keeps no other from counting.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from datetime import UTC, date, datetime, timedelta
from math import prod
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Component, Event

from calls.ground import zones
from calls.ground.refusals import Refusal
from calls.guests.slots import Interval, merged

MOST_BUSY = 20_000  # times, before those that touch are made one
MOST_ADDED = 1_000  # dates that one entry names beside its rule, or that it leaves out
MOST_A_DAY = 24  # times that one rule may fall on
LARGEST_ZONE = 20_000  # characters of one VTIMEZONE
LONGEST_ENTRY = timedelta(days=400)
OUR_OWN = re.compile(r"(occ|host|inv)-[a-z2-7]{26}(@.*)?")
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_ZONE = re.compile(r"BEGIN:VTIMEZONE\b.*?END:VTIMEZONE[^\n]*\n?", re.DOTALL | re.IGNORECASE)
_FREQUENCY = re.compile(r"FREQ=([A-Z]+)", re.IGNORECASE)
# What a hostile value makes a library raise, whatever it is a value of.
_NONSENSE = (
    ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError, RecursionError, MemoryError, Refusal,
)  # fmt: skip

Within = Callable[[], AbstractContextManager[object]]


class Unreadable(Exception):
    """Nothing can be learned from it, in a sentence."""


class TakesTooLong(Exception):
    """Working it out was stopped."""


def busy_times(raw: bytes, zone: str, since: datetime, until: datetime, within: Within) -> list[Interval]:
    """The busy times that reach into the stretch, in order and apart. Times without a zone are taken by the clocks of `zone`.

    `within` makes what each repeated entry is worked out in; it may stop that by raising TakesTooLong. Raises Unreadable.
    """
    found: list[Interval] = []
    calendars = _calendars(raw)
    for group in _groups(calendars):
        with suppress(*_NONSENSE):
            found += _busy(group, zone, since, until, within)
        _check(found)
    for component in (it for calendar in calendars for it in calendar.walk("VFREEBUSY")):
        with suppress(*_NONSENSE):
            found += _periods(component, zone)
        _check(found)
    return [(max(start, since), min(end, until)) for start, end in merged(found) if start < until and end > since]


def _check(found: list[Interval]) -> None:
    if len(found) > MOST_BUSY:
        raise Unreadable(f"It holds more than {MOST_BUSY:,} busy times.")


def _calendars(raw: bytes) -> list[Component]:
    text = raw.decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in text[:10_000].upper():
        raise Unreadable("What lies at that address is no calendar, but perhaps a page to sign in to.")
    if "END:VCALENDAR" not in text[-1_000:].upper():
        raise Unreadable("The calendar at that address ends in the middle.")
    try:
        return list(Calendar.from_ical(_ZONE.sub(_tamed_zone, text), multiple=True))
    except _NONSENSE:
        raise Unreadable("The calendar at that address cannot be read: it is not written as calendars are.") from None


def _tamed_zone(found: re.Match[str]) -> str:
    """A description of a zone is worked out as soon as it is read; one that is none is left out, and its zone is unknown."""
    described = found[0]
    is_plain = len(described) <= LARGEST_ZONE and all(it.upper() == "YEARLY" for it in _FREQUENCY.findall(described))
    return described if is_plain else ""


def _groups(calendars: Iterable[Component]) -> list[list[Event]]:
    """The entries of others, those of one UID together: a repeated one and its exceptions."""
    groups: dict[str, list[Event]] = {}
    events = [it for calendar in calendars for it in calendar.walk("VEVENT") if isinstance(it, Event)]
    for number, event in enumerate(events):
        uid = str(event.get("UID", "")) or f"without a name {number}"
        if not OUR_OWN.fullmatch(uid):
            groups.setdefault(uid, []).append(event)
    return list(groups.values())


def _busy(group: list[Event], zone: str, since: datetime, until: datetime, within: Within) -> list[Interval]:
    tamed = [it for event in group for it in [_tamed(event)] if "DTSTART" in it]
    if len(tamed) > 1 or any("RRULE" in it or "RDATE" in it for it in tamed):
        with suppress(TakesTooLong, *_NONSENSE), within():
            # A day more on either side, for the library takes times without a zone as UTC.
            spare = timedelta(days=1)
            found = recurring_ical_events.of(_calendar(tamed)).between(since - spare, until + spare)
            return _times(found, zone)
    return _times(tamed, zone)


def _calendar(events: Iterable[Event]) -> Calendar:
    calendar = Calendar()
    for event in events:
        calendar.add_component(event)
    return calendar


def _tamed(event: Event) -> Event:
    """The entry, without a rule that is none of a person's, and without dates beyond all measure."""
    rules = _listed(event.get("RRULE"))
    if not all(map(_is_of_a_person, rules)):
        event.pop("RRULE")
    for name in ("RDATE", "EXDATE"):
        if sum(len(getattr(it, "dts", ())) for it in _listed(event.get(name))) > MOST_ADDED:
            event.pop(name)
    return event


def _is_of_a_person(rule: Any) -> bool:
    if not isinstance(rule, dict):
        return False  # it could not even be read
    frequency, interval = (_first(rule, it) for it in ("FREQ", "INTERVAL"))
    a_day = prod(max(1, len(_listed(rule.get(it)))) for it in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    is_slow = str(frequency).upper() in FREQUENCIES and a_day <= MOST_A_DAY
    return is_slow and (interval is None or (isinstance(interval, int) and 1 <= interval <= 1000))


def _first(rule: Any, name: str) -> object:
    return next(iter(_listed(rule.get(name))), None)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _times(events: Iterable[Event], zone: str) -> list[Interval]:
    found = []
    for event in events:
        with suppress(*_NONSENSE):
            if _counts(event):
                start, end = _moment(event.start, zone), _moment(event.end, zone)
                found.append((start, min(end, start + LONGEST_ENTRY)))
    return found


def _counts(event: Event) -> bool:
    """Whether she is busy meanwhile. Outlook says it in words of its own, beside or instead of the standard's."""
    is_free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    is_said_free = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
    return not is_free and not is_said_free and str(event.get("STATUS", "")).upper() != "CANCELLED"


def _periods(component: Component, zone: str) -> Iterator[Interval]:
    """What a calendar that shows nothing but free and busy says."""
    for it in _listed(component.get("FREEBUSY")):
        if str(it.params.get("FBTYPE", "BUSY")).upper() != "FREE":
            for period in _listed(getattr(it, "dts", it)):
                start, end = (getattr(period, "dt", None) or (period.start, period.end))[:2]
                yield _moment(start, zone), _moment(end if isinstance(end, datetime) else start + end, zone)


def _moment(written: date | datetime, zone: str) -> datetime:
    if not isinstance(written, datetime):
        return zones.resolve(datetime(written.year, written.month, written.day), zone)  # noqa: DTZ001 -- a wall time
    if written.tzinfo is None:
        return zones.resolve(written, zone)
    return written.astimezone(UTC)
