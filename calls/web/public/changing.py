"""What an attendee changes about herself and her registration: who she is, where we write, which date, and whether she comes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from calls.calendars import updating
from calls.ground.refusals import Invalid, Refused
from calls.registrations import attending, passing, queries, registering
from calls.registrations.models import Registration
from calls.shows import queries as shows
from calls.shows.models import Call
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.pages import page, redirect
from calls.web.public import shown
from calls.web.public.holders import Holder, holder, registered
from calls.web.public.registration import done
from calls.web.public.zone_choices import zone_choices

WAYS = [
    ("auto", "As fits best: an invitation for single calls; for a pass the feed, and an invitation in a call’s last week"),
    ("invitations", "An invitation for each call"),
    ("feed", "No invitations: I subscribe to my feed"),
]


@get("/r/{token}/cancellation")
def cancellation(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        found = holder(ask, session)
        if not _can_give_back(found, ask):
            return redirect(found.address)
        return _page(ask, found, "public/cancellation.html", Form())


@post("/r/{token}/cancellation")
def cancel(ask: Ask) -> Answer:
    with ask.house.database.transaction() as session:
        found = holder(ask, session)
        if found.a_pass:
            passing.cancel_pass(session, found.a_pass, by=found.actor, now=ask.now)
        elif found.registration:
            if found.registration.call.ends_at <= ask.now:
                raise Refused("This call is over, so there is no seat to give back.")
            registering.cancel(session, found.registration, by=found.actor, now=ask.now)
    return done(found, "given-back" if found.a_pass else "cancelled")


def _can_give_back(found: Holder, ask: Ask) -> bool:
    if found.a_pass:
        return found.a_pass.cancelled_at is None
    mine = found.registration
    return mine is not None and mine.is_confirmed and mine.call.ends_at > ask.now


@get("/r/{token}/date")
def date(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        found, mine = registered(ask, session)
        if not mine.is_confirmed or mine.call.ends_at <= ask.now:
            return redirect(found.address)
        return _date_page(ask, session, found, mine, Form())


@post("/r/{token}/date")
def move(ask: Ask) -> Answer:
    try:
        with ask.house.database.transaction() as session:
            found, mine = registered(ask, session)
            call = shows.call_at(session, found.show.id, ask.form.value("call"))
            if call is None:
                raise Invalid({"call": "Choose one of the dates from the list."})
            standing = registering.move_to(session, mine, call, by=found.actor, now=ask.now)
    except Invalid as refusal:
        return _date_again(ask, refusal.errors, 422)
    except Refused as refusal:
        return _date_again(ask, {"": refusal.sentence}, 409)
    return redirect(f"{ask.house.links.here.registration(standing, found.attendee.generation)}?done=moved")


def _date_again(ask: Ask, errors: dict[str, str], status: int) -> Answer:
    with ask.house.database.reading() as session:
        found, mine = registered(ask, session)
        return _date_page(ask, session, found, mine, ask.form.with_errors(errors), status)


def _date_page(ask: Ask, session: Session, found: Holder, mine: Registration, form: Form, status: int = 200) -> Answer:
    choices = shown.dates_to_choose(_other_dates(ask, session, mine))
    return _page(ask, found, "public/date.html", form, status, mine=mine, choices=choices)


def _other_dates(ask: Ask, session: Session, mine: Registration) -> Sequence[Call]:
    """The dates of the show with a free seat for which she is not registered."""
    own = {it.call_id for it in queries.registrations_of_attendee(session, mine.attendee_id, ask.now)}
    coming = shows.calls_to_come(session, [mine.call.show_id], ask.now)
    return [call for call in shown.free(coming, ask.now, but=mine.call) if call.id not in own]


@get("/r/{token}/person")
def person(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        found = holder(ask, session)
        attendee = found.attendee
        form = Form.of({"name": attendee.name, "zone": attendee.zone, "calendar": attendee.calendar})
        return _person_page(ask, found, form)


@post("/r/{token}/person")
def change_person(ask: Ask) -> Answer:
    form = ask.form
    try:
        with ask.house.database.transaction() as session:
            found = holder(ask, session)
            facts = form.value("name"), form.value("zone"), form.value("calendar")
            attending.change_person(session, found.attendee, *facts, by=found.actor, now=ask.now)
            if found.attendee.calendar == "feed":  # one that was withdrawn would leave her without anything
                updating.open_feed(session, found.attendee.id, ask.now)
    except Invalid as refusal:
        with ask.house.database.reading() as session:
            return _person_page(ask, holder(ask, session), form.with_errors(refusal.errors), 422)
    return done(found, "person")


def _person_page(ask: Ask, found: Holder, form: Form, status: int = 200) -> Answer:
    zones = zone_choices(form.value("zone"), found.attendee.zone)
    return _page(ask, found, "public/person.html", form, status, zones=zones, ways=WAYS)


@get("/r/{token}/address")
def address(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        return _page(ask, holder(ask, session), "public/address.html", Form())


@post("/r/{token}/address")
def change_address(ask: Ask) -> Answer:
    """Write to another address from now on. This link ends with it, so the page that says so is the last one behind it."""
    email = ask.form.value("email")
    ask.house.limits.check("resend", ask.now, network=ask.client, address=email)
    try:
        with ask.house.database.transaction() as session:
            found = holder(ask, session)
            attending.change_email(session, found.attendee, email, by=found.actor, now=ask.now)
            return _page(ask, found, "public/address_changed.html", Form())
    except Invalid as refusal:
        errors = refusal.errors
    except Refused as refusal:
        errors = {"email": refusal.sentence}
    with ask.house.database.reading() as session:
        return _page(ask, holder(ask, session), "public/address.html", ask.form.with_errors(errors), 422)


def _page(ask: Ask, found: Holder, template: str, form: Form, status: int = 200, **facts: Any) -> Answer:
    return page(ask, template, status, private=True, show=found.show, me=found, form=form, **facts)


PAGES = (cancellation, cancel, date, move, person, change_person, address, change_address)
