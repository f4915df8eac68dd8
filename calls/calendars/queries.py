"""Finders for entries and feeds."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from calls.calendars.answers import DECLINED
from calls.calendars.findings import CANCELLED
from calls.calendars.models import CalendarTest, Entry, Feed, Proposal, Reply
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.shows.models import Call
from calls.shows.queries import FEED_CANCELLED, FEED_MOST, FEED_PAST

# Proposals to decide on: open, and by those who still come to the call that they would have at another time.
_TO_DECIDE = (
    Proposal.state == "open",
    Entry.id == Proposal.entry_id,
    Registration.id == Entry.registration_id,
    Registration.call_id == Proposal.call_id,
    Registration.state == CONFIRMED,
)


def entry_of(session: Session, registration_id: UUID) -> Entry | None:
    return session.scalar(sa.select(Entry).where(Entry.registration_id == registration_id))


def entries_of(session: Session, registration_ids: Iterable[UUID]) -> dict[UUID, Entry]:
    """The entries of these registrations, by registration."""
    rows = session.scalars(sa.select(Entry).where(Entry.registration_id.in_(list(registration_ids))))
    return {row.registration_id: row for row in rows if row.registration_id}


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


def answers_of_call(session: Session, call_id: UUID) -> dict[str, int]:
    """How many of those registered for a call said what last, "" for nothing yet; who gave her seat up by a No counts, too."""
    is_coming = Registration.state == CONFIRMED
    answer = sa.func.coalesce(Entry.answer, "")
    rows = session.execute(
        sa.select(answer, sa.func.count())
        .select_from(Registration)
        .outerjoin(Entry, Entry.registration_id == Registration.id)
        .where(Registration.call_id == call_id, sa.or_(is_coming, Entry.answer == DECLINED))
        .group_by(answer)
    )
    return {row[0]: row[1] for row in rows}


def said_of(session: Session, registration_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """What these registered people said last of what they were asked last, and what they wrote beside it."""
    if not registration_ids:
        return {}
    wanted = (Entry.registration_id.in_(registration_ids), Entry.answer.is_not(None))
    comment = (
        sa.select(Reply.comment)
        .where(Reply.entry_id == Entry.id, Reply.standing == "counted")
        .order_by(Reply.created_at.desc(), Reply.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(sa.select(Entry.registration_id, Entry.answer, comment).where(*wanted))
    return {id: (answer or "", words or "") for id, answer, words in rows}


def declined_of_call(session: Session, call_id: UUID, limit: int) -> Sequence[Registration]:
    """Who gave up the seat by a No, the last first."""
    gone = sa.and_(Registration.call_id == call_id, Registration.state != CONFIRMED, Entry.answer == DECLINED)
    return session.scalars(
        sa.select(Registration)
        .join(Entry, Entry.registration_id == Registration.id)
        .join(Registration.attendee)
        .options(contains_eager(Registration.attendee))
        .where(gone)
        .order_by(Entry.answered_at.desc(), Registration.id)
        .limit(limit)
    ).all()


def strangers_of_call(session: Session, call_id: UUID, limit: int) -> Sequence[tuple[Reply, Attendee]]:
    """Answers that came from other addresses than the invited one, with who was invited, the last first."""
    rows = session.execute(
        sa.select(Reply, Attendee)
        .join(Entry, Entry.id == Reply.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .join(Registration.attendee)
        .where(Registration.call_id == call_id, Reply.standing == "stranger")
        .order_by(Reply.created_at.desc(), Reply.id.desc())
        .limit(limit)
    )
    return [(reply, attendee) for reply, attendee in rows]


def open_proposals(session: Session, call_id: UUID) -> Sequence[tuple[Proposal, Attendee]]:
    """Other times proposed for a call that wait for a decision, with who proposed each, the first first."""
    wanted = sa.select(Proposal, Attendee).where(*_TO_DECIDE, Attendee.id == Registration.attendee_id)
    rows = session.execute(wanted.where(Proposal.call_id == call_id).order_by(Proposal.id))
    return [(proposal, attendee) for proposal, attendee in rows]


def proposals_waiting(session: Session, call_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many other times wait for a decision, by call."""
    wanted = sa.select(Proposal.call_id, sa.func.count(Proposal.id)).where(*_TO_DECIDE, Proposal.call_id.in_(list(call_ids)))
    return {row[0]: row[1] for row in session.execute(wanted.group_by(Proposal.call_id))}


def proposal_of_call(session: Session, call_id: UUID, proposal_id: UUID) -> Proposal | None:
    return session.scalar(sa.select(Proposal).where(Proposal.id == proposal_id, Proposal.call_id == call_id))
