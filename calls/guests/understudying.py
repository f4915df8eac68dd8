"""Name who steps in when a call's guest cannot, and let her: a person of the bench, or a replay with what is played."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.ground import text
from calls.ground.refusals import Invalid, Refused
from calls.guests import booking as bookings
from calls.guests import inviting, queries
from calls.guests.inviting import Offer
from calls.guests.models import Booking, Guest, Understudy
from calls.history.keeping import Actor, Subject, keep
from calls.shows import editing, stages
from calls.shows.holding import hold_call
from calls.shows.models import Call
from calls.team.roles import require

LONGEST = 200
REPLACED = "Somebody else steps in."
ASKED = "Our guest cannot come, and I would be glad if you stepped in."


@dataclass(frozen=True)
class StandIn:
    """Who steps in: a guest by her id, or what is played. One of the two."""

    guest_id: UUID | None = None
    replay: str = ""


def name(session: Session, call: Call, stand_in: StandIn | None, *, by: Actor, now: datetime) -> None:
    """Name a call's understudy, or take her off again (None). Nobody hears of it but the host's side."""
    require(by, "invite guests", call.show.account_id)
    hold_call(session, call)
    wanted = _checked(session, call, stand_in) if stand_in else None
    standing = session.get(Understudy, call.id)
    if standing and wanted and (standing.guest_id, standing.replay) == (wanted.guest_id, wanted.replay):
        return
    if standing and wanted is None:
        session.delete(standing)
    elif wanted:
        session.merge(Understudy(call_id=call.id, guest_id=wanted.guest_id, replay=wanted.replay))
    else:
        return
    guest = session.get(Guest, wanted.guest_id) if wanted and wanted.guest_id else None
    facts = {"to": announced(guest, wanted.replay) if wanted else "", **_of(guest)}
    keep(session, "understudy.named", _subject(call), by=by, now=now, facts=facts)


def swap(session: Session, call: Call, to: str, *, by: Actor, now: datetime) -> None:
    """Let the understudy, announced as `to`, step in: who was to speak is released, and the call names her at once.

    Everybody registered hears of it. A person gets a date that is held for her and approved already, and is asked to confirm.
    """
    require(by, "invite guests", call.show.account_id)
    hold_call(session, call)
    stages.check_cancellable(call.cancelled_at, call.starts_at, call.ends_at, now)
    understudy = session.get(Understudy, call.id)
    if understudy is None:
        raise Refused("Nobody is named as understudy of this call. Name one first.")
    guest = session.get(Guest, understudy.guest_id) if understudy.guest_id else None
    if to != announced(guest, understudy.replay):
        raise Refused("Somebody else is named as understudy by now. Look at the change once more.")
    was = call.guest_name
    released = [it for it in queries.bookings_of_call(session, call.id) if it.place == 0 or it.trouble]
    for it in released:
        bookings.cancel(session, it, REPLACED, by=by, now=now)
    if to != call.guest_name:
        editing.announce_guest(session, call, to, is_news=True, by=by, now=now)
    if guest:
        _book(session, call, guest, by=by, now=now)
    session.delete(understudy)
    facts = {"was": was, "to": to, "released": [str(it.id) for it in released], **_of(guest)}
    keep(session, "call.guest_swapped", _subject(call), by=by, now=now, facts=facts)


def announced(guest: Guest | None, replay: str) -> str:
    """What the call says of who speaks once the understudy has stepped in."""
    return guest.name if guest else f"Replay: {replay}"


def _book(session: Session, call: Call, guest: Guest, *, by: Actor, now: datetime) -> Booking:
    """Hold the date for her by an invitation of her own, or by the one that waits for an answer already."""
    waiting_id = queries.open_invitation_of(session, call.show_id, guest.id, "call")
    waiting = queries.invitation_by_id(session, waiting_id) if waiting_id else None
    if waiting and waiting.state == "sent":
        inviting.offer(session, waiting, [call], by=by, now=now)
        invitation = waiting
    else:
        invitation = inviting.invite(session, call.show, guest, Offer(calls=[call], words=ASKED), by=by, now=now)
    booking = bookings.choose(session, invitation, call, by=by, now=now)
    if booking.approved_at is None:
        bookings.approve(session, booking, by=by, now=now)
    return booking


def _checked(session: Session, call: Call, stand_in: StandIn) -> StandIn:
    replay = text.clean_line(stand_in.replay)
    if bool(stand_in.guest_id) == bool(replay):
        raise Invalid({"guest": "Choose somebody from the bench, or say which replay is played."})
    if len(replay) > LONGEST:
        raise Invalid({"replay": f"Use at most {LONGEST} characters."})
    if stand_in.guest_id:
        guest = queries.guest_of_account(session, call.show.account_id, stand_in.guest_id)
        if guest is None or guest.merged_into_id is not None:
            raise Invalid({"guest": "Choose somebody from the bench."})
        if guest.email is None:
            raise Invalid({"guest": f"There is no e-mail address of {guest.name}, and so no way to ask."})
        if any(it.guest_id == guest.id for it in queries.bookings_of_call(session, call.id)):
            raise Invalid({"guest": f"{guest.name} is a guest of this call already."})
    return StandIn(stand_in.guest_id, replay)


def _subject(call: Call) -> Subject:
    return Subject(call.id, call.show.account_id, call.show_id, call.id)


def _of(guest: Guest | None) -> dict[str, str]:
    return {"guest": guest.name, "guest_id": str(guest.id)} if guest else {}
