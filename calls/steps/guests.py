"""What follows for guests: their entries, the mails to them, and those to the host's side about them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars import queries as calendars
from calls.calendars import updating_guests
from calls.guests import caring, dates
from calls.guests import queries as guests
from calls.guests.models import STANDING, Booking, Invitation
from calls.history.models import Change
from calls.messages import writing_guests
from calls.shows.holding import hold
from calls.steps.step import Step

SWAPPED = "call.guest_swapped"


def open_booking(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """A date that was chosen gets its entry; one that takes the place of another raises the entry that there is."""
    booking = guests.booking_by_id(session, change.thing_id)
    if booking is None:
        return
    entry = calendars.entry_of_booking(session, booking.id)
    if entry is None:
        updating_guests.open_entry(session, booking, now)
    else:
        updating_guests.raise_entry(session, entry, booking, change, now)
    _show_anew(session, booking, now)


def raise_booking(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """What befell a booking raises its entry's SEQUENCE, and is seen in the host's calendar."""
    booking = guests.booking_by_id(session, change.thing_id)
    if booking is None:
        return
    entry = calendars.entry_of_booking(session, booking.id)
    if entry:
        updating_guests.raise_entry(session, entry, booking, change, now)
    _show_anew(session, booking, now)


def _show_anew(session: Session, booking: Booking, now: datetime) -> None:
    """Whom a date is held for stands in the calendars of the host's side alone."""
    if booking.call:
        hold(session, booking.call)
        booking.call.recount(now)


def write_to_guest(kind: str) -> Step:
    """Write one mail to the guest whose booking the change is about."""

    def step(session: Session, change: Change, _: str | None, now: datetime) -> None:
        booking = guests.booking_by_id(session, change.thing_id)
        if booking:
            is_own_doing = change.by_kind == "guest"
            writing_guests.to_booked(session, kind, change.id, booking, now, is_own_doing=is_own_doing)

    return step


def write_held(session: Session, change: Change, cursor: str | None, now: datetime) -> None:
    """Tell a guest what is held for her; whom the host chose a date for is asked to step in."""
    kind = "guest_date_held" if change.by_kind == "guest" else "guest_step_in"
    write_to_guest(kind)(session, change, cursor, now)


def write_cancelled(session: Session, change: Change, cursor: str | None, now: datetime) -> None:
    """Tell a guest that her date was taken back: her invitation with it, for the understudy, or by itself."""
    same = (Change.call_id == change.call_id, Change.created_at == change.created_at, Change.kind == SWAPPED)
    is_swapped = change.call_id is not None and session.scalar(sa.select(Change.id).where(*same).limit(1)) is not None
    was_held = change.facts.get("was") == "chosen"
    kind = "guest_replaced" if is_swapped else "guest_withdrawn" if was_held else "guest_cancelled"
    write_to_guest(kind)(session, change, cursor, now)


def invite(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Write to a guest who is asked."""
    invitation = guests.invitation_by_id(session, change.thing_id)
    if invitation:
        writing_guests.to_invited(session, "guest_invited", change.id, invitation, now)


def ask_again(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Write to her once more: to choose, or, where a date is held for her, to say yes to it."""
    invitation = guests.invitation_by_id(session, change.thing_id)
    booking = guests.standing_booking_of(session, change.thing_id)
    if booking:
        writing_guests.to_booked(session, "guest_still_held", change.id, booking, now)
    elif invitation:
        writing_guests.to_invited(session, "guest_asked_again", change.id, invitation, now)


def tell_hosts(kind: str) -> Step:
    """Tell those who asked a guest, or look after her, what befell her; not of what one of their own side did."""

    def step(session: Session, change: Change, _: str | None, now: datetime) -> None:
        is_by_host = change.by_kind == "member" or (change.by_kind == "system" and change.by_id is not None)
        if is_by_host:
            return
        thing: Booking | Invitation | None = guests.booking_by_id(session, change.thing_id)
        thing = thing or guests.invitation_by_id(session, change.thing_id)
        if thing:
            invitation = thing.invitation if isinstance(thing, Booking) else thing
            members = caring.carers(session, thing.guest, invitation)
            writing_guests.to_hosts(session, kind, change.id, members, thing, now)

    return step


def tell_hosts_of_yes(session: Session, change: Change, cursor: str | None, now: datetime) -> None:
    """The guest has said yes: who has to say it too is asked once more."""
    booking = guests.booking_by_id(session, change.thing_id)
    if booking and booking.approved_at is None:
        tell_hosts("host_guest_chose")(session, change, cursor, now)


def tell_hosts_of_no(session: Session, change: Change, cursor: str | None, now: datetime) -> None:
    """Giving back what was agreed on is another thing than not choosing: then the understudy is offered."""
    kind = "host_guest_cancelled" if change.facts.get("was") == "confirmed" else "host_guest_declined"
    tell_hosts(kind)(session, change, cursor, now)


def tell_guests(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Tell the guests of the calls that a change is about what is new."""
    writing_guests.news(session, change.id, _concerned(session, change, now), now)


def _concerned(session: Session, change: Change, now: datetime) -> Sequence[Booking]:
    """The standing bookings of the calls that a change touches: of one, of those that a schedule shifts, or of the whole show."""
    if change.call_id:
        ids = [change.call_id]
    elif change.kind == "show.way_in_changed":
        of_show = (Booking.show_id == change.show_id, Booking.state.in_(STANDING))
        found = session.scalars(sa.select(Booking.id).where(*of_show)).all()
        bookings = (guests.booking_by_id(session, it) for it in found)
        return [it for it in bookings if it and dates.over_at(it) > now]
    else:
        ids = [UUID(it) for name in ("moved", "vanished") for it in change.facts.get(name, ())]
    found_by_call = guests.bookings_of_calls(session, ids)
    return [it for bookings in found_by_call.values() for it in bookings if dates.over_at(it) > now]
