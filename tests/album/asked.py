"""Guests whom the host of the album asks: one in each state that an invitation and a booking can have."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from calls.ground.links import Links
from calls.guests import benching, booking, inviting, queries, setting_terms, understudying
from calls.guests.answers import Answers
from calls.guests.inviting import Offer
from calls.guests.models import Booking, Guest, Invitation
from calls.guests.person import Person
from calls.guests.understudying import StandIn
from calls.history.keeping import Actor
from calls.shows import rescheduling
from calls.shows.models import Call, Show

ANSWERS = Answers("Prof. Mika Ono", "What whales say to each other", "+81 3 1234 5678")
EXTRAS = 6
FREE = UUID("01a204cc-6f23-709c-b912-9b314e2c6846")  # nobody has asked her yet


def ask(session: Session, show: Show, links: Links, *, by: Actor, now: datetime) -> dict[str, str]:
    """Ask them for extra dates of the show; the addresses of their pages, and of the host's about them."""
    calls = [_extra(session, show, number, by, now) for number in range(EXTRAS)]
    asked = {name: _invite(session, show, name, by, now) for name in ("Asked", "Held", "Waiting", "Booked", "No", "Lapsed")}
    asked["Named"] = _invite(session, show, "Named", by, now, calls[:2])
    asked["Late"] = _invite(session, show, "Late", by, now, calls[2:3])
    held = booking.choose(session, asked["Held"], calls[2], by=_of(asked["Held"]), now=now)
    booked = _agree(session, asked["Booked"], calls[3], now)
    off = _agree(session, _invite(session, show, "Cancelled", by, now), calls[4], now)
    booking.cancel(session, off, "The studio has burnt down.\nI am so sorry.", by=by, now=now)
    own = queries.conditions_of(session, show.id)
    setting_terms.set_terms(session, show, replace(own, is_approved_by_itself=False), by=by, now=now)
    waiting = _agree(session, asked["Waiting"], calls[5], now)
    setting_terms.set_terms(session, show, own, by=by, now=now)
    inviting.ask_for(session, asked["Named"], "A Thursday after six, Tokyo time.", by=_of(asked["Named"]), now=now)
    inviting.decline(session, asked["No"], "I do not speak in public any more.", by=_of(asked["No"]), now=now)
    asked["Lapsed"].ends_at = now
    inviting.let_lapse(session, now)
    session.add(Guest(id=FREE, account_id=show.account_id, name="Ida Free", email="free@example.org", created_at=now))
    session.flush()
    understudying.name(session, calls[3], StandIn(FREE), by=by, now=now)
    pages = {f"guest {name.lower()}": links.guest(it.id) for name, it in asked.items()}
    return pages | {
        "guest cancelled": links.guest(off.invitation_id),
        "more dates": f"/host/invitations/{asked['Named'].id}/dates",
        "booking": f"/host/bookings/{booked.id}/cancellation",
        "booking held": f"/host/bookings/{held.id}/cancellation",
        "understudy": f"/host/calls/{booked.call_id}/understudy",
        "swap": f"/host/calls/{booked.call_id}/swap",
        "stop mails of a guest": links.guest_silence(booked.guest_id),
        "call held": f"/host/calls/{held.call_id}",
        "call waiting": f"/host/calls/{waiting.call_id}",
        "call asked": f"/host/calls/{calls[0].id}",
        "asked guest": str(asked["Asked"].guest_id),
        "free guest": str(FREE),
        "free call": str(calls[0].id),
        "held call": str(calls[2].id),
    }


def _extra(session: Session, show: Show, number: int, by: Actor, now: datetime) -> Call:
    wall = datetime.combine((now + timedelta(days=40)).date(), show.first_time) + timedelta(days=7 * number + 2)
    return rescheduling.add_extra(session, show, wall, 45, by=by, now=now)


def _invite(session: Session, show: Show, name: str, by: Actor, now: datetime, calls: list[Call] | None = None) -> Invitation:
    zone = "Asia/Tokyo" if name != "Asked" else ""
    guest = benching.add(session, show.account_id, Person(f"{name} Guest", f"{name}@example.org", zone=zone), by=by, now=now)
    return inviting.invite(session, show, guest, Offer("call", calls or [], not calls), by=by, now=now)


def _agree(session: Session, invitation: Invitation, call: Call, now: datetime) -> Booking:
    chosen = booking.choose(session, invitation, call, by=_of(invitation), now=now)
    booking.accept(session, chosen, ANSWERS, by=_of(invitation), now=now)
    return chosen


def _of(invitation: Invitation) -> Actor:
    return Actor("guest", invitation.guest_id, invitation.guest.name)
