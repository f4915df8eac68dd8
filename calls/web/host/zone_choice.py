"""Another time zone for a show, as its schedule's form asks for it: whether the hour on the clock stays, or the moment (T4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Literal

from calls import pending
from calls.ground import zones
from calls.ground.refusals import Invalid, Refusal
from calls.ground.text import count
from calls.shows import rescheduling, schedule, transfer
from calls.shows.models import Show
from calls.shows.schedule import Planned, Rule
from calls.shows.transfer import Transfer
from calls.web.forms import Form
from calls.web.host import schedule_form
from calls.web.host.schedule_form import Scheduling
from calls.web.host.visits import Visit

Keep = Literal["wall", "moment"]

SHOWN_DATES = 3
HINT = "The moment stays until clocks change again: from then on the calls follow the clocks of the new zone, at the new hour."
QUESTION = "You chose another time zone. Say what shall stay: the hour on the clock, or the moment."


@dataclass(frozen=True)
class Way:
    """One of the two ways to change the zone: what it means, its next dates and who would hear of it; or why it can't be."""

    title: str
    is_chosen: bool
    words: str
    zone: str
    dates: Sequence[Planned] = ()


def options(form: Form, old: Rule, now: datetime) -> list[tuple[Keep, str]]:
    """The two choices, with the hours themselves once the zone is chosen."""
    zone, at = form.value("zone"), _time(form.value("first_time"))
    if at is None or zone == old.zone or not zones.is_zone(zone):
        return [
            ("wall", "The hour on the clock: the same hour, by the clocks of the new zone"),
            ("moment", "The moment: the calls stay when they are, and the clock in the new zone shows another hour"),
        ]
    there = replace(old, time=at)
    coming = schedule.next_dates(old, now, 1)
    day = coming[0].day if coming else zones.wall(now, old.zone).date()
    wall = zones.wall(zones.resolve(datetime.combine(day, at), old.zone), zone)
    carried = Transfer(replace(there, time=wall.time(), zone=zone), (wall.date() - day).days)
    return [
        ("wall", f"The hour on the clock: {at:%H:%M} in {zones.city(zone)} too"),
        ("moment", f"The moment: {transfer.in_words(there, carried)}"),
    ]


def meant(typed: Scheduling, old: Rule, now: datetime) -> Transfer:
    """The schedule that was meant. What was typed is the old zone's clock where the moment is to stay.

    Raises Invalid beside each field, on "keep" where the zone is another and nothing was chosen.
    """
    rule = schedule_form.rule_of(typed)
    if rule.zone == old.zone or typed.keep == "wall":
        return Transfer(rule)
    if typed.keep is None:
        raise Invalid({"keep": QUESTION})
    before = schedule_form.rule_of(typed.model_copy(update={"zone": old.zone}))
    carried = transfer.carry(before, rule.zone, now)
    return replace(carried, rule=replace(carried.rule, fold=rule.fold))


def in_words(typed: Scheduling, old: Rule, found: Transfer) -> str:
    """What the zone that was chosen does to the calls; "" where it is the old one."""
    if found.rule.zone == old.zone:
        return ""
    if typed.keep == "moment":
        said = transfer.in_words(replace(old, time=typed.first_time), found)
        city = zones.city(found.rule.zone)
        stays = "the moment stays" if _is_as_before(typed, old) else f"what you gave is taken by {zones.city(old.zone)}’s clocks"
        return f"{said}: {stays}. After the next change of clocks it follows {city}, at {found.rule.time:%H:%M} there."
    was, becomes = (f"{it.time:%H:%M} {zones.time_name(it.zone)}" for it in (old, found.rule))
    stays = " The hour on the clock stays, so the moment is another." if old.time == found.rule.time else ""
    return f"{was} becomes {becomes}.{stays}"


def _is_as_before(typed: Scheduling, old: Rule) -> bool:
    """Whether the zone is all that is another."""
    before = schedule.aligned(schedule_form.rule_of(typed.model_copy(update={"zone": old.zone})))
    return (before.time, before.rrule) == (old.time, old.rrule)


def ways(here: Visit, show: Show, typed: Scheduling, old: Rule) -> list[Way]:
    """Both ways side by side, so that the host sees what she does not choose; none where the zone stays."""
    if typed.zone == old.zone:
        return []
    return [_way(here, show, typed.model_copy(update={"keep": it}), old, it == typed.keep) for it in ("wall", "moment")]


def _way(here: Visit, show: Show, typed: Scheduling, old: Rule, is_chosen: bool) -> Way:
    title = "The hour on the clock stays" if typed.keep == "wall" else "The moment stays"
    try:
        found = meant(typed, old, here.now)
        rule = rescheduling.check(here.session, show, found.rule, here.now, found.days)
        facts = schedule_form.facts_of(rule, found.days)
        hearers = pending.preview(here.session, "reschedule", show, None, facts, by=here.by, now=here.now).hearers
    except Refusal as refusal:
        why = " ".join(refusal.errors.values()) if isinstance(refusal, Invalid) else refusal.sentence
        return Way(title, is_chosen, why, typed.zone)
    number = hearers.attendees
    heard = count(number, "One person gets a mail.", "{n} people get a mail.") if number else "Nobody gets a mail."
    dates = schedule.next_dates(rule, here.now, SHOWN_DATES)
    return Way(title, is_chosen, f"{schedule.in_words(rule)}. {heard} The next dates:", rule.zone, dates)


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
