"""Make one of two rows of the bench that are one person."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import touch
from calls.ground.refusals import NotFound, Refused
from calls.guests import benching
from calls.guests.models import STANDING, Booking, Guest, Invitation, Understudy
from calls.guests.person import Person
from calls.history.keeping import Actor, Subject, keep
from calls.team.roles import require


def merge(session: Session, kept: Guest, double: Guest, *, by: Actor, now: datetime) -> None:
    """Let everything that hangs on the double hang on the one who is kept; its row stays, and leads to her.

    What is kept of her stands; the double fills what is empty and adds what is more. Wishes, calendar and mails follow by
    themselves, for they belong to rooms above.
    """
    require(by, "invite guests", kept.account_id)
    check(session, kept, double)
    _fill(session, kept, double)
    for model in (Invitation, Booking, Understudy):
        session.execute(sa.update(model).where(model.guest_id == double.id).values(guest_id=kept.id))
    session.execute(sa.update(Guest).where(Guest.merged_into_id == double.id).values(merged_into_id=kept.id))
    session.expire_all()
    about = {"guest": kept.name, "guest_id": str(kept.id), "double": double.name, "double_id": str(double.id)}
    keep(session, "guest.merged", Subject(kept.id, kept.account_id), by=by, now=now, facts=about)
    touch(session, f"guest:{kept.id}", f"guest:{double.id}")


def merged(kept: Person, double: Person) -> Person:
    """What is known of one person whom two rows described. What cannot be kept beside each other goes into the notes."""
    lost = [
        f"{label}: {theirs}"
        for label, own, theirs in (
            ("Also", kept.name, double.name),
            ("Also", kept.email, double.email),
            ("Also", kept.phone, double.phone),
            ("Also met", kept.met, double.met),
        )
        if own and theirs and own != theirs
    ]
    notes = [it for it in (kept.notes, double.notes if double.notes != kept.notes else "", "\n".join(lost)) if it]
    topics = [kept.topics, *([double.topics] if double.topics not in kept.topics else [])]
    contacts = [it for it in (kept.contacted_on, double.contacted_on) if it]
    return replace(
        kept,
        email=kept.email or double.email,
        phone=kept.phone or double.phone,
        zone=kept.zone or double.zone,
        met=kept.met or double.met,
        topics=", ".join(it for it in topics if it),
        notes="\n\n".join(notes),
        tags=tuple(sorted({*kept.tags, *double.tags})),
        contacted_on=max(contacts, default=None),
        looked_after_by_id=kept.looked_after_by_id or double.looked_after_by_id,
    )


def check(session: Session, kept: Guest, double: Guest) -> None:
    """Refuse two who cannot be made one, in a sentence."""
    if double.account_id != kept.account_id:
        raise NotFound
    if double is kept:
        raise Refused("That is the same person already.")
    if kept.merged_into_id or double.merged_into_id:
        raise Refused("One of the two was merged meanwhile. Look again.")
    both = sa.select(Booking.call_id).where(Booking.state.in_(STANDING), Booking.call_id.is_not(None))
    hers = both.where(Booking.guest_id == double.id)
    if session.scalars(both.where(Booking.guest_id == kept.id, Booking.call_id.in_(hers)).limit(1)).first():
        raise Refused("Both have a place on the same call. Cancel one of the two bookings first.")


def _fill(session: Session, kept: Guest, double: Guest) -> None:
    """The double loses its turn; the earlier of the two turns is hers."""
    is_of_address, person = not kept.email, merged(benching.of(kept), benching.of(double))
    waiting = benching.held(session, kept.account_id)
    benching.number(list(dict.fromkeys(kept if it is double else it for it in waiting)), [double])
    double.merged_into_id = kept.id
    session.flush()  # two rows of one account may share an address only once one of them leads to the other
    for name, value in benching.row(person).items():
        setattr(kept, name, value)
    kept.bio, kept.links = kept.bio or double.bio, kept.links or double.links
    kept.picture_id = kept.picture_id or double.picture_id
    kept.silenced_at = kept.silenced_at or double.silenced_at
    if is_of_address:
        kept.bounced_at, kept.bounce = double.bounced_at, double.bounce
    session.flush()
