"""Move, cancel and restore one call; the rest of the show stays where it is."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls.ground import text, when, zones
from calls.ground.refusals import Invalid, Refused
from calls.history.keeping import Actor, Subject, keep
from calls.shows import queries, stages
from calls.shows.holding import hold_call
from calls.shows.models import Call, Skip
from calls.shows.schedule import LONGEST_MINUTES, SHORTEST_MINUTES
from calls.team.roles import require


def subject(call: Call) -> Subject:
    """What the history says a call is."""
    return Subject(call.id, call.show.account_id, call.show_id, call.id)


def check_time(
    session: Session, show_id: UUID, wall: datetime, zone: str, minutes: int, fold: int, now: datetime, but: Call | None = None
) -> datetime:
    """The moment a call would start at, or the refusal: an unknown zone, the past, or a time that another call has."""
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise Invalid({"minutes": f"Give a length between {SHORTEST_MINUTES} minutes and {LONGEST_MINUTES // 60} hours."})
    zones.check_year(wall.date())
    starts_at = zones.resolve(wall, zone, fold)
    if starts_at <= now:
        raise Invalid({"time": "That time is past; choose one still to come."})
    other = queries.overlapping(session, show_id, starts_at, starts_at + timedelta(minutes=minutes), but.id if but else None)
    if other:
        raise Invalid({"time": f"That would lie on {named(other)}; choose another time."})
    return starts_at


def named(call: Call) -> str:
    """A call in the middle of a sentence, by its time."""
    day = when.day_in_words(call.wall.date())
    return f"the call of {day} at {call.wall:%H:%M} ({zones.time_name(call.zone)})"


def move(
    session: Session, call: Call, wall: datetime, zone: str, minutes: int, fold: int = 0, *, by: Actor, now: datetime
) -> None:
    """Move one call to another wall time; its identity, page and links stay."""
    require(by, "move calls", call.show.account_id)
    hold_call(session, call)
    stages.check_movable(call.cancelled_at, call.starts_at, call.ends_at, now)
    starts_at = check_time(session, call.show_id, wall, zone, minutes, fold, now, but=call)
    was = call.starts_at
    if (starts_at, minutes, zone) == (was, call.minutes, call.zone):
        raise Refused("The call is at that time already.")
    call.set_time(wall, zone, minutes, fold, starts_at, zones.VERSION)
    call.is_by_hand = True
    call.revise(now)
    facts = {"was": was.isoformat(), "to": starts_at.isoformat(), "zone": zone, "minutes": minutes, "sequence": call.sequence}
    keep(session, "call.moved", subject(call), by=by, now=now, facts=facts)


def cancel(session: Session, call: Call, reason: str = "", *, by: Actor, now: datetime) -> None:
    """Call one call off. Registrations stay, so that restoring it brings everybody back."""
    require(by, "move calls", call.show.account_id)
    hold_call(session, call)
    call_off(call, text.clean(reason)[:2000], now)
    keep(session, "call.cancelled", subject(call), by=by, now=now, facts={"reason": call.reason})


def call_off(call: Call, reason: str, now: datetime) -> None:
    """Cancel a call, as part of a change that is kept. Refused when it is over or cancelled.

    Being cancelled ties it to its date as a hand does, but only until it is restored: then it follows the schedule again.
    """
    stages.check_cancellable(call.cancelled_at, call.starts_at, call.ends_at, now)
    call.cancelled_at, call.reason = now, reason
    call.revise(now)


def skip(session: Session, call: Call, *, by: Actor, now: datetime) -> None:
    """Leave one date of the schedule out. Before the show is published the call simply vanishes (calendars.md F10)."""
    require(by, "move calls", call.show.account_id)
    hold_call(session, call)
    if call.planned_day is None:
        raise Refused("This call is not one of the schedule's dates; cancel it instead.")
    about, facts = subject(call), {"reason": "", "day": call.planned_day.isoformat()}
    session.merge(Skip(show_id=call.show_id, day=call.planned_day))
    call_off(call, "", now)
    call.is_skipped = True
    if call.show.published_at is None:
        vanishes(session, call)
    keep(session, "call.skipped", about, by=by, now=now, facts=facts)


def vanishes(session: Session, call: Call) -> bool:
    """Take a call away that nothing hangs on; one that has a way in or registrations of its own can't go without a trace."""
    session.flush()
    try:
        with session.begin_nested():
            session.delete(call)
    except IntegrityError:
        return False
    return True


def restore(session: Session, call: Call, *, by: Actor, now: datetime) -> None:
    """Bring a cancelled or skipped call back, at the time it had, with everybody who is still registered."""
    require(by, "move calls", call.show.account_id)
    hold_call(session, call)
    stages.check_restorable(call.cancelled_at, call.starts_at, call.ends_at, now)
    other = queries.overlapping(session, call.show_id, call.starts_at, call.ends_at, call.id)
    if other:
        raise Refused(f"Its time is taken by {named(other)}; move or cancel that one first.")
    session.execute(sa.delete(Skip).where(Skip.show_id == call.show_id, Skip.day == call.planned_day))
    call.cancelled_at, call.reason, call.is_skipped = None, "", False
    call.revise(now)
    keep(session, "call.restored", subject(call), by=by, now=now, facts={"sequence": call.sequence})
