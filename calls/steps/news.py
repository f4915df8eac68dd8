"""Tell everybody registered what is new about a call or a show, a batch at a time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from calls.calendars import asking
from calls.calendars.models import Entry
from calls.history.models import Change
from calls.messages import writing
from calls.messages.models import Told
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.shows import queries as shows
from calls.shows.models import Call
from calls.steps.step import Step

BATCH = writing.BATCH


def asking_anew(step: Step) -> Step:
    """The step; before its first batch everybody concerned is asked anew, and proposals of other times are settled."""

    def both(session: Session, change: Change, cursor: str | None, now: datetime) -> str | None:
        if cursor is None:
            asking.follow(session, change, now)
        return step(session, change, cursor, now)

    return both


def tell_call(session: Session, change: Change, cursor: str | None, now: datetime) -> str | None:
    """Tell everybody registered for the call what is new, a batch at a time."""
    return _tell(session, change, [change.call_id] if change.call_id else [], cursor, now)


def tell_show(session: Session, change: Change, cursor: str | None, now: datetime) -> str | None:
    """Tell everybody registered for a call to come of the show."""
    calls = shows.calls_to_come(session, [change.show_id] if change.show_id else [], now, limit=500)
    return _tell(session, change, [it.id for it in calls], cursor, now)


def tell_shifted(session: Session, change: Change, cursor: str | None, now: datetime) -> str | None:
    """Tell those registered for calls that another schedule moved or dropped.

    Who holds a pass gets one letter for all of them, and one for each call that an invitation put into her calendar.
    """
    ids = [UUID(it) for it in [*change.facts["moved"], *change.facts["vanished"]]]
    return _tell(session, change, ids, cursor, now, _is_told_singly())


def take_name_as_told(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Who is named where nobody was promised somebody else is no news: the next letter just says her name."""
    was, to = change.facts["was"], change.facts["to"]
    hers = sa.and_(Told.call_id == change.call_id, Told.guest_name == was)
    session.execute(sa.update(Told).where(hers).values(guest_name=to).execution_options(synchronize_session=False))


def tell_call_singly(session: Session, change: Change, cursor: str | None, now: datetime) -> str | None:
    """The same about one call of those that one cause has moved."""
    return _tell(session, change, [change.call_id] if change.call_id else [], cursor, now, _is_told_singly())


def _is_told_singly() -> sa.ColumnElement[bool]:
    invited = Registration.id.in_(sa.select(Entry.registration_id).where(Entry.invited_at.is_not(None)))
    return sa.or_(Registration.pass_id.is_(None), invited)


def _tell(
    session: Session, change: Change, call_ids: Sequence[UUID], cursor: str | None, now: datetime, *which: sa.ColumnElement[bool]
) -> str | None:
    wanted = [
        Registration.call_id.in_(call_ids),
        Registration.state == CONFIRMED,
        Call.ends_at > now,
        Attendee.email.is_not(None),
        *which,
    ]
    if cursor:
        wanted.append(Registration.id > UUID(cursor))
    batch = session.scalars(
        sa.select(Registration)
        .join(Registration.call)
        .join(Call.show)
        .join(Registration.attendee)
        .options(contains_eager(Registration.call).contains_eager(Call.show), contains_eager(Registration.attendee))
        .where(*wanted)
        .order_by(Registration.id)
        .limit(BATCH)
    ).all()
    writing.news(session, change.id, batch, now)
    return str(batch[-1].id) if len(batch) == BATCH else None
