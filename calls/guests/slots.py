"""When a guest may talk with a host: weekly open hours, less what is taken, as moments that a talk may start at.

Open hours are wall times of a zone. What the clocks skip is never offered, and of what they show twice the first counts. A talk
lies in the open hours from its start to its end, and keeps its buffer to whatever is taken.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from calls.ground import zones

MIDNIGHT = time(0)
LONGEST_STEP = 30  # minutes between two starts that are offered

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class OpenRange:
    """Open on a weekday (0 is Monday) from one wall time to another; an end at 00:00 is the midnight that ends the day."""

    weekday: int
    begin: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Open hours by the wall clock of `zone`.

    `minutes` is a talk's length, `buffer` the minutes kept free around it, `notice` the hours before which nobody can choose,
    `horizon` the days ahead, `most_a_week` the talks a week from Monday on (0: as many as fit).
    """

    zone: str
    weekly: tuple[OpenRange, ...]
    minutes: int = 30
    buffer: int = 15
    notice: int = 24
    horizon: int = 60
    most_a_week: int = 0


def slots(hours: Hours, taken: Sequence[Interval], now: datetime, talks: Iterable[datetime] = ()) -> list[datetime]:
    """The starts that are free, in UTC and in order.

    `taken` are the times that are not free, in any order; `talks` the starts of talks that stand, for the most a week.
    """
    first, last = now + timedelta(hours=hours.notice), now + timedelta(days=hours.horizon)
    if first > last:
        return []
    buffer, length = timedelta(minutes=hours.buffer), timedelta(minutes=hours.minutes)
    open_times = list(_open(hours, first, last))
    closed = merged([(start - buffer, end + buffer) for start, end in taken])
    together = merged(open_times)
    full = _full_weeks(hours, talks)
    return [
        it
        for it in _starts(hours, open_times)
        if first <= it <= last and _lies_within(it, it + length, together) and _is_free(it, it + length, closed)
        if _week(it, hours.zone) not in full
    ]


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same times in order, those that touch made one; what lasts no time is left out."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _open(hours: Hours, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open times of each day that reaches into the stretch, as moments."""
    day, end = zones.wall(first, hours.zone).date() - timedelta(days=1), zones.wall(last, hours.zone).date()
    while day <= end:
        for it in hours.weekly:
            if it.weekday == day.weekday():
                closing = datetime.combine(day + timedelta(days=it.end == MIDNIGHT), it.end)
                opened, closed = _begin(datetime.combine(day, it.begin), hours.zone), _begin(closing, hours.zone)
                if opened < closed:
                    yield opened, closed
        day += timedelta(days=1)


def _begin(wall: datetime, zone: str) -> datetime:
    """When the clocks first show this time or, where they skip it, when they do so."""
    moment = zones.resolve(wall, zone)
    if zones.standing(wall, zone) != "gap":
        return moment
    return zones.changes(moment - timedelta(days=1), moment, zone)[-1]


def _starts(hours: Hours, open_times: Iterable[Interval]) -> list[datetime]:
    """What a guest is offered: each half hour of an open range, or each length of a talk where that is shorter."""
    step = timedelta(minutes=min(hours.minutes, LONGEST_STEP))
    found = set()
    for opened, closed in open_times:
        wall, end = zones.wall(opened, hours.zone), zones.wall(closed, hours.zone)
        while wall < end:
            if zones.standing(wall, hours.zone) != "gap":
                found.add(zones.resolve(wall, hours.zone))
            wall += step
    return sorted(found)


def _lies_within(start: datetime, end: datetime, open_times: Sequence[Interval]) -> bool:
    place = bisect_left(open_times, (end, end)) - 1
    return place >= 0 and open_times[place][0] <= start and end <= open_times[place][1]


def _is_free(start: datetime, end: datetime, closed: Sequence[Interval]) -> bool:
    place = bisect_left(closed, (end, end)) - 1  # the last that begins before the talk's end
    return place < 0 or closed[place][1] <= start


def _full_weeks(hours: Hours, talks: Iterable[datetime]) -> frozenset[date]:
    """The weeks, each by its Monday, that have as many talks as are wanted."""
    if not hours.most_a_week:
        return frozenset()
    held = Counter(_week(it, hours.zone) for it in talks)
    return frozenset(monday for monday, number in held.items() if number >= hours.most_a_week)


def _week(moment: datetime, zone: str) -> date:
    day = zones.wall(moment, zone).date()
    return day - timedelta(days=day.weekday())
