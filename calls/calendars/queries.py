"""Finders for entries and feeds."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from calls.calendars.answers import DECLINED
from calls.calendars.findings import CANCELLED
from calls.calendars.models import CalendarTest, Entry, Feed, Proposal, Reply
from calls.guests import dates
from calls.guests.models import STANDING, Booking, Guest
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.shows.models import Call, Show
from calls.shows.queries import FEED_CANCELLED, FEED_MOST, FEED_PAST

_OF_A_BOOKING = (joinedload(Booking.guest), joinedload(Booking.show), joinedload(Booking.invitation), joinedload(Booking.call))
# The same of guests: those who are still to speak.
_OF_GUESTS_TO_DECIDE = (
    Proposal.state == "open",
    Entry.id == Proposal.entry_id,
    Booking.id == Entry.booking_id,
    Booking.call_id == Proposal.call_id,
    Booking.state.in_(STANDING),
)
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


def entry_of_booking(session: Session, booking_id: UUID) -> Entry | None:
    return session.scalar(sa.select(Entry).where(Entry.booking_id == booking_id))


def booking_of(session: Session, entry: Entry) -> Booking | None:
    """The booking that an entry is of, with its guest, show, invitation and call; None for a registration's."""
    return session.scalar(sa.select(Booking).where(Booking.id == entry.booking_id).options(*_OF_A_BOOKING))


def entries_of_guest(session: Session, guest_id: UUID, now: datetime) -> Sequence[tuple[Booking, Entry]]:
    """A guest's standing bookings with their entries: 90 days back and all to come."""
    rows = session.execute(
        sa.select(Booking, Entry)
        .join(Entry, Entry.booking_id == Booking.id)
        .where(Booking.guest_id == guest_id, Booking.state.in_(STANDING))
        .order_by(Entry.uid)
        .limit(FEED_MOST)
        .options(*_OF_A_BOOKING)
    )
    return [(booking, entry) for booking, entry in rows if dates.over_at(booking) > now - FEED_PAST]


def talks_of_account(session: Session, account_id: UUID, now: datetime) -> Sequence[tuple[Booking, Entry]]:
    """The talks of an account's shows that stand, with their entries: 90 days back and all to come."""
    rows = session.execute(
        sa.select(Booking, Entry)
        .join(Entry, Entry.booking_id == Booking.id)
        .join(Booking.show)
        .where(Show.account_id == account_id, Booking.state.in_(STANDING), Booking.starts_at > now - FEED_PAST)
        .order_by(Booking.starts_at, Entry.uid)
        .limit(FEED_MOST)
        .options(contains_eager(Booking.show), joinedload(Booking.guest))
    )
    return [(booking, entry) for booking, entry in rows]


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


def feed_of_guest(session: Session, guest_id: UUID) -> Feed | None:
    return session.scalar(sa.select(Feed).where(Feed.guest_id == guest_id))


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


def open_proposals_of_guests(session: Session, call_id: UUID) -> Sequence[tuple[Proposal, Guest]]:
    """The same that the call's guests proposed."""
    wanted = sa.select(Proposal, Guest).where(*_OF_GUESTS_TO_DECIDE, Guest.id == Booking.guest_id)
    rows = session.execute(wanted.where(Proposal.call_id == call_id).order_by(Proposal.id))
    return [(proposal, guest) for proposal, guest in rows]


def proposals_waiting(session: Session, call_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many other times wait for a decision, by call."""
    of_these = Proposal.call_id.in_(list(call_ids))
    waiting = sa.union_all(*(sa.select(Proposal.call_id).where(*it, of_these) for it in (_TO_DECIDE, _OF_GUESTS_TO_DECIDE)))
    by_call = waiting.subquery()
    rows = session.execute(sa.select(by_call.c.call_id, sa.func.count()).group_by(by_call.c.call_id))
    return {row[0]: row[1] for row in rows}


def proposal_of_call(session: Session, call_id: UUID, proposal_id: UUID) -> Proposal | None:
    return session.scalar(sa.select(Proposal).where(Proposal.id == proposal_id, Proposal.call_id == call_id))
