"""Read the busy calendars of hosts: claim one, ask for it outside of any transaction, note what became of it.

While a calendar cannot be read, what was read before still counts, and it is tried again with growing pauses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.gateways.fetching import NotFetched, Web
from calls.guests import opening_hours, reading_apart, slot_queries
from calls.guests.models import BusyCalendar
from calls.guests.reading_apart import NotUnderstood
from calls.guests.slots import Interval
from calls.history.keeping import SYSTEM, keep
from calls.shows.models import Show

EVERY = timedelta(minutes=15)
LEASE = timedelta(minutes=2)  # longer than one reading can take
LONGEST_PAUSE = timedelta(hours=6)
ANEW = timedelta(days=1)  # after which what is repeated is worked out again, for it reaches further by then
BACK, AHEAD = timedelta(days=2), timedelta(days=400)  # more than the longest talk, and than any horizon


@dataclass(frozen=True, slots=True)
class Due:
    """One calendar that is to be read now; with an `etag` only if it has changed."""

    show_id: UUID
    address: str
    etag: str
    zone: str


@dataclass(frozen=True, slots=True)
class Read:
    """The busy times of a calendar, or None where they are those that are known."""

    busy: Sequence[Interval] | None
    etag: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a calendar could not be read, in a sentence for the host."""

    sentence: str


def is_any_due(session: Session, now: datetime) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(BusyCalendar.try_at <= now))))


def claim(session: Session, now: datetime) -> Due | None:
    """The calendar that has waited longest, for this worker alone; None where none is due."""
    waiting = sa.select(BusyCalendar).where(BusyCalendar.try_at <= now).order_by(BusyCalendar.try_at).limit(1)
    found = session.scalar(waiting.with_for_update(skip_locked=True))
    if found is None:
        return None
    found.try_at = now + LEASE
    is_fresh = found.worked_out_at is not None and now - found.worked_out_at < ANEW
    return Due(found.show_id, found.address, found.etag if is_fresh else "", _zone(session, found.show_id))


def read(web: Web, due: Due, now: datetime) -> Read | Failed:
    """Ask for it, and work out when she is busy."""
    try:
        fetched = web.fetch(due.address, due.etag)
        if fetched.body is None:
            return Read(None, due.etag)
        return Read(reading_apart.read(fetched.body, due.zone, now - BACK, now + AHEAD), fetched.etag)
    except (NotFetched, NotUnderstood) as fault:
        return Failed(str(fault))


def note(session: Session, due: Due, outcome: Read | Failed, now: datetime) -> None:
    """Keep what became of it, unless it is another calendar or another zone by now."""
    found = session.get(BusyCalendar, due.show_id, with_for_update=True)
    if found is None or found.address != due.address or _zone(session, due.show_id) != due.zone:
        return
    if isinstance(outcome, Failed):
        _note_failure(session, found, outcome.sentence, now)
        return
    if outcome.busy is not None:
        found.busy = [[start.isoformat(), end.isoformat()] for start, end in outcome.busy]
        found.worked_out_at = now
    found.etag, found.read_at, found.fault, found.failing_since = outcome.etag, now, "", None
    found.try_at = now + EVERY


def _note_failure(session: Session, found: BusyCalendar, sentence: str, now: datetime) -> None:
    """A pause is as long as it has gone wrong already, so that each is about twice the one before."""
    if found.failing_since is None:
        found.failing_since = now
        subject = opening_hours.subject(session.get_one(Show, found.show_id))
        keep(session, "busy_calendar.failed", subject, by=SYSTEM, now=now, facts={"why": sentence})
    found.fault = sentence
    found.try_at = now + min(max(now - found.failing_since, EVERY), LONGEST_PAUSE)


def _zone(session: Session, show_id: UUID) -> str:
    """Whose clocks say when a whole day begins."""
    hours = slot_queries.hours_of(session, show_id)
    return hours.zone if hours else session.get_one(Show, show_id).zone
