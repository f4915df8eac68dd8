"""A show's schedule: rule, skips and zone to dates; the rule in words; what the clocks do to it.

The rule is unrolled on naive local days and each day's wall time is resolved by itself, so that "19:00" stays 19:00 when
the clocks change. The first day is a call only if the rule falls on it; `aligned` moves it to the first day that does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Literal

from calls.ground import text, zones
from calls.ground.refusals import Invalid
from calls.shows import recurrence, repeats, wording

SHORTEST_MINUTES = 5
LONGEST_MINUTES = 24 * 60
RAREST = timedelta(days=5 * 366)
_AHEAD = timedelta(days=11 * 366)
_WARNED_AHEAD = timedelta(days=400)
_LAST_DAY = date(zones.LAST_YEAR, 12, 31)


@dataclass(frozen=True)
class Rule:
    """When a show is on: wall time and zone, minutes, and an RRULE ("" is a single call).

    `fold` says which of two equal wall times is meant on a day when the clocks go back: 0 the first, 1 the second.
    """

    first_day: date
    time: time
    zone: str
    minutes: int
    rrule: str = ""
    fold: int = 0
    skips: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Planned:
    """One date of a schedule: its local day and wall time, and the moments they stand for.

    In a clock gap the call starts later than `wall` says; `fold` is 1 only for the second of two equal wall times.
    """

    day: date
    wall: datetime
    starts_at: datetime
    ends_at: datetime
    standing: zones.Standing
    fold: int


@dataclass(frozen=True)
class ClockChange:
    """A date whose wall time the clocks skip or show twice, and what that means, in a sentence."""

    planned: Planned
    kind: Literal["gap", "fold"]
    sentence: str


def check(rule: Rule) -> None:
    """Refuse with Invalid, by field, a rule that cannot be followed or that falls on a day less than once in five years."""
    errors = _errors_of(rule)
    if errors:
        raise Invalid(errors)
    found = _recurrence(rule)
    if found.until and found.until < rule.first_day:
        raise Invalid({"rrule": "The rule ends before the first day."})
    first = next(_days(rule, rule.first_day + RAREST), None)
    if first is None:
        raise Invalid({"rrule": "The rule has no day within five years of the first day."})
    if len(list(islice(_days(rule, first + RAREST), 2))) < 2 and not _ends_by(found, first + RAREST):
        raise Invalid({"rrule": "The rule has days more than five years apart, which is too rare to plan ahead."})


def aligned(rule: Rule) -> Rule:
    """The checked rule in its canonical spelling, from the first day that it falls on. Its dates stay the same."""
    check(rule)
    first = next(_days(rule, rule.first_day + RAREST))
    return replace(rule, first_day=first, rrule=_recurrence(rule).text)


def dates(rule: Rule, after: date, before: date) -> list[Planned]:
    """The dates of a rule on the local days from `after` to `before`, both included, without the skipped ones."""
    return [planned for planned in _planned(rule, after, before) if planned.day >= after]


def next_dates(rule: Rule, now: datetime, count: int = 10) -> list[Planned]:
    """The dates that start from now on, at most `count`, and not farther ahead than eleven years."""
    today = _today(rule, now)
    coming = _planned(rule, today, max(today, rule.first_day) + _AHEAD)
    return list(islice((planned for planned in coming if planned.starts_at >= now), count))


def plan(day: date, rule: Rule) -> Planned:
    """One date of the rule's time, zone and minutes, whether or not the rule falls on that day."""
    wall = datetime.combine(day, rule.time)
    standing = zones.standing(wall, rule.zone)
    fold = rule.fold if standing == "fold" else 0
    starts_at = zones.resolve(wall, rule.zone, fold)
    return Planned(day, wall, starts_at, starts_at + timedelta(minutes=rule.minutes), standing, fold)


def in_words(rule: Rule) -> str:
    """The rule said back: "Every Tuesday at 19:00 New York time, for 60 minutes, until 3 March 2027"."""
    found = _recurrence(rule)
    first_day = next(_days(rule, rule.first_day + RAREST), rule.first_day)
    length = text.count(rule.minutes, "1 minute", "{n} minutes")
    at = f"{rule.time:%H:%M} {zones.time_name(rule.zone)}"
    return f"{wording.pattern(found, first_day)} at {at}, for {length}{wording.ending(found)}"


def warnings(rule: Rule, now: datetime) -> list[ClockChange]:
    """The dates of the next 400 days, or of the first 400 days of a show to come, that the clocks skip or show twice."""
    today = max(_today(rule, now), rule.first_day)
    return [
        ClockChange(planned, planned.standing, _sentence(planned, rule.zone))
        for planned in dates(rule, today, today + _WARNED_AHEAD)
        if planned.standing != "plain"
    ]


@lru_cache(maxsize=512)
def _parsed(rrule: str, at: time, zone: str) -> recurrence.Recurrence:
    return recurrence.parse(rrule, at=at, zone=zone)


def _recurrence(rule: Rule) -> recurrence.Recurrence:
    return _parsed(rule.rrule, rule.time, rule.zone)


def _errors_of(rule: Rule) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not zones.is_zone(rule.zone):
        errors["zone"] = "That time zone is not known; choose one like America/New_York."
    if not zones.FIRST_YEAR <= rule.first_day.year <= zones.LAST_YEAR:
        errors["first_day"] = f"The first day must lie between the years {zones.FIRST_YEAR} and {zones.LAST_YEAR}."
    if rule.time != rule.time.replace(second=0, microsecond=0, tzinfo=None):
        errors["first_time"] = "Give the time in hours and minutes."
    if not SHORTEST_MINUTES <= rule.minutes <= LONGEST_MINUTES:
        errors["minutes"] = f"Give a length between {SHORTEST_MINUTES} minutes and {LONGEST_MINUTES // 60} hours."
    if rule.fold not in (0, 1):
        errors["fold"] = "Choose the first or the second of the two times."
    return errors


def _ends_by(found: recurrence.Recurrence, day: date) -> bool:
    return found.count == 1 or (found.until is not None and found.until <= day) or day >= _LAST_DAY


def _today(rule: Rule, now: datetime) -> date:
    return zones.wall(now, rule.zone).date()


def _days(rule: Rule, before: date, after: date = date.min) -> Iterator[date]:
    return repeats.days(_recurrence(rule), rule.first_day, min(before, _LAST_DAY), after)


def _planned(rule: Rule, after: date, before: date) -> Iterator[Planned]:
    return (plan(day, rule) for day in _days(rule, before, after) if day not in rule.skips)


def moved_on(planned: Planned, zone: str) -> str:
    """What the clocks do to one date that they skip or show twice, in a sentence; "" for a plain one."""
    return "" if planned.standing == "plain" else _sentence(planned, zone)


def _sentence(planned: Planned, zone: str) -> str:
    when = f"{planned.wall:%H:%M} on {wording.day_of(planned.day)}"
    place = zones.city(zone)
    if planned.standing == "gap":
        start = zones.wall(planned.starts_at, zone)
        other_day = f" on {wording.day_of(start.date())}" if start.date() != planned.day else ""
        return f"{when} does not exist in {place}; the call would start at {start:%H:%M}{other_day}."
    offsets = [zones.offset(zones.resolve(planned.wall, zone, fold), zone) for fold in (0, 1)]
    chosen = ("first", "second")[planned.fold]
    return (
        f"{when} comes twice in {place}, first at {offsets[0]} and again at {offsets[1]}; "
        f"the call would start the {chosen} time ({offsets[planned.fold]})."
    )
