"""What a host types as open hours, checked: for each weekday up to three ranges of wall time, and how talks are taken."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise
from typing import Any

from calls.ground import zones
from calls.ground.refusals import Invalid
from calls.ground.when import WEEKDAYS
from calls.guests.slots import MIDNIGHT, Hours, Interval, OpenRange

RANGES_A_DAY = 3
LIMITS: Mapping[str, tuple[int, int, str]] = {
    "minutes": (10, 480, "Give a length between 10 minutes and 8 hours."),
    "buffer": (0, 240, "Give the minutes kept free, from 0 to 240."),
    "notice": (0, 720, "Give the hours of notice, from 0 to 720."),
    "horizon": (1, 365, "Give the days ahead, from 1 to 365."),
    "most_a_week": (0, 100, "Give the talks a week, from 0 to 100."),
}
_NO_TIME = "Give the time like 09:00."


@dataclass(frozen=True, slots=True)
class TypedRange:
    """One range as it was typed; `begin_field` and `end_field` are the fields that its faults are said beside."""

    weekday: int
    begin: str
    end: str
    begin_field: str
    end_field: str

    @property
    def is_empty(self) -> bool:
        return not self.begin and not self.end


def weekly(typed: Iterable[TypedRange]) -> tuple[OpenRange, ...]:
    """The ranges in order, those that are empty left out. Raises Invalid with a sentence beside each field that is wrong."""
    given = [it for it in typed if not it.is_empty]
    errors: dict[str, str] = {}
    for it in given:
        errors.update(_faults(it))
    sound = [(OpenRange(it.weekday, _time(it.begin) or MIDNIGHT, _time(it.end) or MIDNIGHT), it) for it in given]
    sound = sorted((pair for pair in sound if pair[1].begin_field not in errors and pair[1].end_field not in errors), key=_order)
    for (before, _), (after, typed_after) in pairwise(sound):
        if before.weekday == after.weekday and (before.end == MIDNIGHT or after.begin < before.end):
            day, said = WEEKDAYS[before.weekday], f"{before.begin:%H:%M} to {before.end:%H:%M}"
            errors[typed_after.begin_field] = f"On {day} this lies on {said}; make one range of the two."
    if not given:
        errors[""] = "Give at least one range of hours, or close them."
    if errors:
        raise Invalid(errors)
    return tuple(it for it, _ in sound)


def check(hours: Hours) -> None:
    """Refuse numbers that no talk can have, a zone that nobody knows, and a range that no talk fits into."""
    errors = dict(_number_faults(hours))
    if not zones.is_zone(hours.zone):
        errors["zone"] = "That time zone is not known; choose one like America/New_York."
    if "minutes" not in errors and hours.weekly and hours.minutes > _longest(hours.weekly):
        errors["minutes"] = f"A talk of {hours.minutes} minutes fits into none of the hours."
    if not errors.keys() & {"notice", "horizon"} and hours.notice > hours.horizon * 24:
        errors["notice"] = "That is more than the days ahead, so nobody could ever choose."
    if errors:
        raise Invalid(errors)


def _number_faults(hours: Hours) -> Iterator[tuple[str, str]]:
    for name, (least, most, sentence) in LIMITS.items():
        if not least <= getattr(hours, name) <= most:
            yield name, sentence


def _faults(typed: TypedRange) -> dict[str, str]:
    begin, end = _time(typed.begin), _time(typed.end)
    errors = {}
    if begin is None:
        errors[typed.begin_field] = _NO_TIME if typed.begin else f"Say from when on {WEEKDAYS[typed.weekday]}."
    if end is None:
        errors[typed.end_field] = _NO_TIME if typed.end else f"Say until when on {WEEKDAYS[typed.weekday]}."
    if begin is not None and end is not None and end != MIDNIGHT and end <= begin:
        errors[typed.end_field] = (
            f"On {WEEKDAYS[typed.weekday]} the end, {end:%H:%M}, is not after {begin:%H:%M}. "
            "For hours over midnight give two ranges: until 00:00, and from 00:00 on the next day."
        )
    return errors


def _order(pair: tuple[OpenRange, TypedRange]) -> tuple[int, time, time]:
    return pair[0].weekday, pair[0].begin, pair[0].end


def _longest(ranges: Iterable[OpenRange]) -> int:
    """Minutes of the longest time that is open without a break, over midnight too; a whole week without one counts double."""
    minutes = 24 * 60
    stretches = sorted(
        (it.weekday * minutes + _minutes(it.begin), it.weekday * minutes + (_minutes(it.end) or minutes)) for it in ranges
    )
    longest, reach, since = 0, -1, 0
    for start, end in [*stretches, *((start + 7 * minutes, end + 7 * minutes) for start, end in stretches)]:
        since = since if start == reach else start
        reach = end
        longest = max(longest, reach - since)
    return longest


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(text: str) -> time | None:
    """A wall time to the minute, as browsers send it (24:00 is the midnight at the end); None for anything else."""
    if text == "24:00":
        return MIDNIGHT
    if len(text) not in {5, 8} or not text.isascii():
        return None
    try:
        return time.fromisoformat(text).replace(second=0, tzinfo=None)
    except ValueError:
        return None


def kept(zone: str, weekly: Iterable[Sequence[Any]], numbers: Mapping[str, int]) -> Hours:
    """The hours as they are kept: ranges of a weekday and two times in text."""
    ranges = (OpenRange(day, time.fromisoformat(begin), time.fromisoformat(end)) for day, begin, end in weekly)
    return Hours(zone, tuple(ranges), **numbers)


def busy(kept: Iterable[Sequence[str]]) -> list[Interval]:
    """Busy times as they are kept: pairs of moments in text."""
    return [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in kept]
