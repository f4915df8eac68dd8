"""What a letter about one call says: the facts behind its words, and its calendar part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from calls.calendars import invitation, publishing
from calls.calendars.answers import ACCEPTED, DECLINED, TENTATIVE
from calls.calendars.happening import Happening
from calls.calendars.invitation import Person
from calls.calendars.models import Entry
from calls.ground import when
from calls.ground.links import Links
from calls.joining import rooms
from calls.joining.rooms import WayIn
from calls.messages import facts as words
from calls.messages.deciding import is_by_mail
from calls.messages.mails import MAILS, REFUSAL
from calls.messages.wording import Fact, Line, Link, Passage, as_written
from calls.registrations.models import Attendee, Registration
from calls.shows.titles import headline

NO_FACTS: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Part:
    """A calendar part and its METHOD."""

    method: str
    body: bytes


@dataclass(frozen=True)
class Own:
    """What is so of this one letter: what is new, the time before, what the clocks do, what its message holds, if it asks."""

    news: Sequence[str] = ()
    was: datetime | None = None
    clocks: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_invitation: bool = False


NOTHING_OWN = Own()


def facts(
    registration: Registration,
    way_in: WayIn,
    links: Links,
    now: datetime,
    own: Own = NOTHING_OWN,
) -> dict[str, Fact]:
    """What every placeholder of a letter about a call stands for."""
    call, attendee, show = registration.call, registration.attendee, registration.call.show
    manage = links.registration(registration.id, attendee.generation)
    return {
        "name": attendee.name,
        "show": show.name,
        "host": show.host_name or show.name,
        "show_page": Link(links.show(show.slug)),
        "call": headline(show.name, call.title, call.guest_name),
        "guest": call.guest_name,
        "day": when.short_day(call.starts_at, attendee.zone),
        "when": when.full(call.starts_at, call.zone),
        "your_time": words.your_time(call.starts_at, call.zone, attendee.zone),
        "clocks": Passage((Line("**{sentence}**", {"sentence": own.clocks}),) if own.clocks else ()),
        "starts_in": words.starts_in(call.starts_at, now),
        "way_in": words.way_in(way_in.phone, way_in.code, rooms.tap(way_in), way_in.web_link),
        "join": Link(links.join(registration.id, attendee.generation)),
        "manage": Link(manage),
        "page": Link(links.call(show.slug, call.address)),
        "feed": Link(manage),
        "was": _both_times(own.was, call.zone, attendee.zone) if own.was else "",
        "news": words.news(own.news),
        "reason": as_written(call.reason),
        "answers": _answers(registration, links) if own.is_invitation else "",
        "said_no": words.said_no(own.facts.get("said_no", "")),
        "proposed": words.proposed(_proposed_at(own.facts), own.facts.get("words", ""), call.zone, attendee.zone),
    }


def _answers(registration: Registration, links: Links) -> Passage:
    of = (registration.id, registration.attendee.generation)
    yes, maybe, no = (links.answer(it, *of) for it in (ACCEPTED, TENTATIVE, DECLINED))
    return words.answers(yes, maybe, no)


def _proposed_at(facts: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(facts["starts_at"]) if facts.get("starts_at") else None


def _both_times(moment: datetime, show_zone: str, zone: str) -> str:
    mine = words.your_time(moment, show_zone, zone)
    return f"{when.full(moment, show_zone)}\n{mine}" if mine else when.full(moment, show_zone)


def calendar_part(
    mail: str,
    registration: Registration,
    entry: Entry | None,
    way_in: WayIn,
    sender: Person,
    links: Links,
    now: datetime,
    facts: Mapping[str, Any] = NO_FACTS,
) -> Part | None:
    """The invitation, its update or its taking back, where this person's calendar is kept by mail; or the refusal of her time.

    Who writes from the address that invites gets none (calendars.md M5).
    """
    attendee = receiver(registration.attendee)
    if entry is None or not MAILS[mail].has_calendar or attendee.address.casefold() == sender.address.casefold():
        return None
    happening = publishing.personal_happening(entry, registration, way_in, links)
    if mail == REFUSAL:
        return Part("DECLINECOUNTER", _declined(happening, sender, attendee, registration, facts))
    if not registration.is_confirmed or happening.is_cancelled:
        if entry.invited_at is None:
            return None
        return Part("CANCEL", invitation.cancel(happening, sender, attendee, withdrawn=not registration.is_confirmed))
    if not is_by_mail(registration, entry, now):
        return None
    return Part("REQUEST", invitation.request(happening, sender, attendee))


def _declined(
    happening: Happening, sender: Person, attendee: Person, registration: Registration, facts: Mapping[str, Any]
) -> bytes:
    """The refusal answers the revision that was countered, and says when it was made."""
    call, decided_at = registration.call, datetime.fromisoformat(facts["decided_at"])
    answering = replace(happening, sequence=facts["sequence"], revised_at=max(decided_at, happening.revised_at))
    comment = f"The call stays at its time: {when.full(call.starts_at, call.zone)}."
    return invitation.decline_counter(answering, sender, attendee, comment)


def receiver(attendee: Attendee) -> Person:
    """The person as she is written to."""
    return Person(attendee.name, attendee.email or "")
