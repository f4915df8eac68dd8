"""What a show's listeners wish for: show it to all, keep it back, or put the person on the bench."""

from collections.abc import Callable

from calls.ground.refusals import NotFound
from calls.shows.models import Show
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.host import visits
from calls.web.host.visits import Visit
from calls.web.pages import redirect
from calls.wishes import deciding, queries
from calls.wishes.models import Wish

MOST = 200
DONE = {
    "shown": "Everybody sees it now and can vote for it.",
    "refused": "It is kept from the public page. Who voted hears nothing.",
    "bench": "The person is on the bench now.",
}


@get("/host/shows/{show_id}/wishes")
def wishes(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        show = here.show()
        found = queries.confirmed(here.session, show.id, MOST)
        return here.page(
            "host/wishes.html",
            show=show,
            are_taken=queries.are_taken(here.session, show.id),
            waiting=[it for it in found if it.state == queries.WAITING],
            decided=[it for it in found if it.state != queries.WAITING],
            done=DONE.get(ask.query.value("done"), ""),
        )


@post("/host/wishes/{wish_id}/shown")
def show_it(ask: Ask) -> Answer:
    return _decided(ask, "shown", deciding.show)


@post("/host/wishes/{wish_id}/refused")
def refuse(ask: Ask) -> Answer:
    return _decided(ask, "refused", deciding.refuse)


@post("/host/wishes/{wish_id}/bench")
def put_on_bench(ask: Ask) -> Answer:
    return _decided(ask, "bench", deciding.put_on_bench)


def _decided(ask: Ask, done: str, decide: Callable[..., object]) -> Answer:
    with visits.doing(ask) as here:
        wish, show = _wish(here)
        decide(here.session, wish, show, by=here.by, now=here.now)
        return redirect(f"/host/shows/{show.id}/wishes?done={done}")


def _wish(here: Visit) -> tuple[Wish, Show]:
    found = queries.wish_of_account(here.session, here.account_id, here.ask.id("wish_id"))
    if found is None:
        raise NotFound
    return found


PAGES = (wishes, show_it, refuse, put_on_bench)
