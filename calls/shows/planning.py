"""Plan a show: make it, publish it, change its words, and lay its calls out ahead."""

import secrets
from base64 import b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground import text, zones
from calls.ground.database import new_id
from calls.ground.refusals import Invalid
from calls.history.keeping import SYSTEM, Actor, Subject, keep
from calls.shows import names, queries, schedule
from calls.shows.models import Call, Show
from calls.shows.schedule import Planned, Rule
from calls.team.roles import require

AHEAD = timedelta(days=400)
MOST_MINUTES = 24 * 60
MOST_SEATS = 100_000


@dataclass(frozen=True)
class Plan:
    """What a host says about a new show; only the first five are asked for.

    `id` is for who must be able to tell, after a form was posted twice, that the show is there already.
    """

    name: str
    first_day: date
    first_time: time
    zone: str
    minutes: int
    rrule: str = ""
    fold: int = 0
    description: str = ""
    host_name: str = ""
    capacity: int = 100
    slug: str = ""
    is_published: bool = True
    id: UUID | None = None


@dataclass(frozen=True)
class Details:
    """What may be changed about a show without anybody having to hear of it."""

    name: str
    description: str
    host_name: str
    capacity: int


def subject(show: Show) -> Subject:
    """What the history says a show is."""
    return Subject(show.id, show.account_id, show.id)


def check_plan(plan: Plan, now: datetime) -> Rule:
    """The plan's schedule, or the refusal of what is wrong with the plan, each beside its field."""
    errors = _errors_of(plan.name, plan.capacity)
    if not zones.is_zone(plan.zone):
        errors["zone"] = "That time zone is not known; choose one like America/New_York."
    if not 5 <= plan.minutes <= MOST_MINUTES:
        errors["minutes"] = "Give a length between 5 minutes and 24 hours."
    if errors:
        raise Invalid(errors)
    rule = schedule.aligned(Rule(plan.first_day, plan.first_time, plan.zone, plan.minutes, plan.rrule, plan.fold))
    if not schedule.next_dates(rule, now, 1):
        raise Invalid({"first_day": "That is over already; choose a first day with a call still to come."})
    if zones.resolve(datetime.combine(rule.first_day, rule.time), rule.zone, rule.fold) < now:
        raise Invalid({"first_day": "The first call would lie in the past; choose a later day or time."})
    return rule


def _errors_of(name: str, capacity: int) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not 1 <= len(text.clean_line(name)) <= 200:
        errors["name"] = "Give the show a name of at most 200 characters."
    if not 1 <= capacity <= MOST_SEATS:
        errors["capacity"] = f"Give a number of seats between 1 and {MOST_SEATS:,}."
    return errors


def create(session: Session, account_id: UUID, plan: Plan, *, by: Actor, now: datetime) -> Show:
    """Make a show and lay out its calls; it is public at once unless the plan says otherwise."""
    require(by, "plan shows", account_id)
    rule = check_plan(plan, now)
    show = Show(
        id=plan.id or new_id(),
        created_at=now,
        account_id=account_id,
        slug=_free_slug(session, plan.slug, plan.name),
        name=text.clean_line(plan.name),
        description=text.clean(plan.description),
        host_name=text.clean_line(plan.host_name),
        capacity=plan.capacity,
        first_day=rule.first_day,
        first_time=rule.time,
        zone=rule.zone,
        fold=rule.fold,
        minutes=rule.minutes,
        rrule=rule.rrule,
        published_at=now if plan.is_published else None,
    )
    session.add(show)
    session.flush()
    keep(session, "show.created", subject(show), by=by, now=now)
    lay_out(session, show, now=now)
    return show


def _free_slug(session: Session, wished: str, name: str) -> str:
    if wished:
        names.check(wished)
        if queries.show_by_slug(session, wished):
            raise Invalid({"slug": f"The address /{wished} is taken by another show; choose another."})
        return wished
    candidates = names.candidates(text.slug(name))
    taken = set(session.scalars(sa.select(Show.slug).where(Show.slug.in_(candidates))))
    return next(it for it in [*candidates, f"{candidates[0][:50]}-{secrets.token_hex(4)}"] if it not in taken)


def publish(session: Session, show: Show, *, by: Actor, now: datetime) -> None:
    """Show the world a draft. Doing it again does nothing."""
    require(by, "plan shows", show.account_id)
    if show.published_at is None:
        show.published_at = now
        keep(session, "show.published", subject(show), by=by, now=now)


def change(session: Session, show: Show, details: Details, *, by: Actor, now: datetime) -> None:
    """Change a show's words and its usual number of seats; calls with a number of their own keep theirs.

    Refuses fewer seats than a call to come has taken, naming the smallest number allowed.
    """
    require(by, "plan shows", show.account_id)
    errors = _errors_of(details.name, details.capacity)
    coming = sa.and_(Call.show_id == show.id, Call.ends_at > now, Call.has_own_capacity.is_(False))
    most_taken = session.scalar(sa.select(sa.func.max(Call.taken)).where(coming)) or 0
    if details.capacity < most_taken:
        errors["capacity"] = f"A call to come has {most_taken} seats taken; the smallest number is {most_taken}."
    if errors:
        raise Invalid(errors)
    name = text.clean_line(details.name)
    is_renamed = name != show.name
    show.name, show.description, show.host_name = name, text.clean(details.description), text.clean_line(details.host_name)
    show.capacity = details.capacity
    session.execute(sa.update(Call).where(coming).values(capacity=details.capacity))
    if is_renamed:
        for call in session.scalars(sa.select(Call).where(Call.show_id == show.id, Call.ends_at > now)):
            call.revise(now)
    keep(session, "show.changed", subject(show), by=by, now=now)


def lay_out(session: Session, show: Show, *, now: datetime) -> Sequence[Call]:
    """Lay the show's calls out at least 366 days ahead. Doing it again does nothing.

    A day that a call already fills, and a time on which a call already lies, are passed over.
    """
    today = zones.wall(now, show.zone).date()
    rule = queries.rule_of(session, show)
    planned = [it for it in schedule.dates(rule, today, today + AHEAD) if it.starts_at > now]
    standing = session.execute(
        sa.select(Call.planned_day, Call.starts_at, Call.ends_at, Call.cancelled_at).where(
            Call.show_id == show.id, sa.or_(Call.ends_at > now, Call.planned_day >= today)
        )
    ).all()
    days = {row.planned_day for row in standing}
    taken = [(row.starts_at, row.ends_at) for row in standing if row.cancelled_at is None]
    free = [
        it for it in planned if it.day not in days and not any(it.starts_at < end and it.ends_at > start for start, end in taken)
    ]
    laid = lay(session, show, free, now=now)
    if laid:
        facts = {"calls": [str(call.id) for call in laid]}
        keep(session, "show.laid_out", subject(show), by=SYSTEM, now=now, facts=facts)
    return laid


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
        minutes=show.minutes,
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
    return sum(len(lay_out(session, show, now=now)) for show in session.scalars(sa.select(Show)))
