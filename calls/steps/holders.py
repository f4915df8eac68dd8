"""What follows for those who hold a pass: seats of new calls, and the mails about many dates."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.history.keeping import SYSTEM
from calls.history.models import Change
from calls.messages import facts, inviting, writing
from calls.registrations import passing
from calls.registrations import queries as registrations
from calls.registrations.models import CONFIRMED, Pass, Registration
from calls.shows import queries as shows
from calls.steps.step import Step

BATCH = writing.BATCH


def write_to_holder(kind: str) -> Step:
    """Write one mail to the holder of the pass that the change is about."""

    def step(session: Session, change: Change, _: str | None, now: datetime) -> None:
        a_pass = session.get(Pass, change.thing_id)
        if a_pass:
            writing.to_holders(session, kind, change.id, [a_pass], now, is_own_doing=change.by_kind == "attendee")

    return step


def invite_holder(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """A pass taken in a call's last week: the round that invites comes every ten minutes, and the call may be over by then."""
    inviting.invite_due(session, now, Registration.pass_id == change.thing_id)


def tell_holders(kind: str) -> Step:
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
