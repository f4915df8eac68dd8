"""Choose a date, approve it, accept it, give it back, cancel it; and let what is not confirmed in time go to somebody else."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls.ground import text, zones
from calls.ground.database import new_id
from calls.ground.refusals import Invalid, Refused
from calls.guests import answers, ending, holds, inviting, naming, noting, offering, preparing, queries, slot_queries, stages
from calls.guests.answers import Answers
from calls.guests.holding import hold_booking, hold_invitation
from calls.guests.models import Booking, Invitation
from calls.history.keeping import SYSTEM, Actor, keep
from calls.shows import rescheduling
from calls.shows.holding import hold
from calls.shows.models import Call
from calls.team.models import Account
from calls.team.roles import require

CALL_IS_OFF = "The call was cancelled."


class Taken(Refused):
    """Somebody else was faster."""

    def __init__(self) -> None:
        super().__init__("Somebody else has just chosen this date. Below is what is left.")


def choose(session: Session, invitation: Invitation, call: Call, *, by: Actor, now: datetime) -> Booking:
    """Hold a date for the guest of an invitation, until she and the host have agreed on it or its time is over.

    Choosing another date takes what is held along. Raises Taken where somebody else was faster.
    """
    held = _standing(session, invitation)
    hold(session, call)
    if held and held.call_id == call.id:
        return held
    if call.id not in {it.id for it in offering.free_calls(session, invitation, now)}:
        raise Taken
    place = offering.free_place(session, call)

    def on_call(booking: Booking) -> None:
        booking.call, booking.place = call, place
        booking.starts_at, booking.zone, booking.minutes = None, "", None

    return _hold(session, invitation, held, on_call, call.starts_at, by=by, now=now)


def choose_slot(
    session: Session, invitation: Invitation, starts_at: datetime, minutes: int, zone: str, *, by: Actor, now: datetime
) -> Booking:
    """Hold a time in the show's open hours, for a talk or an extra call. Raises Taken where it is not free any more."""
    held = _standing(session, invitation)
    hold(session, session.get_one(Account, invitation.show.account_id))  # whose other shows may be asked for the same time
    if held and held.starts_at == starts_at:
        return held
    if invitation.purpose == "call" or starts_at not in slot_queries.slots_of(session, invitation.show, now):
        raise Taken

    def at_slot(booking: Booking) -> None:
        booking.call, booking.place = None, 0
        booking.starts_at, booking.zone, booking.minutes = starts_at, zone, minutes

    return _hold(session, invitation, held, at_slot, starts_at, by=by, now=now)


def approve(session: Session, booking: Booking, *, by: Actor, now: datetime) -> None:
    """Say yes to a chosen date. Where the guest has accepted already, that confirms it."""
    require(by, "invite guests", booking.show.account_id)
    _check_open(session, booking, now)
    if booking.approved_at:
        raise Refused("This date is approved already; only the guest’s own word is missing.")
    booking.approved_at = now
    keep(session, "booking.approved", noting.about(booking), by=by, now=now, facts=noting.facts(booking))
    _confirm_if_agreed(session, booking, by=by, now=now)


def accept(session: Session, booking: Booking, typed: Answers | None, *, by: Actor, now: datetime) -> None:
    """Take the guest's word for a chosen date, with the three things she answers; None where a calendar said Yes for her."""
    _check_open(session, booking, now)
    if typed is not None:
        _keep_answers(session, booking, answers.checked(typed), now)
    if booking.accepted_at:
        return
    booking.accepted_at = now
    preparing.agree(session, booking, now=now)
    keep(session, "booking.accepted", noting.about(booking), by=by, now=now, facts=noting.facts(booking))
    if not _confirm_if_agreed(session, booking, by=by, now=now):
        hours = queries.conditions_of(session, booking.show_id).hold_hours
        booking.ends_at = holds.after_acceptance(booking.ends_at, now, hours, noting.starts_at(booking))


def decline(session: Session, booking: Booking, reason: str = "", *, by: Actor, now: datetime) -> None:
    """Give a date back, held or agreed on; her invitation ends with it."""
    hold_booking(session, booking)
    said = text.clean(reason).strip()[: inviting.LONGEST_REASON]
    ending.end(session, booking, "decline", "decline", said, by=by, now=now)


def cancel(
    session: Session, booking: Booking, reason: str = "", *, is_asked_again: bool = False, by: Actor, now: datetime
) -> None:
    """Take a date back from a guest. `is_asked_again` leaves her invitation open, so that she may choose another."""
    require(by, "invite guests", booking.show.account_id)
    hold_booking(session, booking)
    then = "release" if is_asked_again else "withdraw"
    said = text.clean(reason).strip()[: inviting.LONGEST_REASON]
    ending.end(session, booking, "cancel", then, said, by=by, now=now)


def mind_call(session: Session, booking: Booking, now: datetime) -> None:
    """Let a hold follow its call: it ends with a call that is off, and half a day before one that is on earlier now.

    What is agreed on stays, also on a cancelled call, which may be restored.
    """
    hold_booking(session, booking)
    if booking.state != "chosen" or booking.call is None:
        return
    if booking.call.cancelled_at:
        ending.end(session, booking, "cancel", "release", CALL_IS_OFF, by=SYSTEM, now=now)
    else:
        booking.ends_at = holds.after_change(booking.ends_at, now, booking.call.starts_at)


def let_lapse(session: Session, now: datetime) -> int:
    """End one hold whose time is over; how many were ended. Its date falls to the next on the bench, if the show's terms say so.

    It does not where the guest has done her part and only the host's yes was missing.
    """
    due = sa.and_(Booking.state == "chosen", Booking.ends_at <= now)
    id = session.scalar(sa.select(Booking.id).where(due).order_by(Booking.ends_at).limit(1))
    booking = queries.booking_by_id(session, id) if id else None
    if booking is None:
        return 0
    hold_booking(session, booking)
    if booking.state == "chosen" and booking.ends_at <= now:
        invitation = booking.invitation
        is_over = invitation.ends_at is not None and invitation.ends_at <= now
        ending.end(session, booking, "lapse", "lapse" if is_over else "release", by=SYSTEM, now=now)
        if booking.call and booking.call.cancelled_at is None and booking.accepted_at is None:
            inviting.ask_next(session, booking.call, invitation, now)
    return 1


def _standing(session: Session, invitation: Invitation) -> Booking | None:
    """The booking that stands for an invitation, held; refused where no date may be chosen by it any more."""
    hold_invitation(session, invitation)
    held = queries.standing_booking_of(session, invitation.id)
    stages.after(stages.INVITATIONS, invitation.state, "choose")
    if held:
        hold(session, held)
        stages.after(stages.BOOKINGS, held.state, "choose")
    return held


def _hold(
    session: Session,
    invitation: Invitation,
    held: Booking | None,
    put: Callable[[Booking], None],
    starts_at: datetime,
    *,
    by: Actor,
    now: datetime,
) -> Booking:
    """Make a hold, or put the one that stands elsewhere: that ends no later than before. A host's yes was to the other date."""
    conditions = queries.conditions_of(session, invitation.show_id)
    was = noting.starts_at(held).isoformat() if held else None
    hers = {"show": invitation.show, "guest": invitation.guest, "invitation": invitation}
    booking = held or Booking(id=new_id(), created_at=now, revised_at=now, sequence=0, **hers)
    try:
        with session.begin_nested():
            put(booking)
            booking.state = "chosen"
            booking.approved_at = now if conditions.is_approved_by_itself else None
            if held:
                booking.ends_at = holds.after_change(held.ends_at, now, starts_at)
                booking.revise(now)
            else:
                booking.ends_at = holds.ends_at(now, conditions.hold_hours, starts_at)
                session.add(booking)
    except IntegrityError as fault:
        raise Taken from fault
    ending.decide(invitation, "choose", "", now)
    said = noting.facts(booking, was=was, ends_at=booking.ends_at.isoformat())
    keep(session, "booking.chosen", noting.about(booking), by=by, now=now, facts=said)
    _confirm_if_agreed(session, booking, by=by, now=now)
    return booking


def _check_open(session: Session, booking: Booking, now: datetime) -> None:
    """Hold a chosen date that can still be agreed on, or refuse."""
    hold_booking(session, booking)
    stages.after(stages.BOOKINGS, booking.state, "confirm")
    if booking.call and booking.call.cancelled_at:
        raise Refused("This call has been cancelled, so its date cannot be agreed on.")
    if booking.ends_at <= now or noting.starts_at(booking) <= now:
        raise Refused("The time to agree on this date is over. It may still be free: choose it again.")


def _keep_answers(session: Session, booking: Booking, given: Answers, now: datetime) -> None:
    prep, _ = preparing.begun(session, booking, now)
    prep.name, prep.topic, prep.phone, prep.saved_at = given.name, given.topic, given.phone, now
    booking.guest.phone = booking.guest.phone or given.phone


def _confirm_if_agreed(session: Session, booking: Booking, *, by: Actor, now: datetime) -> bool:
    """Confirm a date to which both have said yes, and name the guest on the call."""
    if booking.approved_at is None or booking.accepted_at is None:
        return False
    booking.state, booking.confirmed_at = stages.after(stages.BOOKINGS, booking.state, "confirm"), now
    if booking.invitation.purpose == "extra" and booking.call is None:
        _add_call(session, booking, now)
    booking.revise(now)
    session.flush()
    keep(session, "booking.confirmed", noting.about(booking), by=by, now=now, facts=noting.facts(booking))
    if booking.call:
        naming.announce(session, booking.call, booking, by=by, now=now)
    return True


def _add_call(session: Session, booking: Booking, now: datetime) -> None:
    """Put the extra call that was agreed on into the show. Refused where another call was laid on its time meanwhile."""
    show, starts_at = booking.show, noting.starts_at(booking)
    wall = zones.wall(starts_at, show.zone)
    fold = int(zones.resolve(wall, show.zone) != starts_at)
    by = Actor("system", booking.guest_id, booking.guest.name)
    try:
        call = rescheduling.add_extra(session, show, wall, booking.minutes or show.minutes, fold, by=by, now=now)
    except Invalid as refusal:
        raise Refused(" ".join(refusal.errors.values())) from refusal
    booking.call, booking.starts_at, booking.zone, booking.minutes = call, None, "", None
