"""Move, cancel, restore and skip one call, change its guest and its way in: form, preview, Send.

Each is a resource of the call with one path: GET shows the form, POST what would happen, POST with Send does it.
"""

from calls.ground.refusals import NotFound, Refusal
from calls.shows.models import Call
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import call_deeds, changes, visits
from calls.web.host.call_deeds import DEEDS, Deed
from calls.web.host.visits import Visit
from calls.web.host.zone_list import zones_to_choose
from calls.web.pages import redirect


@get("/host/calls/{call_id}/{change}")
def change_form(ask: Ask) -> Answer:
    deed = _deed(ask)
    if not deed.template:
        with visits.doing(ask) as here:
            return _look_or_send(here, deed)
    with visits.looking(ask) as here:
        call = here.call()
        here.require("move calls")
        return _form_page(here, deed, call, deed.form(here, call))


@post("/host/calls/{call_id}/{change}")
def change(ask: Ask) -> Answer:
    deed = _deed(ask)
    if ask.form.value("deed") == changes.CHANGE and deed.template:
        with visits.looking(ask) as here:
            return _form_page(here, deed, here.call(), ask.form)
    try:
        with visits.doing(ask) as here:
            return _look_or_send(here, deed)
    except Refusal as refusal:
        if not deed.template:
            raise
        form, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _form_page(here, deed, here.call(), form, status)


def _deed(ask: Ask) -> Deed:
    deed = DEEDS.get(ask.part("change"))
    if deed is None:
        raise NotFound
    return deed


def _look_or_send(here: Visit, deed: Deed) -> Answer:
    call, form = here.call(), here.ask.form
    here.require("move calls")
    facts = deed.facts(here, call, form)
    show, page = call.show, f"/host/calls/{call.id}"
    foreseen = changes.foresee(here, deed.kind, show, call, facts)
    if changes.is_sent(here.ask) and not foreseen.is_other_than_seen:
        sent = changes.send(here, deed.kind, show, call, facts, foreseen, page)
        return sent if call in here.session else redirect(f"/host/shows/{show.id}?done=changed")
    pairs = deed.pairs(here, call, facts)
    return here.page("host/call_change_preview.html", change=deed, call=call, form=form, foreseen=foreseen, pairs=pairs)


def _form_page(here: Visit, deed: Deed, call: Call, form: Form, status: int = 200) -> Answer:
    facts = {"folds": call_deeds.folds(form), "zones": zones_to_choose(call.zone)} if deed.kind == "move" else {}
    return here.page(deed.template, status, change=deed, call=call, form=form, **facts)


PAGES = (change_form, change)
