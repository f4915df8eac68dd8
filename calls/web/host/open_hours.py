"""When a show's host can take guests for talks: her weekly hours, her busy calendar, and what is free because of both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from calls.ground import when, zones
from calls.ground.refusals import Refusal
from calls.ground.text import count
from calls.guests import opening_hours, slot_queries
from calls.guests.models import BusyCalendar
from calls.guests.open_hours import LIMITS
from calls.guests.slots import Hours
from calls.shows.models import Show
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, open_hours_form, visits
from calls.web.host.visits import Visit
from calls.web.host.zone_list import zones_to_choose
from calls.web.pages import redirect

SHOWN = 12
DONE = {
    "saved": "The hours are open.",
    "closed": "The hours are closed. Talks that are agreed on stay.",
    "watched": "The calendar is being read. Look again in a minute.",
    "forgotten": "Your calendar is read no more.",
}
NO_BUSY = Form()


@dataclass(frozen=True)
class Watched:
    """What is known of a busy calendar, in words."""

    host: str
    state: str
    tone: str
    lines: tuple[str, ...]


@get("/host/shows/{show_id}/open-hours")
def open_hours(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        return _page(here, here.show())


@post("/host/shows/{show_id}/open-hours")
def set_hours(ask: Ask) -> Answer:
    def act(here: Visit, show: Show) -> None:
        opening_hours.set_hours(here.session, show, open_hours_form.hours_of(ask.form), by=here.by, now=here.now)

    return _done(ask, "saved", act, lambda here, show, form, status: _page(here, show, status, form=form))


@post("/host/shows/{show_id}/open-hours/closing")
def close(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        show = here.show()
        opening_hours.close(here.session, show, by=here.by, now=here.now)
        return redirect(f"/host/shows/{show.id}/open-hours?done=closed")


@post("/host/shows/{show_id}/open-hours/busy")
def watch(ask: Ask) -> Answer:
    def act(here: Visit, show: Show) -> None:
        opening_hours.watch(here.session, show, ask.form.value("address"), by=here.by, now=here.now)

    return _done(ask, "watched", act, lambda here, show, form, status: _page(here, show, status, busy_form=form))


@post("/host/shows/{show_id}/open-hours/busy/removal")
def forget(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        show = here.show()
        opening_hours.forget(here.session, show, by=here.by, now=here.now)
        return redirect(f"/host/shows/{show.id}/open-hours?done=forgotten")


def _done(
    ask: Ask, done: str, act: Callable[[Visit, Show], None], again: Callable[[Visit, Show, Form, int], Answer]
) -> Answer:
    """Do what was typed, or show it again with what is wrong."""
    try:
        with visits.doing(ask) as here:
            show = here.show()
            act(here, show)
            return redirect(f"/host/shows/{show.id}/open-hours?done={done}")
    except Refusal as refusal:
        form, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return again(here, here.show(), form, status)


def _page(here: Visit, show: Show, status: int = 200, *, form: Form | None = None, busy_form: Form = NO_BUSY) -> Answer:
    here.require("invite guests")
    hours = slot_queries.hours_of(here.session, show.id)
    standing = slot_queries.busy_calendar_of(here.session, show.id)
    free = slot_queries.slots_of(here.session, show, here.now)
    zone = hours.zone if hours else show.zone
    shown = (form or open_hours_form.form_of(hours or Hours(zone, ()))).or_else("zone", zone)
    return here.page(
        "host/open_hours.html",
        status,
        show=show,
        hours=hours,
        form=shown,
        days=open_hours_form.days(shown),
        limits=LIMITS,
        zones=zones_to_choose(zone),
        busy_form=busy_form,
        watched=_watched(standing, zone, here.now) if standing else None,
        free=free[:SHOWN],
        more=len(free) - SHOWN,
        done=DONE.get(here.ask.query.value("done"), ""),
    )


def _watched(it: BusyCalendar, zone: str, now: datetime) -> Watched:
    """When it was read last and what was in it, or since when and why it cannot be read."""
    host = opening_hours.host_of(it.address)
    coming = sum(datetime.fromisoformat(end) > now for _, end in it.busy)
    holds = count(coming, "One busy time to come was found.", "{n} busy times to come were found.")
    if it.failing_since is None and it.read_at is None:
        return Watched(host, "not read yet", "warn", ("It is read within a minute.",))
    if it.failing_since is None and it.read_at is not None:
        return Watched(host, "read", "good", (f"Read last on {_moment(it.read_at, zone)}. {holds}",))
    lines = [f"Since {_moment(it.failing_since or now, zone)} it cannot be read. {it.fault}"]
    if it.read_at is not None:
        lines.append(f"What was read last, on {_moment(it.read_at, zone)}, still counts. {holds}")
    else:
        lines.append("It has not been read yet, so nothing in it counts.")
    lines.append(f"It is tried again at {when.clock(it.try_at, zone)}.")
    return Watched(host, "not readable", "bad", tuple(lines))


def _moment(moment: datetime, zone: str) -> str:
    return f"{when.short_day(moment, zone)}, {when.clock(moment, zone)} {zones.time_name(zone)}"


PAGES = (open_hours, set_hours, close, watch, forget)
