"""Doubles: who on the bench is likely one person, and making one of two, with a look at what becomes of them before."""

from uuid import UUID

from calls.ground.refusals import Invalid, NotFound, Refusal
from calls.guests import benching, doubles, merging, queries
from calls.guests.models import Guest
from calls.guests.person import Known
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, visits
from calls.web.host.visits import Visit
from calls.web.pages import redirect

MOST = 50
MERGE = "merge"


@get("/host/guests/doubles")
def likely(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        here.require("invite guests")
        groups = doubles.groups(queries.known_of(here.session, here.account_id))
        return here.page("host/guest_doubles.html", groups=groups[:MOST], left_out=max(0, len(groups) - MOST))


@get("/host/guests/{guest_id}/merge")
def choose(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        return _form_page(here, here.guest(), Form.of({"double": ask.query.value("double"), "search": ask.query.value("search")}))


@post("/host/guests/{guest_id}/merge")
def merge(ask: Ask) -> Answer:
    """What the two would become; with the preview's button they do."""
    try:
        if ask.form.value("deed") != MERGE:
            with visits.looking(ask) as here:
                return _preview(here, here.guest())
        with visits.doing(ask) as here:
            guest = here.guest()
            merging.merge(here.session, guest, _double(here), by=here.by, now=here.now)
            return redirect(f"/host/guests/{guest.id}?done=merged")
    except Refusal as refusal:
        again, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _form_page(here, here.guest(), again, status)


def _double(here: Visit) -> Guest:
    """The one who was chosen. Raises Invalid where nobody was, NotFound for somebody of another account."""
    typed = here.ask.form.value("double")
    if not typed:
        raise Invalid({"double": "Choose who is the same person."})
    try:
        found = queries.guest_of_account(here.session, here.account_id, UUID(typed))
    except ValueError as fault:
        raise NotFound from fault
    if found is None:
        raise NotFound
    return found


def _preview(here: Visit, guest: Guest) -> Answer:
    here.require("invite guests")
    double = _double(here)
    merging.check(here.session, guest, double)
    return here.page(
        "host/guest_merge_preview.html",
        guest=guest,
        double=double,
        person=merging.merged(benching.of(guest), benching.of(double)),
        invitations=len(queries.invitations_of_guest(here.session, double.id)),
        bookings=len(queries.bookings_of_guest(here.session, double.id)),
    )


def _form_page(here: Visit, guest: Guest, form: Form, status: int = 200) -> Answer:
    """Likely doubles first; below them whom a search finds."""
    here.require("invite guests")
    others = [it for it in queries.known_of(here.session, here.account_id) if it.id != guest.id]
    search, chosen = form.value("search").strip(), form.value("double")
    options = {str(it.id): f"{_words(it)} ({why})" for it, why in doubles.like(guest, others)[:MOST]}
    found = [it for it in others if search and search.lower() in _words(it).lower()][:MOST]
    for it in (*found, *(it for it in others if str(it.id) == chosen)):
        options.setdefault(str(it.id), _words(it))
    return here.page("host/guest_merge.html", status, guest=guest, form=form, search=search, options=list(options.items()))


def _words(somebody: Known) -> str:
    return " · ".join(it for it in (somebody.name, somebody.email or "", somebody.phone) if it)


PAGES = (likely, choose, merge)
