"""Plan a show: make it, publish it, change its words and seats."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls.ground import text
from calls.ground.database import new_id
from calls.ground.refusals import Invalid
from calls.history.keeping import Actor, keep
from calls.shows import names, queries, schedule
from calls.shows.holding import hold_calls
from calls.shows.laying_out import dates_ahead, lay_out, subject
from calls.shows.models import Call, Show
from calls.shows.schedule import Rule
from calls.team.roles import require

MOST_SEATS = 100_000
LONGEST_DESCRIPTION = 20_000


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


def check_plan(plan: Plan, now: datetime) -> Rule:
    """The plan's schedule, or the refusal of what is wrong with the plan, each beside its field."""
    errors = _errors_of(Details(plan.name, plan.description, plan.host_name, plan.capacity))
    rule = Rule(plan.first_day, plan.first_time, plan.zone, plan.minutes, plan.rrule, plan.fold)
    try:
        rule = schedule.aligned(rule)
    except Invalid as refusal:
        errors |= refusal.errors
    if errors:
        raise Invalid(errors)
    check_dates(rule, now)
    if schedule.plan(rule.first_day, rule).starts_at < now:
        raise Invalid({"first_day": "The first call would lie in the past; choose a later day or time."})
    return rule


def check_dates(rule: Rule, now: datetime) -> None:
    """Refuse a schedule that is over, and one whose calls would lie on each other, as whole days do when the clocks change."""
    if not schedule.next_dates(rule, now, 1):
        raise Invalid({"first_day": "By this schedule no call is still to come; choose later days."})
    if any(after.starts_at < before.ends_at for before, after in pairwise(dates_ahead(rule, now))):
        raise Invalid({"minutes": "One call would still be on when the next begins; give a shorter length."})


def _errors_of(details: Details) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not 1 <= len(text.clean_line(details.name)) <= 200:
        errors["name"] = "Give the show a name of at most 200 characters."
    if len(text.clean(details.description)) > LONGEST_DESCRIPTION:
        errors["description"] = f"Describe the show in at most {LONGEST_DESCRIPTION:,} characters."
    if len(text.clean_line(details.host_name)) > 200:
        errors["host_name"] = "Give a name of at most 200 characters."
    if not 1 <= details.capacity <= MOST_SEATS:
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
    try:
        with session.begin_nested():
            session.add(show)
    except IntegrityError as fault:
        raise Invalid({"slug": f"Another show has just taken the address /{show.slug}; send the form once more."}) from fault
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
        for call in hold_calls(session, show, Call.cancelled_at.is_(None)):  # its own calendar called them a draft
            call.recount(now)
        keep(session, "show.published", subject(show), by=by, now=now)


def change(session: Session, show: Show, details: Details, *, by: Actor, now: datetime) -> None:
    """Change a show's words and its usual number of seats; calls with a number of their own keep theirs.

    Refuses fewer seats than a call to come has taken, naming the smallest number allowed.
    """
    require(by, "plan shows", show.account_id)
    coming = hold_calls(session, show, Call.ends_at > now)
    following = [it for it in coming if not it.has_own_capacity]
    errors = _errors_of(details)
    most_taken = max((it.taken for it in following), default=0)
    if details.capacity < most_taken:
        taken = text.count(most_taken, "one seat", "{n} seats")
        errors["capacity"] = f"A call to come has {taken} taken; the smallest number is {most_taken:,}."
    if errors:
        raise Invalid(errors)
    name, description = text.clean_line(details.name), text.clean(details.description)
    for call in coming:  # calendars that subscribe look at LAST-MODIFIED before they look at the words (calendars.md F6)
        if name != show.name or (description != show.description and not call.description):
            call.revise(now, is_weighty=name != show.name)
    for call in following:
        if call.capacity != details.capacity:
            call.capacity = details.capacity
            call.recount(now)
    show.name, show.description, show.host_name = name, description, text.clean_line(details.host_name)
    show.capacity = details.capacity
    keep(session, "show.changed", subject(show), by=by, now=now)
