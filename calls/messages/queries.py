"""Finders for the outbox and what stands behind it."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, undefer

from calls.calendars.models import Entry
from calls.guests.models import Guest
from calls.history.models import Change
from calls.messages.mails import FIRSTS, NEWS, TESTS
from calls.messages.models import FAILED, SENDING, SENT, WAITING, Message, Reminder, Silence, Told, Words
from calls.messages.reminders import moment
from calls.registrations.models import CONFIRMED, Attendee, Pass, Registration
from calls.shows.models import Call, Show

# Of a guest: whether the thanks for a call went out to her.
GUEST_THANKED = sa.exists().where(Message.guest_id == Guest.id, Message.kind == "guest_thanks", Message.state == SENT)


def reminders_of(session: Session, show_id: UUID) -> list[int]:
    """The show's reminders in minutes before the start, the earliest first."""
    return list(session.scalars(sa.select(Reminder.minutes).where(Reminder.show_id == show_id).order_by(Reminder.minutes.desc())))


def calls_to_remind(session: Session, account_id: UUID, now: datetime, until: datetime) -> list[tuple[Call, int]]:
    """The calls of an account whose reminders fall due until then, each with its offset in minutes, the next first."""
    shows = sa.select(Show.id).where(Show.account_id == account_id)
    offsets: dict[UUID, list[int]] = {}
    for show_id, minutes in session.execute(sa.select(Reminder.show_id, Reminder.minutes).where(Reminder.show_id.in_(shows))):
        offsets.setdefault(show_id, []).append(minutes)
    if not offsets:
        return []
    reach = until + timedelta(minutes=max(max(it) for it in offsets.values()))
    coming = sa.and_(Call.starts_at > now, Call.starts_at <= reach, Call.cancelled_at.is_(None), Call.taken > 0)
    calls = session.scalars(
        sa.select(Call).join(Call.show).options(contains_eager(Call.show)).where(Call.show_id.in_(list(offsets)), coming)
    )
    due = [(call, it) for call in calls for it in offsets[call.show_id] if now < moment(it, call.starts_at) <= until]
    return sorted(due, key=lambda it: (moment(it[1], it[0].starts_at), it[0].id))


def reminder_rules(session: Session, show_ids: Iterable[UUID] | None = None) -> dict[UUID, list[tuple[int, datetime]]]:
    """The reminders of these shows (None: of all), in minutes before the start, each with the moment it was made."""
    rows = sa.select(Reminder.show_id, Reminder.minutes, Reminder.created_at)
    if show_ids is not None:
        rows = rows.where(Reminder.show_id.in_(list(show_ids)))
    found: dict[UUID, list[tuple[int, datetime]]] = {}
    for show_id, minutes, made_at in session.execute(rows):
        found.setdefault(show_id, []).append((minutes, made_at))
    return found


def words_of_shows(session: Session, show_ids: Iterable[UUID]) -> dict[tuple[UUID, str], Words]:
    """The hosts' own words for the mails of these shows, by show and mail."""
    return {(row.show_id, row.mail): row for row in session.scalars(sa.select(Words).where(Words.show_id.in_(list(show_ids))))}


def own_words(session: Session, show_id: UUID, mail: str) -> Words | None:
    return session.get(Words, (show_id, mail))


def all_own_words(session: Session, show_id: UUID) -> dict[str, Words]:
    """The mails of a show that are in the host's own words."""
    return {it.mail: it for it in session.scalars(sa.select(Words).where(Words.show_id == show_id))}


def silences_of(session: Session, attendee_ids: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """What each of these people wants no more of."""
    rows = session.execute(sa.select(Silence.attendee_id, Silence.kind).where(Silence.attendee_id.in_(list(attendee_ids))))
    found: dict[UUID, frozenset[str]] = {}
    for attendee_id, kind in rows:
        found[attendee_id] = found.get(attendee_id, frozenset()) | {kind}
    return found


def told_of(session: Session, registration_ids: Iterable[UUID]) -> dict[UUID, Told]:
    """What each registered person was last told about her call."""
    rows = session.scalars(sa.select(Told).where(Told.registration_id.in_(list(registration_ids))))
    return {row.registration_id: row for row in rows}


def with_news_waiting(session: Session, registration_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those for whom a letter of news is in the outbox already; it will say the newest when it goes."""
    waiting = sa.and_(Message.registration_id.in_(list(registration_ids)), Message.state == WAITING, Message.kind == NEWS)
    return frozenset(it for it in session.scalars(sa.select(Message.registration_id).where(waiting)) if it)


def firsts_waiting(session: Session, registration_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Of these registrations, those whose first letter is still to go, each with its kind."""
    mine = sa.and_(Message.registration_id.in_(list(registration_ids)), Message.state.in_((WAITING, SENDING)))
    rows = session.execute(
        sa.select(Message.registration_id, Message.kind).where(mine, Message.kind.in_(FIRSTS)).order_by(Message.id)
    )
    return {registration_id: kind for registration_id, kind in rows if registration_id}


def last_sent(session: Session, registration_ids: Iterable[UUID], kinds: Sequence[str] = ()) -> dict[UUID, datetime]:
    """When the last letter about each of these registrations went, or the last one of some kinds."""
    ids = list(registration_ids)
    if not ids:
        return {}
    sent = sa.and_(Message.registration_id.in_(ids), Message.state == SENT, *([Message.kind.in_(kinds)] if kinds else []))
    rows = session.execute(
        sa.select(Message.registration_id, sa.func.max(Message.sent_at)).where(sent).group_by(Message.registration_id)
    )
    return {registration_id: at for registration_id, at in rows if registration_id and at}


def is_unsettled(session: Session, thing_id: UUID) -> bool:
    """Whether something happened to it whose follow-ups are still to come; follow-ups that fail are not waited for."""
    waiting = (Change.followed_up_at.is_(None), Change.tries == 0, Change.thing_id == thing_id)
    return session.scalar(sa.select(Change.id).where(*waiting).limit(1)) is not None


def is_sent_since(session: Session, guest_id: UUID, kind: str, since: datetime) -> bool:
    """Whether a letter of this kind has gone to a guest since then."""
    sent = (Message.guest_id == guest_id, Message.kind == kind, Message.state == SENT, Message.sent_at >= since)
    return session.scalar(sa.select(Message.id).where(*sent).limit(1)) is not None


def schedules_sent(session: Session, show_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], datetime]:
    """When the last letter about the schedule of these shows went, by attendee and show."""
    sent = sa.and_(Message.show_id.in_(list(show_ids)), Message.state == SENT, Message.kind == "schedule_changed")
    rows = session.execute(
        sa.select(Message.attendee_id, Message.show_id, sa.func.max(Message.sent_at))
        .where(sent)
        .group_by(Message.attendee_id, Message.show_id)
    )
    return {(attendee_id, show_id): at for attendee_id, show_id, at in rows if attendee_id and show_id and at}


def message_of_account(session: Session, account_id: UUID, message_id: UUID) -> Message | None:
    """One message to an attendee or a guest with its bytes; what goes to members (sign-in links) is nobody else's to read."""
    mine = sa.and_(Message.id == message_id, Message.account_id == account_id, Message.member_id.is_(None))
    return session.scalar(sa.select(Message).options(undefer(Message.body)).where(mine))


def letter_to(session: Session, message_id: str, addresses: Iterable[str]) -> Message | None:
    """A letter to an attendee or a guest at one of these addresses that bears this Message-ID.

    A letter's id is its message's, but for the first invitation: that bears its entry's UID, and begins a thread.
    """
    name = message_id.partition("@")[0]
    theirs = sa.or_(Message.attendee_id.is_not(None), Message.guest_id.is_not(None))
    own = sa.and_(theirs, Message.address.in_(list(addresses)))
    if re.fullmatch("[0-9a-f]{32}", name):
        return session.scalar(sa.select(Message).where(own, Message.id == UUID(name)))
    invited = session.scalar(sa.select(Entry).where(Entry.uid == name))
    if invited is None:
        return None
    of_registration = Message.registration_id == invited.registration_id
    its = Message.booking_id == invited.booking_id if invited.booking_id else of_registration
    return session.scalars(sa.select(Message).where(own, its).limit(1)).first()


def outbox(
    session: Session, account_id: UUID, states: Sequence[str], limit: int = 100, call_id: UUID | None = None
) -> Sequence[Message]:
    """Messages of an account by state: what waits in the order it goes, what went with the latest first."""
    wanted = [Message.account_id == account_id, Message.member_id.is_(None), Message.state.in_(states)]
    if call_id:
        wanted.append(Message.call_id == call_id)
    is_coming = WAITING in states or SENDING in states
    order = (Message.due_at, Message.id) if is_coming else (Message.sent_at.desc(), Message.id.desc())
    return session.scalars(sa.select(Message).where(*wanted).order_by(*order).limit(limit)).all()


def failed_by_show(session: Session, account_id: UUID, since: datetime) -> dict[UUID, int]:
    """How many mails of each show could not be delivered since then."""
    wanted = (Message.account_id == account_id, Message.state == FAILED, Message.created_at > since, Message.show_id.is_not(None))
    rows = session.execute(sa.select(Message.show_id, sa.func.count()).where(*wanted).group_by(Message.show_id))
    return {show_id: number for show_id, number in rows if show_id}


def failed_by_call(session: Session, call_ids: Iterable[UUID]) -> dict[UUID, int]:
    wanted = (Message.call_id.in_(list(call_ids)), Message.state == FAILED)
    rows = session.execute(sa.select(Message.call_id, sa.func.count()).where(*wanted).group_by(Message.call_id))
    return {call_id: number for call_id, number in rows if call_id}


def mails_of_call(session: Session, call_id: UUID) -> dict[str, dict[str, int]]:
    """How many mails of each kind about a call are in each state."""
    numbers = sa.select(Message.kind, Message.state, sa.func.count()).where(Message.call_id == call_id)
    found: dict[str, dict[str, int]] = {}
    for kind, state, number in session.execute(numbers.group_by(Message.kind, Message.state).order_by(Message.kind)):
        found.setdefault(kind, {})[state] = number
    return found


def to_people(
    session: Session,
    account_id: UUID,
    states: Sequence[str],
    until: datetime | None = None,
    call_id: UUID | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Sequence[tuple[Message, Attendee | Guest, Call | None]]:
    """Mails to attendees and guests by state, with reader and call: what waits in the order it goes, the rest latest first."""
    wanted = _to_people(account_id, states, until, call_id)
    order = (Message.due_at, Message.id) if WAITING in states else (Message.sent_at.desc(), Message.id.desc())
    rows = session.execute(
        sa.select(Message, Attendee, Guest, Call)
        .join(Attendee, Attendee.id == Message.attendee_id, isouter=True)
        .join(Guest, Guest.id == Message.guest_id, isouter=True)
        .join(Call, Call.id == Message.call_id, isouter=True)
        .join(Call.show, isouter=True)
        .options(contains_eager(Call.show))
        .where(*wanted)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    return [(message, guest if message.guest_id else attendee, call) for message, attendee, guest, call in rows]


def count_to_people(
    session: Session, account_id: UUID, states: Sequence[str], until: datetime | None = None, call_id: UUID | None = None
) -> int:
    wanted = _to_people(account_id, states, until, call_id)
    return session.scalar(sa.select(sa.func.count()).select_from(Message).where(*wanted)) or 0


def _to_people(
    account_id: UUID, states: Sequence[str], until: datetime | None, call_id: UUID | None
) -> list[sa.ColumnElement[bool]]:
    to_somebody = sa.or_(Message.attendee_id.is_not(None), Message.guest_id.is_not(None))
    wanted = [Message.account_id == account_id, to_somebody, Message.state.in_(states)]
    if until:
        wanted.append(Message.due_at <= until)
    if call_id:
        wanted.append(Message.call_id == call_id)
    return wanted


def count_by_state(session: Session) -> dict[str, int]:
    """How many messages there are in each state (for /metrics)."""
    rows = session.execute(sa.select(Message.state, sa.func.count().label("number")).group_by(Message.state))
    return {row.state: row.number for row in rows}


def oldest_due(session: Session) -> datetime | None:
    """Since when the message that waits longest has been due."""
    return session.scalar(sa.select(sa.func.min(Message.due_at)).where(Message.state == WAITING))


def last_sent_to(session: Session, registration_id: UUID) -> Message | None:
    wanted = sa.and_(Message.registration_id == registration_id, Message.state == SENT)
    return session.scalar(sa.select(Message).where(wanted).order_by(Message.sent_at.desc()).limit(1))


def mails_of_test(session: Session, member_id: UUID, test_id: UUID) -> list[Message]:
    """The mails of one of a member's calendar tests, in the order in which they were written."""
    mine = sa.and_(Message.member_id == member_id, Message.kind.in_(TESTS))
    found = session.scalars(sa.select(Message).where(mine).order_by(Message.id))
    return [it for it in found if it.facts.get("test") == str(test_id)]


def hearers(session: Session, call_ids: Sequence[UUID], holders_of: UUID | None = None) -> tuple[int, int, int]:
    """Of the people registered for these calls: how many will get a mail, have no address, want no mail at all.

    To whose address no mail comes through is none of these: the board says who it is.
    With `holders_of` those who hold a pass of that show are among them, registered for one of the calls or not.
    """
    registered = sa.and_(Registration.call_id.in_(call_ids), Registration.state == CONFIRMED)
    concerned: sa.ColumnElement[bool] = Attendee.id.in_(sa.select(Registration.attendee_id).where(registered))
    if holders_of:
        standing = sa.and_(Pass.show_id == holders_of, Pass.cancelled_at.is_(None))
        concerned = sa.or_(concerned, Attendee.id.in_(sa.select(Pass.attendee_id).where(standing)))
    silent = Attendee.id.in_(sa.select(Silence.attendee_id).where(Silence.kind == "all"))
    counts = sa.select(
        sa.func.count().filter(Attendee.email.is_not(None), Attendee.bounced_at.is_(None), sa.not_(silent)),
        sa.func.count().filter(Attendee.email.is_(None)),
        sa.func.count().filter(Attendee.email.is_not(None), silent),
    ).where(concerned)
    reached, without, silenced = session.execute(counts).one()
    return reached, without, silenced


def mails_of_guest(session: Session, guest_id: UUID, limit: int = 50) -> Sequence[Message]:
    """What was written to a guest, the latest first."""
    return session.scalars(
        sa.select(Message).where(Message.guest_id == guest_id).order_by(Message.created_at.desc(), Message.id.desc()).limit(limit)
    ).all()
