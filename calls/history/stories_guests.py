"""What guests say shortly before their call, and who steps in, as sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from calls.ground.text import clean_line, excerpt

Facts = Mapping[str, Any]
SAID = {"accepted": "Yes", "tentative": "Maybe", "declined": "No"}


def _guest(facts: Facts) -> str:
    return clean_line(facts["guest"])


def _answered(facts: Facts) -> str:
    return f"{_guest(facts)} said {SAID[facts['answer']]} {'in the calendar' if facts['way'] == 'mail' else 'on the own page'}."


def _named(facts: Facts) -> str:
    to = clean_line(facts["to"])
    return f"Named the understudy: {to}." if to else "Took the understudy off."


def _swapped(facts: Facts) -> str:
    was, to = clean_line(facts["was"]), clean_line(facts["to"])
    return f"Let {to} step in for {was}." if was else f"Let {to} step in."


SENTENCES: dict[str, str | Callable[[Facts], str]] = {
    "booking.answered": _answered,
    "booking.checked_in": lambda facts: f"{_guest(facts)} is still on.",
    "booking.troubled": lambda facts: f"{_guest(facts)} has a problem: {excerpt(facts['words'], 200)}",
    "call.guest_swapped": _swapped,
    "guest.bounced": lambda facts: f"A mail to {_guest(facts)} came back: the address takes none.",
    "guest.silenced": lambda facts: f"{_guest(facts)} wants no more mail.",
    "guest.unsilenced": lambda facts: f"{_guest(facts)} lets mail come again.",
    "understudy.named": _named,
}
