"""What becomes of the calls of a show when its rule or zone changes: which move, vanish, appear and stay.

A call that can take a date of the new schedule moves there, with everybody who is registered, rather than being cancelled
beside a new one: first to the same local day, then within the same week. Calls changed by hand are never touched.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Generic, TypeVar

from calls.shows.schedule import Planned

Key = TypeVar("Key")


@dataclass(frozen=True)
class Standing(Generic[Key]):
    """A call to come as it stands. `day` is the schedule's local day that it fills, none for an extra date.

    Give `ends_at` unless the call is cancelled: a date of another length then counts as a move, and a call changed by hand
    keeps planned dates off its time.
    """

    key: Key
    day: date | None
    starts_at: datetime
    by_hand: bool
    ends_at: datetime | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the schedule may not touch the call."""
        return self.by_hand or self.day is None

    def is_at(self, planned: Planned) -> bool:
        """Whether the call is on that very date already."""
        is_as_long = self.ends_at is None or self.ends_at == planned.ends_at
        return self.day == planned.day and self.starts_at == planned.starts_at and is_as_long

    def keeps_off(self, planned: Planned) -> bool:
        """Whether the date would lie on a call that stays where it is."""
        if not self.is_kept or self.ends_at is None:
            return False
        return self.starts_at < planned.ends_at and planned.starts_at < self.ends_at


@dataclass(frozen=True)
class Shifts(Generic[Key]):
    """Every standing call is in exactly one of `moves`, `vanish` and `stay`; `appear` are the dates without a call as yet.

    `filled` are the dates that calls which stay take up, those changed by hand among them.
    """

    moves: list[tuple[Key, Planned]]
    vanish: list[Key]
    appear: list[Planned]
    stay: list[Key]
    filled: list[tuple[Key, Planned]]


def compare(standing: Iterable[Standing[Key]], planned: Iterable[Planned]) -> Shifts[Key]:
    """Match the calls that stand with the dates of a new schedule; both only those still to come, in any order.

    A call changed by hand stays, and takes up the date of its day, or else one of its week that no other call needs, so
    that the week does not get one call too many.
    """
    calls = sorted(standing, key=lambda call: (call.day or call.starts_at.date(), call.starts_at))
    free = {date_of.day: date_of for date_of in planned}
    places = {number: free.pop(call.day) for number, call in enumerate(calls) if call.day is not None and call.day in free}
    free = {day: date_of for day, date_of in free.items() if not any(call.keeps_off(date_of) for call in calls)}
    for number, day in _within_weeks(calls, places, free):
        places[number] = free.pop(day)
    shifts: Shifts[Key] = Shifts([], [], [free[day] for day in sorted(free)], [], [])
    for number, call in enumerate(calls):
        place = places.get(number)
        if call.is_kept or (place and call.is_at(place)):
            shifts.stay.append(call.key)
            shifts.filled.extend([(call.key, place)] if place else [])
        elif place:
            shifts.moves.append((call.key, place))
        else:
            shifts.vanish.append(call.key)
    return shifts


def _within_weeks(
    calls: Sequence[Standing[Key]], places: Mapping[int, Planned], free: Mapping[date, Planned]
) -> list[tuple[int, date]]:
    """Which of the calls left over takes which of the days left over, in order; calls changed by hand last where few are left."""
    found: list[tuple[int, date]] = []
    for week, days_of_week in groupby(sorted(free), _week):
        days = list(days_of_week)
        waiting = [number for number, call in enumerate(calls) if number not in places and call.day and _week(call.day) == week]
        if len(waiting) > len(days):
            waiting.sort(key=lambda number: calls[number].by_hand)
        found += zip(waiting, days, strict=False)
    return found


def _week(day: date) -> tuple[int, int]:
    """The ISO 8601 year and week."""
    year, week, _ = day.isocalendar()
    return year, week
