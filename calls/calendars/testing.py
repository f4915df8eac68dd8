"""A member tests how invitations reach her own calendar: an entry comes, moves by an hour, and goes.

The entry is no call and no registration: it stands in no feed, and nothing but these mails knows of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars import queries
from calls.calendars.answers import Answered, is_older
from calls.calendars.findings import CANCELLED, CHANGED, INVITED, PROGRAMS, STRANGER, TICKS, UNPROVEN
from calls.calendars.happening import Happening
from calls.calendars.models import CalendarTest
from calls.ground.refusals import Invalid, NotFound, Refused
from calls.ground.text import clean_line
from calls.history.keeping import SYSTEM, Actor, Subject, keep
from calls.shows.laying_out import random_name
from calls.team.models import Member
from calls.team.roles import require

TITLE = "Calendar test of Calls"
LASTS = timedelta(minutes=30)
HOUR = timedelta(hours=1)
LONGEST_VERSION = 200

OWN_ADDRESS = "Invitations go out from your own address, and no calendar takes an invitation from itself."
RUNNING = "A test is under way already. Go on with it, or start over."
DONE = "That was sent already."
PAST = "The time of this test’s entry is past. Start over."


@dataclass(frozen=True)
class Trial:
    """What a test is begun with: her program, which one exactly, the address that invites, and whether answers are read here."""

    program: str
    version: str
    sender: str
    is_read: bool


def start(session: Session, member: Member, trial: Trial, *, by: Actor, now: datetime) -> CalendarTest:
    """Invite her to an entry tomorrow at the next full hour. Raises Invalid for `program` and `version`.

    Refused while a test is under way, and where the invitation would go to the address that it comes from (M5).
    """
    _require_self(member, by)
    version = clean_line(trial.version)
    faults = {} if trial.program in PROGRAMS else {"program": "Choose the program in which you see your calendar."}
    if len(version) > LONGEST_VERSION:
        faults["version"] = f"Say it in at most {LONGEST_VERSION} characters."
    if faults:
        raise Invalid(faults)
    if is_own_address(member, trial.sender):
        raise Refused(OWN_ADDRESS)
    session.execute(sa.select(Member.id).where(Member.id == member.id).with_for_update(key_share=True))  # one at a time
    if queries.running_test(session, member.id) is not None:
        raise Refused(RUNNING)
    test = CalendarTest(
        created_at=now,
        member_id=member.id,
        uid=f"test-{random_name()}",
        sequence=0,
        revised_at=now.replace(microsecond=0),
        starts_at=now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1) + HOUR,
        step=INVITED,
        seen={"program": trial.program, "version": version, "is_read": trial.is_read, INVITED: _mailed(0, now)},
    )
    session.add(test)
    session.flush()
    _keep(session, "calendar_test.started", test, member, by, now, sequence=0)
    return test


def change(session: Session, test: CalendarTest, *, by: Actor, now: datetime) -> None:
    """Move the entry by an hour. Refused when that was done already, or its time is past (M15)."""
    member = _hold(session, test, by)
    if test.step != INVITED:
        raise Refused(DONE)
    if is_past(test, now):
        raise Refused(PAST)
    test.starts_at += HOUR
    _advance(test, CHANGED, now)
    _keep(session, "calendar_test.changed", test, member, by, now, sequence=test.sequence)


def end(session: Session, test: CalendarTest, *, by: Actor, now: datetime) -> None:
    """Take the entry back, which ends the test. Refused when it has ended."""
    member = _hold(session, test, by)
    if test.step == CANCELLED:
        raise Refused(DONE)
    _advance(test, CANCELLED, now)
    _keep(session, "calendar_test.ended", test, member, by, now, sequence=test.sequence)


def tick(session: Session, test: CalendarTest, step: str, ticks: Collection[str], *, by: Actor, now: datetime) -> None:
    """Keep what she saw after a step; what she does not tick she did not see. Raises NotFound for a step not mailed yet."""
    member = _hold(session, test, by)
    if step not in TICKS or step not in test.seen:
        raise NotFound
    seen = [it for it in TICKS[step] if it in ticks]
    if test.seen[step].get("ticks") != seen:
        _note(test, step, ticks=seen, ticked_at=now.isoformat())
        _keep(session, "calendar_test.seen", test, member, by, now, step=step, seen=seen)


def hear(session: Session, answered: Answered, *, now: datetime) -> str | None:
    """Take what a calendar answered to a test; what became of it, or None when the UID is no test's.

    As with every answer only the invited address counts, with a mail server that vouches for it (M19), each step has the
    answer stamped last (M20), and the same again changes nothing.
    """
    test = queries.test_by_uid(session, answered.uid)
    if test is None:
        return None
    session.flush()
    session.refresh(test, with_for_update={"key_share": True})
    member, step = session.get_one(Member, test.member_id), _step_answered(test, answered.sequence)
    if step == CANCELLED:
        return "An answer to a calendar test that has ended; nothing was changed."
    doubt = _doubt(member, answered)
    if doubt:
        _note(test, step, doubt=doubt)
        return "An answer to a calendar test that does not count: " + (
            "it came from another address." if doubt == STRANGER else "no mail server vouches for its sender."
        )
    stamped_at = min(answered.stamped_at, now)
    if _is_known(test.seen[step], answered.answer, stamped_at):
        return "An answer to a calendar test that was known already."
    _note(test, step, answer=answered.answer, stamped_at=stamped_at.isoformat())
    if test.answered_at is None or not is_older(stamped_at, test.answered_at):
        test.answer, test.answered_at = answered.answer, stamped_at
    _keep(session, "calendar_test.answered", test, member, SYSTEM, now, step=step, answer=answered.answer)
    return f"A calendar test was answered: {answered.answer}."


def is_own_address(member: Member, sender: str) -> bool:
    """Whether her invitations would come from herself, which calendars take for none (M5)."""
    return member.email.casefold() == sender.casefold()


def is_past(test: CalendarTest, now: datetime) -> bool:
    """Whether the entry's time is over, so that no mail about it goes any more (M15)."""
    return test.starts_at + LASTS <= now


def happening(test: CalendarTest, account: str, page: str) -> Happening:
    """The test as it stands in her calendar."""
    return Happening(
        uid=test.uid,
        sequence=test.sequence,
        created_at=test.created_at,
        revised_at=test.revised_at,
        starts_at=test.starts_at,
        ends_at=test.starts_at + LASTS,
        summary=TITLE,
        description=f"This entry shows how invitations of {account} reach your calendar. Nothing takes place at this time.",
        location=page,
        url=page,
        is_cancelled=test.step == CANCELLED,
    )


def _require_self(member: Member, by: Actor) -> None:
    """Each member tests her own calendar and nobody else's."""
    require(by, "see", member.account_id)
    if by.id != member.id:
        raise NotFound


def _hold(session: Session, test: CalendarTest, by: Actor) -> Member:
    """Hold the test until the transaction ends, so that of two presses one counts; the member whose it is."""
    session.flush()  # what was done to it in this transaction stays
    session.refresh(test, with_for_update={"key_share": True})
    member = session.get_one(Member, test.member_id)
    _require_self(member, by)
    return member


def _advance(test: CalendarTest, step: str, now: datetime) -> None:
    """The next step: SEQUENCE grows by one, DTSTAMP by a second at least (M10, M11)."""
    test.step = step
    test.sequence += 1
    test.revised_at = max(now.replace(microsecond=0), test.revised_at + timedelta(seconds=1))
    test.seen = {**test.seen, step: _mailed(test.sequence, now)}


def _mailed(sequence: int, now: datetime) -> dict[str, Any]:
    return {"sequence": sequence, "at": now.isoformat()}


def _note(test: CalendarTest, step: str, **facts: Any) -> None:
    test.seen = {**test.seen, step: {**test.seen[step], **facts}}


def _step_answered(test: CalendarTest, sequence: int | None) -> str:
    """The step of this SEQUENCE; without one the last that asked for an answer."""
    mailed = {test.seen[it]["sequence"]: it for it in TICKS if it in test.seen}
    asked = CHANGED if CHANGED in test.seen else INVITED
    return asked if sequence is None else mailed.get(sequence, asked)


def _doubt(member: Member, answered: Answered) -> str:
    """Why an answer does not count; "" for one that does."""
    if not answered.names(member.email):
        return STRANGER
    return "" if answered.is_authentic else UNPROVEN


def _is_known(seen: dict[str, Any], answer: str, stamped_at: datetime) -> bool:
    """Whether a step has this very answer already, or a later one."""
    if "stamped_at" not in seen:
        return False
    last = datetime.fromisoformat(seen["stamped_at"])
    return is_older(stamped_at, last) or (seen["answer"], last) == (answer, stamped_at)


def _keep(session: Session, kind: str, test: CalendarTest, member: Member, by: Actor, now: datetime, **facts: Any) -> None:
    keep(session, kind, Subject(test.id, account_id=member.account_id), by=by, now=now, facts=facts)
