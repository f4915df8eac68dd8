"""One show: its calls, what to share, its words and seats; and from here to everything about it."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from calls.ground import zones
from calls.ground.refusals import Refusal
from calls.joining import queries as joining
from calls.shows import planning, queries, schedule
from calls.shows.models import Call
from calls.shows.planning import MOST_SEATS, Details
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form, Typed
from calls.web.host import changes, visits
from calls.web.host.rows import rows
from calls.web.host.visits import Visit
from calls.web.pages import redirect
from calls.web.reading import LONG, read
from calls.wishes import queries as wishes

A_PAGE = 20
LONGEST_PAGE_NUMBER = 10_000


class Wording(BaseModel):
    """What a show says of itself, and how many a call of it seats."""

    name: Annotated[str, Field(title="a name", max_length=200)]
    description: Annotated[str, Field(title="a description", max_length=20_000), LONG] = ""
    host_name: Annotated[str, Field(title="a name", max_length=200)] = ""
    capacity: Annotated[int, Field(title="a number of seats", ge=1, le=MOST_SEATS)]


@get("/host/shows/{show_id}")
def show(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        it, number = here.show(), _number(ask)
        calls = queries.calls_to_come(here.session, [it.id], here.now, A_PAGE + 1, (number - 1) * A_PAGE)
        today = zones.wall(here.now, it.zone).date()
        public, feed = ask.house.links.show(it.slug), ask.house.links.public_feed(it.slug)
        return here.page(
            "host/show.html",
            show=it,
            words=schedule.in_words(queries.own_rule(it)),
            way_in=joining.of(joining.room(here.session, it.id, None)),
            skips=sorted(day for day in queries.skips_of(here.session, it.id) if day >= today),
            public=public,
            feed=feed,
            webcal=_webcal(feed),
            waiting=changes.waiting_of(here, it),
            done=changes.done(ask),
            wished=wishes.count_waiting(here.session, [it.id]).get(it.id, 0),
            **_listed(here, calls, number),
        )


@get("/host/shows/{show_id}/past")
def past(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        it, number = here.show(), _number(ask)
        calls = queries.calls_gone_by(here.session, it.id, here.now, A_PAGE + 1, (number - 1) * A_PAGE)
        return here.page("host/show_past.html", show=it, **_listed(here, calls, number))


def _listed(here: Visit, calls: Sequence[Call], number: int) -> dict[str, Any]:
    """A page of calls, and the ways to the pages before and after; one call too many was asked for to know of the latter."""
    shown, path = calls[:A_PAGE], here.ask.path
    pending = queries.pending_by_call(here.session, [call.id for call in shown]).values()
    return {
        "rows": rows(here.session, shown, pending, here.now, with_show=False),
        "number": number,
        "previous": f"{path}?page={number - 1}" if number > 1 else "",
        "following": f"{path}?page={number + 1}" if len(calls) > A_PAGE else "",
    }


def _number(ask: Ask) -> int:
    """The page that the address asks for; the first for anything else."""
    typed = ask.query.value("page")
    return min(max(1, int(typed)), LONGEST_PAGE_NUMBER) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1


def _webcal(address: str) -> str:
    """The feed's address as calendar programs take it with one tap."""
    return f"webcal://{address.removeprefix(f'{urlsplit(address).scheme}://')}"


@post("/host/shows/{show_id}/publishing")
def publish(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        it = here.show()
        planning.publish(here.session, it, by=here.by, now=here.now)
        return redirect(f"/host/shows/{it.id}?done=published")


@get("/host/shows/{show_id}/words")
def words(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        it = here.show()
        known: dict[str, Typed] = {
            "name": it.name,
            "description": it.description,
            "host_name": it.host_name,
            "capacity": it.capacity,
        }
        return _words_page(here, Form.of(known))


@post("/host/shows/{show_id}/words")
def reword(ask: Ask) -> Answer:
    try:
        with visits.doing(ask) as here:
            it, typed = here.show(), read(Wording, ask.form)
            details = Details(typed.name, typed.description, typed.host_name, typed.capacity)
            planning.change(here.session, it, details, by=here.by, now=here.now)
            return redirect(f"/host/shows/{it.id}?done=saved")
    except Refusal as refusal:
        form, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _words_page(here, form, status)


def _words_page(here: Visit, form: Form, status: int = 200) -> Answer:
    here.require("plan shows")
    return here.page("host/show_words.html", status, show=here.show(), form=form)


PAGES = (show, past, publish, words, reword)
