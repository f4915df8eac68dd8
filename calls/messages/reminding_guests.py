"""Write the reminders to guests that are due, and the thanks after a call; each once, by its key, and none of a past start."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from calls.guests import dates, prep
from calls.guests.models import Booking, Prep
from calls.messages import guest_reminders, writing_guests
from calls.messages.guest_mails import THANKS
from calls.messages.models import Message
from calls.shows.models import Call

LONGEST_CALL = timedelta(days=1)
PREP = "guest_prep_missing"
_WITH_ALL = (joinedload(Booking.guest), joinedload(Booking.show), joinedload(Booking.invitation))


def write_due(session: Session, now: datetime) -> bool:
    """Write what is due now. There is never more than one round."""
    coming = _confirmed(session, now, now + max(guest_reminders.PREP))
    due = [it for booking in coming for it in _due(session, booking, now)]
    due += [it for booking in _over(session, now) for it in _thanks(booking, now)]
    written = set(session.scalars(sa.select(Message.key).where(Message.key.in_([_key(*it[:3]) for it in due]))))
    for kind, cause, booking, facts, due_at in due:
        if _key(kind, cause, booking) not in written:
            writing_guests.to_booked(session, kind, cause, booking, now, due_at=due_at, facts=facts)
    return False


Due = tuple[str, str, Booking, dict[str, str], datetime | None]


def _key(kind: str, cause: str, booking: Booking) -> str:
    return f"{kind}:{cause}:{booking.id}"


def _due(session: Session, booking: Booking, now: datetime) -> Iterator[Due]:
    """The reminders of one booking; none of a talk but whether she is on, and none of what she has done already."""
    starts_at = dates.starts_at(booking)
    for kind, before in guest_reminders.due(starts_at, booking.confirmed_at or booking.created_at, now):
        is_done = kind == PREP and prep.is_ready(session.get(Prep, booking.id))
        is_said = kind == "guest_still_on" and guest_reminders.has_said(booking.checked_at, starts_at)
        is_talk = booking.call_id is None and kind != "guest_still_on"
        if not (is_done or is_said or is_talk or guest_reminders.is_late(kind, before, starts_at, now)):
            hours = before // timedelta(hours=1)
            yield kind, f"{starts_at:%Y%m%d%H%M}:{hours}", booking, {"starts_at": starts_at.isoformat()}, None


def _thanks(booking: Booking, now: datetime) -> Iterator[Due]:
    due_at = guest_reminders.thanks_at(dates.over_at(booking), dates.guest_zone(booking))
    if due_at <= now <= due_at + guest_reminders.THANKS_WITHIN:
        yield THANKS, "after", booking, {}, due_at


def _confirmed(session: Session, since: datetime, until: datetime) -> Sequence[Booking]:
    """The confirmed bookings that begin between these moments, of calls that take place, and of talks."""
    of_call = sa.and_(Call.starts_at > since, Call.starts_at <= until, Call.cancelled_at.is_(None))
    of_talk = sa.and_(Booking.call_id.is_(None), Booking.starts_at > since, Booking.starts_at <= until)
    wanted = sa.select(Booking).outerjoin(Booking.call).where(Booking.state == "confirmed", sa.or_(of_call, of_talk))
    return session.scalars(wanted.options(*_WITH_ALL, joinedload(Booking.call)).order_by(Booking.id)).all()


def _over(session: Session, now: datetime) -> Sequence[Booking]:
    """The confirmed bookings of calls that have lately ended."""
    reach = guest_reminders.THANKS_WITHIN + 2 * LONGEST_CALL
    found = _confirmed(session, now - reach, now)
    return [it for it in found if it.call and dates.over_at(it) <= now]
