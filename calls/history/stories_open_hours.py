"""What happened to the hours that are open for talks with guests, in sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from calls.ground.text import clean_line

Facts = Mapping[str, Any]

OPEN_HOURS: dict[str, str | Callable[[Facts], str]] = {
    "busy_calendar.failed": lambda facts: f"Could not read the busy calendar: {clean_line(facts['why'])}",
    "busy_calendar.set": lambda facts: f"Had the busy calendar at {clean_line(facts['host'])} read.",
    "busy_calendar.taken_away": lambda facts: f"Had the busy calendar at {clean_line(facts['host'])} read no more.",
    "open_hours.closed": "Closed the hours for talks with guests.",
    "open_hours.set": "Set the hours for talks with guests.",
}
