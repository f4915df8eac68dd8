"""A schedule taken into another zone so that its calls keep their moments, though the clock there shows another hour (T4).

The hour, and the days where midnight lies between, are worked out for the next call. From then on the clocks of the new zone
decide: where they change on another day than those of the old one, the calls follow the new zone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from calls.ground import zones
from calls.ground.refusals import Invalid
from calls.shows import recurrence, repeats, schedule, wording
from calls.shows.repeats import Recurrence, Weekday
from calls.shows.schedule import Rule

_LOOKED_AHEAD = 10
# Zones are up to 26 hours apart.
_OTHER_DAY = {1: "the next day", 2: "the day after the next", -1: "the day before", -2: "the second day before"}


@dataclass(frozen=True)
class Transfer:
    """A schedule in its new zone, and how many days later (earlier where negative) its local days are than the old ones."""

    rule: Rule
    days: int = 0


def carry(rule: Rule, zone: str, now: datetime) -> Transfer:
    """The schedule at the same moments by the clocks of another zone.

    Refuses with Invalid what has no call to come, and on "keep" a rule by days of the month or year that would have to be
    put to the next day or to the one before.
    """
    rule = schedule.aligned(rule)
    coming = [it for it in schedule.next_dates(rule, now, _LOOKED_AHEAD) if it.standing == "plain"]
    if not coming:
        raise Invalid({"first_day": "By this schedule no call is still to come; choose later days."})
    wall = zones.wall(coming[0].starts_at, zone)
    days = (wall.date() - coming[0].day).days
    there = replace(rule, time=wall.time(), zone=zone, fold=0)
    return Transfer(_by_days(there, rule, days), days)


def in_words(rule: Rule, carried: Transfer) -> str:
    """What the hour of a schedule is in its new zone: "19:00 New York time is 01:00 Berlin time, on the next day"."""
    there = carried.rule
    on = f", on {_OTHER_DAY[carried.days]}" if carried.days else ""
    return f"{rule.time:%H:%M} {zones.time_name(rule.zone)} is {there.time:%H:%M} {zones.time_name(there.zone)}{on}"


def _by_days(there: Rule, rule: Rule, days: int) -> Rule:
    """The rule with each of its local days so many days later."""
    if not days:
        return there
    step = timedelta(days=days)
    found = repeats.completed(recurrence.parse(rule.rrule), rule.first_day)
    if found.freq not in ("DAILY", "WEEKLY") or found.bymonth or found.bymonthday:
        raise Invalid({"keep": _refusal(there, rule, found, days)})
    is_counted_by_weeks = found.freq == "WEEKLY" and (found.interval > 1 or found.bysetpos)
    carried = replace(
        found,
        until=found.until + step if found.until else None,
        byday=tuple(sorted(Weekday((it.day + days) % 7) for it in found.byday)),
        wkst=(found.wkst + days) % 7 if is_counted_by_weeks else found.wkst,
    )
    skips = frozenset(day + step for day in rule.skips)
    return replace(there, first_day=rule.first_day + step, rrule=carried.text, skips=skips)


def _refusal(there: Rule, rule: Rule, found: Recurrence, days: int) -> str:
    pattern = wording.pattern(found, rule.first_day).rstrip(",")
    return (
        f"{in_words(rule, Transfer(there, days))}, and “{pattern}” cannot be put to {_OTHER_DAY[days]}. "
        f"Choose the hour on the clock instead, and give the days and the time as they are in {zones.city(there.zone)}."
    )
