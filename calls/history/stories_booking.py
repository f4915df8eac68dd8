"""What befalls invitations and bookings, as sentences."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from calls.ground import when, zones
from calls.ground.text import clean_line, excerpt

Facts = Mapping[str, Any]


def _invited(facts: Facts) -> str:
    what = {"extra": "to an extra call", "talk": "to a talk beforehand"}.get(facts.get("purpose", ""), "")
    return f"Invited {_guest(facts)}{' ' if what else ''}{what}."


def _nudged(facts: Facts) -> str:
    return f"Offered {_guest(facts)} more dates." if facts.get("dates") else f"Nudged {_guest(facts)}."


def _about(before: str, after: str) -> Callable[[Facts], str]:
    """A sentence around the guest's name, and the reason where there is one."""
    return lambda facts: f"{before}{_guest(facts)}{after}{_because(facts)}"


def _dated(before: str, after: str) -> Callable[[Facts], str]:
    """The same with the date of the booking."""
    return lambda facts: f"{before}{_guest(facts)}{after} {_moment(facts)}{_because(facts)}"


def _because(facts: Facts) -> str:
    reason = excerpt(facts.get("reason") or facts.get("words") or "", 200)
    return f": {reason}" if reason else "."


def _passed_on(facts: Facts) -> str:
    return f"{_guest(facts)} passed the invitation on to {clean_line(facts['to'])}."


def _chosen(facts: Facts) -> str:
    return f"{_guest(facts)} chose {_moment(facts)}{' instead' if facts.get('was') else ''}."


def _guest(facts: Facts) -> str:
    return clean_line(facts["guest"])


def _moment(facts: Facts) -> str:
    moment, zone = datetime.fromisoformat(facts["starts_at"]), facts["zone"]
    return f"{when.short_day(moment, zone)}, {when.clock(moment, zone)} {zones.time_name(zone)}"


def _named(facts: Facts) -> str:
    was, to = clean_line(facts["was"]), clean_line(facts["to"])
    return f"Announced {to} as it was agreed." if to else f"Took the guest {was} off, before anybody was registered."


SENTENCES: dict[str, str | Callable[[Facts], str]] = {
    "booking.accepted": _dated("", " agreed to"),
    "booking.approved": _dated("Agreed to have ", " on"),
    "booking.cancelled": _dated("Cancelled the booking of ", " for"),
    "booking.chosen": _chosen,
    "booking.confirmed": _dated("", " is booked for"),
    "booking.declined": _dated("", " gave back"),
    "booking.lapsed": _dated("", " did not confirm in time"),
    "call.guest_named": _named,
    "call.guest_places_set": lambda facts: f"Changed the number of guests from {facts['was']} to {facts['to']}.",
    "invitation.date_asked": _about("", " asked for another date"),
    "invitation.declined": _about("", " said no"),
    "invitation.lapsed": _about("The invitation of ", " ended without an answer"),
    "invitation.nudged": _nudged,
    "invitation.opened": _about("", " opened the invitation"),
    "invitation.passed_on": _passed_on,
    "invitation.sent": _invited,
    "invitation.withdrawn": _about("Withdrew the invitation of ", ""),
    "terms.set": "Changed what is agreed with guests.",
}
