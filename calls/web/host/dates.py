"""Single dates of a show beside its rule: add an extra one, and bring a skipped one back."""

from datetime import date, time
from typing import Annotated, Any

from pydantic import BaseModel, Field

from calls.ground import zones
from calls.ground.refusals import Invalid, NotFound, Refusal
from calls.shows import queries, rescheduling, schedule
from calls.shows.models import Call, Show
from calls.shows.schedule import Planned, Rule
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, schedule_form, visits
from calls.web.host.visits import Visit
from calls.web.pages import redirect
from calls.web.reading import SPELLINGS, read


class Extra(BaseModel):
    """A date beside the schedule, on the clocks of the show's zone."""

    day: Annotated[date, Field(title="the day")]
    time: Annotated[time, Field(title="the time")]
    minutes: Annotated[int, Field(title="the length in minutes", ge=5, le=1440)]
    fold: Annotated[int | None, Field(title="which of the two", ge=0, le=1)] = None


@get("/host/shows/{show_id}/extra")
def extra(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        show = here.show()
        return _extra_page(here, Form.of({"time": f"{show.first_time:%H:%M}", "minutes": show.minutes}))


@post("/host/shows/{show_id}/extra")
def add_extra(ask: Ask) -> Answer:
    if ask.form.value("deed") == changes.CHANGE:
        with visits.looking(ask) as here:
            return _extra_page(here, ask.form)
    try:
        with visits.doing(ask) as here:
            return _look_or_add(here)
    except Refusal as refusal:
        form, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _extra_page(here, form, status)


def _look_or_add(here: Visit) -> Answer:
    show, typed = here.show(), read(Extra, here.ask.form)
    planned = _planned(show, typed)
    facts: dict[str, Any] = {
        "wall": planned.wall.isoformat(timespec="minutes"),
        "minutes": typed.minutes,
        "fold": planned.fold,
    }
    foreseen = changes.foresee(here, "extra", show, None, facts)
    if changes.is_sent(here.ask) and not foreseen.is_other_than_seen:
        return changes.send(here, "extra", show, None, facts, foreseen, f"/host/shows/{show.id}")
    return here.page(
        "host/extra_preview.html",
        show=show,
        planned=planned,
        minutes=typed.minutes,
        moved_on=schedule.moved_on(planned, show.zone),
        foreseen=foreseen,
        form=here.ask.form,
    )


def _planned(show: Show, typed: Extra) -> Planned:
    """The date as it would be laid out. Asks which of two equal times is meant."""
    if typed.time.second:
        raise Invalid({"time": "Give the time in hours and minutes."})
    if not zones.FIRST_YEAR <= typed.day.year <= zones.LAST_YEAR:
        raise Invalid({"day": f"The day must lie between the years {zones.FIRST_YEAR} and {zones.LAST_YEAR}."})
    rule = Rule(typed.day, typed.time, show.zone, typed.minutes, fold=typed.fold or 0)
    planned = schedule.plan(typed.day, rule)
    if planned.standing == "fold" and typed.fold is None:
        raise Invalid({"fold": f"{schedule_form.which_of_two(planned, show.zone)} Say which of the two is meant."})
    return planned


def _extra_page(here: Visit, form: Form, status: int = 200) -> Answer:
    here.require("move calls")
    show = here.show()
    return here.page(
        "host/extra.html",
        status,
        show=show,
        form=form,
        folds=schedule_form.FOLDS,
        waiting=changes.waiting_of(here, show),
        done=changes.done(here.ask),
    )


@get("/host/shows/{show_id}/skips/{day}")
def skip(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        return _skip_page(here, Form())


@post("/host/shows/{show_id}/skips/{day}")
def bring_back(ask: Ask) -> Answer:
    try:
        with visits.doing(ask) as here:
            return _bring_back(here)
    except Refusal as refusal:
        form, status = changes.refused(ask.form, refusal)
        with visits.doing(ask) as here:
            return here.page("host/skip_refused.html", status, show=here.show(), day=_day(here), form=form)


def _bring_back(here: Visit) -> Answer:
    show, day = here.show(), _day(here)
    call = _skipped(here, show, day)
    to = f"/host/shows/{show.id}"
    if call is None:
        rescheduling.take_back_skip(here.session, show, day, by=here.by, now=here.now)
        return redirect(f"{to}?done=changed")
    foreseen = changes.foresee(here, "restore", show, call, {})
    if not foreseen.is_other_than_seen:
        return changes.send(here, "restore", show, call, {}, foreseen, f"/host/calls/{call.id}")
    return here.page("host/skip.html", show=show, day=day, call=call, foreseen=foreseen, form=here.ask.form)


def _skip_page(here: Visit, form: Form) -> Answer:
    here.require("move calls")
    show, day = here.show(), _day(here)
    call = _skipped(here, show, day)
    try:
        foreseen = changes.foresee(here, "restore", show, call, {}) if call else None
    except Refusal as refusal:
        form, _ = changes.refused(form, refusal)
        return here.page("host/skip_refused.html", show=show, day=day, form=form)
    return here.page("host/skip.html", show=show, day=day, call=call, foreseen=foreseen, form=form)


def _day(here: Visit) -> date:
    """The skipped day that the address names, in its one spelling. Raises NotFound for a day that is not skipped."""
    typed = here.ask.part("day")
    try:
        day = date.fromisoformat(typed) if SPELLINGS[date].fullmatch(typed) else None
    except ValueError:
        day = None
    if day is None or day not in queries.skips_of(here.session, here.show().id):
        raise NotFound
    return day


def _skipped(here: Visit, show: Show, day: date) -> Call | None:
    """The call that was skipped that day, if people may know of one."""
    return next((call for call in queries.skipped_calls(here.session, show.id, here.now) if call.planned_day == day), None)


PAGES = (extra, add_extra, skip, bring_back)
