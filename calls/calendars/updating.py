"""Keep each person's entry in step with what becomes of her registration."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars import queries
from calls.calendars.models import Entry, Feed
from calls.ground.database import insert_once, new_id, touch
from calls.registrations.models import Registration
from calls.shows.laying_out import random_name
from calls.shows.models import Call

ENTRIES = cast(sa.Table, Entry.__table__)
FEEDS = cast(sa.Table, Feed.__table__)


def open_entries(session: Session, registrations: Sequence[Registration], now: datetime) -> None:
    """Give each registration its entry, and each person her feed; those that have one keep it."""
    whole = now.replace(microsecond=0)
    entries = [
        {
            "id": new_id(),
            "created_at": now,
            "registration_id": it.id,
            "uid": f"inv-{random_name()}",
            "offset": -it.call.sequence,
            "revised_at": whole,
        }
        for it in registrations
    ]
    feeds = [
        {"id": new_id(), "created_at": now, "attendee_id": it, "generation": 0} for it in {it.attendee_id for it in registrations}
    ]
    insert_once(session, ENTRIES, entries)
    insert_once(session, FEEDS, feeds)
    touch(session, *(f"attendee:{it.attendee_id}" for it in registrations))


def open_feed(session: Session, attendee_id: UUID, now: datetime) -> Feed:
    """The person's feed, made if need be."""
    insert_once(session, FEEDS, [{"id": new_id(), "created_at": now, "attendee_id": attendee_id, "generation": 0}])
    found = queries.feed_of(session, attendee_id)
    if found is None:
        raise LookupError("a feed was neither made nor found")
    return found


def sequence(entry: Entry, call: Call) -> int:
    """iCalendar's SEQUENCE of this call in this person's calendar; it never falls.

    Between moving to another date and the follow-up that raises the entry the sum may be below nought, which nothing can show.
    """
    return max(0, call.sequence + entry.offset)


def revised_at(entry: Entry, call: Call) -> datetime:
    """When what this person's calendar shows was last changed."""
    return max(entry.revised_at, call.revised_at)


def raise_entry(session: Session, entry: Entry, was: Call | None, call: Call, now: datetime) -> None:
    """Something befell this person alone; `was` is the call that she had before, when she moved to another date."""
    shown_before = was or call
    entry.offset = sequence(entry, shown_before) + 1 - call.sequence
    entry.revised_at = max(now.replace(microsecond=0), revised_at(entry, shown_before) + timedelta(seconds=1))
    session.flush()


def rotate_feed(session: Session, feed: Feed, now: datetime) -> None:
    """Withdraw a feed's address; the new one works at once, the old one shows a notice for 30 days (F23)."""
    feed.generation += 1
    feed.withdrawn_at = now
    touch(session, f"attendee:{feed.attendee_id}")
