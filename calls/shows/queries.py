"""Finders for shows and calls."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from calls.ground import zones
from calls.ground.database import straight
from calls.shows.facts import CallFacts
from calls.shows.models import Call, Pending, Show, Skip
from calls.shows.schedule import Rule

FEED_PAST = timedelta(days=90)
FEED_CANCELLED = timedelta(days=30)
FEED_MOST = 500
USUAL_PAST = timedelta(days=100)


# Made once: making a statement anew costs more than running it, and these are run for every visitor.
_BY_SLUG = sa.select(Show).where(Show.slug == sa.bindparam("slug"))
_CALLS, _SHOWS = cast(sa.Table, Call.__table__).c, cast(sa.Table, Show.__table__).c
_FACTS = (
    sa.select(*((_SHOWS if it.name in {"account_id", "slug", "published_at"} else _CALLS)[it.name] for it in fields(CallFacts)))
    .join_from(Call.__table__, Show.__table__)
    .where(_SHOWS.slug == sa.bindparam("slug"), _CALLS.address == sa.bindparam("address"))
)


def show_by_slug(session: Session, slug: str) -> Show | None:
    return session.scalar(_BY_SLUG, {"slug": slug})


def show_of_account(session: Session, account_id: UUID, show_id: UUID) -> Show | None:
    return session.scalar(sa.select(Show).where(Show.id == show_id, Show.account_id == account_id))


def shows_of(session: Session, account_id: UUID) -> Sequence[Show]:
    return session.scalars(sa.select(Show).where(Show.account_id == account_id).order_by(Show.name, Show.id)).all()


def public_shows(session: Session) -> Sequence[Show]:
    return session.scalars(sa.select(Show).where(Show.published_at.is_not(None)).order_by(Show.name, Show.id)).all()


def calls_to_come(session: Session, show_ids: Iterable[UUID], now: datetime, limit: int = 60, offset: int = 0) -> Sequence[Call]:
    """Calls that are not over, cancelled ones among them, the next first."""
    return session.scalars(
        sa.select(Call)
        .join(Call.show)
        .options(contains_eager(Call.show))
        .where(Call.show_id.in_(list(show_ids)), Call.ends_at > now)
        .order_by(Call.starts_at, Call.id)
        .limit(limit)
        .offset(offset)
    ).all()


def next_with_seats(session: Session, show_id: UUID, now: datetime, limit: int) -> Sequence[Call]:
    """The next calls of a show that one can register for."""
    has_seats = sa.and_(Call.cancelled_at.is_(None), Call.taken < Call.capacity)
    return session.scalars(
        sa.select(Call)
        .join(Call.show)
        .options(contains_eager(Call.show))
        .where(Call.show_id == show_id, Call.ends_at > now, has_seats)
        .order_by(Call.starts_at, Call.id)
        .limit(limit)
    ).all()


def calls_gone_by(session: Session, show_id: UUID, now: datetime, limit: int, offset: int = 0) -> Sequence[Call]:
    """Calls that are over, cancelled ones among them, the last first."""
    return session.scalars(
        sa.select(Call)
        .join(Call.show)
        .options(contains_eager(Call.show))
        .where(Call.show_id == show_id, Call.ends_at <= now)
        .order_by(Call.starts_at.desc(), Call.id)
        .limit(limit)
        .offset(offset)
    ).all()


def next_starts(session: Session, show_ids: Iterable[UUID], now: datetime) -> dict[UUID, datetime]:
    """When the next standing call of each show starts; shows without one are left out."""
    coming = sa.and_(Call.show_id.in_(list(show_ids)), Call.starts_at > now, Call.cancelled_at.is_(None))
    rows = session.execute(sa.select(Call.show_id, sa.func.min(Call.starts_at)).where(coming).group_by(Call.show_id))
    return {row.show_id: row[1] for row in rows}


def call_at(session: Session, show_id: UUID, address: str) -> Call | None:
    return session.scalar(sa.select(Call).options(joinedload(Call.show)).where(Call.show_id == show_id, Call.address == address))


def facts_at(session: Session, slug: str, address: str) -> CallFacts | None:
    """What registering asks of the call at /{slug}/{address}."""
    row = straight(session).execute(_FACTS, {"slug": slug, "address": address}).first()
    return CallFacts(*row) if row else None


def facts_of(call: Call) -> CallFacts:
    """What registering asks of a call that was read for something else."""
    names = {it.name for it in fields(CallFacts)} - {"account_id", "slug", "published_at"}
    show = call.show
    own = {name: getattr(call, name) for name in names}
    return CallFacts(account_id=show.account_id, slug=show.slug, published_at=show.published_at, **own)


def call_by_id(session: Session, call_id: UUID) -> Call | None:
    return session.scalar(sa.select(Call).options(joinedload(Call.show)).where(Call.id == call_id))


def call_of_account(session: Session, account_id: UUID, call_id: UUID) -> Call | None:
    return session.scalar(
        sa.select(Call)
        .join(Call.show)
        .options(contains_eager(Call.show))
        .where(Call.id == call_id, Show.account_id == account_id)
    )


def board(session: Session, account_id: UUID, now: datetime, weeks: int = 8) -> Sequence[Call]:
    """The calls of all shows of the account in the weeks to come, those running now included."""
    return session.scalars(
        sa.select(Call)
        .join(Call.show)
        .options(contains_eager(Call.show))
        .where(Show.account_id == account_id, Call.ends_at > now, Call.starts_at < now + timedelta(weeks=weeks))
        .order_by(Call.starts_at, Call.id)
    ).all()


def feed_calls(session: Session, show_id: UUID, now: datetime) -> Sequence[Call]:
    """What a show's feed holds: 90 days back and all that is laid out, cancelled calls until 30 days after, at most 500."""
    return _for_feed(session, Call.show_id == show_id, now)


def host_feed_calls(session: Session, account_id: UUID, now: datetime) -> Sequence[Call]:
    """What the feed of a member holds: the same of all shows of the account, drafts among them."""
    return _for_feed(session, Show.account_id == account_id, now)


def _for_feed(session: Session, which: sa.ColumnElement[bool], now: datetime) -> Sequence[Call]:
    return session.scalars(
        sa.select(Call)
        .join(Call.show)
        .options(contains_eager(Call.show))
        .where(
            which,
            Call.ends_at > now - FEED_PAST,
            sa.or_(Call.cancelled_at.is_(None), Call.ends_at > now - FEED_CANCELLED),
        )
        .order_by(Call.starts_at, Call.id)
        .limit(FEED_MOST)
    ).all()


def usual_starts(session: Session, calls: Collection[Call]) -> dict[UUID, list[datetime]]:
    """When the calls of these calls' shows begin that stand at their schedule's usual hour, in order, by show.

    From some weeks before the first of the calls up to the last of them. Left out are calls moved by hand, extra dates,
    cancelled ones, those that a schedule since changed put elsewhere, and those whose hour the clocks skip.
    """
    moments = [it.starts_at for it in calls]
    if not moments:
        return {}
    within = sa.and_(Call.starts_at >= min(moments) - USUAL_PAST, Call.starts_at <= max(moments))
    follows = sa.and_(Call.zone == Show.zone, Call.cancelled_at.is_(None), sa.not_(Call.is_by_hand), sa.not_(Call.is_extra))
    rows = session.execute(
        sa.select(Call.show_id, Call.starts_at, Show.first_time, Show.zone)
        .join(Call.show)
        .where(Call.show_id.in_({it.show_id for it in calls}), within, follows)
        .order_by(Call.starts_at)
    )
    found: dict[UUID, list[datetime]] = {}
    for show_id, starts_at, time, zone in rows:
        if zones.wall(starts_at, zone).time() == time:
            found.setdefault(show_id, []).append(starts_at)
    return found


def overlapping(session: Session, show_id: UUID, starts_at: datetime, ends_at: datetime, but: UUID | None = None) -> Call | None:
    """A standing call of the show that this time would lie on."""
    return session.scalar(
        sa.select(Call)
        .where(
            Call.show_id == show_id,
            Call.cancelled_at.is_(None),
            Call.starts_at < ends_at,
            Call.ends_at > starts_at,
            *([Call.id != but] if but else []),
        )
        .order_by(Call.starts_at)
        .limit(1)
    )


def skips_of(session: Session, show_id: UUID) -> frozenset[date]:
    return frozenset(session.scalars(sa.select(Skip.day).where(Skip.show_id == show_id)))


def rule_of(session: Session, show: Show) -> Rule:
    """The show's schedule as a value, its skips included."""
    return replace(own_rule(show), skips=skips_of(session, show.id))


def own_rule(show: Show) -> Rule:
    """The show's schedule as its row says it, without the skips."""
    return Rule(show.first_day, show.first_time, show.zone, show.minutes, show.rrule, show.fold)


def pending_by_call(session: Session, call_ids: Iterable[UUID]) -> dict[UUID, Pending]:
    rows = session.scalars(sa.select(Pending).where(Pending.call_id.in_(list(call_ids))))
    return {row.call_id: row for row in rows if row.call_id}


def pending_of_show(session: Session, show_id: UUID) -> Sequence[Pending]:
    """What waits for the show itself, not for one of its calls."""
    return session.scalars(
        sa.select(Pending).where(Pending.show_id == show_id, Pending.call_id.is_(None)).order_by(Pending.effect_at)
    ).all()


def pending_of_account(session: Session, account_id: UUID) -> Sequence[Pending]:
    """All that waits, or was refused when its time came, with show and call."""
    return session.scalars(
        sa.select(Pending)
        .join(Pending.show)
        .options(contains_eager(Pending.show), joinedload(Pending.call))
        .where(Show.account_id == account_id)
        .order_by(Pending.effect_at, Pending.id)
    ).all()


def skipped_calls(session: Session, show_id: UUID, now: datetime) -> Sequence[Call]:
    """Calls to come that were skipped and could be brought back."""
    return session.scalars(
        sa.select(Call)
        .options(joinedload(Call.show))
        .where(Call.show_id == show_id, Call.is_skipped, Call.starts_at > now)
        .order_by(Call.starts_at)
    ).all()
