"""What follows from each change: one table, and the function that works through it.

A follow-up is given the change and where it left off, does at most a batch, and says where to go on, or None when it is
done. Everything it writes has a key, so that taking a step again after a crash writes nothing twice. Nothing here sends:
messages go into the outbox in the same transaction that marks the step done.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from calls.calendars import asking, proposing, updating
from calls.calendars import queries as calendars
from calls.calendars.models import CalendarTest, Entry, Proposal
from calls.ground.database import touch
from calls.history.keeping import SYSTEM
from calls.history.models import Change
from calls.messages import facts, inviting, telling, writing
from calls.registrations import passing
from calls.registrations import queries as registrations
from calls.registrations.models import CONFIRMED, Attendee, Pass, Registration
from calls.shows import queries as shows
from calls.shows.models import Call

FollowUp = Callable[[Session, Change, str | None, datetime], str | None]
BATCH = writing.BATCH


def open_entry(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """A new registration gets its calendar entry; one that was cancelled before gets its entry raised (M13)."""
    registration = registrations.registration_by_id(session, change.thing_id)
    if registration is None:
        return
    entry = calendars.entry_of(session, registration.id)
    if entry is None:
        updating.open_entries(session, [registration], now)
    else:
        updating.raise_entry(session, entry, None, registration.call, now)
        asking.ask_one(entry, registration.call)
    if change.facts.get("by_pass"):
        telling.note(session, [registration], now)
    touch(session, f"attendee:{registration.attendee_id}")


def raise_entry(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """What befell one registration alone raises its entry's SEQUENCE."""
    registration = registrations.registration_by_id(session, change.thing_id)
    entry = calendars.entry_of(session, change.thing_id)
    if registration and entry:
        was = change.facts.get("from")
        left = shows.call_by_id(session, UUID(was)) if was else None
        updating.raise_entry(session, entry, left, registration.call, now)
        if left:
            asking.ask_one(entry, registration.call)
        touch(session, f"attendee:{registration.attendee_id}")


def write(kind: str) -> FollowUp:
    """Write one mail to the registration that the change is about; a pass's dates are told with the pass."""

    def step(session: Session, change: Change, _: str | None, now: datetime) -> None:
        registration = registrations.registration_by_id(session, change.thing_id)
        if registration and not (change.facts.get("by_pass") and not _is_invited(session, registration)):
            said_no = {key: it for key, it in change.facts.items() if key == "said_no"}
            is_own_doing = change.by_kind == "attendee"
            writing.to_registered(session, kind, change.id, [registration], now, is_own_doing=is_own_doing, facts=said_no)

    return step


def _is_invited(session: Session, registration: Registration) -> bool:
    """Whether an invitation put the call into her calendar, which only a mail of its own can change."""
    entry = calendars.entry_of(session, registration.id)
    return entry is not None and entry.invited_at is not None


def write_to_holder(kind: str) -> FollowUp:
    """Write one mail to the holder of the pass that the change is about."""

    def step(session: Session, change: Change, _: str | None, now: datetime) -> None:
        a_pass = session.get(Pass, change.thing_id)
        if a_pass:
            writing.to_holders(session, kind, change.id, [a_pass], now, is_own_doing=change.by_kind == "attendee")

    return step


def write_test(kind: str) -> FollowUp:
    """Write one mail of a calendar test to the member who tests."""

    def step(session: Session, change: Change, _: str | None, now: datetime) -> None:
        test = session.get(CalendarTest, change.thing_id)
        if test and change.account_id:
            which = {"test": str(test.id), "sequence": change.facts["sequence"]}
            writing.to_member(session, kind, change.id, test.member_id, change.account_id, now, which)

    return step


def invite_holder(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """A pass taken in a call's last week: the round that invites comes every ten minutes, and the call may be over by then."""
    inviting.invite_due(session, now, Registration.pass_id == change.thing_id)


def write_refusal(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Tell who proposed another time that it was refused; what she proposed goes along, for by then it may be overtaken."""
    proposal = session.get_one(Proposal, change.thing_id)
    entry = session.get_one(Entry, proposal.entry_id)
    registration = registrations.registration_by_id(session, entry.registration_id)
    if registration and registration.call_id == proposal.call_id:
        writing.to_registered(session, "proposal_refused", change.id, [registration], now, facts=proposing.facts_of(proposal))


def asking_anew(step: FollowUp) -> FollowUp:
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


def tell_holders(kind: str) -> FollowUp:
    """Write one mail to everybody who holds a pass of the show, unless no call of it is another than before."""

    def step(session: Session, change: Change, cursor: str | None, now: datetime) -> str | None:
        if change.show_id is None or not any(change.facts.get(key) for key in ("moved", "vanished", "calls")):
            return None
        batch = registrations.standing_passes(session, change.show_id, UUID(cursor) if cursor else None, BATCH)
        writing.to_holders(session, kind, change.id, batch, now, why=facts.why(change.kind, change.facts))
        return str(batch[-1].id) if len(batch) == BATCH else None

    return step


def invite_holders(session: Session, change: Change, cursor: str | None, now: datetime) -> str | None:
    """Tell those who hold a pass of a date that was added, with its calendar entry."""
    wanted = [Registration.call_id == change.call_id, Registration.state == CONFIRMED, Registration.pass_id.is_not(None)]
    if cursor:
        wanted.append(Registration.id > UUID(cursor))
    ids = session.scalars(sa.select(Registration.id).where(*wanted).order_by(Registration.id).limit(BATCH)).all()
    batch = [it for it in (registrations.registration_by_id(session, one) for one in ids) if it]
    writing.to_registered(session, "call_added", change.id, batch, now)
    return str(ids[-1]) if len(ids) == BATCH else None


def admit_holders(session: Session, change: Change, cursor: str | None, now: datetime) -> str | None:
    """Give everybody who holds a pass a seat of the calls that were laid out; one call and batch at a time."""
    ids = [str(change.call_id)] if change.call_id else change.facts.get("calls", [])
    at, _, after = (cursor or "0:").partition(":")
    if int(at) >= len(ids):
        return None
    call = shows.call_by_id(session, UUID(ids[int(at)]))
    reached = passing.admit_holders(session, call, UUID(after) if after else None, by=SYSTEM, now=now) if call else None
    if reached:
        return f"{at}:{reached}"
    return f"{int(at) + 1}:" if int(at) + 1 < len(ids) else None


def withdraw_feed(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Who read the mails of the old address shall not go on reading the calendar; the person's page has the new one."""
    feed = calendars.feed_of(session, change.thing_id)
    if feed and feed.is_open:
        updating.rotate_feed(session, feed, now)


def write_anew(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Send a person what she has, with its new links and entries, to the address that she has now."""
    is_own_doing = change.by_kind == "attendee"
    single = [it for it in registrations.registrations_of_attendee(session, change.thing_id, now) if it.pass_id is None]
    passes = registrations.passes_of_attendee(session, change.thing_id)
    writing.to_registered(session, "registration_confirmed", change.id, single, now, is_own_doing=is_own_doing)
    writing.to_holders(session, "pass_confirmed", change.id, passes, now, is_own_doing=is_own_doing)
    attendee = session.get(Attendee, change.thing_id)
    if attendee and not single and not passes:
        writing.to_attendee(session, "your_links", change.id, attendee, now)


FOLLOW_UPS: dict[str, Sequence[FollowUp]] = {
    "account.opened": [],
    "account.renamed": [],
    "attendee.address_changed": [withdraw_feed, write_anew],
    "attendee.bounced": [],
    "attendee.changed": [],
    "calendar_test.answered": [],
    "calendar_test.changed": [write_test("calendar_test_changed")],
    "calendar_test.ended": [write_test("calendar_test_cancelled")],
    "calendar_test.seen": [],
    "calendar_test.started": [write_test("calendar_test_invited")],
    "call.added": [admit_holders, invite_holders],
    "call.answered": [],
    "call.cancelled": [asking_anew(tell_call)],
    "call.capacity_set": [],
    "call.changed": [],
    "call.clock_moved": [asking_anew(tell_call_singly)],
    "call.guest_changed": [tell_call],
    "call.moved": [asking_anew(tell_call)],
    "call.proposal_refused": [write_refusal],
    "call.restored": [asking_anew(tell_call)],
    "call.skipped": [asking_anew(tell_call)],
    "call.time_proposed": [],
    "call.way_in_changed": [tell_call],
    "member.renamed": [],
    "member.signed_in": [],
    "member.signed_out": [],
    "message.tried_again": [],
    "pass.asked_again": [write_to_holder("pass_confirmed")],
    "pass.cancelled": [write_to_holder("pass_cancelled")],
    "pass.passed_over": [],
    "pass.taken": [write_to_holder("pass_confirmed"), invite_holder],
    "pending.asked": [],
    "pending.refused": [],
    "pending.undone": [],
    "registration.asked_again": [write("registration_confirmed")],
    "registration.cancelled": [raise_entry, write("registration_cancelled")],
    "registration.confirmed": [open_entry, write("registration_confirmed")],
    "registration.moved": [raise_entry, write("registration_moved")],
    "registration.removed": [raise_entry, write("registration_removed")],
    "reminders.set": [],
    "show.changed": [],
    "show.clocks_moved": [tell_holders("schedule_changed")],
    "show.created": [],
    "show.laid_out": [admit_holders],
    "show.published": [],
    "show.rescheduled": [admit_holders, asking_anew(tell_shifted), tell_holders("schedule_changed")],
    "show.way_in_changed": [tell_show],
    "sign_in.asked": [],
    "sign_in.ended": [],
    "silence.lifted": [],
    "silence.set": [],
    "words.reset": [],
    "words.set": [],
}


def follow_up(session: Session, change: Change, now: datetime) -> None:
    """Take the next step of a change, or as many as write nothing large; mark it followed up after the last."""
    steps = FOLLOW_UPS[change.kind]
    while change.step < len(steps):
        change.cursor = steps[change.step](session, change, change.cursor, now)
        if change.cursor is not None:
            return
        change.step += 1
    change.followed_up_at = now
