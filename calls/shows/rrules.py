"""RRULE text (RFC 5545 section 3.3.10) to a recurrence that is sure to be sound.

What is taken: DAILY and longer, at most one start a day. Nothing unchecked reaches the library that expands rules: it runs
for seconds on FREQ=SECONDLY, on INTERVAL=0 and on rules that never fall on a day.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from calls.ground import zones
from calls.ground.refusals import Invalid, Refused
from calls.shows.repeats import DAY_CODES, ONCE, Frequency, Recurrence, Weekday, days

LONGEST_INTERVAL = 99
LONGEST_COUNT = 500
_LONGEST_TEXT = 500

_FREQUENCIES: dict[str, Frequency] = {"DAILY": "DAILY", "WEEKLY": "WEEKLY", "MONTHLY": "MONTHLY", "YEARLY": "YEARLY"}
_CLOCK_PARTS = {"BYHOUR": 23, "BYMINUTE": 59, "BYSECOND": 59}
_LIST_LIMITS = {"BYMONTH": 12, "BYWEEKNO": 53, "BYYEARDAY": 366, "BYMONTHDAY": 31, "BYSETPOS": 366}
_NAMES = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", *_CLOCK_PARTS, *_LIST_LIMITS}
_BYDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")
_UNTIL = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")
# Twenty-eight years hold every leap year on every day of the week.
_PROBE = (date(2000, 1, 1), date(2028, 12, 31))


def parse(text: str, *, at: time | None = None, zone: str = "UTC") -> Recurrence:
    """An RRULE as it was pasted, with or without "RRULE:"; the empty text is a single call.

    `at` and `zone` are the show's: they tell on which local day an UNTIL with a clock time ends, and whether a BYHOUR says
    the same as the show. Refuses anything else with Invalid on "rrule".
    """
    parts = _split(text)
    if not parts:
        return ONCE
    _check_clock(parts, at)
    if "FREQ" not in parts:
        raise _invalid("The rule must say how often, like FREQ=WEEKLY.")
    if parts["FREQ"] not in _FREQUENCIES:
        raise _invalid("FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY: a show has at most one call a day.")
    recurrence = Recurrence(
        _FREQUENCIES[parts["FREQ"]],
        interval=_bounded(parts, "INTERVAL", LONGEST_INTERVAL) or 1,
        count=_bounded(parts, "COUNT", LONGEST_COUNT),
        until=_until(parts, at or time(), zone),
        bymonth=_list(parts, "BYMONTH"),
        byweekno=_list(parts, "BYWEEKNO"),
        byyearday=_list(parts, "BYYEARDAY"),
        bymonthday=_list(parts, "BYMONTHDAY"),
        byday=_weekdays(parts),
        bysetpos=_list(parts, "BYSETPOS"),
        wkst=_week_start(parts),
    )
    _check_together(recurrence)
    _check_possible(recurrence)
    return recurrence


def _invalid(sentence: str) -> Invalid:
    return Invalid({"rrule": sentence})


def _split(text: str) -> dict[str, str]:
    rule = text.strip().upper()
    if len(rule) > _LONGEST_TEXT:
        raise _invalid(f"The rule is longer than {_LONGEST_TEXT} characters.")
    rule = rule.removeprefix("RRULE:").strip().removesuffix(";")
    if "\n" in rule or "\r" in rule:
        raise _invalid("Paste one line only: the one that starts with RRULE.")
    parts: dict[str, str] = {}
    for part in rule.split(";") if rule else []:
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if name not in _NAMES:
            raise _invalid("The rule has a part that is not understood; its parts look like FREQ=WEEKLY;BYDAY=TU.")
        if not equals or not value:
            raise _invalid(f"{name} has no value.")
        if name in parts:
            raise _invalid(f"{name} is there twice.")
        parts[name] = value
    return parts


def _check_clock(parts: Mapping[str, str], at: time | None) -> None:
    """A pasted rule may repeat the show's time, but neither change it nor add a second one."""
    shown = {"BYHOUR": at.hour, "BYMINUTE": at.minute, "BYSECOND": at.second} if at else {}
    for name, highest in _CLOCK_PARTS.items():
        if name not in parts:
            continue
        value = _number(name, parts[name], f"{name} may hold one number only: a show has at most one call a day.")
        if not 0 <= value <= highest or value != shown.get(name, value):
            raise _invalid(f"{name} does not fit the time of the call; leave it out and choose the time in its own field.")


def _number(name: str, text: str, sentence: str = "") -> int:
    if not _NUMBER.fullmatch(text):
        raise _invalid(sentence or f"{name} must be a number.")
    return int(text)


def _bounded(parts: Mapping[str, str], name: str, highest: int) -> int | None:
    if name not in parts:
        return None
    value = _number(name, parts[name])
    if not 1 <= value <= highest:
        raise _invalid(f"{name} must be from 1 to {highest}.")
    return value


def _list(parts: Mapping[str, str], name: str) -> tuple[int, ...]:
    """A list of numbers, each counted from the start or, below zero, from the end; the months count from the start only."""
    highest = _LIST_LIMITS[name]
    lowest = 1 if name == "BYMONTH" else -highest
    texts = [text.strip() for text in parts[name].split(",")] if name in parts else []
    values = {_number(name, text, f"{name} must be a list of numbers.") for text in texts}
    if any(value == 0 or not lowest <= value <= highest for value in values):
        raise _invalid(f"{name} takes numbers from {'1' if lowest == 1 else f'{lowest} to -1 and from 1'} to {highest} only.")
    return tuple(sorted(values, key=_from_start_then_end))


def _from_start_then_end(value: int) -> tuple[bool, int]:
    """1, 2, 3 ... -3, -2, -1: the order in which they come in a month."""
    return value < 0, value


def _weekdays(parts: Mapping[str, str]) -> tuple[Weekday, ...]:
    found = set()
    for text in parts["BYDAY"].split(",") if "BYDAY" in parts else []:
        match = _BYDAY.fullmatch(text.strip())
        if not match or (match[1] and not 1 <= abs(int(match[1])) <= 53):
            raise _invalid("BYDAY takes days like TU, and in a month or year like 2TU or -1FR.")
        found.add(Weekday(DAY_CODES.index(match[2]), int(match[1] or 0)))
    return tuple(sorted(found, key=lambda weekday: (_from_start_then_end(weekday.ordinal), weekday.day)))


def _week_start(parts: Mapping[str, str]) -> int:
    code = parts.get("WKST", "MO")
    if code not in DAY_CODES:
        raise _invalid("WKST must be one of MO, TU, WE, TH, FR, SA, SU.")
    return DAY_CODES.index(code)


def _until(parts: Mapping[str, str], at: time, zone: str) -> date | None:
    """The last local day whose call still starts by UNTIL, which is inclusive (RFC 5545 section 3.3.10)."""
    if "UNTIL" not in parts:
        return None
    sentence = "UNTIL must be a date like 20271231, or a date and time like 20271231T235959Z."
    match = _UNTIL.fullmatch(parts["UNTIL"])
    if not match:
        raise _invalid(sentence)
    try:
        end = datetime.strptime(match[1] + (match[2] or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007 (a wall time)
        wall = zones.wall(end.replace(tzinfo=UTC), zone) if match[3] else end
        zones.check_year(wall)
    except ValueError as error:
        raise _invalid(sentence) from error
    except Refused as refusal:
        raise _invalid(f"UNTIL: {refusal.sentence}") from refusal
    return wall.date() if wall.time() >= at else wall.date() - timedelta(days=1)


_FORBIDDEN: tuple[tuple[Callable[[Recurrence], bool], str], ...] = (
    (lambda rule: rule.count is not None and rule.until is not None, "A rule ends by COUNT or by UNTIL, not by both."),
    (lambda rule: bool(rule.byweekno) and rule.freq != "YEARLY", "BYWEEKNO goes with FREQ=YEARLY only."),
    (lambda rule: bool(rule.byweekno) and not rule.byday, "BYWEEKNO needs a BYDAY: it names weeks, not days."),
    (lambda rule: bool(rule.byyearday) and rule.freq != "YEARLY", "BYYEARDAY goes with FREQ=YEARLY only."),
    (lambda rule: bool(rule.bymonthday) and rule.freq == "WEEKLY", "BYMONTHDAY does not go with FREQ=WEEKLY."),
    (lambda rule: _ordinals(rule) and rule.freq in ("DAILY", "WEEKLY"), "Days like 2TU go with FREQ=MONTHLY or YEARLY only."),
    (lambda rule: _ordinals(rule) and bool(rule.byweekno), "Days like 2TU do not go with BYWEEKNO."),
    (lambda rule: _longest_ordinal(rule) > 5 and _is_within_months(rule), "A month has at most five of each day of the week."),
    (lambda rule: len({day.ordinal == 0 for day in rule.byday}) > 1, "BYDAY takes days like TU or days like 2TU, not both."),
    (lambda rule: bool(rule.bysetpos) and rule.freq == "DAILY", "BYSETPOS does not go with FREQ=DAILY: a day has one call."),
    (lambda rule: bool(rule.bysetpos) and not _names_days(rule), "BYSETPOS needs another part, like BYDAY, to choose from."),
)


def _ordinals(rule: Recurrence) -> bool:
    return any(weekday.ordinal for weekday in rule.byday)


def _longest_ordinal(rule: Recurrence) -> int:
    return max((abs(weekday.ordinal) for weekday in rule.byday), default=0)


def _is_within_months(rule: Recurrence) -> bool:
    """Whether a weekday's ordinal counts in the month (RFC 5545, BYDAY). dateutil fails on a sixth Monday of December."""
    return rule.freq == "MONTHLY" or bool(rule.bymonth)


def _names_days(rule: Recurrence) -> bool:
    return bool(rule.bymonth or rule.byweekno or rule.byyearday or rule.bymonthday or rule.byday)


def _check_together(recurrence: Recurrence) -> None:
    """Which parts may stand together: the table and the notes of RFC 5545 section 3.3.10, and a little stricter."""
    for is_so, sentence in _FORBIDDEN:
        if is_so(recurrence):
            raise _invalid(sentence)


def _check_possible(recurrence: Recurrence) -> None:
    """Refuse 31 February and the like. A week can only lack the position that is asked for."""
    if recurrence.freq == "WEEKLY":
        most = max(1, len(recurrence.byday))
        is_possible = not recurrence.bysetpos or any(abs(position) <= most for position in recurrence.bysetpos)
    else:
        endless = replace(recurrence, interval=1, count=None, until=None)
        is_possible = next(days(endless, *_PROBE), None) is not None
    if not is_possible:
        raise _invalid("The rule never falls on any day.")
