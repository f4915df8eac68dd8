"""Change the schedule itself: another rule or zone, or an extra date."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground import zones
from calls.ground.refusals import Invalid, Refused
from calls.history.keeping import SYSTEM, Actor, keep
from calls.shows import moving, planning, queries, schedule, shifts
from calls.shows.models import Call, Show, Skip
from calls.shows.schedule import Planned, Rule
from calls.shows.shifts import Shifts, Standing
from calls.team.roles import require


def compare(session: Session, show: Show, rule: Rule, now: datetime) -> Shifts[UUID]:
    """Which calls to come another schedule would move, drop and add; calls changed by hand stay (the preview)."""
    return shifts.compare([_standing(call) for call in coming(session, show, now)], _planned(session, show, rule, now))


def check(session: Session, show: Show, rule: Rule, now: datetime) -> Rule:
    """The new schedule in canonical form, its skips kept, or the refusal of what is wrong with it."""
    if not zones.is_zone(rule.zone):
        raise Invalid({"zone": "That time zone is not known; choose one like America/New_York."})
    if not 5 <= rule.minutes <= planning.MOST_MINUTES:
        raise Invalid({"minutes": "Give a length between 5 minutes and 24 hours."})
    checked = schedule.aligned(rule)
    if not schedule.next_dates(checked, now, 1):
        raise Invalid({"first_day": "By that rule no call would be still to come."})
    skips = queries.skips_of(session, show.id)
    return Rule(checked.first_day, checked.time, checked.zone, checked.minutes, checked.rrule, checked.fold, skips)


def reschedule(session: Session, show: Show, rule: Rule, *, by: Actor, now: datetime) -> Shifts[UUID]:
    """Put a show on another schedule. Each call keeps its identity; what no longer has a date is cancelled."""
    require(by, "plan shows", show.account_id)
    rule = check(session, show, rule, now)
    calls = {call.id: call for call in coming(session, show, now)}
    found = compare(session, show, rule, now)
    show.first_day, show.first_time, show.zone = rule.first_day, rule.time, rule.zone
    show.minutes, show.rrule, show.fold = rule.minutes, rule.rrule, rule.fold
    show.generation += 1
    _free_days(session, [calls[key] for key, _ in found.moves] + [calls[key] for key in found.vanish])
    for key in found.vanish:
        _drop(session, calls[key], now)
    for key, planned in found.moves:
        _shift(calls[key], planned, rule, now)
    for key in found.stay:
        _rename_zone(calls[key], rule, now)
    session.flush()
    laid = planning.lay(session, show, found.appear, now=now)
    facts = {
        "moved": [str(key) for key, _ in found.moves],
        "vanished": [str(key) for key in found.vanish],
        "calls": [str(call.id) for call in laid],
    }
    keep(session, "show.rescheduled", planning.subject(show), by=by, now=now, facts=facts)
    return found


def coming(session: Session, show: Show, now: datetime) -> Sequence[Call]:
    """The calls of a show that have not begun."""
    future = sa.and_(Call.show_id == show.id, Call.starts_at > now)
    return session.scalars(sa.select(Call).where(future).order_by(Call.starts_at)).all()


def _standing(call: Call) -> Standing[UUID]:
    is_fixed = call.is_by_hand or call.is_extra or call.cancelled_at is not None
    ends_at = None if call.cancelled_at else call.ends_at
    return Standing(call.id, None if call.is_extra else call.planned_day, call.starts_at, is_fixed, ends_at)


def _planned(session: Session, show: Show, rule: Rule, now: datetime) -> list[Planned]:
    today = zones.wall(now, rule.zone).date()
    return [it for it in schedule.dates(rule, today, today + planning.AHEAD) if it.starts_at > now]


def _free_days(session: Session, calls: Sequence[Call]) -> None:
    """Let go of the days that change hands, so that two calls never claim one day half-way through."""
    for call in calls:
        call.planned_day = None
    session.flush()


def _drop(session: Session, call: Call, now: datetime) -> None:
    if call.show.published_at is None and call.taken == 0:
        session.delete(call)
        return
    call.cancelled_at, call.reason = now, ""
    call.revise(now)


def _shift(call: Call, planned: Planned, rule: Rule, now: datetime) -> None:
    is_felt = (planned.starts_at, rule.minutes) != (call.starts_at, call.minutes)
    call.planned_day, call.planned_for = planned.day, planned.starts_at
    call.set_time(planned.wall, rule.zone, rule.minutes, planned.fold, planned.starts_at, zones.VERSION)
    call.revise(now, is_weighty=is_felt)


def _rename_zone(call: Call, rule: Rule, now: datetime) -> None:
    """A call that keeps its moment shows the clock of the new zone, unless a hand has set its time."""
    if call.zone != rule.zone and not call.is_by_hand:
        call.set_time(zones.wall(call.starts_at, rule.zone), rule.zone, call.minutes, call.fold, call.starts_at, zones.VERSION)
        call.revise(now, is_weighty=False)


def add_extra(session: Session, show: Show, wall: datetime, minutes: int, fold: int = 0, *, by: Actor, now: datetime) -> Call:
    """Add a date that the schedule does not have; who holds a pass is registered for it."""
    require(by, "move calls", show.account_id)
    check_extra(session, show, wall, minutes, fold, now)
    starts_at = zones.resolve(wall, show.zone, fold)
    ends_at = starts_at + timedelta(minutes=minutes)
    planned = Planned(wall.date(), wall, starts_at, ends_at, zones.standing(wall, show.zone), fold)
    [call] = planning.lay(session, show, [planned], now=now, is_extra=True)
    call.minutes = minutes
    keep(session, "call.added", moving.subject(call), by=by, now=now)
    return call


def check_extra(session: Session, show: Show, wall: datetime, minutes: int, fold: int, now: datetime) -> None:
    """Refuse an extra date in the past, or on another call of the show."""
    if not 5 <= minutes <= planning.MOST_MINUTES:
        raise Invalid({"minutes": "Give a length between 5 minutes and 24 hours."})
    zones.check_year(wall.date())
    starts_at = zones.resolve(wall, show.zone, fold)
    if starts_at <= now:
        raise Invalid({"time": "That time is past; choose one still to come."})
    moving.check_free(session, show.id, starts_at, minutes)


def take_back_skip(session: Session, show: Show, day: date, *, by: Actor, now: datetime) -> None:
    """Let the schedule have a skipped day again; its call is laid out anew if it never was public."""
    require(by, "move calls", show.account_id)
    if session.scalar(sa.select(Call.id).where(Call.show_id == show.id, Call.planned_day == day, Call.cancelled_at.is_not(None))):
        raise Refused("People may know of the call that was skipped; restore that call instead.")
    session.execute(sa.delete(Skip).where(Skip.show_id == show.id, Skip.day == day))
    keep(session, "show.changed", planning.subject(show), by=by, now=now, facts={"no_longer_skipped": day.isoformat()})
    planning.lay_out(session, show, now=now)


def derive_again(session: Session, now: datetime) -> list[UUID]:
    """Work the moments of all calls to come out again where they were derived with other time-zone rules (T3).

    Only calls whose moment moved are changes; the others are merely noted as derived with the rules of today.
    """
    stale = sa.and_(Call.tzdata != zones.VERSION, Call.ends_at > now)
    moved = []
    for call in session.scalars(sa.select(Call).where(stale).limit(500)):
        starts_at, was = zones.resolve(call.wall, call.zone, call.fold), call.starts_at
        call.set_time(call.wall, call.zone, call.minutes, call.fold, starts_at, zones.VERSION)
        if starts_at != was:
            call.revise(now)
            facts = {"was": was.isoformat(), "to": starts_at.isoformat(), "zone": call.zone, "minutes": call.minutes}
            keep(session, "call.clock_moved", moving.subject(call), by=SYSTEM, now=now, facts=facts)
            moved.append(call.id)
    return moved
