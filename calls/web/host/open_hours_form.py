"""Open hours as a form holds them: for each weekday up to three ranges, and how talks are taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field

from calls.ground.refusals import Invalid
from calls.ground.when import WEEKDAYS
from calls.guests import open_hours
from calls.guests.open_hours import LIMITS, RANGES_A_DAY, TypedRange
from calls.guests.slots import Hours, OpenRange
from calls.web.forms import Form, Typed
from calls.web.reading import read


class Numbers(BaseModel):
    """How talks are taken."""

    zone: Annotated[str, Field(title="the time zone")]
    minutes: Annotated[int, Field(title="the length in minutes")]
    buffer: Annotated[int, Field(title="the minutes kept free")] = 0
    notice: Annotated[int, Field(title="the hours of notice")] = 0
    horizon: Annotated[int, Field(title="the days ahead")]
    most_a_week: Annotated[int, Field(title="the talks a week")] = 0


@dataclass(frozen=True)
class Row:
    """One range of a day in the form: the names of its two fields, and which one of the day it is."""

    begin: str
    end: str
    number: int


@dataclass(frozen=True)
class Day:
    """One weekday in the form; `is_more_open` when more than its first range has something in it."""

    name: str
    first: Row
    more: tuple[Row, ...]
    is_more_open: bool


def days(form: Form) -> list[Day]:
    """The weekdays as the form shows them."""
    return [_day(form, weekday) for weekday in range(7)]


def _day(form: Form, weekday: int) -> Day:
    first, *more = _rows(weekday)
    is_open = any(form.value(name) or form.error(name) for it in more for name in (it.begin, it.end))
    return Day(WEEKDAYS[weekday], first, tuple(more), is_open)


def _rows(weekday: int) -> list[Row]:
    day = WEEKDAYS[weekday].lower()
    return [Row(f"{day}_{number}_from", f"{day}_{number}_to", number) for number in range(1, RANGES_A_DAY + 1)]


def hours_of(form: Form) -> Hours:
    """What was typed. Raises Invalid with a sentence beside each field that is wrong."""
    errors: dict[str, str] = {}
    weekly: tuple[OpenRange, ...] = ()
    numbers: Numbers | None = None
    try:
        weekly = open_hours.weekly(_typed(form))
    except Invalid as refusal:
        errors.update(refusal.errors)
    try:
        numbers = read(Numbers, form)
    except Invalid as refusal:
        errors.update(refusal.errors)
    if numbers is None or errors:
        raise Invalid(errors)
    return Hours(weekly=weekly, **numbers.model_dump())


def _typed(form: Form) -> Iterator[TypedRange]:
    for weekday in range(7):
        for row in _rows(weekday):
            yield TypedRange(weekday, form.value(row.begin).strip(), form.value(row.end).strip(), row.begin, row.end)


def form_of(hours: Hours) -> Form:
    """The form filled in with hours that stand."""
    fields: dict[str, Typed] = {"zone": hours.zone, **{name: getattr(hours, name) for name in LIMITS}}
    for weekday in range(7):
        ranges = (it for it in hours.weekly if it.weekday == weekday)
        for row, it in zip(_rows(weekday), ranges, strict=False):
            fields[row.begin], fields[row.end] = f"{it.begin:%H:%M}", f"{it.end:%H:%M}"
    return Form.of(fields)
