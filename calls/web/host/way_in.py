"""How people get into all calls of a show: a number with its code, a web link, or both."""

from dataclasses import asdict

from calls.ground.refusals import Refusal
from calls.joining import queries as joining
from calls.joining import rooms
from calls.joining.rooms import WayIn
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, visits
from calls.web.host.visits import Visit


def way_in_of(form: Form) -> WayIn:
    """What was typed, not checked yet."""
    return WayIn(form.value("phone"), form.value("code"), form.value("web_link"), form.has("is_page_only"))


def form_of(way_in: WayIn) -> Form:
    return Form.of(asdict(way_in))


@get("/host/shows/{show_id}/way-in")
def way_in(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        here.require("move calls")
        standing = joining.of(joining.room(here.session, here.show().id, None))
        return _form_page(here, form_of(standing))


@post("/host/shows/{show_id}/way-in")
def change_way_in(ask: Ask) -> Answer:
    if ask.form.value("deed") == changes.CHANGE:
        with visits.looking(ask) as here:
            return _form_page(here, ask.form)
    try:
        with visits.doing(ask) as here:
            return _look_or_send(here)
    except Refusal as refusal:
        form, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _form_page(here, form, status)


def _look_or_send(here: Visit) -> Answer:
    show = here.show()
    wanted = rooms.checked(way_in_of(here.ask.form))
    facts = asdict(wanted)
    foreseen = changes.foresee(here, "way_in", show, None, facts)
    if changes.is_sent(here.ask) and not foreseen.is_other_than_seen:
        return changes.send(here, "way_in", show, None, facts, foreseen, f"/host/shows/{show.id}")
    standing = joining.of(joining.room(here.session, show.id, None))
    return here.page(
        "host/show_way_in_preview.html",
        show=show,
        foreseen=foreseen,
        form=here.ask.form,
        pairs=[("Now", standing), ("From then on", wanted)],
        with_own_room=len([key for key in joining.ways_in(here.session, [show.id]) if key[1] is not None]),
    )


def _form_page(here: Visit, form: Form, status: int = 200) -> Answer:
    show = here.show()
    waiting, done = changes.waiting_of(here, show), changes.done(here.ask)
    return here.page("host/show_way_in.html", status, show=show, form=form, waiting=waiting, done=done)


PAGES = (way_in, change_way_in)
