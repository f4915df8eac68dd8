"""Ask a guest, remind her, offer more dates, withdraw; and what she does with an invitation before she chooses a date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground import text
from calls.ground.database import new_id
from calls.ground.refusals import Invalid, NotFound, Refused
from calls.guests import benching, ending, holds, noting, offering, queries, slot_queries, stages, wording
from calls.guests.holding import hold_invitation
from calls.guests.models import Guest, Invitation, InvitationDate
from calls.guests.person import Person
from calls.history.keeping import SYSTEM, Actor, keep
from calls.shows.holding import hold
from calls.shows.models import Call, Show
from calls.team.roles import require

DAY = timedelta(days=1)
LONGEST_REASON = 1_000
PURPOSES = ("call", "extra", "talk")


@dataclass(frozen=True)
class Offer:
    """What a guest is asked for: a date of the schedule (these calls, or any open one), an extra call, or a talk beforehand.

    `words` may hold {name}; without any the default's are taken. With `ends_at` she is asked until then only.
    """

    purpose: str = "call"
    calls: Sequence[Call] = ()
    is_any_date: bool = False
    words: str = ""
    ends_at: datetime | None = None


def invite(session: Session, show: Show, guest: Guest, offer: Offer, *, by: Actor, now: datetime) -> Invitation:
    """Ask one guest, by a link of her own."""
    require(by, "invite guests", show.account_id)
    hold(session, show)
    return _create(session, show, guest, offer, None, by=by, now=now)


def ask_next(session: Session, call: Call, follows: Invitation, now: datetime) -> Invitation | None:
    """Ask the next on the bench for a date that somebody let go, for as long as a hold lasts. None when nobody can be asked."""
    show, conditions = call.show, queries.conditions_of(session, call.show_id)
    is_too_late = call.starts_at - now <= holds.BEFORE
    if not conditions.asks_next or is_too_late or not offering.places_left(session, [call]).get(call.id):
        return None
    guest = queries.next_on_bench(session, show, call.id, now)
    if guest is None:
        return None
    offer = Offer("call", [call], ends_at=holds.ends_at(now, conditions.hold_hours, call.starts_at))
    return _create(session, show, guest, offer, follows, by=SYSTEM, now=now)


def nudge(session: Session, invitation: Invitation, *, by: Actor, now: datetime) -> None:
    """Write to a guest once more, at most once a day."""
    _check_waiting(session, invitation, by)
    lately = max((it for it in (invitation.sent_at, invitation.nudged_at) if it), default=None)
    if lately and lately > now - DAY:
        raise Refused(f"{invitation.guest.name} was written to less than a day ago. Give it a day.")
    _nudge(session, invitation, 0, by=by, now=now)


def offer(session: Session, invitation: Invitation, calls: Sequence[Call], *, by: Actor, now: datetime) -> None:
    """Offer a guest more dates. That is news, so she is written to at once, also when she was today."""
    _check_waiting(session, invitation, by)
    if not calls:
        raise Invalid({"call": "Choose the dates that you offer."})
    _offer(session, invitation, calls, now)
    _nudge(session, invitation, len(calls), by=by, now=now)


def _nudge(session: Session, invitation: Invitation, dates: int, *, by: Actor, now: datetime) -> None:
    invitation.nudged_at = now
    said = noting.facts(invitation, dates=dates)
    keep(session, "invitation.nudged", noting.about(invitation), by=by, now=now, facts=said)


def _check_waiting(session: Session, invitation: Invitation, by: Actor) -> None:
    """Hold an invitation that waits for its guest, or refuse."""
    require(by, "invite guests", invitation.show.account_id)
    hold_invitation(session, invitation)
    booking = queries.standing_booking_of(session, invitation.id)
    if invitation.state not in {"sent", "taken"} or (booking and booking.accepted_at):
        raise Refused("There is nothing to remind this guest of.")
    _check_reachable(invitation.guest)


def withdraw(session: Session, invitation: Invitation, *, by: Actor, now: datetime) -> None:
    """Take an invitation back, and with it the date that is held. A date agreed on is no matter of this: cancel the booking."""
    require(by, "invite guests", invitation.show.account_id)
    hold_invitation(session, invitation)
    booking = queries.standing_booking_of(session, invitation.id)
    if booking and booking.is_confirmed:
        raise Refused(f"{invitation.guest.name} is booked. Cancel the booking instead.")
    if booking:
        ending.end(session, booking, "cancel", "withdraw", by=by, now=now)
        return
    ending.decide(invitation, "withdraw", "", now)
    keep(session, "invitation.withdrawn", noting.about(invitation), by=by, now=now, facts=noting.facts(invitation))


def open_page(session: Session, invitation: Invitation, *, now: datetime) -> None:
    """Note that a person has opened her page for the first time."""
    if invitation.opened_at is None and invitation.state in {"sent", "taken"}:
        invitation.opened_at = now
        by = Actor("guest", invitation.guest_id, invitation.guest.name)
        keep(session, "invitation.opened", noting.about(invitation), by=by, now=now, facts=noting.facts(invitation))


def decline(session: Session, invitation: Invitation, reason: str = "", *, by: Actor, now: datetime) -> None:
    """Say no. Whatever is held or agreed on by this invitation is given back."""
    hold_invitation(session, invitation)
    reason = text.clean(reason).strip()[:LONGEST_REASON]
    booking = queries.standing_booking_of(session, invitation.id)
    if booking:
        ending.end(session, booking, "decline", "decline", reason, by=by, now=now)
        return
    ending.decide(invitation, "decline", reason, now)
    said = noting.facts(invitation, reason=reason)
    keep(session, "invitation.declined", noting.about(invitation), by=by, now=now, facts=said)


def ask_for(session: Session, invitation: Invitation, words: str, *, by: Actor, now: datetime) -> None:
    """Ask the host for a date that is not among those offered, in the guest's words; the last asking counts."""
    hold_invitation(session, invitation)
    if invitation.state not in {"sent", "taken"}:
        raise Refused(stages.INVITATION_IS[invitation.state])
    asked = text.clean(words).strip()[:LONGEST_REASON]
    if not asked:
        raise Invalid({"words": "Say which dates or times would suit you."})
    invitation.asked_for, invitation.asked_for_at = asked, now
    said = noting.facts(invitation, words=asked)
    keep(session, "invitation.date_asked", noting.about(invitation), by=by, now=now, facts=said)


def pass_on(session: Session, invitation: Invitation, name: str, email: str, *, by: Actor, now: datetime) -> Invitation:
    """Say no, and have somebody else asked for the same dates. She is put on the bench, where it says who suggested her."""
    hold_invitation(session, invitation)
    booking = queries.standing_booking_of(session, invitation.id)
    if booking and booking.is_confirmed:
        raise Refused("Your date is agreed on already. Say first that you cannot come.")
    stages.after(stages.INVITATIONS, invitation.state, "decline")
    if invitation.follows_id and invitation.by_id:
        raise Refused("This invitation was passed on to you already. Say no, and tell the host whom you would ask.")
    guest = _suggested(session, invitation, name, email, by=by, now=now)
    reason = f"Passed on to {guest.name}."
    if booking:
        ending.end(session, booking, "decline", "decline", reason, by=by, now=now)
    else:
        ending.decide(invitation, "decline", reason, now)
    said = noting.facts(invitation, to=guest.name)
    keep(session, "invitation.passed_on", noting.about(invitation), by=by, now=now, facts=said)
    offered = offering.calls_offered(session, invitation.id, now)
    words = wording.passed_on(default_words(session, invitation.show, invitation.purpose), invitation.guest.name)
    offer = Offer(invitation.purpose, offered, invitation.is_any_date, words, invitation.ends_at)
    return _create(session, invitation.show, guest, offer, invitation, by=by, now=now)


def let_lapse(session: Session, now: datetime) -> int:
    """End one invitation whose time is over; how many were ended. A date that had fallen to its guest falls to the next."""
    due = sa.and_(Invitation.state == "sent", Invitation.ends_at <= now)
    id = session.scalar(sa.select(Invitation.id).where(due).order_by(Invitation.ends_at).limit(1))
    invitation = queries.invitation_by_id(session, id) if id else None
    if invitation is None:
        return 0
    hold_invitation(session, invitation)
    if invitation.state == "sent" and invitation.ends_at and invitation.ends_at <= now:
        ending.decide(invitation, "lapse", "", now)
        keep(session, "invitation.lapsed", noting.about(invitation), by=SYSTEM, now=now, facts=noting.facts(invitation))
        offered = offering.calls_offered(session, invitation.id, now)
        if invitation.follows_id and invitation.by_id is None and len(offered) == 1:
            ask_next(session, offered[0], invitation, now)
    return 1


def default_words(session: Session, show: Show, purpose: str) -> str:
    """What an invitation to this show says where its host writes nothing else, with {name} still in it."""
    hours = slot_queries.hours_of(session, show.id) if purpose != "call" else None
    return wording.default(purpose, show.name, show.host_name, hours.minutes if hours else show.minutes)


def _create(
    session: Session, show: Show, guest: Guest, offer: Offer, follows: Invitation | None, *, by: Actor, now: datetime
) -> Invitation:
    """The invitation with its dates, or the refusal: nobody whom mail reaches, asked already, nothing to choose from."""
    if guest.account_id != show.account_id:
        raise NotFound
    _check_reachable(guest)
    if queries.open_invitation_of(session, show.id, guest.id, offer.purpose):
        raise Refused(f"{guest.name} has an invitation to this show already that waits for an answer.")
    words = wording.checked(offer.words or default_words(session, show, offer.purpose))
    invitation = Invitation(
        id=new_id(),
        created_at=now,
        show=show,
        guest=guest,
        purpose=offer.purpose,
        is_any_date=offer.is_any_date,
        words=wording.to(guest.name, words),
        state="sent",
        ends_at=offer.ends_at,
        sent_at=now,
        follows_id=follows.id if follows else None,
        by_id=by.id,
    )
    session.add(invitation)
    if offer.purpose == "call" and not offer.is_any_date:
        _offer(session, invitation, offer.calls, now)
    facts = noting.facts(invitation, purpose=offer.purpose)
    keep(session, "invitation.sent", noting.about(invitation), by=by, now=now, facts=facts)
    return invitation


def _offer(session: Session, invitation: Invitation, calls: Sequence[Call], now: datetime) -> None:
    """Add dates to those offered. Refused where none of all that are offered by then is free."""
    session.flush()
    known = {it.id for it in offering.calls_offered(session, invitation.id, now)}
    for call in calls:
        if call.show_id != invitation.show_id:
            raise NotFound
        if call.id not in known:
            session.add(InvitationDate(invitation_id=invitation.id, call_id=call.id))
    session.flush()
    if invitation.purpose == "call" and not offering.free_calls(session, invitation, now):
        raise Refused(f"None of these dates is free for {invitation.guest.name}. Choose another.")


def _check_reachable(guest: Guest) -> None:
    if guest.merged_into_id:
        raise Refused(f"{guest.name} was merged with somebody else on the bench. Ask that person.")
    if not guest.email:
        raise Refused(f"There is no e-mail address of {guest.name}. Add one on the bench first.")
    if guest.silenced_at:
        raise Refused(f"{guest.name} wants no mail from you.")
    if guest.bounced_at:
        raise Refused(f"The address of {guest.name} takes no mail. Give another on the bench first.")


def _suggested(session: Session, invitation: Invitation, name: str, email: str, *, by: Actor, now: datetime) -> Guest:
    """The person whom a guest suggests, put on the bench unless she is there."""
    if {"/", "@", "{", "<"} & set(name):
        raise Invalid({"name": "Give the name alone."})
    if not email.strip():
        raise Invalid({"email": "Enter an e-mail address."})
    person = Person(name, email, met=f"Suggested by {invitation.guest.name}.")
    guest = benching.meet(session, invitation.show.account_id, person, by=by, now=now)
    if guest.id == invitation.guest_id:
        raise Invalid({"email": "That is your own address. Give that of somebody else."})
    if guest.silenced_at or guest.bounced_at:
        raise Refused("We cannot write to this address. Pass the invitation on yourself, or name somebody else.")
    if queries.open_invitation_of(session, invitation.show_id, guest.id, invitation.purpose):
        raise Refused("This person has been asked already.")
    return guest
