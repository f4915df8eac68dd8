"""Move, cancel and restore one call; the rest of the show stays where it is."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls.ground import text, zones
from calls.ground.refusals import Invalid, Refused
from calls.history.keeping import Actor, Subject, keep
from calls.shows import queries, stages
from calls.shows.models import Call, Skip
from calls.team.roles import require


def subject(call: Call) -> Subject:
    """What the history says a call is."""
    return Subject(call.id, call.show.account_id, call.show_id, call.id)


def check_time(session: Session, call: Call, wall: datetime, zone: str, minutes: int, fold: int, now: datetime) -> datetime:
    """The moment a call would start at, or the refusal: an unknown zone, the past, or a time that another call has."""
    if not 5 <= minutes <= 24 * 60:
        raise Invalid({"minutes": "Give a length between 5 minutes and 24 hours."})
    zones.check_year(wall.date())
    starts_at = zones.resolve(wall, zone, fold)
    if starts_at <= now:
        raise Invalid({"time": "That time is past; choose one still to come."})
    check_free(session, call.show_id, starts_at, minutes, call)
    return starts_at


def moment(wall: datetime, zone: str, fold: int) -> datetime:
    """The moment of a wall time that was checked before."""
    return zones.resolve(wall, zone, fold)


def check_free(session: Session, show_id: object, starts_at: datetime, minutes: int, but: Call | None = None) -> None:
    """Refuse a time on which another standing call of the show lies."""
    ends_at = starts_at + timedelta(minutes=minutes)
    other = queries.overlapping(session, show_id, starts_at, ends_at, but.id if but else None)  # type: ignore[arg-type]
    if other:
        when = f"{other.wall:%A} {other.wall.day} {other.wall:%B %Y at %H:%M}"
        raise Invalid({"time": f"That would lie on the call of {when} ({zones.city(other.zone)} time); choose another time."})


def move(
    session: Session, call: Call, wall: datetime, zone: str, minutes: int, fold: int = 0, *, by: Actor, now: datetime
) -> None:
    """Move one call to another wall time; its identity, page and links stay."""
    require(by, "move calls", call.show.account_id)
    stages.check_movable(call.cancelled_at, call.starts_at, call.ends_at, now)
    starts_at = check_time(session, call, wall, zone, minutes, fold, now)
    was = call.starts_at
    if (starts_at, minutes, zone) == (was, call.minutes, call.zone):
        raise Refused("The call is at that time already.")
    call.set_time(wall, zone, minutes, fold, starts_at, zones.VERSION)
    call.is_by_hand = True
    call.revise(now)
    facts = {"was": was.isoformat(), "to": starts_at.isoformat(), "zone": zone, "minutes": minutes}
    keep(session, "call.moved", subject(call), by=by, now=now, facts=facts)


def cancel(session: Session, call: Call, reason: str = "", *, by: Actor, now: datetime, is_skip: bool = False) -> None:
    """Call one call off. Registrations stay, so that restoring it brings everybody back."""
    require(by, "move calls", call.show.account_id)
    stages.check_cancellable(call.cancelled_at, call.starts_at, call.ends_at, now)
    call.cancelled_at, call.reason, call.is_skipped, call.is_by_hand = now, text.clean(reason)[:2000], is_skip, True
    call.revise(now)
    keep(session, "call.skipped" if is_skip else "call.cancelled", subject(call), by=by, now=now, facts={"reason": call.reason})


def skip(session: Session, call: Call, *, by: Actor, now: datetime) -> None:
    """Leave one date of the schedule out. Before the show is published the call simply vanishes (calendars.md F10)."""
    require(by, "move calls", call.show.account_id)
    if call.planned_day is None:
        raise Refused("This call is an extra date, not one of the schedule; cancel it instead.")
    session.merge(Skip(show_id=call.show_id, day=call.planned_day))
    about, day = subject(call), call.planned_day.isoformat()
    if call.show.published_at is None and _vanishes(session, call):
        keep(session, "call.skipped", about, by=by, now=now, facts={"day": day})
        return
    cancel(session, call, by=by, now=now, is_skip=True)


def _vanishes(session: Session, call: Call) -> bool:
    """Take a call away that nothing hangs on; one that has a way in or registrations of its own can't go without a trace."""
    savepoint = session.begin_nested()
    try:
        session.delete(call)
        session.flush()
    except IntegrityError:
        savepoint.rollback()
        return False
    savepoint.commit()
    return True


def restore(session: Session, call: Call, *, by: Actor, now: datetime) -> None:
    """Bring a cancelled or skipped call back, at the time it had, with everybody who is still registered."""
    require(by, "move calls", call.show.account_id)
    stages.check_restorable(call.cancelled_at, call.starts_at, call.ends_at, now)
    check_free(session, call.show_id, call.starts_at, call.minutes, call)
    session.execute(sa.delete(Skip).where(Skip.show_id == call.show_id, Skip.day == call.planned_day))
    call.cancelled_at, call.reason, call.is_skipped = None, "", False
    call.revise(now)
    keep(session, "call.restored", subject(call), by=by, now=now)
