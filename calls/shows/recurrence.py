"""From what a host chooses or pastes to a recurrence: weekly, monthly by day or by weekday, once, or an RRULE."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from calls.ground import zones
from calls.ground.refusals import Invalid
from calls.shows.repeats import ONCE, Recurrence, Weekday
from calls.shows.rrules import LONGEST_COUNT, LONGEST_INTERVAL, parse

__all__ = ["Recurrence", "Weekday", "monthly_by_day", "monthly_by_weekday", "once", "parse", "weekly"]


def once() -> Recurrence:
    """A single call."""
    return ONCE


def weekly(weekdays: Iterable[int], every: int = 1, *, count: int | None = None, until: date | None = None) -> Recurrence:
    """On these days of the week (Monday is 0), every so many weeks. Refuses with Invalid by field."""
    chosen = sorted(set(weekdays))
    if not chosen or not set(chosen) <= set(range(7)):
        raise Invalid({"days": "Choose at least one day of the week."})
    return _ending(Recurrence("WEEKLY", byday=tuple(Weekday(day) for day in chosen)), every, count, until)


def monthly_by_day(day: int, every: int = 1, *, count: int | None = None, until: date | None = None) -> Recurrence:
    """On this day of the month (-1 is its last), every so many months. Refuses with Invalid by field."""
    if day != -1 and not 1 <= day <= 31:
        raise Invalid({"day": "Choose a day of the month from 1 to 31, or the last."})
    return _ending(Recurrence("MONTHLY", bymonthday=(day,)), every, count, until)


def monthly_by_weekday(
    ordinal: int, weekday: int, every: int = 1, *, count: int | None = None, until: date | None = None
) -> Recurrence:
    """On the first to fourth, or last (-1), of a day of the week in a month. Refuses with Invalid by field."""
    if ordinal not in (1, 2, 3, 4, -1) or weekday not in range(7):
        raise Invalid({"day": "Choose the first, second, third, fourth or last of a day of the week."})
    return _ending(Recurrence("MONTHLY", byday=(Weekday(weekday, ordinal),)), every, count, until)


def _ending(recurrence: Recurrence, every: int, count: int | None, until: date | None) -> Recurrence:
    errors = {}
    if not 1 <= every <= LONGEST_INTERVAL:
        errors["every"] = f"Choose a number from 1 to {LONGEST_INTERVAL}."
    if count is not None and not 1 <= count <= LONGEST_COUNT:
        errors["count"] = f"Choose a number of calls from 1 to {LONGEST_COUNT}, or leave the end open."
    if count is not None and until is not None:
        errors["until"] = "Choose a last day or a number of calls, not both."
    if until is not None and not zones.FIRST_YEAR <= until.year <= zones.LAST_YEAR:
        errors["until"] = f"The last day must lie between the years {zones.FIRST_YEAR} and {zones.LAST_YEAR}."
    if errors:
        raise Invalid(errors)
    return replace(recurrence, interval=every, count=count, until=until)
