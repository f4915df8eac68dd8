"""Write one letter to a member about a guest, from the newest state; dropped where it is no longer so."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars.invitation import Person
from calls.ground import when
from calls.ground.links import Links
from calls.ground.text import count, in_words
from calls.guests import dates, prep
from calls.guests import queries as guests
from calls.guests.models import Booking, Guest, Invitation, Prep, Understudy
from calls.messages import filling_guests, guest_facts
from calls.messages.deciding import Dropped
from calls.messages.desk import Desk, Foot
from calls.messages.letter import Letter
from calls.messages.models import Message
from calls.messages.wording import Fact, Line, Link, Passage, as_written
from calls.team.models import Member

# In which state of the booking each is still so; of the others the booking says nothing.
STILL_SO = {
    "host_guest_chose": "chosen",
    "host_guest_confirmed": "confirmed",
    "host_guest_cancelled": "declined",
    "host_hold_lapsed": "lapsed",
}
APPROVE = "It waits for your yes; only then is it fixed."
BY_ITSELF = "You have agreed to it beforehand, so it is fixed as soon as {guest} says yes."
NO_UNDERSTUDY = "Nobody is named as understudy. You can name somebody from the bench, or a replay, and swap with one click."
NOBODY_NEXT = "Nobody else was asked: the bench has nobody who can be, or the show does not ask by itself."


def letter(session: Session, message: Message, desk: Desk, now: datetime) -> Letter:
    """The letter as it stands now. Raises Dropped when it has been overtaken."""
    member = session.get(Member, message.member_id) if message.member_id else None
    if member is None or member.removed_at is not None:
        raise Dropped("there is nobody to write to")
    booking, invitation = _about(session, message)
    _check(message.kind, booking, now)
    show, guest = invitation.show, invitation.guest
    facts: dict[str, Fact] = {
        "name": member.name,
        "guest": guest.name,
        "show": show.name,
        "guest_page": Link(desk.links.host_guest(guest.id)),
        "guest_address": Link(f"mailto:{guest.email}") if guest.email else "",
        "reason": as_written(booking.reason if booking else invitation.reason),
        "said": guest_facts.said(booking.trouble if booking else invitation.asked_for),
        "day": "",
        "when": "",
        **(_of_booking(session, booking, desk.links) if booking else {}),
    }
    foot = Foot(f"You get this mail because you look after guests of {show.name}.")
    parts = desk.parts(desk.standard_words(message.kind), facts, foot)
    sender, receiver = desk.sender(show.name, show.slug), Person(member.name, member.email)
    message_id = f"{message.id.hex}@{desk.links.domain}"
    return Letter(sender, receiver, parts.subject, parts.text, parts.html, message_id, now, reply_to=guest.email)


def _about(session: Session, message: Message) -> tuple[Booking | None, Invitation]:
    if "booking" in message.facts:
        booking = guests.booking_by_id(session, UUID(message.facts["booking"]))
        if booking is None:
            raise Dropped("the booking is gone")
        return booking, booking.invitation
    invitation = guests.invitation_by_id(session, UUID(message.facts["invitation"]))
    if invitation is None:
        raise Dropped("the invitation is gone")
    return None, invitation


def _check(kind: str, booking: Booking | None, now: datetime) -> None:
    if booking is None:
        return
    if dates.over_at(booking) <= now:
        raise Dropped("the call is over")
    if booking.state != STILL_SO.get(kind, booking.state):
        raise Dropped("a later letter says it")
    if kind == "host_guest_trouble" and not (booking.is_standing and booking.trouble):
        raise Dropped("the trouble is over")


def _of_booking(session: Session, booking: Booking, links: Links) -> dict[str, Fact]:
    own = session.get(Prep, booking.id)
    here = links.host_call(booking.call_id) if booking.call_id else links.host_guest(booking.guest_id)
    understudy = _understudy(session, booking)
    return {
        "day": when.short_day(dates.starts_at(booking), dates.zone(booking)),
        "when": when.full(dates.starts_at(booking), dates.zone(booking)),
        "held_until": when.full(booking.ends_at, dates.zone(booking)),
        "approval": _approval(booking),
        "approve": Link(here),
        "call_page": Link(here),
        "button": _button(booking, understudy),
        "agreement": guest_facts.agreement(filling_guests.lines_of(session, booking, own)),
        "topic": f"Topic: {own.topic}" if own and own.topic else "",
        "missing": _missing(own),
        "registered": _registered(booking),
        "understudy": f"Your understudy: {understudy}." if understudy else NO_UNDERSTUDY,
        "swap": Link(f"{here}/{'swap' if understudy else 'understudy'}" if booking.call_id else here),
        "reach": _reach(booking.guest, own),
        "next": _next(session, booking),
    }


def _approval(booking: Booking) -> str:
    """Whose yes is missing."""
    if booking.approved_at:
        return BY_ITSELF.replace("{guest}", booking.guest.name)
    return f"{booking.guest.name} has said yes. {APPROVE}" if booking.accepted_at else APPROVE


def _button(booking: Booking, understudy: str) -> str:
    """What the link of the letter leads to: approving while the date is only held, else the understudy."""
    if booking.state == "chosen" and not booking.trouble:
        return "Say yes to it" if booking.approved_at is None else "Open the call"
    if booking.call_id is None:
        return "Open the guest’s page"
    return "Let the understudy step in" if understudy else "Name an understudy"


def _understudy(session: Session, booking: Booking) -> str:
    found = session.get(Understudy, booking.call_id) if booking.call_id else None
    if found is None:
        return ""
    guest = session.get(Guest, found.guest_id) if found.guest_id else None
    return guest.name if guest else f"a replay, {found.replay}"


def _missing(own: Prep | None) -> str:
    """What the guest has not sent in: what is needed, and of the rest what page and run sheet are made of."""
    rest = {"a bio": own and own.bio, "a photo": own and own.picture_id, "a word on being recorded": own and own.consent}
    lacking = [*prep.missing(own), *(name for name, given in rest.items() if not given)]
    return f"Not here yet: {in_words(lacking)}." if lacking else ""


def _registered(booking: Booking) -> str:
    taken = booking.call.taken if booking.call else 0
    return count(taken, "One person is registered for it.", "{n} people are registered for it.") if taken else ""


def _reach(guest: Guest, own: Prep | None) -> Passage:
    """How to reach her now: by phone, if she gave a number for the day, and by mail."""
    phone = (own.phone if own else "") or guest.phone
    lines = [Line("By phone: {phone}", {"phone": phone})] if phone else []
    if guest.email:
        lines += [Line("", {}), Line("By mail: {address}", {"address": Link(f"mailto:{guest.email}")})]
    return Passage(tuple(lines))


def _next(session: Session, booking: Booking) -> str:
    """Who was asked next for the date, and what the call still announces."""
    follows = sa.select(Invitation).where(Invitation.follows_id == booking.invitation_id, Invitation.by_id.is_(None))
    invitation = session.scalars(follows.order_by(Invitation.id.desc()).limit(1)).first()
    asked = f"{invitation.guest.name} is next on your bench and has been asked." if invitation else NOBODY_NEXT
    call = booking.call
    still = f"\nThe call still announces {call.guest_name}." if call and call.guest_name else ""
    return f"{asked}{still}"
