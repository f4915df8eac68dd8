"""Send the invitations of a pass: a call enters the calendar of its holder in the call's last week (calendars.md M8)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from calls.calendars.models import Entry
from calls.messages import writing
from calls.messages.deciding import LAST_WEEK
from calls.messages.models import Message, Silence
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.shows.models import Call


def invite_due(session: Session, now: datetime, *which: sa.ColumnElement[bool]) -> bool:
    """Write one batch of the invitations due, of some registrations or of all; True while there may be more."""
    written = sa.select(Message.registration_id).where(Message.kind == "call_invited", Message.registration_id == Registration.id)
    silent = sa.select(Silence.attendee_id).where(Silence.kind == "all")
    batch = session.scalars(
        sa.select(Registration)
        .join(Registration.call)
        .join(Call.show)
        .join(Registration.attendee)
        .outerjoin(Entry, Entry.registration_id == Registration.id)
        .options(contains_eager(Registration.call).contains_eager(Call.show), contains_eager(Registration.attendee))
        .where(
            Call.starts_at > now,
            Call.starts_at <= now + LAST_WEEK,
            Call.cancelled_at.is_(None),
            Registration.pass_id.is_not(None),
            Registration.state == CONFIRMED,
            Entry.invited_at.is_(None),
            Attendee.calendar != "feed",
            Attendee.email.is_not(None),
            ~written.exists(),
            Attendee.id.not_in(silent),
            *which,
        )
        .limit(writing.BATCH)
    ).all()
    writing.to_registered(session, "call_invited", "week", batch, now)
    return len(batch) == writing.BATCH
