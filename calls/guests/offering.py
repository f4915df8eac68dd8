"""Find which dates an invitation offers, and which of them are still free.

A call has as many places as its host lets guests speak there; one is gone where somebody's name was given by hand.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from calls.guests import queries
from calls.guests.models import Booking, Guest, Invitation, InvitationDate
from calls.shows.models import Call

MOST = 60
MOST_PEOPLE = 200


def calls_offered(session: Session, invitation_id: UUID, now: datetime) -> Sequence[Call]:
    """The calls that an invitation names and that have not begun, free or not."""
    named = sa.select(InvitationDate.call_id).where(InvitationDate.invitation_id == invitation_id)
    return _calls(session, now, Call.id.in_(named))


def open_calls(session: Session, show_id: UUID, now: datetime) -> list[Call]:
    """The calls of a show on which somebody may still be asked to speak."""
    calls = _calls(session, now, Call.show_id == show_id)
    left = places_left(session, calls)
    return [it for it in calls if left[it.id]]


def free_calls(session: Session, invitation: Invitation, now: datetime) -> list[Call]:
    """The calls that the guest of an invitation may choose now, the next first; without one that is held or agreed on for her."""
    if invitation.purpose != "call":
        return []
    offered = (
        _calls(session, now, Call.show_id == invitation.show_id)
        if invitation.is_any_date
        else calls_offered(session, invitation.id, now)
    )
    left = places_left(session, offered, invitation.guest)
    return [it for it in offered if left[it.id]]


def places_left(session: Session, calls: Sequence[Call], guest: Guest | None = None) -> dict[UUID, int]:
    """How many guests each call can still take. For a `guest`: none where she is booked herself; her own name takes none."""
    ids = [it.id for it in calls]
    standing = queries.bookings_of_calls(session, ids)
    was_agreed = (Booking.call_id.in_(ids), Booking.confirmed_at.is_not(None))
    once_booked = set(session.scalars(sa.select(Booking.call_id).where(*was_agreed)))
    found = {}
    for call in calls:
        here = standing.get(call.id, [])
        is_by_hand = bool(call.guest_name) and call.id not in once_booked
        own = {it.casefold() for it in [guest.name] if it} if guest else set()
        taken = max(len(here), int(is_by_hand and call.guest_name.casefold() not in own))
        is_hers = guest is not None and any(it.guest_id == guest.id for it in here)
        found[call.id] = 0 if is_hers else max(0, call.guest_places - taken)
    return found


def free_place(session: Session, call: Call) -> int:
    """The first place of a call that nobody has."""
    taken = {it.place for it in queries.bookings_of_call(session, call.id)}
    return next(it for it in range(call.guest_places + len(taken)) if it not in taken)


def dates_of(session: Session, invitation_ids: Iterable[UUID]) -> dict[UUID, list[Call]]:
    """The calls that each of these invitations names, asked once for all."""
    rows = session.execute(
        sa.select(InvitationDate.invitation_id, Call)
        .join(Call, Call.id == InvitationDate.call_id)
        .where(InvitationDate.invitation_id.in_(list(invitation_ids)))
        .order_by(Call.starts_at)
    )
    found: dict[UUID, list[Call]] = {}
    for invitation_id, call in rows:
        found.setdefault(invitation_id, []).append(call)
    return found


def invitable(session: Session, account_id: UUID, chosen: Collection[UUID] = ()) -> Sequence[Guest]:
    """Whom the account may write to: those chosen already, then the bench in its order, then the others by name."""
    reached = (Guest.email.is_not(None), Guest.silenced_at.is_(None), Guest.bounced_at.is_(None))
    order = (Guest.id.in_(chosen).desc(), Guest.place.is_(None), Guest.place, sa.func.lower(Guest.name), Guest.id)
    return session.scalars(sa.select(Guest).where(*queries.of(account_id), *reached).order_by(*order).limit(MOST_PEOPLE)).all()


def asked_for_call(session: Session, call: Call) -> Sequence[Invitation]:
    """The open invitations that name this very call, the oldest first."""
    named = sa.select(InvitationDate.invitation_id).where(InvitationDate.call_id == call.id)
    wanted = sa.select(Invitation).join(Invitation.guest).options(contains_eager(Invitation.guest))
    return session.scalars(wanted.where(Invitation.id.in_(named), Invitation.state == "sent").order_by(Invitation.id)).all()


def count_asked_for_any(session: Session, show_id: UUID) -> int:
    """How many open invitations of a show let their guests choose any open date."""
    open_ones = (Invitation.show_id == show_id, Invitation.state == "sent", Invitation.is_any_date, Invitation.purpose == "call")
    return session.scalar(sa.select(sa.func.count()).select_from(Invitation).where(*open_ones)) or 0


def _calls(session: Session, now: datetime, *which: sa.ColumnElement[bool]) -> Sequence[Call]:
    """Standing calls to come with their show."""
    wanted = sa.select(Call).join(Call.show).options(contains_eager(Call.show))
    to_come = (Call.cancelled_at.is_(None), Call.starts_at > now)
    return session.scalars(wanted.where(*to_come, *which).order_by(Call.starts_at, Call.id).limit(MOST)).all()
