"""Keep each person's entry in step with what becomes of her registration."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars.models import Entry, Feed
from calls.ground.database import insert_once, new_id, touch
from calls.ground.refusals import Refused
from calls.registrations.models import Registration
from calls.shows.holding import hold
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
    """The person's feed, made if need be; one that was withdrawn is opened again, at a new address."""
    return open_feed_of(session, {"attendee_id": attendee_id}, now)


def open_host_feed(session: Session, member_id: UUID, now: datetime) -> Feed:
    """A member's feed, in the same way."""
    return open_feed_of(session, {"member_id": member_id}, now)


def open_feed_of(session: Session, whose: dict[str, UUID], now: datetime) -> Feed:
    """The same for whoever it is: the name of the column that says so, and her id."""
    insert_once(session, FEEDS, [{"id": new_id(), "created_at": now, "generation": 0, **whose}])
    feed = session.scalars(sa.select(Feed).filter_by(**whose)).one()
    hold(session, feed)
    if not feed.is_open:
        feed.is_open = True
        touch(session, whose_tag(feed))
    return feed


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
    """Withdraw a feed's address; the new one works at once, the old one shows a notice for 30 days (F23).

    Refused where the feed is not open: its address ended before, and a new one is had by opening it.
    """
    hold(session, feed)
    if not feed.is_open:
        raise Refused("This calendar was withdrawn. Have one again first.")
    _end_address(session, feed, now)


def withdraw_feed(session: Session, feed: Feed, now: datetime) -> None:
    """Withdraw a feed's address without another. Doing it again does nothing.

    The next generation is told to nobody until the feed is opened again.
    """
    hold(session, feed)
    if feed.is_open:
        feed.is_open = False
        _end_address(session, feed, now)


def _end_address(session: Session, feed: Feed, now: datetime) -> None:
    feed.generation += 1
    feed.withdrawn_at = now
    touch(session, f"feed:{feed.id}", whose_tag(feed))


def whose_tag(feed: Feed) -> str:
    """The tag of the one whose feed it is."""
    if feed.guest_id:
        return f"guest:{feed.guest_id}"
    return f"member:{feed.member_id}" if feed.member_id else f"attendee:{feed.attendee_id}"
