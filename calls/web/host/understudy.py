"""Name who steps in when a call's guest cannot: somebody from the bench, or a replay. Swapping is one of the call's changes."""

from uuid import UUID

from calls.ground.refusals import Invalid, Refusal
from calls.guests import queries, understudying
from calls.guests.models import Guest, Understudy
from calls.guests.understudying import StandIn
from calls.shows.models import Call
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, visits
from calls.web.host.visits import Visit
from calls.web.pages import redirect

NOBODY = ("", "nobody from the bench")
DONE = {"named": "Named. Nobody else knows until you let the understudy step in.", "none": "There is no understudy any more."}


@get("/host/calls/{call_id}/understudy")
def form(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        here.require("invite guests")
        call = here.call()
        standing = here.session.get(Understudy, call.id)
        known = {"guest": str(standing.guest_id or ""), "replay": standing.replay} if standing else {}
        return _page(here, call, Form.of(known))


@post("/host/calls/{call_id}/understudy")
def name(ask: Ask) -> Answer:
    try:
        with visits.doing(ask) as here:
            call, wanted = here.call(), _wanted(ask.form)
            understudying.name(here.session, call, wanted, by=here.by, now=here.now)
    except Refusal as refusal:
        again, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _page(here, here.call(), again, status)
    return redirect(f"{ask.path}?done={'named' if wanted else 'none'}")


def announced(here: Visit, call: Call) -> str:
    """How the call would announce its understudy; "" where there is none."""
    standing = here.session.get(Understudy, call.id)
    if standing is None:
        return ""
    guest = here.session.get(Guest, standing.guest_id) if standing.guest_id else None
    return understudying.announced(guest, standing.replay)


def _wanted(typed: Form) -> StandIn | None:
    """What was chosen: a person, a replay, or nobody; with both it cannot be told who is meant."""
    chosen, replay = typed.value("guest"), typed.value("replay").strip()
    if not chosen and not replay:
        return None
    try:
        return StandIn(UUID(chosen) if chosen else None, replay)
    except ValueError as fault:
        raise Invalid({"guest": "Choose somebody from the bench."}) from fault


def _page(here: Visit, call: Call, typed: Form, status: int = 200) -> Answer:
    bench = [it for it in queries.all_of(here.session, here.account_id) if it.email]
    return here.page(
        "host/understudy.html",
        status,
        call=call,
        form=typed,
        people=[NOBODY, *((str(it.id), it.name) for it in bench)],
        understudy=announced(here, call),
        done=DONE.get(here.ask.query.value("done"), ""),
    )


PAGES = (form, name)
