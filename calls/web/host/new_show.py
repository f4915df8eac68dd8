"""Make a show by answering five things: the form, then the show as it would be, then public or kept as a draft.

Nothing is kept between the steps but what was typed, which goes along through each of them, and the identifier that the
show will have, so that a form posted twice makes one show.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls.ground.database import new_id
from calls.ground.refusals import Invalid, Refusal
from calls.joining import opening, rooms
from calls.joining.rooms import WayIn
from calls.messages import editing
from calls.shows import planning, queries, schedule
from calls.shows.models import Show
from calls.shows.planning import Plan
from calls.shows.schedule import Rule
from calls.team.models import Member
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, schedule_form, visits
from calls.web.host.schedule_form import Scheduling
from calls.web.host.visits import Visit
from calls.web.host.way_in import way_in_of
from calls.web.pages import redirect
from calls.web.reading import read

MAKING: Mapping[str, bool] = {"publish": True, "draft": False}
STEPS = ("deed", "made")

Read = TypeVar("Read")


class Naming(BaseModel):
    """The first answer."""

    name: Annotated[str, Field(title="a name", max_length=200)]


@get("/host/shows/new")
def new_show(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        known = queries.shows_of(here.session, here.account_id)
        zone = known[-1].zone if known else ""
        form = Form.of({"zone": zone, "repeats": "weekly", "every": 1, "ends": "open", "minutes": 60, "first_time": "19:00"})
        return _form_page(here, form, is_fresh=not zone)


@post("/host/shows/new")
def make(ask: Ask) -> Answer:
    """The form again, the preview, or the show, as the button says that was pressed."""
    deed = ask.form.value("deed")
    try:
        if deed in MAKING:
            return _make_once(ask, is_published=MAKING[deed])
        with visits.looking(ask) as here:
            return _form_page(here, ask.form) if deed == changes.CHANGE else _preview(here)
    except Refusal as refusal:
        form, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _form_page(here, form, status)


def _make_once(ask: Ask, *, is_published: bool) -> Answer:
    """Make the show, or lead to the one that this form has made, be it at this very moment in another transaction."""
    try:
        with visits.doing(ask) as here:
            return _to(_made(here) or _make(here, is_published))
    except (IntegrityError, Refusal):
        with visits.looking(ask) as here:
            made = _made(here)
            if made is None:
                raise
            return _to(made)


def _to(show: Show) -> Answer:
    return redirect(f"/host/shows/{show.id}?done={'draft' if show.published_at is None else 'published'}")


def _made(here: Visit) -> Show | None:
    """The show that this very form has made already."""
    id = _id_of(here.ask.form)
    return queries.show_of_account(here.session, here.account_id, id) if id else None


def _id_of(form: Form) -> UUID | None:
    try:
        return UUID(form.value("made"))
    except ValueError:
        return None


def _make(here: Visit, is_published: bool) -> Show:
    name, rule, way_in = _answers(here)
    id = _id_of(here.ask.form)
    plan = Plan(
        name=name,
        first_day=rule.first_day,
        first_time=rule.time,
        zone=rule.zone,
        minutes=rule.minutes,
        rrule=rule.rrule,
        fold=rule.fold,
        host_name=_host_name(here.member),
        is_published=is_published,
        id=id if id and _is_free(here.session, id) else None,
    )
    show = planning.create(here.session, here.account_id, plan, by=here.by, now=here.now)
    opening.give_room(here.session, show, None, way_in, by=here.by, now=here.now, is_first=True)
    editing.usual_reminders(here.session, show, now=here.now)
    return show


def _is_free(session: Session, id: UUID) -> bool:
    """Whether no show has the identifier; one of another account keeps it, and nobody learns of that."""
    return session.get(Show, id) is None


def _host_name(member: Member) -> str:
    """Who leads the calls, as far as can be known: the member, once she has said what she is called."""
    return "" if member.name == member.email.partition("@")[0] else member.name


def _answers(here: Visit) -> tuple[str, Rule, WayIn]:
    """What was answered, as the show will have it. Raises Invalid with the faults of all five answers."""
    form, faults = here.ask.form, dict[str, str]()
    named = _gather(faults, lambda: read(Naming, form))
    rule = _gather(faults, lambda: _rule(read(Scheduling, form), here))
    way_in = _gather(faults, lambda: rooms.checked(way_in_of(form)))
    if named is None or rule is None or way_in is None:
        raise Invalid(faults)
    return named.name, rule, way_in


def _rule(typed: Scheduling, here: Visit) -> Rule:
    asked = schedule_form.rule_of(typed)
    plan = Plan("A show", asked.first_day, asked.time, asked.zone, asked.minutes, asked.rrule, asked.fold)
    rule = planning.check_plan(plan, here.now)
    schedule_form.check_fold(typed, rule, here.now)
    return rule


def _gather(faults: dict[str, str], reading: Callable[[], Read]) -> Read | None:
    try:
        return reading()
    except Invalid as refusal:
        faults.update(refusal.errors)
        return None


def _preview(here: Visit) -> Answer:
    here.require("plan shows")
    name, rule, way_in = _answers(here)
    form = here.ask.form
    return here.page(
        "host/show_preview.html",
        name=name,
        rule=rule,
        words=schedule.in_words(rule),
        dates=schedule.next_dates(rule, here.now),
        gaps=schedule_form.gaps(rule, here.now),
        way_in=way_in,
        typed=[(name, value) for name, value in form.fields() if name not in STEPS],
        made=_id_of(form) or new_id(),
    )


def _form_page(here: Visit, form: Form, status: int = 200, *, is_fresh: bool = False) -> Answer:
    here.require("plan shows")
    return here.page(
        "host/show_new.html",
        status,
        form=form,
        options=schedule_form.OPTIONS,
        zones=[("", "Choose a zone"), *schedule_form.zone_options()],
        is_fresh=is_fresh,
    )


PAGES = (new_show, make)
