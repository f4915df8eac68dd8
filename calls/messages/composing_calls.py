"""What a letter about one call says: which mail it is by now, its facts, and its calendar part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from calls.calendars import invitation, publishing
from calls.calendars.invitation import Person
from calls.calendars.models import Entry
from calls.ground import when
from calls.ground.links import Links
from calls.joining import queries as joining
from calls.joining import rooms
from calls.messages import facts as words
from calls.messages import queries, reminders, telling
from calls.messages.mails import MAILS, NEWS
from calls.messages.telling import State
from calls.messages.wording import Fact, Link, as_written
from calls.registrations.models import Attendee, Registration
from calls.shows.titles import headline

LAST_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Found:
    """The mail that a message has become, what is new in it, and the state that it tells."""

    mail: str
    state: State
    news: tuple[str, ...] = ()
    was: datetime | None = None


@dataclass(frozen=True)
class Part:
    """A calendar part and its METHOD."""

    method: str
    body: bytes


def find(session: Session, kind: str, facts: Mapping[str, Any], registration: Registration, now: datetime) -> Found | str:
    """What there is to say by now, or the reason why nothing is."""
    state = telling.state(session, registration)
    if kind in {"registration_cancelled", "registration_removed"}:
        return "the person is registered again" if registration.is_confirmed else Found(kind, state)
    if not registration.is_confirmed:
        return "the registration has been cancelled"
    if registration.call.ends_at <= now:
        return "the call is over"
    if kind == NEWS:
        return _news(session, registration, state, now)
    if kind == "reminder":
        return _reminder(session, facts, registration, state, now)
    return "the call has been cancelled" if state.is_cancelled else Found(kind, state)


def _reminder(session: Session, facts: Mapping[str, Any], registration: Registration, state: State, now: datetime) -> Found | str:
    call = registration.call
    if state.is_cancelled:
        return "the call has been cancelled"
    if facts["starts_at"] != state.starts_at:
        return "the call has been moved"
    if reminders.current(queries.reminders_of(session, call.show_id), call.starts_at, now) != facts["minutes"]:
        return "its time is past"
    return Found("reminder", state)


def _news(session: Session, registration: Registration, state: State, now: datetime) -> Found | str:
    told = telling.last(session, registration.id)
    if told is None or told == state:
        return "the person knows already"
    if state.is_cancelled:
        return "the person knows already" if told.is_cancelled else Found("call_cancelled", state)
    lines = _lines(told, state)
    if told.is_cancelled:
        return Found("call_restored", state, lines)
    if (told.starts_at, told.minutes) != (state.starts_at, state.minutes):
        return Found("call_moved", state, lines, told.moment)
    return Found("call_changed", state, lines)


def _lines(told: State, state: State) -> tuple[str, ...]:
    lines = []
    if told.is_cancelled and told.starts_at != state.starts_at:
        lines.append("The time is a new one, see above.")
    if told.minutes != state.minutes:
        lines.append(f"It takes {state.minutes} minutes now.")
    if told.guest_name != state.guest_name:
        lines.append(f"Speaking now: {state.guest_name}." if state.guest_name else f"{told.guest_name} can't come.")
    if told.way_in != state.way_in:
        lines.append("How to get in is new, see below.")
    return tuple(lines)


def facts(
    session: Session,
    registration: Registration,
    links: Links,
    now: datetime,
    *,
    news: Sequence[str] = (),
    was: datetime | None = None,
) -> dict[str, Fact]:
    """What every placeholder of a letter about a call stands for."""
    call, attendee, show = registration.call, registration.attendee, registration.call.show
    way_in = joining.way_in(session, call)
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
        "starts_in": words.starts_in(call.starts_at, now),
        "way_in": words.way_in(way_in.phone, way_in.code, rooms.tap(way_in), way_in.web_link),
        "join": Link(links.join(registration.id, attendee.generation)),
        "manage": Link(manage),
        "page": Link(links.call(show.slug, call.address)),
        "feed": Link(manage),
        "was": _both_times(was, call.zone, attendee.zone) if was else "",
        "news": words.news(news),
        "reason": as_written(call.reason),
    }


def _both_times(moment: datetime, show_zone: str, zone: str) -> str:
    mine = words.your_time(moment, show_zone, zone)
    return f"{when.full(moment, show_zone)}\n{mine}" if mine else when.full(moment, show_zone)


def calendar_part(
    session: Session, mail: str, registration: Registration, entry: Entry | None, sender: Person, links: Links, now: datetime
) -> Part | None:
    """The invitation, its update or its taking back, where this person's calendar is kept by mail."""
    if entry is None or not MAILS[mail].has_calendar or registration.attendee.email == sender.address:
        return None
    attendee = receiver(registration.attendee)
    happening = publishing.personal_happening(entry, registration, joining.way_in(session, registration.call), links)
    if not registration.is_confirmed or happening.is_cancelled:
        if entry.invited_at is None:
            return None
        return Part("CANCEL", invitation.cancel(happening, sender, attendee, withdrawn=not registration.is_confirmed))
    if not is_by_mail(registration, entry, now):
        return None
    return Part("REQUEST", invitation.request(happening, sender, attendee))


def is_by_mail(registration: Registration, entry: Entry, now: datetime) -> bool:
    """Whether this call reaches this person's calendar by mail (calendars.md M8).

    What was mailed once is kept right by mail. Else it is her choice; left to us, single calls are mailed at once and
    those of a pass in their last week, since a pass has its feed.
    """
    if entry.invited_at is not None:
        return True
    if registration.attendee.calendar == "feed":
        return False
    return registration.pass_id is None or registration.call.starts_at - now <= LAST_WEEK


def receiver(attendee: Attendee) -> Person:
    """The person as she is written to."""
    return Person(attendee.name, attendee.email or "")


def person(name: str, address: str) -> Person:
    return Person(name, address)
