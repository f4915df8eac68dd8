"""Change the schedule itself: another rule or zone, an extra date, a date that is no longer left out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground import zones
from calls.ground.refusals import Refused
from calls.history.keeping import SYSTEM, Actor, keep
from calls.shows import laying_out, moving, planning, queries, schedule, shifts
from calls.shows.holding import hold, hold_calls
from calls.shows.models import Call, Show, Skip
from calls.shows.schedule import Planned, Rule
from calls.shows.shifts import Shifts, Standing
from calls.team.roles import require


def compare(session: Session, show: Show, rule: Rule, now: datetime, days: int = 0) -> Shifts[UUID]:
    """Which calls to come another schedule would move, drop and add; calls changed by hand stay (the preview).

    `days` is by how many its local days are later than those of the schedule that stands, where only the zone is another.
    """
    standing = [_standing(call, days) for call in coming(session, show, now)]
    return shifts.compare(standing, _dates(session, show, rule, now, days))


def check(session: Session, show: Show, rule: Rule, now: datetime, days: int = 0) -> Rule:
    """The new schedule in canonical form, its skips kept, or the refusal of what is wrong with it."""
    skips = frozenset(day + timedelta(days=days) for day in queries.skips_of(session, show.id))
    checked = replace(schedule.aligned(rule), skips=skips)
    planning.check_dates(checked, now)
    if checked == queries.rule_of(session, show):
        raise Refused("That is the schedule already.")
    return checked


def reschedule(session: Session, show: Show, rule: Rule, *, days: int = 0, by: Actor, now: datetime) -> Shifts[UUID]:
    """Put a show on another schedule. Each call keeps its identity; what no longer has a date is cancelled.

    With `days` each local day is first called by its name in the new zone, so many days later (see `transfer`).
    """
    require(by, "plan shows", show.account_id)
    calls = {call.id: call for call in hold_calls(session, show, Call.starts_at > now)}
    if days:
        _rename_days(session, show, timedelta(days=days), now)
    rule = check(session, show, rule, now)
    found = compare(session, show, rule, now)
    _check_kept(list(calls.values()), [planned for _, planned in found.moves])
    show.first_day, show.first_time, show.zone = rule.first_day, rule.time, rule.zone
    show.minutes, show.rrule, show.fold = rule.minutes, rule.rrule, rule.fold
    show.generation += 1
    _free_days(session, [calls[key] for key, _ in found.moves] + [calls[key] for key in found.vanish])
    for key in found.vanish:
        _drop(session, calls[key], now)
    for key, planned in found.moves:
        _shift(calls[key], planned, rule, now, is_felt=True)
    for key, planned in found.filled:
        _fill(calls[key], planned, rule, now)
    session.flush()
    laid = laying_out.lay(session, show, found.appear, now=now)
    facts = {
        "moved": [str(key) for key, _ in found.moves],
        "vanished": [str(key) for key in found.vanish],
        "calls": [str(call.id) for call in laid],
    }
    keep(session, "show.rescheduled", laying_out.subject(show), by=by, now=now, facts=facts)
    return found


def coming(session: Session, show: Show, now: datetime) -> Sequence[Call]:
    """The calls of a show that have not begun."""
    future = sa.and_(Call.show_id == show.id, Call.starts_at > now)
    return session.scalars(sa.select(Call).where(future).order_by(Call.starts_at)).all()


def _standing(call: Call, days: int) -> Standing[UUID]:
    ends_at = None if call.cancelled_at else call.ends_at
    day = None if call.is_extra or call.planned_day is None else call.planned_day + timedelta(days=days)
    return Standing(call.id, day, call.starts_at, _is_fixed(call), ends_at)


def _is_fixed(call: Call) -> bool:
    """Whether another schedule leaves the call where it is."""
    return call.is_by_hand or call.cancelled_at is not None or call.planned_day is None


def _dates(session: Session, show: Show, rule: Rule, now: datetime, days: int) -> list[Planned]:
    """The dates of a schedule that calls may have which have not begun: not the days of those that have, nor their time."""
    begun = session.execute(
        sa.select(Call.planned_day, Call.ends_at, Call.cancelled_at).where(Call.show_id == show.id, Call.starts_at <= now)
    ).all()
    begun_days = {row.planned_day + timedelta(days=days) for row in begun if row.planned_day}
    free_from = max((row.ends_at for row in begun if row.cancelled_at is None), default=now)
    return [it for it in laying_out.dates_ahead(rule, now) if it.day not in begun_days and it.starts_at >= free_from]


def _check_kept(calls: Sequence[Call], dates: Sequence[Planned]) -> None:
    """Refuse to move calls onto one that stays where it is: whoever set its time must say which of the two gives way."""
    for call in calls:
        is_kept = _is_fixed(call) and call.cancelled_at is None
        if is_kept and any(it.starts_at < call.ends_at and call.starts_at < it.ends_at for it in dates):
            raise Refused(f"By this schedule a call would lie on {moving.named(call)}; move or cancel that one first.")


def _free_days(session: Session, calls: Sequence[Call]) -> None:
    """Let go of the days that change hands, so that two calls never claim one day half-way through."""
    for call in calls:
        call.planned_day = None
    session.flush()


def _rename_days(session: Session, show: Show, step: timedelta, now: datetime) -> None:
    """Let calls and skips keep their dates where the new zone calls the local day by another name.

    Of two calls on one day by now the one that is over lets go of it.
    """
    today = zones.wall(now, show.zone).date()
    filled = session.scalars(sa.select(Call).where(Call.show_id == show.id, Call.planned_day.is_not(None))).all()
    days = {it: it.planned_day for it in filled if it.planned_day and (it.starts_at > now or it.planned_day >= today)}
    taken = {day + step for day in days.values()}
    _free_days(session, [it for it in filled if it in days or it.planned_day in taken])
    for call, day in days.items():
        call.planned_day = day + step
    coming_skips = [day for day in queries.skips_of(session, show.id) if day >= today]
    session.execute(sa.delete(Skip).where(Skip.show_id == show.id, Skip.day.in_(coming_skips)))
    for day in coming_skips:
        session.merge(Skip(show_id=show.id, day=day + step))
    session.flush()


def _drop(session: Session, call: Call, now: datetime) -> None:
    if call.show.published_at is not None or not moving.vanishes(session, call):
        moving.call_off(call, "", now)


def _shift(call: Call, planned: Planned, rule: Rule, now: datetime, *, is_felt: bool) -> None:
    call.planned_day, call.planned_for = planned.day, planned.starts_at
    call.set_time(planned.wall, rule.zone, rule.minutes, planned.fold, planned.starts_at, zones.VERSION)
    call.revise(now, is_weighty=is_felt)


def _fill(call: Call, planned: Planned, rule: Rule, now: datetime) -> None:
    """A call that stays takes up its date of the new schedule, and shows the new zone's clock unless its time is its own."""
    if _is_fixed(call):
        call.planned_day = planned.day
    elif (call.wall, call.zone) != (planned.wall, rule.zone):
        _shift(call, planned, rule, now, is_felt=False)


def add_extra(session: Session, show: Show, wall: datetime, minutes: int, fold: int = 0, *, by: Actor, now: datetime) -> Call:
    """Add a date that the schedule does not have; who holds a pass is registered for it."""
    require(by, "move calls", show.account_id)
    hold(session, show)
    moving.check_time(session, show.id, wall, show.zone, minutes, fold, now)
    planned = schedule.plan(wall.date(), Rule(wall.date(), wall.time(), show.zone, minutes, "", fold))
    [call] = laying_out.lay(session, show, [planned], now=now, is_extra=True)
    keep(session, "call.added", moving.subject(call), by=by, now=now)
    return call


def take_back_skip(session: Session, show: Show, day: date, *, by: Actor, now: datetime) -> None:
    """Let the schedule have a skipped day again; its call is laid out anew if it never was public."""
    require(by, "move calls", show.account_id)
    hold(session, show)
    if session.scalar(sa.select(Call.id).where(Call.show_id == show.id, Call.planned_day == day, Call.cancelled_at.is_not(None))):
        raise Refused("People may know of the call that was skipped; restore that call instead.")
    session.execute(sa.delete(Skip).where(Skip.show_id == show.id, Skip.day == day))
    keep(session, "show.changed", laying_out.subject(show), by=by, now=now, facts={"no_longer_skipped": day.isoformat()})
    laying_out.lay_out(session, show, now=now)


def derive_again(session: Session, now: datetime) -> bool:
    """Work the moments of a show's calls to come out again that were derived with other time-zone rules (T3).

    Only calls whose moment moved are changes; the others are merely noted as derived with the rules of today. Takes one
    show; False when there is none left.
    """
    stale = sa.and_(Call.tzdata != zones.VERSION, Call.starts_at > now)
    show = session.scalar(sa.select(Show).join(Call, Call.show_id == Show.id).where(stale).order_by(Show.id).limit(1))
    if show is None:
        return False
    moved = [call for call in hold_calls(session, show, stale) if _derive(session, call, now)]
    if moved:
        places = sorted({zones.city(it.zone) for it in moved})
        facts = {"places": places, "moved": [str(it.id) for it in moved]}
        keep(session, "show.clocks_moved", laying_out.subject(show), by=SYSTEM, now=now, facts=facts)
    return True


def _derive(session: Session, call: Call, now: datetime) -> bool:
    """Whether the call's moment is another."""
    starts_at, was = zones.resolve(call.wall, call.zone, call.fold), call.starts_at
    call.set_time(call.wall, call.zone, call.minutes, call.fold, starts_at, zones.VERSION)
    if starts_at == was:
        return False
    if call.planned_for == was:
        call.planned_for = starts_at
    call.revise(now)
    facts = {"was": was.isoformat(), "to": starts_at.isoformat(), "zone": call.zone, "minutes": call.minutes}
    facts |= {"sequence": call.sequence}
    keep(session, "call.clock_moved", moving.subject(call), by=SYSTEM, now=now, facts=facts)
    return True
