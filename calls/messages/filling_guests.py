"""Look up what letters to guests say: the facts behind their placeholders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from calls.calendars.publishing_guests import GREEN_ROOM
from calls.ground import when
from calls.ground.links import Links
from calls.guests import agreement, caring, dates, offering, prep
from calls.guests import queries as guests
from calls.guests.agreement import Meeting
from calls.guests.models import Booking, Guest, Invitation, Prep
from calls.joining import queries as joining
from calls.joining import rooms
from calls.joining.rooms import NOWHERE, WayIn
from calls.kits import queries as kits
from calls.messages import facts as words
from calls.messages import guest_facts
from calls.messages.deciding_guests import Found
from calls.messages.wording import Fact, Link, Passage, as_written
from calls.shows.models import Show
from calls.team.models import Member
from calls.wishes import queries as wishes

NO_FACTS: Mapping[str, Any] = {}
APPROVAL = "The host says yes to it, too; once you both have, you get one more mail."
NOTHING = Passage(())
NOBODY = joining.Result(0, 0)


@dataclass(frozen=True)
class Known:
    """What a letter to a guest is about. `facts` are those of its message."""

    session: Session
    links: Links
    invitation: Invitation
    now: datetime
    booking: Booking | None = None
    way_in: WayIn = NOWHERE
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def guest(self) -> Guest:
        return self.invitation.guest

    @property
    def show(self) -> Show:
        return self.invitation.show

    @property
    def zone(self) -> str:
        """Where she reads the time."""
        return self.guest.zone or self.show.zone

    @property
    def page(self) -> str:
        """Her own page; the other rooms lie below it."""
        return self.links.guest(self.invitation.id, self.invitation.generation)

    @property
    def asker(self) -> Member | None:
        """The member who asked her, while she is one."""
        return caring.asker_of(self.session, self.invitation)

    def must_be_booked(self) -> Booking:
        if self.booking is None:
            raise LookupError("this letter is about no booking")
        return self.booking


def asking(known: Known) -> dict[str, Fact]:
    """What an invitation says."""
    session, invitation, show = known.session, known.invitation, known.show
    free = [(it.starts_at, it.zone) for it in offering.free_calls(session, invitation, known.now)]
    is_talk = invitation.purpose != "call"
    return {
        **_person(known),
        "words": guest_facts.paragraphs(invitation.words),
        "asked": guest_facts.asked(wishes.votes_for(session, show.id, known.guest.id)),
        "offered": guest_facts.offered(free, known.zone, is_any_date=invitation.is_any_date, is_talk=is_talk),
    }


def speaking(known: Known, found: Found) -> dict[str, Fact]:
    """What a letter about a booking says."""
    booking = known.must_be_booked()
    return {
        **_person(known),
        **_date(known, booking),
        **_held(known, booking, found),
        **_prepared(known, booking, found),
        "news": words.news(found.news),
        "was": _both(found.was, dates.zone(booking), known.zone) if found.was else "",
        "reason": as_written(booking.call.reason if booking.call and dates.is_called_off(booking) else booking.reason),
        "said": guest_facts.said(booking.trouble),
        "proposed": words.proposed(_proposed_at(known.facts), known.facts.get("words", ""), dates.zone(booking), known.zone),
        "words": guest_facts.paragraphs(known.invitation.words),
        **(_result(known, booking) if found.mail == "guest_thanks" else {}),
    }


def _person(known: Known) -> dict[str, Fact]:
    show, asker = known.show, known.asker
    return {
        "name": known.guest.name,
        "show": show.name,
        "host": show.host_name or (asker.name if asker else show.name),
        "by": asker.name if asker else show.host_name or show.name,
        "by_address": Link(f"mailto:{asker.email}") if asker else "",
        "page": Link(known.page),
    }


def _date(known: Known, booking: Booking) -> dict[str, Fact]:
    way, starts_at = known.way_in, dates.starts_at(booking)
    return {
        "day": when.short_day(starts_at, known.zone),
        "when": when.full(starts_at, dates.zone(booking)),
        "your_time": words.your_time(starts_at, dates.zone(booking), known.zone),
        "starts_in": words.starts_in(starts_at, known.now),
        "way_in": guest_facts.way_in(way.phone, way.code, rooms.tap(way), way.web_link),
        "green_room": guest_facts.green_room(starts_at - GREEN_ROOM, known.zone) if booking.call else "",
        "trouble": Link(f"{known.page}/trouble"),
        "check": Link(f"{known.page}/check"),
        "run_sheet": Link(f"{known.page}/run-sheet"),
        "prep": Link(f"{known.page}/prep"),
        "kit": Link(f"{known.page}/kit"),
    }


def _held(known: Known, booking: Booking, found: Found) -> dict[str, Fact]:
    """What is open about a date that is not agreed on yet; of any other there is nothing to say."""
    is_open = booking.state == "chosen"
    held_until = when.full(booking.ends_at, known.zone)
    waits_for_her = is_open and booking.accepted_at is None
    return {
        "held_until": held_until,
        "held": f"It is held for you until {held_until}." if is_open else "",
        "approval": APPROVAL if is_open and booking.approved_at is None else "",
        "answers": guest_facts.answers(f"{known.page}/check", f"{known.page}/decline") if waits_for_her else NOTHING,
    }


def _prepared(known: Known, booking: Booking, found: Found) -> dict[str, Fact]:
    if found.mail not in {"guest_confirmed", "guest_prep_missing", "guest_kit"}:
        return {}
    own, share = known.session.get(Prep, booking.id), kits.share_of_booking(known.session, booking.id)
    return {
        "missing": guest_facts.missing(prep.missing(own)),
        "agreement": guest_facts.agreement(lines_of(known.session, booking, own)),
        "link": Link(known.links.share(share.code)) if share else "",
    }


def lines_of(session: Session, booking: Booking, own: Prep | None) -> list[tuple[str, str]]:
    """The lines of the agreement as they were kept when it was made, else as the terms of the show now have them."""
    if own and own.agreement:
        return agreement.labelled(own.agreement)
    meeting = Meeting(dates.starts_at(booking), dates.minutes(booking), dates.zone(booking), dates.guest_zone(booking))
    return agreement.labelled(agreement.lines(guests.conditions_of(session, booking.show_id), meeting))


def _result(known: Known, booking: Booking) -> dict[str, Fact]:
    share = kits.share_of_booking(known.session, booking.id)
    brought = joining.result(known.session, share) if share else NOBODY
    attended = joining.count_came(known.session, booking.call_id) if booking.call_id else 0
    return {
        "show_day": when.short_day(dates.starts_at(booking), known.zone),
        "result": guest_facts.result(attended, brought.came, brought.attended),
    }


def _both(moment: datetime, show_zone: str, zone: str) -> str:
    mine = words.your_time(moment, show_zone, zone)
    return f"{when.full(moment, show_zone)}\n{mine}" if mine else when.full(moment, show_zone)


def _proposed_at(facts: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(facts["starts_at"]) if facts.get("starts_at") else None
