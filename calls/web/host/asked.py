"""Invitations and bookings as a host sees them: how far each has come, in words, and what can be done about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground import text, when, zones
from calls.guests import inviting, noting, offering, queries, stages
from calls.guests.models import Booking, Invitation
from calls.shows.models import Call

PURPOSES = {"call": "", "extra": "An extra call", "talk": "A talk beforehand"}
FEW = 3
TONES = {"sent": "quiet", "opened": "accent", "chosen": "warn", "confirmed": "good", "declined": "bad"}


@dataclass(frozen=True)
class Row:
    """One invitation. `what` says what was offered or chosen, `since` when its state began, `note` what the guest said."""

    invitation: Invitation
    booking: Booking | None
    state: str
    tone: str
    what: str
    since: datetime
    note: str
    can_nudge: bool
    can_withdraw: bool
    can_approve: bool
    can_cancel: bool


def rows(session: Session, invitations: Sequence[Invitation], now: datetime) -> list[Row]:
    """The invitations with all that is said about them, by a fixed number of queries."""
    ids = [it.id for it in invitations]
    bookings, dates = queries.standing_bookings(session, ids), offering.dates_of(session, ids)
    return [row(it, bookings.get(it.id), dates.get(it.id, []), now) for it in invitations]


def row(invitation: Invitation, booking: Booking | None, dates: Sequence[Call], now: datetime) -> Row:
    state = stages.seen(invitation.state, is_opened=invitation.opened_at is not None, booking=booking.state if booking else "")
    lately = max((it for it in (invitation.sent_at, invitation.nudged_at) if it), default=invitation.created_at)
    waits = invitation.state == "sent" or (booking is not None and booking.state == "chosen" and not booking.accepted_at)
    return Row(
        invitation=invitation,
        booking=booking,
        state=state,
        tone=TONES.get(state, "quiet"),
        what=_chosen(booking) if booking else _offered(invitation, dates),
        since=_since(invitation, booking),
        note=_note(invitation),
        can_nudge=waits and lately <= now - inviting.DAY,
        can_withdraw=invitation.state in {"sent", "taken"} and (booking is None or not booking.is_confirmed),
        can_approve=booking is not None and booking.state == "chosen" and booking.approved_at is None,
        can_cancel=booking is not None and booking.is_confirmed and noting.starts_at(booking) > now,
    )


def standing_of(booking: Booking) -> str:
    """What a booking waits for, in a sentence."""
    if booking.trouble:
        return f"Has a problem: {text.excerpt(booking.trouble, 200)}"
    if booking.is_confirmed:
        return "Both have agreed, and the guest is still on." if booking.checked_at else "Both have agreed."
    waits = []
    if booking.accepted_at is None:
        waits.append("the guest has not confirmed yet")
    if booking.approved_at is None:
        waits.append("your yes is missing")
    zone = booking.call.zone if booking.call else booking.zone
    held = f"Held until {when.short_day(booking.ends_at, zone)}, {when.clock(booking.ends_at, zone)} {zones.time_name(zone)}"
    return f"{held}: {text.in_words(waits)}."


def dates_to_offer(calls: Iterable[Call]) -> list[tuple[str, str]]:
    """Calls as choices of a form: when they are and what they are called."""
    titles = {it: f": {text.excerpt(it.title, 60)}" if it.title else "" for it in calls}
    return [(str(it.id), f"{_moment(it.starts_at, it.zone)}{title}") for it, title in titles.items()]


def _chosen(booking: Booking) -> str:
    zone = booking.call.zone if booking.call else booking.zone
    purpose = PURPOSES[booking.invitation.purpose]
    return f"{f'{purpose}: ' if purpose else ''}{_moment(noting.starts_at(booking), zone)}"


def _offered(invitation: Invitation, dates: Sequence[Call]) -> str:
    if invitation.purpose != "call":
        return PURPOSES[invitation.purpose]
    if invitation.is_any_date:
        return "Any open date"
    if len(dates) > FEW:
        return f"{len(dates)} dates"
    return text.in_words([" ".join(when.short_day(it.starts_at, it.zone).split()[1:3]) for it in dates])


def _since(invitation: Invitation, booking: Booking | None) -> datetime:
    if booking:
        return booking.confirmed_at or booking.created_at
    if invitation.state == "sent":
        return invitation.opened_at or invitation.sent_at or invitation.created_at
    return invitation.decided_at or invitation.created_at


def _note(invitation: Invitation) -> str:
    if invitation.asked_for and invitation.state in {"sent", "taken"}:
        return f"Asks for: {text.excerpt(invitation.asked_for, 300)}"
    return text.excerpt(invitation.reason, 300)


def _moment(moment: datetime, zone: str) -> str:
    return f"{when.short_day(moment, zone)}, {when.clock(moment, zone)} {zones.time_name(zone)}"
