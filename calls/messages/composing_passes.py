"""What a letter about many calls says: a pass with its dates, and all that one person has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.calendars import queries as calendars
from calls.ground import when
from calls.ground.links import Links
from calls.joining import rooms
from calls.joining.rooms import WayIn
from calls.messages import facts as words
from calls.messages.deciding import Dropped
from calls.messages.gathering import Gathered
from calls.messages.telling import State
from calls.messages.wording import Fact, Line, Link, Passage
from calls.registrations import queries as registrations
from calls.registrations.models import Attendee, Pass, Registration
from calls.shows.titles import headline, subject_of

MOST_DATES = 12


@dataclass(frozen=True)
class Dates:
    """The facts of a letter about a pass, and what its reader knows of each call afterwards."""

    facts: dict[str, Fact]
    told: dict[UUID, State]


def find(session: Session, kind: str, a_pass: Pass, known: Gathered, links: Links, now: datetime) -> Dates:
    """What there is to say by now. Raises Dropped when nothing is.

    A call that her calendar has by mail is told by a mail of its own, with its entry.
    """
    if (kind == "pass_cancelled") != (a_pass.cancelled_at is not None):
        is_given_back = kind != "pass_cancelled"
        raise Dropped("the pass has been given back" if is_given_back else "the pass has been taken again")
    mine = registrations.registrations_of_pass(session, a_pass.id, now)
    way_in = rooms.way_in_of(known.ways, a_pass.show_id, None)
    facts = {**_facts(session, a_pass, links), **_dates(mine, way_in, a_pass.attendee)}
    entries = calendars.entries_of(session, [it.id for it in mine])
    told = {it.id: known.state(it) for it in mine if it.id not in entries or entries[it.id].invited_at is None}
    return Dates(facts, told)


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
        "feed": Link(links.feed(feed.id, feed.generation, "your-calls") if feed and feed.is_open else manage),
    }


def _dates(mine: Sequence[Registration], way_in: WayIn, attendee: Attendee) -> dict[str, Fact]:
    standing = [it.call for it in mine if it.call.cancelled_at is None]
    rows = [
        (subject_of(it.title, it.guest_name, it.show.name), it.starts_at, it.zone, attendee.zone) for it in standing[:MOST_DATES]
    ]
    listed = words.dates(rows).lines
    rest = len(standing) - len(rows)
    more = (Line("- and {rest} more", {"rest": str(rest)}),) if rest > 0 else ()
    none = () if standing else (Line("No date is fixed yet; we will write.", {}),)
    return {
        "dates": Passage((*listed, *more, *none)),
        "way_in": words.way_in(way_in.phone, way_in.code, rooms.tap(way_in), way_in.web_link),
    }


def links_of(session: Session, attendee: Attendee, links: Links, now: datetime) -> tuple[Line, ...]:
    """A line for each pass and for each single call to come, with the link to its page; a pass's page has all its dates."""
    lines = []
    for a_pass in registrations.passes_of_attendee(session, attendee.id):
        facts: dict[str, Fact] = {"show": a_pass.show.name, "manage": Link(links.passes(a_pass.id, attendee.generation))}
        lines.append(Line("- All calls of {show}  \n  {manage}", facts))
    mine = [it for it in registrations.registrations_of_attendee(session, attendee.id, now) if it.pass_id is None]
    for it in mine[:MOST_DATES]:
        facts = {
            "when": when.full(it.call.starts_at, attendee.zone),
            "call": headline(it.call.show.name, it.call.title, it.call.guest_name),
            "manage": Link(links.registration(it.id, attendee.generation)),
        }
        lines.append(Line("- {when}: {call}  \n  {manage}", facts))
    rest = len(mine) - MOST_DATES
    return (*lines, Line("- and {rest} more, later", {"rest": str(rest)})) if rest > 0 else tuple(lines)


def sample_facts(session: Session, registration: Registration, known: Gathered, links: Links, now: datetime) -> dict[str, Fact]:
    """The facts of a letter about a pass, as they would be for one registered person."""
    mine = registrations.registrations_of_attendee(session, registration.attendee_id, now)
    feed = calendars.feed_of(session, registration.attendee_id)
    manage = links.registration(registration.id, registration.attendee.generation)
    address = links.feed(feed.id, feed.generation, "your-calls") if feed and feed.is_open else manage
    way_in = rooms.way_in_of(known.ways, registration.call.show_id, None)
    return {**_dates(mine, way_in, registration.attendee), "feed": Link(address)}
