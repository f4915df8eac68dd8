"""The calendar part of a mail to one person: her call, asked or taken back (iTIP, RFC 5546; design: calendars.md, M1 to M15)."""

import re
from dataclasses import dataclass
from typing import Literal

from icalendar import Event, vCalAddress

from calls.calendars.happening import Happening, add_description, add_where, dated, described, status
from calls.calendars.properties import closed, opened, parameter, text, without_addresses, written
from calls.ground.addresses import ascii_address
from calls.ground.refusals import Refused
from calls.ground.text import clean, clean_line

Answer = Literal["NEEDS-ACTION", "ACCEPTED", "TENTATIVE", "DECLINED"]

_ADDRESS = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_NO_ADDRESS = "An invitation needs a mail address such as tara@example.org."


@dataclass(frozen=True)
class Person:
    """Somebody with a mail address, as organizer or as attendee in iCalendar's sense."""

    name: str
    address: str


def request(
    happening: Happening,
    organizer: Person,
    attendee: Person,
    is_guest: bool = False,
    partstat: Answer = "NEEDS-ACTION",
    rsvp: bool = True,
) -> bytes:
    """Ask one person to her call, or tell her that it changed: the first request and every later one look alike (M2, M10).

    What is only held for a guest says so: its STATUS is TENTATIVE.
    Refused for the organizer's own address (M5) and for a cancelled call, which a request would only rename (M11).
    """
    if happening.is_cancelled:
        raise Refused("A cancelled call is taken back; nobody can be asked to it.")
    vevent = dated(happening)
    vevent.add("SUMMARY", text(without_addresses(happening.summary)))
    vevent.add("STATUS", text(status(happening)))
    vevent.add("TRANSP", text("OPAQUE"))
    add_where(vevent, happening)
    add_description(vevent, described(happening))
    _add_people(vevent, organizer, attendee, is_guest, partstat, "TRUE" if rsvp else "FALSE")
    if not is_guest:
        vevent.add("X-MICROSOFT-DISALLOW-COUNTER", text("TRUE"))
    return _part("REQUEST", vevent)


def cancel(happening: Happening, organizer: Person, attendee: Person, withdrawn: bool, is_guest: bool = False) -> bytes:
    """Take the call out of one person's calendar; the description is the reason, if one was given.

    `withdrawn` means that the call goes on without her, and then STATUS must not stand (M12, RFC 5546 3.2.5). The happening
    carries a sequence above the last request's (M11). Refused like a request to the organizer's own address.
    """
    vevent = dated(happening)
    vevent.add("SUMMARY", text(f"Cancelled: {without_addresses(happening.summary)}"))
    if not withdrawn:
        vevent.add("STATUS", text("CANCELLED"))
    vevent.add("TRANSP", text("TRANSPARENT"))
    add_where(vevent, happening)
    add_description(vevent, clean(happening.description).strip())
    _add_people(vevent, organizer, attendee, is_guest, "NEEDS-ACTION", None)
    return _part("CANCEL", vevent)


def decline_counter(happening: Happening, organizer: Person, attendee: Person, comment: str, is_guest: bool = False) -> bytes:
    """Refuse the other time that one person proposed; the call stays as it stands here (M22, RFC 5546 3.2.8).

    The happening carries the sequence that was countered. Refused like a request to the organizer's own address.
    """
    vevent = dated(happening)
    vevent.add("SUMMARY", text(without_addresses(happening.summary)))
    vevent.add("COMMENT", text(clean(comment).strip()))
    _add_people(vevent, organizer, attendee, is_guest, "NEEDS-ACTION", None)
    return _part("DECLINECOUNTER", vevent)


def _add_people(vevent: Event, organizer: Person, attendee: Person, is_guest: bool, partstat: Answer, rsvp: str | None) -> None:
    """Organizer and the one attendee: nobody learns from a calendar who else was asked (M1)."""
    if organizer.address.casefold() == attendee.address.casefold():
        raise Refused(f"{attendee.address} is the address that invites; an invitation cannot go to it.")
    vevent.add("ORGANIZER", _calendar_address(organizer))
    role = "REQ-PARTICIPANT" if is_guest else "OPT-PARTICIPANT"
    answering = {} if rsvp is None else {"RSVP": rsvp}
    vevent.add("ATTENDEE", _calendar_address(attendee, CUTYPE="INDIVIDUAL", ROLE=role, PARTSTAT=partstat, **answering))


def _calendar_address(person: Person, **parameters: str) -> vCalAddress:
    """A person by her address as the mail's headers have it too: a URI is ASCII, a domain of other letters in Punycode."""
    if person.address != clean_line(person.address) or not _ADDRESS.fullmatch(person.address):
        raise Refused(_NO_ADDRESS)
    try:
        address = ascii_address(person.address)
    except ValueError as fault:
        raise Refused(_NO_ADDRESS) from fault
    name = parameter(person.name)
    return vCalAddress(f"mailto:{address}", params=parameters | ({"CN": name} if name else {}))


def _part(method: str, vevent: Event) -> bytes:
    """One VEVENT and nothing of a whole calendar: with a calendar's name Outlook makes a new calendar of it (M6)."""
    return closed(opened(method), [written(vevent)])
