"""Series S of the design's acceptance cases (calendars.md, section 7), planned for real, and how to look at it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.history.keeping import Actor
from calls.history.models import Change
from calls.shows import planning
from calls.shows.models import Call, Show
from calls.shows.planning import Plan
from calls.team import staffing
from tests.builders import a_member

LA, BERLIN = "America/Los_Angeles", "Europe/Berlin"
PLANNED_AT = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
S = Plan("Ask Tara", date(2026, 10, 14), time(9, 0), LA, 60, "FREQ=WEEKLY;BYDAY=WE;COUNT=8", capacity=20)


def at(moment: str) -> datetime:
    """A moment in UTC: "2026-10-14 16:00"."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """A wall time, which has no zone of its own."""
    return datetime.fromisoformat(text)


def an_owner(session: Session) -> Actor:
    return staffing.actor(a_member(session))


def a_planned_show(session: Session, by: Actor | None = None, **facts: Any) -> tuple[Show, Actor]:
    """Series S, or what `facts` make of it, and who may change it."""
    by = by or an_owner(session)
    assert by.account_id is not None
    now = facts.pop("now", PLANNED_AT)
    return planning.create(session, by.account_id, replace(S, **facts), by=by, now=now), by


def calls_of(session: Session, show: Show) -> list[Call]:
    """All its calls, in the order of their days as they were laid out."""
    return list(session.scalars(sa.select(Call).where(Call.show_id == show.id).order_by(Call.address)))


def call_on(session: Session, show: Show, address: str) -> Call:
    return session.scalars(sa.select(Call).where(Call.show_id == show.id, Call.address == address)).one()


def starts(session: Session, show: Show) -> list[str]:
    """When the calls that stand begin, in UTC and in their order."""
    standing = [it for it in calls_of(session, show) if it.cancelled_at is None]
    return [f"{it:%Y-%m-%d %H:%M}" for it in sorted(it.starts_at for it in standing)]


def kinds_kept(session: Session) -> list[str]:
    """What the history says was done, in order."""
    return list(session.scalars(sa.select(Change.kind).order_by(Change.id)))
