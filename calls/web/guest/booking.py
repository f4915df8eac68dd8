"""What a guest does about her date: confirm it with three answers, say no, ask for another, or pass it on."""

from calls.ground import zones
from calls.ground.refusals import Invalid, NotFound, Refusal, Refused
from calls.guests import booking, inviting, stages
from calls.guests.answers import Answers
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.guest import shown, visits
from calls.web.guest.visits import Visit
from calls.web.pages import redirect
from calls.web.refusals import status_of


@post("/g/{token}/confirmation")
def confirm(ask: Ask) -> Answer:
    form = ask.form
    typed = Answers(form.value("name"), form.value("topic"), form.value("phone"))
    try:
        with visits.doing(ask) as here:
            if here.booking is None:
                raise Refused("No date is held for you. Choose one first.")
            if zones.is_zone(form.value("zone")):
                here.guest.zone = form.value("zone")
            booking.accept(here.session, here.booking, typed, by=here.by, now=here.now)
    except Refusal as refusal:
        again, status = _again(form, refusal)
        with visits.looking(ask) as here:
            return shown.page_of(here, again, status)
    return redirect(here.address)


@get("/g/{token}/decline")
def decline_form(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        _check_open(here, "decline")
        return here.page("guest/decline.html", form=Form())


@post("/g/{token}/decline")
def decline(ask: Ask) -> Answer:
    with visits.doing(ask) as here:
        inviting.decline(here.session, here.invitation, ask.form.value("reason"), by=here.by, now=here.now)
    return redirect(here.address)


@get("/g/{token}/other-date")
def other_date_form(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        _check_open(here, "decline")
        return here.page("guest/other_date.html", form=Form.of({"words": here.invitation.asked_for}))


@post("/g/{token}/other-date")
def other_date(ask: Ask) -> Answer:
    ask.house.limits.check("ask", ask.now, network=ask.client)
    try:
        with visits.doing(ask) as here:
            inviting.ask_for(here.session, here.invitation, ask.form.value("words"), by=here.by, now=here.now)
    except Refusal as refusal:
        again, status = _again(ask.form, refusal)
        with visits.looking(ask) as here:
            return here.page("guest/other_date.html", status, form=again)
    return redirect(f"{here.address}?done=asked")


@get("/g/{token}/pass-on")
def pass_on_form(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        _check_open(here, "decline")
        return here.page("guest/pass_on.html", form=Form())


@post("/g/{token}/pass-on")
def pass_on(ask: Ask) -> Answer:
    ask.house.limits.check("ask", ask.now, network=ask.client)
    form = ask.form
    try:
        with visits.doing(ask) as here:
            name, email = form.value("name"), form.value("email")
            inviting.pass_on(here.session, here.invitation, name, email, by=here.by, now=here.now)
    except Refusal as refusal:
        again, status = _again(form, refusal)
        with visits.looking(ask) as here:
            return here.page("guest/pass_on.html", status, form=again)
    return redirect(here.address)


def _check_open(here: Visit, step: str) -> None:
    """Refuse where the invitation does not allow the step any more, before anything is typed."""
    stages.after(stages.INVITATIONS, here.invitation.state, step)


def _again(form: Form, refusal: Refusal) -> tuple[Form, int]:
    """The form with what is wrong with it; what is no matter of a form is raised."""
    if isinstance(refusal, NotFound):
        raise refusal
    errors = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.sentence}
    return form.with_errors(errors), status_of(refusal)


PAGES = (confirm, decline_form, decline, other_date_form, other_date, pass_on_form, pass_on)
