"""Who is registered for a call or a show: search, sheet, and one by one add, remove, send again."""

from urllib.parse import urlencode

from calls.ground.refusals import Invalid, NotFound, Refusal
from calls.messages import mails
from calls.messages import queries as outbox
from calls.registrations import adding, registering
from calls.registrations.attending import Person
from calls.registrations.models import Registration
from calls.shows.models import Call, Show
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, entries, replies, visits
from calls.web.host.paging import page_wanted
from calls.web.host.sheets import sheet
from calls.web.host.visits import Visit
from calls.web.host.zone_list import zones_to_choose
from calls.web.pages import redirect

PAGE = 50
LONGEST_SEARCH = 200


@get("/host/calls/{call_id}/registrations")
def of_call(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        call = here.call()
        return _list(here, call, call.show, f"/host/calls/{call.id}")


@get("/host/shows/{show_id}/registrations")
def of_show(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        show = here.show()
        return _list(here, show, show, f"/host/shows/{show.id}")


@get("/host/calls/{call_id}/registrations.csv")
def sheet_of_call(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        call = here.call()
        return _sheet(here, call, f"{call.show.name} {call.address}")


@get("/host/shows/{show_id}/registrations.csv")
def sheet_of_show(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        show = here.show()
        return _sheet(here, show, show.name)


@get("/host/calls/{call_id}/registrations/new")
def new(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        call = here.call()
        here.require("change registrations")
        registering.check_open(call, here.now)
        return _new_page(here, call, Form.of({"zone": call.zone}))


@post("/host/calls/{call_id}/registrations")
def add(ask: Ask) -> Answer:
    form = ask.form
    person = Person(form.value("name"), form.value("email"), form.value("zone"), form.value("phone"))
    try:
        with visits.doing(ask) as here:
            call, is_another = here.call(), form.has("is_another")
            outcome = adding.add(
                here.session, call, person, is_another=is_another, by=here.by, now=here.now, take=ask.house.take_seat
            )
    except Refusal as refusal:
        again, status = changes.refused(form, refusal)
        with visits.looking(ask) as here:
            return _new_page(here, here.call(), again, status)
    return redirect(f"/host/calls/{call.id}/registrations?done={'added' if outcome.is_new else 'known'}")


@get("/host/calls/{call_id}/registrations/{registration_id}/removal")
def removal(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        registration = _standing(here)
        here.require("change registrations")
        return here.page(
            "host/registration_removal.html",
            registration=registration,
            call=registration.call,
            is_written_to=_is_written_to(here, registration),
        )


@post("/host/calls/{call_id}/registrations/{registration_id}/removal")
def remove(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        registration = _of_call(here)
        registering.remove(here.session, registration, by=here.by, now=here.now)
        return redirect(f"/host/calls/{registration.call_id}/registrations?done=removed")


@post("/host/calls/{call_id}/registrations/{registration_id}/confirmation")
def resend(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        registration = _of_call(here)
        if registration.attendee.email is None:
            raise Invalid({"": "There is no e-mail address to send to."})
        registering.ask_again(here.session, registration, by=here.by, now=here.now)
        return redirect(f"/host/calls/{registration.call_id}/registrations?done=resent")


DONE = {
    "added": "Added. The confirmation goes out now, if there is an e-mail address.",
    "known": "That person was on the list already and stays there once. The confirmation goes out again, if there is an address.",
    "removed": "Removed. The seat is free again.",
    "resent": "The confirmation goes out again.",
}


def _list(here: Visit, whose: Call | Show, show: Show, address: str) -> Answer:
    here.require("see registrations")
    search = here.ask.query.value("search").strip()[:LONGEST_SEARCH]
    total = entries.count(here.session, whose, search)
    page = min(page_wanted(here.ask), max(1, -(-total // PAGE)))
    first = (page - 1) * PAGE
    rows = entries.listed(here.session, whose, search, here.now, PAGE, first)
    at = f"{address}/registrations"
    return here.page(
        "host/registrations.html",
        call=whose if isinstance(whose, Call) else None,
        show=show,
        said=replies.of_call(here.session, whose.id) if isinstance(whose, Call) else None,
        here=at,
        back=address,
        rows=rows,
        search=search,
        form=Form.of({"search": search}),
        total=total,
        first=first + 1,
        last=first + len(rows),
        previous=_address(at, search, page - 1) if page > 1 else "",
        next=_address(at, search, page + 1) if first + len(rows) < total else "",
        sheet=_address(f"{at}.csv", search, 1),
        done=DONE.get(here.ask.query.value("done"), ""),
    )


def _sheet(here: Visit, whose: Call | Show, name: str) -> Answer:
    here.require("see registrations")
    search = here.ask.query.value("search").strip()[:LONGEST_SEARCH]
    return sheet(name, entries.all_of(here.session, whose, search, here.now))


def _address(at: str, search: str, page: int) -> str:
    facts = {**({"search": search} if search else {}), **({"page": page} if page > 1 else {})}
    return f"{at}?{urlencode(facts)}" if facts else at


def _new_page(here: Visit, call: Call, form: Form, status: int = 200) -> Answer:
    return here.page(
        "host/registration_new.html",
        status,
        call=call,
        form=form,
        has_namesake=form.error("name") == adding.NAMESAKE,
        zones=zones_to_choose(call.zone),
    )


def _of_call(here: Visit) -> Registration:
    """The registration that the address names, at the call that it names."""
    registration = here.registration()
    if registration.call_id != here.ask.id("call_id"):
        raise NotFound
    return registration


def _standing(here: Visit) -> Registration:
    registration = _of_call(here)
    if not registration.is_confirmed:
        raise NotFound
    return registration


def _is_written_to(here: Visit, registration: Registration) -> bool:
    """Whether she hears by mail that she was taken off."""
    silences = outbox.silences_of(here.session, [registration.attendee_id]).get(registration.attendee_id, frozenset())
    return registration.attendee.email is not None and mails.may_reach("registration_removed", silences)


PAGES = (of_call, of_show, sheet_of_call, sheet_of_show, new, add, removal, remove, resend)
