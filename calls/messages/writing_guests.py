"""Put messages to guests, and to the host's side about guests, into the outbox. What they say is worked out when they go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.guests import dates
from calls.guests.models import Booking, Guest, Invitation
from calls.messages import mails, quiet, writing
from calls.messages.guest_mails import GUEST_NEWS
from calls.messages.models import WAITING, Message, ToldGuest
from calls.team.models import Member

NO_FACTS: Mapping[str, Any] = {}


def to_invited(session: Session, kind: str, cause: object, invitation: Invitation, now: datetime) -> int:
    """Write a mail to a guest about her invitation, under which she has chosen nothing yet."""
    guest, show = invitation.guest, invitation.show
    if not _is_reached(guest):
        return 0
    due_at = quiet.due(now, guest.zone or show.zone, None)
    about = {"account_id": show.account_id, "show_id": show.id, "guest_id": guest.id}
    facts = {"invitation": str(invitation.id)}
    return writing.write(session, [writing.row(kind, f"{kind}:{cause}:{invitation.id}", now, due_at, facts=facts, **about)])


def to_booked(
    session: Session,
    kind: str,
    cause: object,
    booking: Booking,
    now: datetime,
    *,
    due_at: datetime | None = None,
    is_own_doing: bool = False,
    facts: Mapping[str, Any] = NO_FACTS,
) -> int:
    """Write a mail to a guest about her booking; `cause` makes it once. What she did herself this minute goes at night too."""
    is_asked = is_own_doing and mails.MAILS[kind].is_asked
    if not (_is_reached(booking.guest) or (is_asked and booking.guest.email)):
        return 0
    due_at = due_at or quiet.due(now, dates.guest_zone(booking), dates.starts_at(booking), is_asked=is_asked)
    asked = {"is_asked": True} if is_asked else {}
    key = f"{kind}:{cause}:{booking.id}"
    return writing.write(session, [writing.row(kind, key, now, due_at, facts={**facts, **asked}, **about(booking))])


def news(session: Session, cause: object, bookings: Sequence[Booking], now: datetime) -> int:
    """Tell guests that something about their call is no longer as they were told; a letter that waits says the newest."""
    ids = [it.id for it in bookings]
    waits = sa.and_(Message.booking_id.in_(ids), Message.kind == GUEST_NEWS, Message.state == WAITING)
    waiting = {it.booking_id: it for it in session.scalars(sa.select(Message).where(waits))}
    told = {it.booking_id: it for it in session.scalars(sa.select(ToldGuest).where(ToldGuest.booking_id.in_(ids)))}
    rows = []
    for it in bookings:
        if not _is_reached(it.guest):
            continue
        last = told.get(it.id)
        due_at = quiet.hold(now, dates.guest_zone(it), _at_stake(it, last, now), last.at if last else None)
        if it.id in waiting:
            waiting[it.id].due_at = min(waiting[it.id].due_at, due_at)
        else:
            rows.append(writing.row(GUEST_NEWS, f"{GUEST_NEWS}:{cause}:{it.id}", now, due_at, **about(it)))
    return writing.write(session, rows)


def to_hosts(
    session: Session, kind: str, cause: object, members: Sequence[Member], thing: Booking | Invitation, now: datetime
) -> int:
    """Write a mail about a guest to members."""
    which = "booking" if isinstance(thing, Booking) else "invitation"
    call_id = thing.call_id if isinstance(thing, Booking) else None
    place = {"account_id": thing.show.account_id, "show_id": thing.show_id, "call_id": call_id}
    facts = {which: str(thing.id)}
    rows = [writing.row(kind, f"{kind}:{cause}:{it.id}", now, now, facts=facts, member_id=it.id, **place) for it in members]
    return writing.write(session, rows)


def about(booking: Booking) -> dict[str, Any]:
    """Whom and what a message about a booking concerns."""
    return {
        "account_id": booking.show.account_id,
        "show_id": booking.show_id,
        "call_id": booking.call_id,
        "guest_id": booking.guest_id,
        "booking_id": booking.id,
    }


def _is_reached(guest: Guest) -> bool:
    return guest.email is not None and guest.silenced_at is None and guest.bounced_at is None


def _at_stake(booking: Booking, last: ToldGuest | None, now: datetime) -> datetime:
    """The start by which she has to know: that of which she was told, while it is still to come, or the new one."""
    starts_at = dates.starts_at(booking)
    return min(last.starts_at, starts_at) if last and last.starts_at > now and not last.is_cancelled else starts_at
