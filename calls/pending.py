"""Changes that others will hear of, kept for their ten minutes: one table of kinds, each with its check and its deed.

Until it takes effect a change is known to the host's side alone: pages, feeds, doors and reminders show the old state,
and undoing it deletes it. What nobody would hear of, and what touches a call within three hours, takes effect at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from calls import hearers
from calls.ground import zones
from calls.ground.database import new_id, rehearsing
from calls.ground.refusals import Invalid, NotFound, Refusal, Refused
from calls.guests import understudying
from calls.hearers import Hearers
from calls.history.keeping import SYSTEM, Actor, Subject, keep
from calls.joining import opening
from calls.joining.rooms import WayIn
from calls.shows import editing, moving, rescheduling, stages
from calls.shows.holding import hold
from calls.shows.models import Call, Pending, Show
from calls.shows.schedule import Rule
from calls.shows.shifts import Shifts
from calls.team.roles import require

Facts = dict[str, Any]
Deed = Callable[[Session, Show, Call | None, Facts, Actor, datetime], object]


def _of(call: Call | None) -> Call:
    if call is None:
        raise NotFound
    return call


def _move(session: Session, _: Show, call: Call | None, facts: Facts, by: Actor, now: datetime) -> None:
    wall = datetime.fromisoformat(facts["wall"])
    moving.move(session, _of(call), wall, facts["zone"], facts["minutes"], facts.get("fold", 0), by=by, now=now)


def _cancel(session: Session, _: Show, call: Call | None, facts: Facts, by: Actor, now: datetime) -> None:
    moving.cancel(session, _of(call), facts.get("reason", ""), by=by, now=now)


def _restore(session: Session, _: Show, call: Call | None, __: Facts, by: Actor, now: datetime) -> None:
    moving.restore(session, _of(call), by=by, now=now)


def _skip(session: Session, _: Show, call: Call | None, __: Facts, by: Actor, now: datetime) -> None:
    moving.skip(session, _of(call), by=by, now=now)


def _guest(session: Session, _: Show, call: Call | None, facts: Facts, by: Actor, now: datetime) -> None:
    editing.name_guest(session, _of(call), facts["guest_name"], by=by, now=now)


def _way_in(session: Session, show: Show, call: Call | None, facts: Facts, by: Actor, now: datetime) -> None:
    opening.give_room(session, show, call, WayIn(**facts), by=by, now=now)


def _share_way_in(session: Session, _: Show, call: Call | None, __: Facts, by: Actor, now: datetime) -> None:
    opening.share_room(session, _of(call), by=by, now=now)


def _extra(session: Session, show: Show, _: Call | None, facts: Facts, by: Actor, now: datetime) -> None:
    rescheduling.add_extra(
        session, show, datetime.fromisoformat(facts["wall"]), facts["minutes"], facts.get("fold", 0), by=by, now=now
    )


def _reschedule(session: Session, show: Show, _: Call | None, facts: Facts, by: Actor, now: datetime) -> None:
    rescheduling.reschedule(session, show, rule_of(facts), days=facts.get("days", 0), by=by, now=now)


def _swap(session: Session, _: Show, call: Call | None, facts: Facts, by: Actor, now: datetime) -> None:
    understudying.swap(session, _of(call), facts["to"], by=by, now=now)


DEEDS: dict[str, Deed] = {
    "move": _move,
    "cancel": _cancel,
    "restore": _restore,
    "skip": _skip,
    "guest": _guest,
    "way_in": _way_in,
    "share_way_in": _share_way_in,
    "swap": _swap,
    "extra": _extra,
    "reschedule": _reschedule,
}


def rule_of(facts: Facts) -> Rule:
    """The schedule that the facts of a `reschedule` describe."""
    first_day, first_time = date.fromisoformat(facts["first_day"]), time.fromisoformat(facts["first_time"])
    return Rule(first_day, first_time, facts["zone"], facts["minutes"], facts["rrule"], facts.get("fold", 0))


@dataclass(frozen=True)
class Preview:
    """What a change would do: who would hear of it, whether it goes out at once, and which calls another schedule shifts."""

    hearers: Hearers
    is_at_once: bool
    shifts: Shifts[UUID] | None = None


def preview(session: Session, kind: str, show: Show, call: Call | None, facts: Facts, *, by: Actor, now: datetime) -> Preview:
    """Ask before the deed. Raises whatever the deed itself would refuse."""
    hold(session, show)
    check_none_waits(session, show, call)
    with rehearsing(session):
        DEEDS[kind](session, show, call, facts, by, now)
    return _foreseen(session, kind, show, call, facts, now)


def _foreseen(session: Session, kind: str, show: Show, call: Call | None, facts: Facts, now: datetime) -> Preview:
    if kind == "reschedule":
        days = facts.get("days", 0)
        rule = rescheduling.check(session, show, rule_of(facts), now, days)
        found = rescheduling.compare(session, show, rule, now, days)
        touched = [*(key for key, _ in found.moves), *found.vanish]
        starts = session.scalars(sa.select(Call.starts_at).where(Call.id.in_(touched))).all()
        moments = [*starts, *(it.starts_at for _, it in found.moves), *(it.starts_at for it in found.appear)]
        is_felt = bool(touched or found.appear)
        heard_by = hearers.of_passes(session, show.id, touched) if is_felt else Hearers()
        return Preview(heard_by, _is_at_once(moments, now), found)
    if kind == "extra":
        moment = zones.resolve(datetime.fromisoformat(facts["wall"]), show.zone, facts.get("fold", 0))
        return Preview(hearers.of_passes(session, show.id), _is_at_once([moment], now))
    touched_calls = [call] if call else [it for it in opening.reached(session, show, None, now) if it.cancelled_at is None]
    moments = [it.starts_at for it in touched_calls]
    if kind == "move":
        moments.append(zones.resolve(datetime.fromisoformat(facts["wall"]), facts["zone"], facts.get("fold", 0)))
    heard_of = [it.id for it in touched_calls if it.ends_at > now and (it.cancelled_at is None or kind == "restore")]
    return Preview(hearers.of_calls(session, heard_of, with_guests=kind != "guest"), _is_at_once(moments, now))


def _is_at_once(moments: list[datetime], now: datetime) -> bool:
    return any(stages.goes_at_once(it, now) for it in moments)


def ask(session: Session, kind: str, show: Show, call: Call | None, facts: Facts, *, by: Actor, now: datetime) -> Pending | None:
    """Have a change made: kept for ten minutes, or made at once (None) when nobody hears of it or the call is near."""
    foreseen = preview(session, kind, show, call, facts, by=by, now=now)
    if foreseen.hearers.is_nobody or foreseen.is_at_once:
        DEEDS[kind](session, show, call, facts, by, now)
        return None
    pending = Pending(
        id=new_id(),
        created_at=now,
        show_id=show.id,
        call_id=call.id if call else None,
        kind=kind,
        facts=facts,
        by_id=by.id,
        by_name=by.name,
        effect_at=now + stages.UNDO,
    )
    session.add(pending)
    keep(session, "pending.asked", _subject(pending, show), by=by, now=now, facts={"kind": kind})
    return pending


def check_none_waits(session: Session, show: Show, call: Call | None) -> None:
    """Refuse a second change to a thing whose first has not taken effect: undo that one, or wait for it."""
    same = Pending.call_id.is_(None) if call is None else Pending.call_id == call.id
    waiting = session.scalar(sa.select(Pending.effect_at).where(Pending.show_id == show.id, same, Pending.refused.is_(None)))
    if waiting:
        raise Refused("Another change is about to be sent. Undo that one first, or wait until it has gone out.")


def undo(session: Session, account_id: UUID, pending_id: UUID, *, by: Actor, now: datetime) -> Pending:
    """Take a change back before anybody has heard. Refused once it has taken effect."""
    require(by, "move calls", account_id)
    pending = session.scalar(_whole().where(Pending.id == pending_id).with_for_update(of=Pending))
    if pending is None or pending.show.account_id != account_id:
        raise Refused("That change has gone out already, or was undone.")
    if pending.effect_at <= now and pending.refused is None:
        raise Refused("That change has gone out already. Make another change to put it right.")
    session.delete(pending)
    keep(session, "pending.undone", _subject(pending, pending.show), by=by, now=now, facts={"kind": pending.kind})
    return pending


def take_next(session: Session, now: datetime) -> bool:
    """Let the change whose time came first take effect; False when there is none.

    What has become impossible meanwhile is refused, nobody hears of it, and the board says so.
    """
    due = sa.and_(Pending.effect_at <= now, Pending.refused.is_(None))
    pending = session.scalar(
        _whole().where(due).order_by(Pending.effect_at).limit(1).with_for_update(of=Pending, skip_locked=True)
    )
    if pending is None:
        return False
    by = Actor("system", pending.by_id, pending.by_name)
    try:
        with session.begin_nested():
            DEEDS[pending.kind](session, pending.show, pending.call, pending.facts, by, now)
    except Refusal as refusal:
        _refuse(session, pending, _sentence(refusal), now)
    except IntegrityError:
        _refuse(session, pending, "What it was about has changed meanwhile; please make the change anew.", now)
    else:
        session.delete(pending)
    return True


def _refuse(session: Session, pending: Pending, why: str, now: datetime) -> None:
    pending.refused = why
    facts = {"kind": pending.kind, "why": why}
    keep(session, "pending.refused", _subject(pending, pending.show), by=SYSTEM, now=now, facts=facts)


def _sentence(refusal: Refusal) -> str:
    return " ".join(refusal.errors.values()) if isinstance(refusal, Invalid) else refusal.sentence


def _whole() -> sa.Select[Pending]:
    return sa.select(Pending).options(joinedload(Pending.show, innerjoin=True), joinedload(Pending.call))


def _subject(pending: Pending, show: Show) -> Subject:
    return Subject(pending.id, show.account_id, show.id, pending.call_id)
