"""What a show agrees with its guests, and how it takes them."""

from dataclasses import asdict
from typing import Annotated

from pydantic import BaseModel, Field

from calls.ground.refusals import Refusal
from calls.guests import queries, setting_terms
from calls.guests.terms import Conditions
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, visits
from calls.web.host.visits import Visit
from calls.web.pages import redirect
from calls.web.reading import LONG, read

APPROVAL = (("itself", "The guest’s choice is enough"), ("host", "I say yes or no to each date"))


class Typed(BaseModel):
    """The form, as it is typed."""

    hold_hours: int = Field(title="a number of hours")
    approval: str = ""
    asks_next: bool = False
    style: Annotated[str, LONG] = ""
    pitch: Annotated[str, LONG] = ""
    listeners: Annotated[str, LONG] = ""
    connect: Annotated[str, LONG] = ""
    consent: Annotated[str, LONG] = ""
    takes_wishes: bool = False
    shows_race: bool = False


@get("/host/shows/{show_id}/terms")
def terms(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        known = asdict(queries.conditions_of(here.session, here.show().id))
        return _page(here, Form.of(known | {"approval": "itself" if known["is_approved_by_itself"] else "host"}))


@post("/host/shows/{show_id}/terms")
def set_terms(ask: Ask) -> Answer:
    try:
        with visits.doing(ask) as here:
            show, typed = here.show(), read(Typed, ask.form).model_dump()
            is_approved = typed.pop("approval") != "host"
            conditions = Conditions(**typed, is_approved_by_itself=is_approved)
            setting_terms.set_terms(here.session, show, conditions, by=here.by, now=here.now)
    except Refusal as refusal:
        form, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _page(here, form, status)
    return redirect(f"/host/shows/{show.id}/terms?done=saved")


def _page(here: Visit, form: Form, status: int = 200) -> Answer:
    here.require("invite guests")
    return here.page("host/terms.html", status, show=here.show(), form=form, approval=APPROVAL, done=changes.done(here.ask))


PAGES = (terms, set_terms)
