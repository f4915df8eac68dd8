"""The web of the demo: one address at which a sample calendar lies, and nothing else, since nothing leaves the machine."""

from datetime import datetime, timedelta

from calls.gateways.fetching import Fetched, NotFetched
from calls.ground.clock import Clock

CALENDAR = "https://calendar.example/tara.ics"


class SampleWeb:
    """Hands out the calendar of a host who swims every day before lunch, and is away for a weekend soon."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def fetch(self, address: str, etag: str = "") -> Fetched:
        if address != CALENDAR:
            raise NotFetched(f"The demo asks nobody outside of this machine. Try {CALENDAR}.")
        monday = self._clock.now() - timedelta(days=self._clock.now().weekday())
        return Fetched(calendar(monday).encode())


def calendar(monday: datetime) -> str:
    """The calendar as of the week that begins then. Its times follow the clocks of whoever reads it."""
    away = monday + timedelta(days=12)
    entries = (
        ("swim", f"DTSTART:{monday:%Y%m%d}T113000", "DURATION:PT45M", "RRULE:FREQ=DAILY", "SUMMARY:Swimming"),
        ("away", f"DTSTART;VALUE=DATE:{away:%Y%m%d}", "DURATION:P2D", "SUMMARY:Away"),
    )
    lines = [
        line
        for uid, *lines in entries
        for line in ("BEGIN:VEVENT", f"UID:{uid}@calendar.example", f"DTSTAMP:{monday:%Y%m%dT%H%M%SZ}", *lines, "END:VEVENT")
    ]
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Calls//Demo//EN")
    return "".join(f"{line}\r\n" for line in (*head, *lines, "END:VCALENDAR"))
