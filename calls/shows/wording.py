"""A recurrence and its days in plain English. Whatever `recurrence` accepts is said here, and said correctly."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from calls.ground import text
from calls.shows.repeats import Recurrence, Weekday, completed

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_FIRST_TEN = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


def day_of(day: date) -> str:
    """3 March 2027"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def weekday_of(day: date) -> str:
    """Tuesday 3 March 2026"""
    return f"{WEEKDAYS[day.weekday()]} {day_of(day)}"


def pattern(recurrence: Recurrence, first_day: date) -> str:
    """On which days: "Every Tuesday", "The second Tuesday of each month", "Once, on Tuesday 3 March 2026".

    It ends with a comma where a limit was put in between commas and the sentence goes on.
    """
    if recurrence.count == 1:
        return f"Once, on {weekday_of(first_day)}"
    rule = completed(recurrence, first_day)
    if rule.bysetpos:
        said = f"{_every(rule)} on {_each(_place, rule.bysetpos)} day that is {' and is '.join(_conditions(rule))}"
    else:
        said = _PATTERNS[rule.freq](rule)
    said += _caution(rule) + _week_start(rule)
    is_limited = any(limit in said for limit in (", only ", ", when ", ", with "))
    return f"{said}," if is_limited else said


def ending(recurrence: Recurrence) -> str:
    """How it ends: ", until 3 March 2027", ", 10 times", or nothing."""
    if recurrence.until:
        return f", until {day_of(recurrence.until)}"
    if recurrence.count and recurrence.count > 1:
        return f", {recurrence.count} times"
    return ""


def _every(rule: Recurrence) -> str:
    unit = _UNITS[rule.freq]
    return f"Every {unit}" if rule.interval == 1 else f"Every {rule.interval} {unit}s"


def _daily(rule: Recurrence) -> str:
    if rule.interval == 1 and rule.byday and not rule.bymonthday:
        return f"Every {_weekdays(rule.byday)}{_only_months(rule)}"
    limits = _only_weekdays(rule) + _only_monthdays(rule) + _only_months(rule)
    return _every(rule) + limits


def _weekly(rule: Recurrence) -> str:
    said = f"Every {_weekdays(rule.byday)}" if rule.interval == 1 else f"{_every(rule)} on {_weekdays(rule.byday)}"
    return said + _only_months(rule)


def _monthly(rule: Recurrence) -> str:
    if rule.bymonthday:
        which, limits = _monthdays(rule.bymonthday), _only_weekdays(rule, "month")
    else:
        which, limits = _of_weekdays(rule.byday), ""
    said = _capital(f"{which} of each month") if rule.interval == 1 else f"{_every(rule)} on {which}"
    return said + limits + _only_months(rule)


def _yearly(rule: Recurrence) -> str:
    if rule.byyearday:
        days = f"{_each(_place, rule.byyearday)} day of the year"
        return f"{_every(rule)} on {days}{_only_weeks(rule)}{_only_monthdays(rule)}{_only_weekdays(rule)}{_only_months(rule)}"
    if rule.byweekno:
        return f"{_every(rule)} on {_weekdays(rule.byday)} of {_weeks(rule)}{_only_monthdays(rule)}{_only_months(rule)}"
    if rule.bymonthday:
        return f"{_every(rule)} on {_calendar_days(rule)}{_only_weekdays(rule)}"
    span = text.in_words([MONTHS[month - 1] for month in rule.bymonth]) if rule.bymonth else "the year"
    return f"{_every(rule)} on {_of_weekdays(rule.byday)} of {span}"


_PATTERNS: dict[str, Callable[[Recurrence], str]] = {
    "DAILY": _daily,
    "WEEKLY": _weekly,
    "MONTHLY": _monthly,
    "YEARLY": _yearly,
}


def _calendar_days(rule: Recurrence) -> str:
    """3 March; the 1st and the 15th of March and June; the last day of each month"""
    if len(rule.bymonth) == len(rule.bymonthday) == 1 and rule.bymonthday[0] > 0:
        return f"{rule.bymonthday[0]} {MONTHS[rule.bymonth[0] - 1]}"
    months = text.in_words([MONTHS[month - 1] for month in rule.bymonth]) if rule.bymonth else "each month"
    return f"{_monthdays(rule.bymonthday)} of {months}"


def _monthdays(days: Sequence[int]) -> str:
    """the 1st, the 8th to the 14th and the last day"""
    runs: list[list[int]] = []
    for day in days:
        if runs and day > 0 and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    said: list[str] = []
    for run in runs:
        names = [f"the {_nth(day)}" if day > 0 else f"the {_place(day)} day" for day in run]
        said += [f"{names[0]} to {names[-1]}"] if len(names) > 2 else names
    return text.in_words(said)


def _weekdays(weekdays: Iterable[Weekday]) -> str:
    return text.in_words([WEEKDAYS[weekday.day] for weekday in weekdays])


def _of_weekdays(weekdays: Iterable[Weekday]) -> str:
    """the second Tuesday and the last Friday; every Tuesday"""
    return text.in_words([f"{f'the {_place(ordinal)}' if ordinal else 'every'} {WEEKDAYS[day]}" for day, ordinal in weekdays])


def _weeks(rule: Recurrence) -> str:
    return text.in_words([f"week {week}" if week > 0 else f"the {_place(week)} week of the year" for week in rule.byweekno])


def _only_months(rule: Recurrence) -> str:
    return f", only in {text.in_words([MONTHS[month - 1] for month in rule.bymonth])}" if rule.bymonth else ""


def _only_weeks(rule: Recurrence) -> str:
    return f", only in {_weeks(rule)}" if rule.byweekno else ""


def _only_monthdays(rule: Recurrence) -> str:
    return f", only when it is {_or(_monthdays([day]) for day in rule.bymonthday)} of the month" if rule.bymonthday else ""


def _only_weekdays(rule: Recurrence, span: str = "") -> str:
    return f", only when it is {_or(_weekday_conditions(rule, span))}" if rule.byday else ""


def _weekday_conditions(rule: Recurrence, span: str = "") -> list[str]:
    """A weekday's ordinal counts in the month wherever the rule names months, else in the year (RFC 5545, BYDAY)."""
    span = span or ("month" if rule.bymonth or rule.freq == "MONTHLY" else "year")
    return [f"the {_place(n)} {WEEKDAYS[day]} of the {span}" if n else f"a {WEEKDAYS[day]}" for day, n in rule.byday]


def _conditions(rule: Recurrence) -> list[str]:
    """What a day must be to be among those of which BYSETPOS picks some, after "that is"."""
    found = [
        _or(_weekday_conditions(rule)),
        _or(f"{_monthdays([day])} of the month" for day in rule.bymonthday),
        _or(f"the {_place(day)} day of the year" for day in rule.byyearday),
        f"in {_or(_weeks(Recurrence('YEARLY', byweekno=(week,))) for week in rule.byweekno)}" if rule.byweekno else "",
        f"in {_or(MONTHS[month - 1] for month in rule.bymonth)}" if rule.bymonth else "",
    ]
    return [condition for condition in found if condition]


def _caution(rule: Recurrence) -> str:
    """Said where some weeks, months or years lack the day: a rule passes these over (RFC 5545 section 3.3.10)."""
    return ", when there is one" if (_may_lack_place(rule) if rule.bysetpos else _may_lack_day(rule)) else ""


def _may_lack_place(rule: Recurrence) -> bool:
    """Whether too few days may be there to pick from; sure to be enough are only those of whole weeks."""
    is_sure = rule.byday and not (_may_lack_day(rule) or rule.bymonthday or rule.byyearday or rule.byweekno)
    if not is_sure or any(weekday.ordinal for weekday in rule.byday) or (rule.freq == "WEEKLY" and rule.bymonth):
        return True
    whole_weeks = {"WEEKLY": 1, "MONTHLY": 4}.get(rule.freq, 4 * len(rule.bymonth) or 52)
    return any(abs(place) > whole_weeks * len(rule.byday) for place in rule.bysetpos)


def _may_lack_day(rule: Recurrence) -> bool:
    if rule.freq not in ("MONTHLY", "YEARLY"):
        return False
    longest_ordinal = 52 if rule.freq == "YEARLY" and not rule.bymonth else 4
    return (
        any(_is_lacking(day, rule.bymonth) for day in rule.bymonthday)
        or any(abs(weekday.ordinal) > longest_ordinal for weekday in rule.byday)
        or any(abs(day) == 366 for day in rule.byyearday)
        or any(abs(week) == 53 for week in rule.byweekno)
    )


def _is_lacking(day: int, months: tuple[int, ...]) -> bool:
    shortest = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}
    return abs(day) > min(shortest.get(month, 31) for month in months or (2,))


def _week_start(rule: Recurrence) -> str:
    """Said where it makes a difference which day a week begins on."""
    is_felt = (rule.freq == "WEEKLY" and (rule.interval > 1 or rule.bysetpos)) or rule.byweekno
    return f", with weeks that begin on {WEEKDAYS[rule.wkst]}" if rule.wkst and is_felt else ""


def _or(things: Iterable[str]) -> str:
    *others, last = [*things] or [""]
    return f"{', '.join(others)} or {last}" if others else last


def _each(name: Callable[[int], str], numbers: Iterable[int]) -> str:
    return text.in_words([f"the {name(number)}" for number in numbers])


def _place(number: int) -> str:
    """second, 20th; from the end: last, second to last"""
    if number == -1:
        return "last"
    if number < 0:
        return f"{_place(-number)} to last"
    return _FIRST_TEN[number - 1] if number <= len(_FIRST_TEN) else _nth(number)


def _nth(number: int) -> str:
    """1st, 2nd, 3rd, 11th, 22nd"""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
