"""The dates from which a guest chooses, as her page lists them: each in her own time, month by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from calls.ground import when, zones
from calls.guests import offering, slot_queries
from calls.guests.models import Invitation
from calls.guests.slots import Hours
from calls.shows.models import Call


@dataclass(frozen=True)
class Choice:
    """One date. `value` is what the form sends; `zone` is the host's."""

    value: str
    starts_at: datetime
    zone: str
    minutes: int
    title: str = ""


Months = list[tuple[str, list[Choice]]]


def of_invitation(session: Session, invitation: Invitation, now: datetime) -> list[Choice]:
    """What is free for her now."""
    if invitation.purpose == "call":
        return of_calls(offering.free_calls(session, invitation, now))
    hours = slot_queries.hours_of(session, invitation.show_id)
    if hours is None:
        return []
    return [at(it, hours) for it in slot_queries.slots_of(session, invitation.show, now)]


def at(starts_at: datetime, hours: Hours) -> Choice:
    """A time in the open hours."""
    return Choice(when.iso(starts_at), starts_at, hours.zone, hours.minutes)


def of_calls(calls: Iterable[Call]) -> list[Choice]:
    return [Choice(str(it.id), it.starts_at, it.zone, it.minutes, it.title) for it in calls]


def by_month(choices: Sequence[Choice], zone: str) -> Months:
    """The dates under the months that they have by the clock of her zone."""

    def month(choice: Choice) -> str:
        wall = zones.wall(choice.starts_at, zone)
        return f"{when.MONTHS[wall.month - 1]} {wall.year}"

    return [(name, list(dates)) for name, dates in groupby(choices, month)]
