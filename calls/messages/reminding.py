"""Write the reminders that are due.

Reminders are rules, worked out when they fall due, so that moving a call moves them without touching a row. One round
is one call at one offset for one start; it is written in batches and never twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from calls.messages import mails, queries, quiet, reminders, writing
from calls.messages.models import ReminderRound
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.shows.models import Call, Show


def write_due(session: Session, now: datetime) -> bool:
    """Write one batch of the reminders due; True while there may be more."""
    for call, minutes in _due(session, now):
        rounds = session.get(ReminderRound, (call.id, minutes, call.starts_at))
        if rounds is None:
            rounds = ReminderRound(call_id=call.id, minutes=minutes, starts_at=call.starts_at)
            session.add(rounds)
        if rounds.done_at is None:
            _write_batch(session, call, rounds, now)
            return True
    return False


def _due(session: Session, now: datetime) -> list[tuple[Call, int]]:
    """The calls within reach with the reminder that each is at."""
    rules = queries.reminder_rules(session)
    if not rules:
        return []
    reach = now + timedelta(minutes=max(minutes for of_show in rules.values() for minutes, _ in of_show))
    coming = sa.and_(Call.starts_at > now, Call.starts_at <= reach, Call.cancelled_at.is_(None), Call.taken > 0)
    calls = session.scalars(
        sa.select(Call).join(Call.show).options(contains_eager(Call.show)).where(coming).order_by(Call.starts_at)
    )
    found = ((call, _current(rules.get(call.show_id, ()), call, now)) for call in calls)
    at = [(call, minutes) for call, minutes in found if minutes is not None]
    done = _done(session, [call.id for call, _ in at])
    return [(call, minutes) for call, minutes in at if (call.id, minutes, call.starts_at) not in done]


def _current(rules: Sequence[tuple[int, datetime]], call: Call, now: datetime) -> int | None:
    return reminders.current(reminders.in_force(rules, call.starts_at), call.starts_at, now)


def _done(session: Session, call_ids: Sequence[UUID]) -> set[tuple[UUID, int, datetime]]:
    finished = sa.and_(ReminderRound.call_id.in_(call_ids), ReminderRound.done_at.is_not(None))
    rows = session.execute(sa.select(ReminderRound.call_id, ReminderRound.minutes, ReminderRound.starts_at).where(finished))
    return {(call_id, minutes, starts_at) for call_id, minutes, starts_at in rows}


def _write_batch(session: Session, call: Call, rounds: ReminderRound, now: datetime) -> None:
    """Remind those who were registered when the reminder fell due; who came later had it in the confirmation."""
    moment = reminders.moment(rounds.minutes, call.starts_at)
    wanted = [Registration.call_id == call.id, Registration.state == CONFIRMED, Registration.confirmed_at <= moment]
    if rounds.cursor:
        wanted.append(Registration.id > rounds.cursor)
    batch = session.scalars(
        sa.select(Registration)
        .join(Registration.attendee)
        .options(contains_eager(Registration.attendee))
        .where(*wanted, Attendee.email.is_not(None))
        .order_by(Registration.id)
        .limit(writing.BATCH)
    ).all()
    writing.write(session, _rows(session, call, rounds.minutes, batch, now))
    if len(batch) == writing.BATCH:
        rounds.cursor = batch[-1].id
    else:
        rounds.done_at = now


def _rows(session: Session, call: Call, minutes: int, batch: Sequence[Registration], now: datetime) -> list[dict[str, object]]:
    """One a person; whether it is needless when it goes, after another mail, is decided then (deciding.py)."""
    silences = queries.silences_of(session, {it.attendee_id for it in batch})
    facts = {"minutes": minutes, "starts_at": call.starts_at.isoformat()}
    rows = []
    for it in batch:
        if not mails.may_reach("reminder", silences.get(it.attendee_id, frozenset())):
            continue
        key = f"reminder:{it.id}:{minutes}:{call.starts_at:%Y%m%d%H%M}"
        due_at = quiet.due(now, it.attendee.zone, call.starts_at)
        rows.append(writing.row("reminder", key, now, due_at, facts=facts, **{**about(it, call.show), "call_id": call.id}))
    return rows


def about(registration: Registration, show: Show) -> dict[str, UUID]:
    """Whom and what a reminder concerns."""
    return {
        "account_id": show.account_id,
        "show_id": show.id,
        "attendee_id": registration.attendee_id,
        "registration_id": registration.id,
    }
