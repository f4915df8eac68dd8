"""Announce on a call who speaks there, as it was agreed with the guests."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from calls.guests import names
from calls.guests.models import Booking, Prep
from calls.history.keeping import Actor
from calls.shows import editing
from calls.shows.models import Call


def announce(session: Session, call: Call, booking: Booking, *, by: Actor, now: datetime) -> None:
    """Name the confirmed guests of a call, this one among them. Only who was promised somebody else is written to."""
    session.flush()
    announced = _confirmed(session, call)
    after = [name for _, name in announced]
    before = [name for other, name in announced if other.id != booking.id]
    own = (booking.guest.name,)
    name = names.announced(after)
    if name != call.guest_name:
        is_news = names.is_news(call.guest_name, before, after, own)
        editing.announce_guest(session, call, name, is_news=is_news, by=by, now=now)


def silence(session: Session, call: Call, *, by: Actor, now: datetime) -> None:
    """A guest of the call comes no more. While nobody is registered the call goes without her name at once.

    Else it is for the host to say who speaks instead, seeing beforehand who will hear of it.
    """
    session.flush()
    name = names.announced([name for _, name in _confirmed(session, call)])
    if call.taken == 0 and call.guest_name and name != call.guest_name:
        editing.announce_guest(session, call, name, is_news=False, by=by, now=now)


def rename(session: Session, booking: Booking, was: str, *, by: Actor, now: datetime) -> None:
    """A guest who was announced as `was` has changed that name; it is still she who comes, so nobody is written to.

    What the host announces otherwise stays.
    """
    if booking.call is None or not booking.is_confirmed:
        return
    session.flush()
    announced = _confirmed(session, booking.call)
    before = names.announced([was or it.guest.name if it.id == booking.id else name for it, name in announced])
    after = names.announced([name for _, name in announced])
    if booking.call.guest_name == before != after:
        editing.announce_guest(session, booking.call, after, is_news=False, by=by, now=now)


def name_of(session: Session, booking: Booking) -> str:
    """By what name a guest is announced: as she gave it for this booking, else as the bench knows her."""
    return session.scalar(sa.select(Prep.name).where(Prep.booking_id == booking.id)) or booking.guest.name


def _confirmed(session: Session, call: Call) -> Sequence[tuple[Booking, str]]:
    """The confirmed guests of a call by place, each with the name she is announced by."""
    rows = session.execute(
        sa.select(Booking, Prep.name)
        .outerjoin(Prep, Prep.booking_id == Booking.id)
        .options(joinedload(Booking.guest))
        .where(Booking.call_id == call.id, Booking.state == "confirmed")
        .order_by(Booking.place)
    )
    return [(row[0], row[1] or row[0].guest.name) for row in rows]
