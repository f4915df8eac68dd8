"""Calls and calendars for the tests of this room, among them series S of the design's acceptance cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from calls.calendars.ical import Calendar, Happening, Person

PUBLISHED = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
PAGE = "https://calls.example/ask-tara"
SHOW = Person("Ask Tara", "ask-tara@calls.example")
BEN = Person("Ben Ōno", "ben@listeners.example")
CLEO = Person("Cleo Marsh", "cleo@listeners.example")


def utc(text: str) -> datetime:
    """A moment written as "2026-10-14 16:00", meant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_happening(starts_at: str = "2026-10-14 16:00", **facts: Any) -> Happening:
    """An hour with guest G1; say only what matters."""
    start = utc(starts_at)
    page = f"{PAGE}/{start.date()}"
    usual = Happening(
        uid=f"occ-{start.date()}@calls.example",
        sequence=0,
        created_at=PUBLISHED,
        revised_at=PUBLISHED,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        summary="Ask Tara: G1",
        description="What to plant now.\n09:00 Los Angeles time",
        location="",
        url=page,
        is_cancelled=False,
    )
    return replace(usual, **facts)


def series_s() -> list[Happening]:
    """Case 1: Wednesdays 09:00 in Los Angeles, eight of them, over the end of summer time."""
    summer = [f"2026-10-{day} 16:00" for day in (14, 21, 28)]
    winter = [f"2026-{day} 17:00" for day in ("11-04", "11-11", "11-18", "11-25", "12-02")]
    return [a_happening(start) for start in summer + winter]


def a_calendar(**facts: Any) -> Calendar:
    """The public feed of the show; say only what matters."""
    usual = Calendar(
        name="Ask Tara",
        description="Later dates follow.",
        url=PAGE,
        color="teal",
        refresh_minutes=60,
        source=f"{PAGE}/calendar.ics",
        revised_at=PUBLISHED,
    )
    return replace(usual, **facts)


def vevents(ics: bytes) -> dict[str, bytes]:
    """Each VEVENT as it stands, by its UID."""
    bodies = [part.partition(b"END:VEVENT")[0] for part in ics.split(b"BEGIN:VEVENT\r\n")[1:]]
    return {body.partition(b"\r\n")[0].removeprefix(b"UID:").decode(): body for body in bodies}
