"""Change what a call says and how many it seats."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground import text
from calls.ground.refusals import Invalid, Refused
from calls.history.keeping import Actor, keep
from calls.shows.holding import hold_call
from calls.shows.models import Call
from calls.shows.moving import subject
from calls.shows.planning import LONGEST_DESCRIPTION, MOST_SEATS
from calls.team.roles import require


def describe(session: Session, call: Call, title: str, description: str, *, by: Actor, now: datetime) -> None:
    """Change title and description; nobody is written to, calendars that subscribe follow (calendars.md M10)."""
    require(by, "move calls", call.show.account_id)
    title, description = text.clean_line(title), text.clean(description)
    errors = {}
    if len(title) > 200:
        errors["title"] = "Give a title of at most 200 characters."
    if len(description) > LONGEST_DESCRIPTION:
        errors["description"] = f"Describe the call in at most {LONGEST_DESCRIPTION:,} characters."
    if errors:
        raise Invalid(errors)
    hold_call(session, call)
    is_retitled = title != call.title
    if not is_retitled and description == call.description:
        return
    call.title, call.description = title, description
    call.revise(now, is_weighty=is_retitled)
    keep(session, "call.changed", subject(call), by=by, now=now, facts={"title": title})


def set_capacity(session: Session, call: Call, capacity: int, *, by: Actor, now: datetime) -> None:
    """Give one call a number of seats of its own; never fewer than are taken."""
    require(by, "move calls", call.show.account_id)
    if not 1 <= capacity <= MOST_SEATS:
        raise Invalid({"capacity": f"Give a number of seats between 1 and {MOST_SEATS:,}."})
    hold_call(session, call)
    if capacity < call.taken:
        taken = text.count(call.taken, "One seat is taken", "{n} seats are taken")
        raise Invalid({"capacity": f"{taken}; the smallest number is {call.taken:,}."})
    if capacity == call.capacity:
        return
    was, call.capacity, call.has_own_capacity = call.capacity, capacity, True
    call.recount(now)
    keep(session, "call.capacity_set", subject(call), by=by, now=now, facts={"was": was, "to": capacity})


def name_guest(session: Session, call: Call, guest_name: str, *, by: Actor, now: datetime) -> None:
    """Say who speaks. Those registered hear of it, since they may have come for somebody else."""
    require(by, "move calls", call.show.account_id)
    name = text.clean_line(guest_name)
    if len(name) > 200:
        raise Invalid({"guest_name": "Give a name of at most 200 characters."})
    hold_call(session, call)
    if name == call.guest_name:
        raise Refused("That is the guest already.")
    _name(session, call, name, "call.guest_changed", by=by, now=now)


def announce_guest(session: Session, call: Call, guest_name: str, *, is_news: bool, by: Actor, now: datetime) -> None:
    """Say who speaks, as it was agreed with the guests themselves. Those registered hear of it only where it is news to them."""
    _name(session, call, guest_name, "call.guest_changed" if is_news else "call.guest_named", by=by, now=now)


def _name(session: Session, call: Call, name: str, kind: str, *, by: Actor, now: datetime) -> None:
    was, call.guest_name = call.guest_name, name
    call.revise(now)
    keep(session, kind, subject(call), by=by, now=now, facts={"was": was, "to": name})
