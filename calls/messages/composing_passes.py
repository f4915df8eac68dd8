"""What a letter about many calls says: a pass with its dates, and all that one person has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from calls.calendars import queries as calendars
from calls.ground import when
from calls.ground.links import Links
from calls.joining import queries as joining
from calls.joining import rooms
from calls.messages import facts as words
from calls.messages import telling
from calls.messages.wording import Fact, Line, Link, Passage
from calls.registrations import queries as registrations
from calls.registrations.models import Attendee, Pass, Registration
from calls.shows.titles import headline, subject_of

MOST_DATES = 12


@dataclass(frozen=True)
class Found:
    """The facts of a letter about a pass, and what its reader knows afterwards."""

    facts: dict[str, Fact]
    told: dict[str, dict[str, Any]]


def find(session: Session, kind: str, a_pass: Pass, links: Links, now: datetime) -> Found | str:
    """What there is to say by now, or the reason why nothing is."""
    if (kind == "pass_cancelled") != (a_pass.cancelled_at is not None):
        return "the pass has been taken again" if kind == "pass_cancelled" else "the pass has been given back"
    mine = registrations.registrations_of_pass(session, a_pass.id, now)
    facts = {**_facts(session, a_pass, links), **_dates(session, mine, a_pass.attendee)}
    unmailed = [it for it in mine if _is_unmailed(session, it)]
    told = {str(it.id): telling.state(session, it).__dict__ for it in unmailed[:MOST_DATES]}
    return Found(facts, told)


def _is_unmailed(session: Session, registration: Registration) -> bool:
    """A call that her calendar has by mail is told by a mail of its own, with its entry."""
    entry = calendars.entry_of(session, registration.id)
    return entry is None or entry.invited_at is None


def _facts(session: Session, a_pass: Pass, links: Links) -> dict[str, Fact]:
    attendee, show = a_pass.attendee, a_pass.show
    feed = calendars.feed_of(session, attendee.id)
    manage = links.passes(a_pass.id, attendee.generation)
    return {
        "name": attendee.name,
        "show": show.name,
        "host": show.host_name or show.name,
        "show_page": Link(links.show(show.slug)),
        "manage": Link(manage),
        "feed": Link(links.feed(feed.id, feed.generation, "your-calls") if feed else manage),
    }


def _dates(session: Session, mine: Sequence[Registration], attendee: Attendee) -> dict[str, Fact]:
    standing = [it.call for it in mine if it.call.cancelled_at is None]
    rows = [
        (subject_of(it.title, it.guest_name, it.show.name), it.starts_at, it.zone, attendee.zone) for it in standing[:MOST_DATES]
    ]
    listed = words.dates(rows).lines
    rest = len(standing) - len(rows)
    more = (Line("- and {rest} more", {"rest": str(rest)}),) if rest > 0 else ()
    none = () if standing else (Line("No date is fixed yet; we will write.", {}),)
    way_in = joining.way_in(session, standing[0]) if standing else rooms.NOWHERE
    return {
        "dates": Passage((*listed, *more, *none)),
        "way_in": words.way_in(way_in.phone, way_in.code, rooms.tap(way_in), way_in.web_link),
    }


def links_of(session: Session, attendee: Attendee, links: Links, now: datetime) -> tuple[Line, ...]:
    """A line for each call to come that a person is registered for, with the link to its page."""
    lines = []
    for it in registrations.registrations_of_attendee(session, attendee.id, now)[:MOST_DATES]:
        facts: dict[str, Fact] = {
            "when": when.full(it.call.starts_at, attendee.zone),
            "call": headline(it.call.show.name, it.call.title, it.call.guest_name),
            "manage": Link(links.registration(it.id, attendee.generation)),
        }
        lines.append(Line("- {when}: {call}  \n  {manage}", facts))
    return tuple(lines)


def sample_facts(session: Session, registration: Registration, links: Links, now: datetime) -> dict[str, Fact]:
    """The facts of a letter about a pass, as they would be for one registered person."""
    mine = registrations.registrations_of_attendee(session, registration.attendee_id, now)
    feed = calendars.feed_of(session, registration.attendee_id)
    manage = links.registration(registration.id, registration.attendee.generation)
    address = links.feed(feed.id, feed.generation, "your-calls") if feed else manage
    return {**_dates(session, mine, registration.attendee), "feed": Link(address)}
