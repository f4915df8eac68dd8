"""Keep what a guest, or an assistant for her, sends in for a call: field by field, picture, consent, agreement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import insert_once, new_id, touch
from calls.ground.refusals import Invalid, Refused
from calls.guests import agreement, naming, noting, queries
from calls.guests import prep as rules
from calls.guests.agreement import Meeting
from calls.guests.cuts import Cut
from calls.guests.models import Booking, Guest, Picture, Prep
from calls.history.keeping import Actor, keep

TABLE = cast(sa.Table, Prep.__table__)
QUIET = timedelta(hours=1)  # what is saved while somebody types is one change
ENDED = "This booking does not stand any more, so there is nothing to prepare."
OTHER_WORDS = "The wording has changed since you opened this page. Read it again, and answer then."


@dataclass(frozen=True)
class Typed:
    """What was typed, by field; `seen` is what `rules.marks` gave of the values that the form was made from."""

    values: Mapping[str, str]
    seen: str


@dataclass(frozen=True)
class Saved:
    """What is kept now, and what is not: what is wrong with it, or what somebody else has put there meanwhile."""

    prep: Prep
    faults: dict[str, str] = field(default_factory=dict)
    clashes: dict[str, str] = field(default_factory=dict)


def found(session: Session, booking: Booking) -> Prep:
    """What was sent in; where nothing was, what the guest once gave, as a row that is not kept."""
    kept = queries.prep_of(session, booking.id)
    return kept or Prep(**_given_before(booking), saved_at=booking.created_at)


def begun(session: Session, booking: Booking, now: datetime) -> tuple[Prep, datetime | None]:
    """The row, made where there is none, and nobody else's until the end of the transaction; with when it was saved before.

    Refused where the booking does not stand any more.
    """
    if not booking.is_standing:
        raise Refused(ENDED)
    session.flush()
    row = _given_before(booking) | {"saved_at": now}
    is_new = insert_once(session, TABLE, [row]) == 1
    wanted = sa.select(Prep).where(Prep.booking_id == booking.id).with_for_update()
    kept = session.scalars(wanted.execution_options(populate_existing=True)).one()
    return kept, None if is_new else kept.saved_at


def save(session: Session, booking: Booking, typed: Typed, *, by: Actor, now: datetime) -> Saved:
    """Keep every field that can be kept; the others are in the answer, and stand as they stood."""
    kept, was_saved_at = begun(session, booking, now)
    values = rules.cleaned(typed.values)
    faults = rules.faults(values)
    stands, was_ready = rules.values(kept), rules.is_ready(kept)
    good = {name: value for name, value in values.items() if name not in faults}
    merged = rules.merged(stands, good, typed.seen)
    changed = [name for name, value in merged.values.items() if value != stands[name]]
    if changed:
        _put(kept, merged.values)
        _remember(booking.guest, kept)
        _touch(session, booking)
        if was_saved_at is None or now - was_saved_at >= QUIET:
            _keep(session, "prep.saved", booking, by=by, now=now)
        kept.saved_at = now
    if "name" in changed:
        naming.rename(session, booking, stands["name"], by=by, now=now)
    if rules.is_ready(kept) and not was_ready:
        _keep(session, "prep.completed", booking, by=by, now=now)
    return Saved(kept, faults, merged.clashes)


def set_picture(session: Session, booking: Booking, cut: Cut, *, by: Actor, now: datetime) -> Picture:
    """Take another picture of the guest; `pictures.cut` makes one of what was sent, before any transaction."""
    kept, _ = begun(session, booking, now)
    old = kept.picture_id
    made = Picture(id=new_id(), created_at=now, account_id=booking.show.account_id, digest=cut.digest)
    made.square, made.wide = cut.square, cut.wide
    session.add(made)
    session.flush()
    kept.picture_id = booking.guest.picture_id = made.id
    _forget(session, old)
    _touch(session, booking)
    _keep(session, "picture.set", booking, by=by, now=now)
    return made


def remove_picture(session: Session, booking: Booking, *, by: Actor, now: datetime) -> None:
    """Take the picture away, whatever has become of the booking; it is deleted where no other call shows it."""
    kept = queries.prep_of(session, booking.id)
    old = kept.picture_id if kept else booking.guest.picture_id
    if old is None:
        return
    if kept:
        kept.picture_id = None
    if booking.guest.picture_id == old:
        booking.guest.picture_id = None
    _forget(session, old)
    _touch(session, booking)
    _keep(session, "picture.removed", booking, by=by, now=now)


def consent(session: Session, booking: Booking, answer: str, mark: str, *, by: Actor, now: datetime) -> None:
    """Keep whether the call may be recorded, with the words that were read (`mark` is of these) and the time.

    Refuses with Invalid on "consent" an answer to words that are no longer the show's.
    """
    if answer not in rules.ANSWERS:
        raise Invalid({"consent": "Choose yes or no."})
    kept, _ = begun(session, booking, now)
    words = queries.conditions_of(session, booking.show_id).consent
    if rules.mark(words) != mark:
        raise Invalid({"consent": OTHER_WORDS})
    if (kept.consent, kept.consent_words) == (answer, words):
        return
    kept.consent, kept.consent_words, kept.consented_at = answer, words, now
    _keep(session, "prep.consented", booking, by=by, now=now, answer=answer, words=words)


def agree(session: Session, booking: Booking, *, now: datetime) -> None:
    """Keep the six lines as they stand when the guest accepts; the first time counts."""
    kept, _ = begun(session, booking, now)
    if not kept.agreement:
        kept.agreement, kept.agreed_at = terms_of(session, booking), now


def terms_of(session: Session, booking: Booking) -> list[str]:
    """The six lines as they stand now."""
    call, starts_at = booking.call, noting.starts_at(booking)
    zone, minutes = (call.zone, call.minutes) if call else (booking.zone, booking.minutes or booking.show.minutes)
    meeting = Meeting(starts_at, minutes, zone, booking.guest.zone or zone)
    return agreement.lines(queries.conditions_of(session, booking.show_id), meeting)


def hand_on(session: Session, booking: Booking, *, by: Actor, now: datetime) -> None:
    """Open a link by which an assistant fills in the prep and sees nothing else."""
    kept, _ = begun(session, booking, now)
    if not kept.is_handed_on:
        kept.generation += 1
        _keep(session, "prep.handed_on", booking, by=by, now=now)


def take_back(session: Session, booking: Booking, *, by: Actor, now: datetime) -> None:
    """Withdraw the assistant's link."""
    kept, _ = begun(session, booking, now)
    if kept.is_handed_on:
        kept.generation += 1
        _keep(session, "prep.taken_back", booking, by=by, now=now)


def _given_before(booking: Booking) -> dict[str, Any]:
    """What a guest once gave is offered to her again."""
    guest = booking.guest
    phone = guest.phone if not rules.faults({"phone": guest.phone}) else ""
    own = {"name": guest.name, "phone": phone, "bio": guest.bio, "links": list(guest.links), "picture_id": guest.picture_id}
    blank = dict.fromkeys(("topic", "please_ask", "please_dont", "offer", "consent", "consent_words"), "")
    return {"booking_id": booking.id, "agreement": [], "generation": 0} | blank | own


def _put(kept: Prep, values: Mapping[str, str]) -> None:
    for name in rules.TEXTS:
        setattr(kept, name, values[name])
    kept.links = rules.links_in(values["links"])


def _remember(guest: Guest, kept: Prep) -> None:
    """What she says about herself is hers beyond this call."""
    guest.bio = kept.bio or guest.bio
    guest.links = kept.links or guest.links
    guest.phone = guest.phone or kept.phone


def _forget(session: Session, picture_id: UUID | None) -> None:
    """Delete a picture that nothing shows any more."""
    session.flush()
    of_guest = sa.exists().where(Guest.picture_id == picture_id)
    of_prep = sa.exists().where(Prep.picture_id == picture_id)
    session.execute(sa.delete(Picture).where(Picture.id == picture_id, ~of_guest, ~of_prep))


def _touch(session: Session, booking: Booking) -> None:
    """Pages that show the guest are made anew, even where no change is kept."""
    touch(session, f"show:{booking.show_id}", f"thing:{booking.id}")


def _keep(session: Session, kind: str, booking: Booking, *, by: Actor, now: datetime, **facts: str) -> None:
    keep(session, kind, noting.about(booking), by=by, now=now, facts=noting.facts(booking, **facts))
