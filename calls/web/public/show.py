"""A show's page: what it is, its calls to come, registering for one of them or for all, and its calendar."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from calls.guests import introducing
from calls.joining import queries as joining
from calls.shows import queries, schedule
from calls.shows.models import Call, Show
from calls.shows.schedule import Rule
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.pages import keep, page
from calls.web.public import register_form, shown, thanks
from calls.web.public.audience import audience
from calls.web.public.register_form import ALL, Wanted
from calls.web.public.zone_choices import zone_choices
from calls.web.subscribing import subscription

IN_FULL = 8
MOST = 40


@get("/{slug}")
def show(ask: Ask) -> Answer:
    ticket = ask.house.kept.begin()
    with ask.house.database.reading() as session:
        found = shown.show_here(ask, session)
        calls = queries.calls_to_come(session, [found.id], ask.now, limit=MOST)
        answer = _show_page(ask, session, found, calls, register_form.begun(ask, found, _first(calls, ask)))
    if found.published_at is None:
        return answer
    return keep(ask, ticket, answer, tags={f"show:{found.id}"}, until=shown.words_change_at(calls, ask.now))


@post("/{slug}")
def register(ask: Ask) -> Answer:
    which = register_form.value_of(ask.form)

    def choose(session: Session) -> Wanted:
        return register_form.found(ask, session, which)

    def again(form: Form, status: int) -> Answer:
        with ask.house.database.reading() as session:
            found = shown.published_show(ask, session)
            calls = queries.calls_to_come(session, [found.id], ask.now, limit=MOST)
            return _show_page(ask, session, found, calls, form, status)

    return register_form.registered(ask, which, choose, again, lambda wish: thanks.lead_on(ask, which, wish))


def _first(calls: Sequence[Call], ask: Ask) -> str:
    """What the form proposes: the next call that can be had."""
    return next((call.address for call in shown.free(calls, ask.now)), ALL)


def _show_page(ask: Ask, session: Session, found: Show, calls: Sequence[Call], form: Form, status: int = 200) -> Answer:
    listed = [shown.listed(call, ask.now) for call in calls]
    dates = shown.dates_to_choose(shown.free(calls, ask.now))
    return page(
        ask,
        "public/show.html",
        status,
        private=found.published_at is None,
        show=found,
        about=shown.summary(found.description) or f"Calls with {found.host_name or found.name}.",
        rule=schedule.in_words(_rule(found)),
        way_in=shown.way_in_words(joining.of(joining.room(session, found.id, None))),
        calls=listed[:IN_FULL],
        guests=introducing.introductions(session, [it.call.id for it in listed[:IN_FULL]]),
        audience=audience(session, found, ask.now),
        later=listed[IN_FULL:],
        form=form,
        choices=[*dates, *([(ALL, shown.EVERY)] if found.rrule else [])],
        zones=zone_choices(form.value("zone"), found.zone),
        feed=subscription(ask.house.links.public_feed(found.slug), found.name),
    )


def _rule(found: Show) -> Rule:
    return Rule(found.first_day, found.first_time, found.zone, found.minutes, found.rrule, found.fold)


PAGES = (show, register)
