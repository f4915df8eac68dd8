"""The page of one call: what, who, when, seats left, and its own form; where it cannot be had, the next dates that can."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from calls.guests import introducing
from calls.joining import queries as joining
from calls.shows import queries
from calls.shows.models import Call, Show
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.pages import keep, page
from calls.web.public import register_form, shown, thanks
from calls.web.public.register_form import ALL, ONE, Wanted
from calls.web.public.shown import Choices
from calls.web.public.zone_choices import zone_choices

OFFERED = 12


@get("/{slug}/{address}")
def call(ask: Ask) -> Answer:
    ticket = ask.house.kept.begin()
    with ask.house.database.reading() as session:
        show = shown.show_here(ask, session)
        found = shown.call_here(ask, session, show)
        others = _others(ask, session, found)
        first = found.address if not others else others[0].address
        answer = _call_page(ask, session, found, others, register_form.begun(ask, show, first))
    if show.published_at is None:
        return answer
    if found.ends_at <= ask.now:
        answer = answer.with_header("x-robots-tag", "noindex")
    return keep(ask, ticket, answer, tags={f"show:{show.id}"}, until=shown.words_change_at([found, *others], ask.now))


@post("/{slug}/{address}")
def register(ask: Ask) -> Answer:
    here = ask.part("address")
    value = register_form.value_of(ask.form) or here

    def choose(session: Session) -> Wanted:
        if value != here:
            shown.call_here(ask, session, shown.published_show(ask, session))
        return register_form.found(ask, session, value)

    def again(form: Form, status: int) -> Answer:
        with ask.house.database.reading() as session:
            found = shown.call_here(ask, session, shown.published_show(ask, session))
            # The call may have been free, and its form without this choice, when it was opened.
            return _call_page(ask, session, found, _others(ask, session, found), form.or_else("which", ONE), status)

    which = value if value == here else ""
    return register_form.registered(ask, which, choose, again, lambda wish: thanks.lead_on(ask, value, wish))


def _others(ask: Ask, session: Session, found: Call) -> Sequence[Call]:
    """The next dates to offer where this one cannot be had."""
    if shown.is_free(found, ask.now):
        return []
    return queries.next_with_seats(session, found.show_id, ask.now, OFFERED)


def _call_page(ask: Ask, session: Session, found: Call, others: Sequence[Call], form: Form, status: int = 200) -> Answer:
    show = found.show
    return page(
        ask,
        "public/call.html",
        status,
        private=show.published_at is None,
        show=show,
        it=shown.listed(found, ask.now),
        guests=introducing.introductions(session, [found.id]).get(found.id, []),
        about=shown.summary(found.description or show.description) or f"A call of {show.name}.",
        way_in=shown.way_in_words(joining.way_in(session, found)),
        form=form,
        choices=_choices(show, found, others, is_open=shown.is_free(found, ask.now)),
        zones=zone_choices(form.value("zone"), show.zone),
    )


def _choices(show: Show, found: Call, others: Sequence[Call], *, is_open: bool) -> Choices:
    every = [(ALL, shown.EVERY)] if show.rrule else []
    if is_open:
        return [(found.address, "This call only"), *every]
    return [*shown.dates_to_choose(others), *every]


PAGES = (call, register)
