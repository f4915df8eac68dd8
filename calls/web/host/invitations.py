"""The invitations of a show: how far each has come, nudge, withdraw, and offer more dates."""

from calls.ground.refusals import Refusal
from calls.guests import inviting, offering, queries
from calls.guests.models import Invitation
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import asked, changes, visits
from calls.web.host.visits import Visit
from calls.web.pages import redirect

PAGE = 50
DONE = {
    "sent": "Sent. Each guest gets a mail with a link of her own.",
    "nudged": "Nudged. The mail goes out now.",
    "offered": "Offered. The mail that says so goes out now.",
    "withdrawn": "Withdrawn. Nothing more is sent to this guest about it.",
    "approved": "Agreed. The guest hears of it by mail.",
    "cancelled": "Cancelled. The guest hears of it by mail.",
}


@get("/host/shows/{show_id}/invitations")
def of_show(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        here.require("invite guests")
        show = here.show()
        typed = ask.query.value("page")
        number = max(1, int(typed)) if typed.isdecimal() and len(typed) < 5 else 1
        found = queries.invitations_of_show(here.session, show.id, PAGE + 1, (number - 1) * PAGE)
        at = f"/host/shows/{show.id}/invitations"
        return here.page(
            "host/invitations.html",
            show=show,
            rows=asked.rows(here.session, found[:PAGE], here.now),
            done=DONE.get(ask.query.value("done"), ""),
            number=number,
            previous=f"{at}?page={number - 1}" if number > 1 else "",
            following=f"{at}?page={number + 1}" if len(found) > PAGE else "",
        )


@post("/host/invitations/{invitation_id}/nudge")
def nudge(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        invitation = here.invitation()
        inviting.nudge(here.session, invitation, by=here.by, now=here.now)
        return _back(here, invitation, "nudged")


@post("/host/invitations/{invitation_id}/withdrawal")
def withdraw(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        invitation = here.invitation()
        inviting.withdraw(here.session, invitation, by=here.by, now=here.now)
        return _back(here, invitation, "withdrawn")


@get("/host/invitations/{invitation_id}/dates")
def dates_form(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        here.require("invite guests")
        return _dates_page(here, here.invitation(), Form())


@post("/host/invitations/{invitation_id}/dates")
def offer_dates(ask: Ask) -> Answer:
    """Offer a guest more dates; she hears of them at once."""
    try:
        with visits.doing(ask) as here:
            invitation = here.invitation()
            chosen = ask.form.values("call")
            calls = [it for it in offering.open_calls(here.session, invitation.show_id, here.now) if str(it.id) in chosen]
            inviting.offer(here.session, invitation, calls, by=here.by, now=here.now)
            return _back(here, invitation, "offered")
    except Refusal as refusal:
        form, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _dates_page(here, here.invitation(), form, status)


def _dates_page(here: Visit, invitation: Invitation, form: Form, status: int = 200) -> Answer:
    known = {it.id for it in offering.calls_offered(here.session, invitation.id, here.now)}
    calls = [it for it in offering.open_calls(here.session, invitation.show_id, here.now) if it.id not in known]
    return here.page(
        "host/invitation_dates.html",
        status,
        invitation=invitation,
        show=invitation.show,
        form=form,
        calls=asked.dates_to_offer(calls),
    )


def _back(here: Visit, invitation: Invitation, done: str) -> Answer:
    """To the call whose page it was done on, else to the list."""
    found = here.call_of(here.ask.form.value("back"))
    at = f"/host/calls/{found.id}" if found else f"/host/shows/{invitation.show_id}/invitations"
    return redirect(f"{at}?done={done}")


PAGES = (of_show, nudge, withdraw, dates_form, offer_dates)
