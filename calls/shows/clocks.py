"""The guard over changing clocks: whether a call reaches a reader at another hour of her clock than the call before it.

A show keeps its own clock, so its calls wander on the clocks of everybody whose zone changes on other days, by another
amount, or never. Only calls at the show's usual hour are compared; what a host moved by hand says nothing of clocks.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from calls.ground import text, when, zones

# The longest that two zones differ from their usual distance before they come back to it; Morocco's month is the longest.
PASSING = timedelta(days=60)
_A_WEEK = timedelta(days=8)


@dataclass(frozen=True)
class Shift:
    """A call that is `by` later on the clocks of `zone` than the show's call `before` it; earlier where that is negative.

    `is_back`: it reaches her at the hour again that it had before the clocks went apart. `returns_at` is when they are as far
    apart again as they were, where that is soon.
    """

    starts_at: datetime
    before: datetime
    show_zone: str
    zone: str
    by: timedelta
    is_back: bool
    returns_at: datetime | None


def shift(starts_at: datetime, usual: Sequence[datetime], show_zone: str, zone: str) -> Shift | None:
    """What the clocks did to a call for a reader in `zone`, or None: nothing, or the call is not one of the usual ones.

    `usual` are the starts of the show's calls at its usual hour, this one and those before it, in order.
    """
    place = bisect_left(usual, starts_at)
    if place == 0 or usual[place : place + 1] != [starts_at]:
        return None
    before = usual[place - 1]
    by = _apart(starts_at, show_zone, zone) - _apart(before, show_zone, zone)
    if not by:
        return None
    known = [it for it in usual[: place - 1] if it >= before - PASSING]
    is_back = any(_apart(it, show_zone, zone) == _apart(starts_at, show_zone, zone) for it in known)
    returns_at = None if is_back else _returns_at(starts_at, before, show_zone, zone)
    return Shift(starts_at, before, show_zone, zone, by, is_back, returns_at)


def _apart(moment: datetime, show_zone: str, zone: str) -> timedelta:
    """How much more the reader's clocks show than the show's."""
    return zones.ahead(moment, zone) - zones.ahead(moment, show_zone)


def _returns_at(starts_at: datetime, before: datetime, show_zone: str, zone: str) -> datetime | None:
    """When the next change of either clock takes the call back to the hour it had."""
    coming = sorted(it for name in (show_zone, zone) for it in zones.changes(starts_at, starts_at + PASSING, name))
    following = next((it for it in coming if _apart(it, show_zone, zone) != _apart(starts_at, show_zone, zone)), None)
    is_as_before = following and _apart(following, show_zone, zone) == _apart(before, show_zone, zone)
    return following if is_as_before else None


def sentence(found: Shift) -> str:
    """For the reader: what is different for her, by how much, and which clocks did it.

    "This week it is one hour earlier for you: 17:00 instead of 18:00, Berlin time, because the clocks go back in Berlin on
    25 October and in New York only on 1 November."
    """
    hours = f"{_hours(found)}, {zones.time_name(found.zone)}"
    start = "This week" if found.starts_at - found.before <= _A_WEEK else "This time"
    if found.is_back:
        return f"{start} it is back at the hour it had for you before: {hours}, because {reason(found)}."
    start = start if found.returns_at else "From now on"
    return f"{start} it is {amount(found.by)} for you: {hours}, because {reason(found)}."


def amount(by: timedelta) -> str:
    """By how much a call is earlier or later: "one hour earlier", "30 minutes later"."""
    return f"{_span(abs(by))} {'earlier' if by < timedelta() else 'later'}"


def _span(time: timedelta) -> str:
    hours, minutes = divmod(round(time / timedelta(minutes=1)), 60)
    parts = [text.count(hours, "one hour", "{n} hours")] if hours else []
    return text.in_words([*parts, *([text.count(minutes, "one minute", "{n} minutes")] if minutes else [])])


def _hours(found: Shift) -> str:
    """Her hour and the one that it had, with their days where it crosses midnight."""
    wall = zones.wall(found.starts_at, found.zone)
    usual = wall - found.by
    if wall.date() == usual.date():
        return f"{wall:%H:%M} instead of {usual:%H:%M}"
    days = [when.WEEKDAYS[it.weekday()] for it in (wall, usual)]
    return f"{wall:%H:%M} on {days[0]} instead of {usual:%H:%M} on {days[1]}"


def reason(found: Shift) -> str:
    """Which clocks are changed, when, and whether the others follow."""
    changed = [(name, _by(found, name)) for name in (found.show_zone, found.zone) if _by(found, name)]
    (name, by), *others = changed
    if others:
        both = [f"go {_way(it)} by {_span(abs(it))} in {zones.city(zone)} on {_last(found, zone)}" for zone, it in changed]
        return f"the clocks {' and '.join(both)}"
    said = f"the clocks go {_way(by)} in {zones.city(name)} on {_last(found, name)}"
    if found.returns_at is None:
        return said
    other = found.zone if name == found.show_zone else found.show_zone
    follows = found.returns_at in zones.changes(found.starts_at, found.starts_at + PASSING, other)
    day = _day(found.returns_at, other if follows else name)
    return f"{said} and in {zones.city(other)} only on {day}" if follows else f"{said}, until {day}"


def _by(found: Shift, zone: str) -> timedelta:
    return zones.ahead(found.starts_at, zone) - zones.ahead(found.before, zone)


def _way(by: timedelta) -> str:
    return "forward" if by > timedelta() else "back"


def _last(found: Shift, zone: str) -> str:
    return _day(zones.changes(found.before, found.starts_at, zone)[-1], zone)


def _day(change: datetime, zone: str) -> str:
    """The day on which the clocks are changed, as they show it until then: "25 October"."""
    day: date = (change.replace(tzinfo=None) + zones.ahead(change - timedelta(seconds=1), zone)).date()
    return f"{day.day} {when.MONTHS[day.month - 1]}"
