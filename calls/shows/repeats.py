"""How a show repeats, as a value: the parts of an RRULE (RFC 5545 section 3.3.10) and the days they fall on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Literal, NamedTuple

from dateutil import rrule

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_FREQUENCIES: dict[Frequency, Literal[0, 1, 2, 3]] = {"YEARLY": 0, "MONTHLY": 1, "WEEKLY": 2, "DAILY": 3}
_DAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


class Weekday(NamedTuple):
    """A day of the week, Monday being 0. With an ordinal, that one of the month or year: 2 the second, -1 the last."""

    day: int
    ordinal: int = 0


@dataclass(frozen=True)
class Recurrence:
    """The parts of a rule. Lists are sorted and hold nothing twice; an empty one says nothing.

    `until` is the last local day that may still have a call. Only `recurrence` makes these, and it checks them.
    """

    freq: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    bymonth: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    bymonthday: tuple[int, ...] = ()
    byday: tuple[Weekday, ...] = ()
    bysetpos: tuple[int, ...] = ()
    wkst: int = 0

    @property
    def text(self) -> str:
        """The rule in its one canonical spelling, without "RRULE:". A single call has none: it is the empty text."""
        if self == ONCE:
            return ""
        parts = {
            "FREQ": self.freq,
            "INTERVAL": "" if self.interval == 1 else str(self.interval),
            "COUNT": "" if self.count is None else str(self.count),
            "UNTIL": "" if self.until is None else f"{self.until:%Y%m%d}",
            "BYMONTH": _numbers(self.bymonth),
            "BYWEEKNO": _numbers(self.byweekno),
            "BYYEARDAY": _numbers(self.byyearday),
            "BYMONTHDAY": _numbers(self.bymonthday),
            "BYDAY": ",".join(f"{weekday.ordinal or ''}{DAY_CODES[weekday.day]}" for weekday in self.byday),
            "BYSETPOS": _numbers(self.bysetpos),
            "WKST": DAY_CODES[self.wkst] if self.wkst else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)


ONCE = Recurrence("DAILY", count=1)


def completed(recurrence: Recurrence, first_day: date) -> Recurrence:
    """The rule with what it leaves open taken from its first day: weekly from a Tuesday is weekly on Tuesdays.

    RFC 5545 section 3.3.10: "Information, not contained in the rule, ... is derived from DTSTART".
    """
    names_a_day = recurrence.byweekno or recurrence.byyearday or recurrence.bymonthday or recurrence.byday
    if names_a_day or recurrence.freq == "DAILY":
        return recurrence
    if recurrence.freq == "WEEKLY":
        return replace(recurrence, byday=(Weekday(first_day.weekday()),))
    if recurrence.freq == "YEARLY" and not recurrence.bymonth:
        recurrence = replace(recurrence, bymonth=(first_day.month,))
    return replace(recurrence, bymonthday=(first_day.day,))


def days(recurrence: Recurrence, first_day: date, last_day: date, after: date = date.min) -> Iterator[date]:
    """The days of the rule, in order, from `after` on (or earlier ones too) up to and with the last day.

    The first day counts only if the rule falls on it; where it begins decides which weeks, months or years count.
    """
    end = min(last_day, recurrence.until) if recurrence.until else last_day
    start = _start(recurrence, first_day, after)
    found = (moment.date() for moment in _expander(_quicker(completed(recurrence, first_day)), start, end))
    return islice((day for day in found if day >= first_day), recurrence.count)


def _numbers(values: tuple[int, ...]) -> str:
    return ",".join(str(value) for value in values)


def _start(recurrence: Recurrence, first_day: date, after: date) -> date:
    """Where to begin looking: whole steps after the first day, unless each call must be counted.

    dateutil takes a first week from its start on only, so a position in a week needs the whole of it.
    """
    start = first_day
    if recurrence.freq == "WEEKLY" and recurrence.bysetpos:
        start -= timedelta(days=(first_day.weekday() - recurrence.wkst) % 7)
    if recurrence.freq in ("DAILY", "WEEKLY") and recurrence.count is None and after > start:
        step = timedelta(days=recurrence.interval * (1 if recurrence.freq == "DAILY" else 7))
        start += (after - start) // step * step
    return start


def _quicker(recurrence: Recurrence) -> Recurrence:
    """Every day of some months or weekdays is the same as every year on these days, which dateutil finds a year at a time."""
    is_narrowed = recurrence.bymonth or recurrence.bymonthday or recurrence.byday
    if recurrence.freq != "DAILY" or recurrence.interval != 1 or not is_narrowed:
        return recurrence
    return replace(recurrence, freq="YEARLY", byday=recurrence.byday or tuple(Weekday(day) for day in range(7)))


def _expander(recurrence: Recurrence, start: date, end: date) -> rrule.rrule:
    """dateutil on naive midnights; always with an end, as it would search to the year 9999 for a day that never comes."""
    return rrule.rrule(
        _FREQUENCIES[recurrence.freq],
        dtstart=datetime.combine(start, time()),
        until=datetime.combine(end, time()),
        interval=recurrence.interval,
        wkst=recurrence.wkst,
        bymonth=recurrence.bymonth or None,
        byweekno=recurrence.byweekno or None,
        byyearday=recurrence.byyearday or None,
        bymonthday=recurrence.bymonthday or None,
        byweekday=[_DAYS[day](ordinal) if ordinal else _DAYS[day] for day, ordinal in recurrence.byday] or None,
        bysetpos=recurrence.bysetpos or None,
    )
