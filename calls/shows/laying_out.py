"""Lay a show's calls out ahead of time, as rows of their own."""

import secrets
from base64 import b32encode
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground import zones
from calls.ground.database import new_id
from calls.history.keeping import SYSTEM, Subject, keep
from calls.shows import queries, schedule
from calls.shows.holding import hold
from calls.shows.models import Call, Show
from calls.shows.schedule import Planned, Rule

AHEAD = timedelta(days=400)


def subject(show: Show) -> Subject:
    """What the history says a show is."""
    return Subject(show.id, show.account_id, show.id)


def dates_ahead(rule: Rule, now: datetime) -> list[Planned]:
    """The dates that a show has calls for: all that begin after now, and at least 366 days ahead."""
    # A call of yesterday's date begins today where the clocks skip the midnight between.
    yesterday = zones.wall(now, rule.zone).date() - timedelta(days=1)
    return [it for it in schedule.dates(rule, yesterday, yesterday + AHEAD) if it.starts_at > now]


def lay_out(session: Session, show: Show, *, now: datetime) -> Sequence[Call]:
    """Lay the show's calls out ahead. Doing it again does nothing."""
    hold(session, show)
    planned = dates_ahead(queries.rule_of(session, show), now)
    laid = lay(session, show, free_dates(session, show, planned, now), now=now)
    if laid:
        facts = {"calls": [str(call.id) for call in laid]}
        keep(session, "show.laid_out", subject(show), by=SYSTEM, now=now, facts=facts)
    return laid


def free_dates(session: Session, show: Show, planned: Iterable[Planned], now: datetime) -> list[Planned]:
    """The dates whose day no call fills as yet, and whose time no standing call lies on, nor a date before it."""
    known = session.execute(
        sa.select(Call.planned_day, Call.starts_at, Call.ends_at, Call.cancelled_at).where(Call.show_id == show.id)
    ).all()
    days = {row.planned_day for row in known}
    taken = [(row.starts_at, row.ends_at) for row in known if row.cancelled_at is None and row.ends_at > now]
    free = []
    for it in planned:
        if it.day not in days and not any(it.starts_at < end and it.ends_at > start for start, end in taken):
            free.append(it)
            taken.append((it.starts_at, it.ends_at))
    return free


def lay(session: Session, show: Show, planned: Iterable[Planned], *, now: datetime, is_extra: bool = False) -> Sequence[Call]:
    """Make one call for each planned date."""
    used = set(session.scalars(sa.select(Call.address).where(Call.show_id == show.id)))
    laid = []
    for date_of in planned:
        address = next(it for it in _addresses(date_of.day) if it not in used)
        used.add(address)
        laid.append(_call(show, date_of, address, now, is_extra))
    session.add_all(laid)
    session.flush()
    return laid


def _addresses(day: date) -> Iterable[str]:
    yield day.isoformat()
    yield from (f"{day.isoformat()}-{number}" for number in range(2, 10_000))


def _call(show: Show, planned: Planned, address: str, now: datetime, is_extra: bool) -> Call:
    return Call(
        id=new_id(),
        created_at=now,
        show_id=show.id,
        show=show,
        address=address,
        planned_day=None if is_extra else planned.day,
        planned_for=planned.starts_at,
        wall=planned.wall,
        zone=show.zone,
        fold=planned.fold,
        minutes=(planned.ends_at - planned.starts_at) // timedelta(minutes=1),
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        tzdata=zones.VERSION,
        capacity=show.capacity,
        is_extra=is_extra,
        is_by_hand=is_extra,
        uid=f"occ-{random_name()}",
        revised_at=now.replace(microsecond=0),
    )


def random_name() -> str:
    """130 random bits in base 32, never derived from anything (calendars.md F4)."""
    return b32encode(secrets.token_bytes(17)).decode().lower()[:26]


def lay_out_all(session: Session, now: datetime) -> int:
    """The nightly task: every show, idempotently. Returns how many calls were added."""
    return sum(len(lay_out(session, show, now=now)) for show in session.scalars(sa.select(Show).order_by(Show.id)).all())
