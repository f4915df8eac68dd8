"""Put somebody on the bench, and change what is kept about her: one form for both."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from calls.ground import addresses
from calls.ground.refusals import Refusal
from calls.guests import benching, queries
from calls.guests.models import Guest
from calls.guests.person import Person
from calls.team import queries as team
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import changes, visits
from calls.web.host.visits import Visit
from calls.web.host.zone_list import zones_to_choose
from calls.web.pages import redirect
from calls.web.reading import LONG, read


class Kept(BaseModel):
    """What the bench keeps about somebody, as it is typed. What may stand in each field, the bench itself says."""

    name: str = ""
    email: str = ""
    phone: str = ""
    zone: str = ""
    met: str = ""
    topics: str = ""
    tags: str = ""
    contacted_on: date | None = Field(None, title="the day")
    looked_after_by_id: UUID | None = None
    notes: Annotated[str, LONG] = ""

    def person(self) -> Person:
        return Person(**self.model_dump() | {"tags": (self.tags,)})


@get("/host/guests/new")
def new(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        return _form_page(here, None, Form.of({"name": ask.query.value("name"), "looked_after_by_id": str(here.member.id)}))


@post("/host/guests/new")
def add(ask: Ask) -> Answer:
    try:
        with visits.doing(ask) as here:
            here.require("invite guests")
            guest = benching.add(here.session, here.account_id, read(Kept, ask.form).person(), by=here.by, now=here.now)
    except Refusal as refusal:
        again, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _form_page(here, None, again, status)
    return redirect(f"/host/guests/{guest.id}?done=added")


@get("/host/guests/{guest_id}/change")
def change_form(ask: Ask) -> Answer:
    with visits.looking(ask) as here:
        guest = here.guest()
        return _form_page(here, guest, _filled(guest))


@post("/host/guests/{guest_id}/change")
def change(ask: Ask) -> Answer:
    try:
        with visits.doing(ask) as here:
            guest = here.guest()
            here.require("invite guests")
            benching.change(here.session, guest, read(Kept, ask.form).person(), by=here.by, now=here.now)
    except Refusal as refusal:
        again, status = changes.refused(ask.form, refusal)
        with visits.looking(ask) as here:
            return _form_page(here, here.guest(), again, status)
    return redirect(f"/host/guests/{guest.id}?done=saved")


def _filled(guest: Guest) -> Form:
    known = benching.of(guest)
    return Form.of(
        {
            "name": known.name,
            "email": known.email,
            "phone": known.phone,
            "zone": known.zone,
            "met": known.met,
            "topics": known.topics,
            "tags": ", ".join(known.tags),
            "contacted_on": known.contacted_on.isoformat() if known.contacted_on else "",
            "looked_after_by_id": str(known.looked_after_by_id or ""),
            "notes": known.notes,
        }
    )


def _form_page(here: Visit, guest: Guest | None, form: Form, status: int = 200) -> Answer:
    here.require("invite guests")
    members = [("", "Nobody"), *((it.id, it.name) for it in team.members_of(here.session, here.account_id))]
    zone = form.value("zone")
    return here.page(
        "host/guest_form.html",
        status,
        guest=guest,
        form=form,
        members=members,
        zones=[("", "Not known"), *((value, words) for value, words in zones_to_choose(zone) if value)],
        known=_known(here, form),
    )


def _known(here: Visit, form: Form) -> Guest | None:
    """Whom the address belongs to, where that is what is wrong."""
    if form.error("email") != benching.TAKEN:
        return None
    return queries.guest_by_email(here.session, here.account_id, addresses.mail_address(form.value("email")))


PAGES = (new, add, change_form, change)
