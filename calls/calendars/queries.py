"""Finders for entries and feeds."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from calls.calendars.findings import CANCELLED
from calls.calendars.models import CalendarTest, Entry, Feed
from calls.registrations.models import CONFIRMED, Registration
from calls.shows.models import Call
from calls.shows.queries import FEED_CANCELLED, FEED_MOST, FEED_PAST


def entry_of(session: Session, registration_id: UUID) -> Entry | None:
    return session.scalar(sa.select(Entry).where(Entry.registration_id == registration_id))


def entries_of(session: Session, registration_ids: Iterable[UUID]) -> dict[UUID, Entry]:
    """The entries of these registrations, by registration."""
    rows = session.scalars(sa.select(Entry).where(Entry.registration_id.in_(list(registration_ids))))
    return {row.registration_id: row for row in rows}


def once_withdrawn(session: Session) -> Sequence[Feed]:
    """The feeds of which some address was ever withdrawn."""
    return session.scalars(sa.select(Feed).where(sa.or_(Feed.withdrawn_at.is_not(None), Feed.is_open.is_(False)))).all()


def running_test(session: Session, member_id: UUID) -> CalendarTest | None:
    """The calendar test that a member has begun and not ended."""
    mine = sa.and_(CalendarTest.member_id == member_id, CalendarTest.step != CANCELLED)
    return session.scalars(sa.select(CalendarTest).where(mine).order_by(CalendarTest.id.desc()).limit(1)).first()


def tests_of(session: Session, member_id: UUID, limit: int = 20) -> Sequence[CalendarTest]:
    """A member's own calendar tests, the latest first."""
    mine = sa.select(CalendarTest).where(CalendarTest.member_id == member_id)
    return session.scalars(mine.order_by(CalendarTest.id.desc()).limit(limit)).all()


def test_of(session: Session, member_id: UUID, test_id: UUID) -> CalendarTest | None:
    """One of a member's own calendar tests."""
    mine = sa.and_(CalendarTest.id == test_id, CalendarTest.member_id == member_id)
    return session.scalar(sa.select(CalendarTest).where(mine))


def test_by_uid(session: Session, uid: str) -> CalendarTest | None:
    return session.scalar(sa.select(CalendarTest).where(CalendarTest.uid == uid))


def feed_by_id(session: Session, feed_id: UUID) -> Feed | None:
    return session.get(Feed, feed_id)


def feed_of(session: Session, attendee_id: UUID) -> Feed | None:
    return session.scalar(sa.select(Feed).where(Feed.attendee_id == attendee_id))


def feed_of_member(session: Session, member_id: UUID) -> Feed | None:
    return session.scalar(sa.select(Feed).where(Feed.member_id == member_id))


def entries_of_feed(session: Session, attendee_id: UUID, now: datetime) -> Sequence[tuple[Registration, Entry]]:
    """A person's registrations with their entries: 90 days back and all to come, cancelled calls until 30 days after."""
    wanted = (
        Registration.attendee_id == attendee_id,
        Registration.state == CONFIRMED,
        Call.ends_at > now - FEED_PAST,
        sa.or_(Call.cancelled_at.is_(None), Call.ends_at > now - FEED_CANCELLED),
    )
    rows = session.execute(
        sa.select(Registration, Entry)
        .join(Entry, Entry.registration_id == Registration.id)
        .join(Registration.call)
        .join(Call.show)
        .options(contains_eager(Registration.call).contains_eager(Call.show))
        .where(*wanted)
        .order_by(Call.starts_at, Entry.uid)
        .limit(FEED_MOST)
    )
    return [(registration, entry) for registration, entry in rows]


def is_just_withdrawn(withdrawn_at: datetime, now: datetime) -> bool:
    """Whether an address that was withdrawn then still answers with its notice (F23: 30 days)."""
    return now < withdrawn_at + timedelta(days=30)
