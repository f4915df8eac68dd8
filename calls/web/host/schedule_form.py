"""When a show is on, as a form asks for it: first day and time, zone, length, and how it repeats.

Each way to repeat takes what the host leaves open from the first day: weekly on its weekday, monthly on its date, or on
"the second Tuesday" when it is one. A rule that none of the ways can say stays the text that was pasted.
"""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from calls.ground import zones
from calls.ground.refusals import Invalid
from calls.ground.when import WEEKDAYS
from calls.shows import recurrence, repeats, schedule
from calls.shows.recurrence import Recurrence
from calls.shows.repeats import DAY_CODES
from calls.shows.schedule import Planned, Rule
from calls.web.forms import Typed

Repeats = Literal["once", "weekly", "by_date", "by_weekday", "rule"]
Ends = Literal["open", "until", "count"]

REPEATS: tuple[tuple[Repeats, str], ...] = (
    ("once", "Once"),
    ("weekly", "Every week, or every few weeks"),
    ("by_date", "Every month, on a date"),
    ("by_weekday", "Every month, on a weekday, like the second Tuesday"),
    ("rule", "By a rule from another calendar (RRULE)"),
)
ENDS: tuple[tuple[Ends, str], ...] = (
    ("open", "It goes on until I end it"),
    ("until", "On a last day"),
    ("count", "After a number of calls"),
)
DAYS = tuple(zip(DAY_CODES, WEEKDAYS, strict=True))
MONTH_DAYS = (("", "The date of the first day"), *((str(day), str(day)) for day in range(1, 32)), ("-1", "The last day"))
ORDINALS = (
    ("", "As the first day falls"),
    *(("1", "The first"), ("2", "The second"), ("3", "The third"), ("4", "The fourth"), ("-1", "The last")),
)
MONTH_WEEKDAYS = (("", "The weekday of the first day"), *((str(number), name) for number, name in enumerate(WEEKDAYS)))
FOLDS = (("0", "The first of the two"), ("1", "The second of the two, an hour later on most clocks"))
OPTIONS = {
    "repeats": REPEATS,
    "ends": ENDS,
    "days": DAYS,
    "month_days": MONTH_DAYS,
    "ordinals": ORDINALS,
    "month_weekdays": MONTH_WEEKDAYS,
    "folds": FOLDS,
}


def zone_options(own: str = "UTC") -> list[tuple[str, str]]:
    """The zones worth offering, and the one that is chosen already, be its name an old one."""
    return [(it, it.replace("_", " ")) for it in sorted({*zones.names(), own})]


class Scheduling(BaseModel):
    """What the fields of a schedule hold."""

    first_day: Annotated[date, Field(title="the first day")]
    first_time: Annotated[time, Field(title="the time")]
    zone: Annotated[str, Field(title="the time zone")]
    minutes: Annotated[int, Field(title="the length in minutes", ge=5, le=1440)] = 60
    repeats: Annotated[Repeats, Field(title="how it repeats")] = "weekly"
    days: list[Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]] = []
    every: Annotated[int, Field(title="a number from 1 to 99", ge=1, le=99)] = 1
    month_day: Annotated[int | None, Field(title="a day of the month", ge=-1, le=31)] = None
    ordinal: Annotated[int | None, Field(title="which one of the month", ge=-1, le=4)] = None
    weekday: Annotated[int | None, Field(title="a weekday", ge=0, le=6)] = None
    rrule: str = ""
    ends: Annotated[Ends, Field(title="how it ends")] = "open"
    until: Annotated[date | None, Field(title="the last day")] = None
    count: Annotated[int | None, Field(title="the number of calls", ge=1, le=500)] = None
    keep: Annotated[Literal["wall", "moment"] | None, Field(title="what shall stay")] = None
    fold: Annotated[int | None, Field(title="which of the two", ge=0, le=1)] = None


def rule_of(typed: Scheduling) -> Rule:
    """The schedule that was meant. Raises Invalid beside the field of each fault."""
    if not zones.is_zone(typed.zone):
        raise Invalid({"zone": "That time zone is not known; choose one like America/New_York."})
    text = _recurrence(typed).text
    return Rule(typed.first_day, typed.first_time, typed.zone, typed.minutes, text, typed.fold or 0)


def facts_of(rule: Rule, days: int = 0) -> dict[str, Any]:
    """The schedule as a pending change keeps it, and how many days later its local days are than the old ones."""
    return {
        "first_day": rule.first_day.isoformat(),
        "first_time": f"{rule.time:%H:%M}",
        "zone": rule.zone,
        "minutes": rule.minutes,
        "rrule": rule.rrule,
        "fold": rule.fold,
        **({"days": days} if days else {}),
    }


def check_fold(typed: Scheduling, rule: Rule, now: datetime) -> None:
    """Ask which of two equal times is meant, where the clocks show one of the coming dates twice."""
    twice = [it for it in schedule.warnings(rule, now) if it.kind == "fold"]
    if twice and typed.fold is None:
        raise Invalid({"fold": f"{which_of_two(twice[0].planned, rule.zone)} Say which of the two is meant."})


def which_of_two(planned: Planned, zone: str) -> str:
    """The two moments that a wall time stands for when the clocks go back, in a sentence."""
    first, second = (zones.offset(zones.resolve(planned.wall, zone, fold), zone) for fold in (0, 1))
    day = f"{planned.day.day} {planned.day:%B %Y}"
    return f"The clocks show {planned.wall:%H:%M} twice on {day} in {zones.city(zone)}, first at {first} and again at {second}."


def gaps(rule: Rule, now: datetime) -> list[str]:
    """The dates that the clocks skip, each in a sentence."""
    return [it.sentence for it in schedule.warnings(rule, now) if it.kind == "gap"]


def _recurrence(typed: Scheduling) -> Recurrence:
    first = typed.first_day
    count, until = _end(typed)
    match typed.repeats:
        case "once":
            return recurrence.once()
        case "weekly":
            days = [DAY_CODES.index(code) for code in typed.days] or [first.weekday()]
            return recurrence.weekly(days, typed.every, count=count, until=until)
        case "by_date":
            return recurrence.monthly_by_day(typed.month_day or first.day, typed.every, count=count, until=until)
        case "by_weekday":
            weekday = first.weekday() if typed.weekday is None else typed.weekday
            ordinal = typed.ordinal or ordinal_of(first)
            return recurrence.monthly_by_weekday(ordinal, weekday, typed.every, count=count, until=until)
        case "rule":
            if not typed.rrule:
                raise Invalid({"rrule": "Paste the rule, like FREQ=WEEKLY;BYDAY=TU."})
            return recurrence.parse(typed.rrule, at=typed.first_time, zone=typed.zone)


def _end(typed: Scheduling) -> tuple[int | None, date | None]:
    """The number of calls and the last day; what belongs to a choice that was not made does not count."""
    if typed.repeats in {"once", "rule"} or typed.ends == "open":
        return None, None
    if typed.ends == "until":
        if typed.until is None:
            raise Invalid({"until": "Give the last day, or let it go on."})
        return None, typed.until
    if typed.count is None:
        raise Invalid({"count": "Give the number of calls, or let it go on."})
    return typed.count, None


def ordinal_of(day: date) -> int:
    """Which Tuesday of its month a Tuesday is; a fifth is the last."""
    number = (day.day - 1) // 7 + 1
    return number if number < 5 else -1


def fields_of(rule: Rule) -> dict[str, Typed]:
    """The form's fields for a schedule that stands."""
    found = repeats.completed(recurrence.parse(rule.rrule), rule.first_day)
    ends: Ends = "until" if found.until else "count" if found.count else "open"
    return {
        "first_day": rule.first_day.isoformat(),
        "first_time": f"{rule.time:%H:%M}",
        "zone": rule.zone,
        "minutes": rule.minutes,
        "every": found.interval,
        "ends": ends if rule.rrule else "open",
        "until": found.until.isoformat() if found.until else None,
        "count": found.count if rule.rrule else None,
        **_pattern_fields(rule, found),
    }


def _pattern_fields(rule: Rule, found: Recurrence) -> dict[str, Typed]:
    if not rule.rrule:
        return {"repeats": "once"}
    plain = Recurrence(found.freq, found.interval, found.count, found.until, wkst=found.wkst)
    match found.freq:
        case "WEEKLY" if found == replace(plain, byday=found.byday) and not found.wkst:
            return {"repeats": "weekly", "days": [DAY_CODES[it.day] for it in found.byday]}
        case "MONTHLY" if found == replace(plain, bymonthday=found.bymonthday[:1]) and min(found.bymonthday) >= -1:
            return {"repeats": "by_date", "month_day": found.bymonthday[0]}
        case "MONTHLY" if found == replace(plain, byday=found.byday[:1]) and found.byday[0].ordinal in (1, 2, 3, 4, -1):
            return {"repeats": "by_weekday", "ordinal": found.byday[0].ordinal, "weekday": found.byday[0].day}
    return {"repeats": "rule", "rrule": rule.rrule}
