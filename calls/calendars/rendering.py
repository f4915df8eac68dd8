"""Render a calendar from calls, leaving out what is broken: what every feed has in common."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.calendars import ical
from calls.calendars.happening import Happening
from calls.ground.refusals import Refusal
from calls.shows.models import Call

logger = logging.getLogger("calls.calendars")

PUBLIC_MINUTES = 60
COLOR = "darkslateblue"
# What a broken row can raise on its way into a calendar.
ROW_FAULTS = (Refusal, ValueError, TypeError, AttributeError, ArithmeticError, LookupError)


@dataclass(frozen=True)
class Published:
    """A rendered calendar, when it was last changed, and which calls are in it.

    It is not whole when a call could not be written and was left out: whoever has an earlier render then serves that (F19).
    """

    body: bytes
    revised_at: datetime
    calls: tuple[Call, ...] = ()
    is_whole: bool = True


def written(rows: Sequence[tuple[object, Callable[[], Happening]]]) -> tuple[list[Happening], bool]:
    """The calls as calendars show them, and whether none had to be left out; what is broken is told to the operator (F19)."""
    happenings = []
    for which, write in rows:
        try:
            happenings.append(write())
        except ROW_FAULTS as fault:
            _report(which, fault)
    return happenings, len(happenings) == len(rows)


def published(
    calendar: ical.Calendar, happenings: Sequence[Happening], is_whole: bool, calls: Sequence[Call], revised: datetime
) -> Published:
    broken: list[Happening] = []

    def leave_out(happening: Happening, fault: Exception) -> None:
        broken.append(happening)
        _report(happening.uid, fault)

    body = ical.feed(calendar, happenings, on_fault=leave_out)
    return Published(body, revised, tuple(calls), is_whole and not broken)


def _report(which: object, fault: Exception) -> None:
    """Only the kind of the fault: its words may hold what people typed."""
    logger.error("call %s cannot be written into a calendar: %s", which, type(fault).__name__)
