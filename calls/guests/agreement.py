"""What a guest and a show agree on, in six lines: what goes wrong between them when nobody has said it."""

from dataclasses import dataclass
from datetime import datetime

from calls.ground import when, zones
from calls.ground.text import clean_line
from calls.guests.terms import Conditions, filled

LABELS = ("Length", "Day and time", "Style", "May the guest pitch?", "Who listens", "How to connect")


@dataclass(frozen=True)
class Meeting:
    """What is agreed about: `zone` is the call's own, `guest_zone` is where the guest reads the time."""

    starts_at: datetime
    minutes: int
    zone: str
    guest_zone: str


def lines(conditions: Conditions, meeting: Meeting) -> list[str]:
    """The six lines, in the order of LABELS."""
    own = filled(conditions)
    rest = [clean_line(words) for words in (own.style, own.pitch, own.listeners, own.connect)]
    return [f"{meeting.minutes} minutes.", _time(meeting), *rest]


def labelled(lines: list[str]) -> list[tuple[str, str]]:
    """Lines as they were kept, each with its label."""
    return list(zip(LABELS, lines, strict=False))


def _time(it: Meeting) -> str:
    here = when.full(it.starts_at, it.zone)
    is_same = zones.offset(it.starts_at, it.zone) == zones.offset(it.starts_at, it.guest_zone)
    return f"{here}." if is_same else f"{here}. For the guest: {when.full(it.starts_at, it.guest_zone)}."
