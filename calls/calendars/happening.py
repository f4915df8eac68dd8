"""One call as a calendar shows it, and its VEVENT: in UTC, alone, never a rule (design: calendars.md, decisions 1 and 2)."""

from dataclasses import dataclass, replace
from datetime import datetime

from icalendar import Event

from calls.calendars.properties import moment, text, texts, uri, without_addresses
from calls.ground.text import clean


@dataclass(frozen=True)
class Happening:
    """A call as it stands in one calendar.

    `uid` and `created_at` never change. At every published change `sequence` grows by one (F5), and `revised_at` by at least one
    whole second (F6). All moments are aware. `description` is plain text, `url` a page without a secret (M7), `conference` the
    page through which one joins. `is_tentative` is what stands but may still fall: a draft's call.
    """

    uid: str
    sequence: int
    created_at: datetime
    revised_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    url: str
    is_cancelled: bool
    categories: tuple[str, ...] = ()
    conference: str | None = None
    is_tentative: bool = False


def public(happening: Happening) -> Happening:
    """The happening without any mail address in what people typed, as it may stand in a feed (F16)."""
    return replace(
        happening,
        summary=without_addresses(happening.summary),
        description=without_addresses(happening.description),
        location=without_addresses(happening.location),
        categories=tuple(without_addresses(category) for category in happening.categories),
    )


def event(happening: Happening) -> Event:
    """The happening as a VEVENT with neither organizer nor attendee; a cancelled one keeps its place and says so (F9)."""
    vevent = dated(happening)
    vevent.add("SUMMARY", text(f"CANCELLED: {happening.summary}" if happening.is_cancelled else happening.summary))
    vevent.add("STATUS", text(status(happening)))
    vevent.add("TRANSP", text("TRANSPARENT" if happening.is_cancelled else "OPAQUE"))
    add_where(vevent, happening)
    add_description(vevent, described(happening))
    return vevent


def status(happening: Happening) -> str:
    """iCalendar's STATUS (RFC 5545 3.8.1.11)."""
    if happening.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if happening.is_tentative else "CONFIRMED"


def dated(happening: Happening) -> Event:
    """A VEVENT that says so far which call this is, in which revision, and when (F4 to F7).

    Raises ValueError for what no calendar can show: no UID, a sequence below nought, an end that is not after the start.
    """
    if not happening.uid.strip():
        raise ValueError("A call without a UID cannot be published.")
    if happening.sequence < 0:
        raise ValueError(f"A sequence cannot be {happening.sequence}.")
    starts_at, ends_at = moment(happening.starts_at), moment(happening.ends_at)
    if ends_at.dt <= starts_at.dt:
        raise ValueError(f"A call cannot end at {happening.ends_at} when it starts at {happening.starts_at}.")

    vevent = Event()
    vevent.add("UID", text(happening.uid))
    vevent.add("SEQUENCE", int(happening.sequence))
    vevent.add("DTSTAMP", moment(happening.revised_at))
    vevent.add("LAST-MODIFIED", moment(happening.revised_at))
    vevent.add("CREATED", moment(happening.created_at))
    vevent.add("DTSTART", starts_at)
    vevent.add("DTEND", ends_at)
    return vevent


def add_where(vevent: Event, happening: Happening) -> None:
    """Class, place and page. Without a place of its own a call is where its page is: that is where people look (F15)."""
    vevent.add("CLASS", text("PUBLIC"))
    if place := happening.location.strip() or happening.url:
        vevent.add("LOCATION", text(place))
    if happening.url:
        vevent.add("URL", uri(happening.url))


def add_description(vevent: Event, description: str) -> None:
    """The description, left out where there is none."""
    if description:
        vevent.add("DESCRIPTION", text(description))


def described(happening: Happening) -> str:
    """The description, its last line the page of the call (F15)."""
    description = clean(happening.description).rstrip()
    if not happening.url or description.rpartition("\n")[2].strip() == happening.url:
        return description
    return f"{description}\n\n{happening.url}" if description else happening.url


def add_extras(vevent: Event, happening: Happening) -> None:
    """What only feeds carry: the conference address in its own property, and the topics (F15, section 5)."""
    if happening.conference:
        vevent.add("CONFERENCE", uri(happening.conference, VALUE="URI", FEATURE=["AUDIO", "VIDEO"]))
    if happening.categories:
        vevent.add("CATEGORIES", texts(happening.categories))
