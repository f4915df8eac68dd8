"""After registering: look into your mail. The browser that registered may mend a mistyped address for half an hour.

What the browser remembers is only what was typed in it, and when: signed, and the same whether the address was known or
not. To mend it takes back what was confirmed at that very moment, which nobody else's registration was, and registers
the right address. So nobody's address is ever changed from outside, nothing that somebody had before can be taken from
her, and the wrong person's calendar loses the entry again.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from calls.ground.addresses import mail_address
from calls.ground.refusals import Invalid, Refused
from calls.history.keeping import Actor
from calls.joining import queries as joining
from calls.registrations import passing, queries, registering
from calls.registrations.attending import Person, checked
from calls.registrations.models import Attendee
from calls.registrations.registering import FULL, Full
from calls.shows import queries as shows
from calls.shows.models import Call, Show
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.cookies import with_cookie
from calls.web.forms import Form
from calls.web.pages import page, redirect
from calls.web.public import register_form, shown
from calls.web.public.register_form import Wish

COOKIE = "calls-registered"
LASTS = timedelta(minutes=30)
WRITTEN = json.JSONEncoder(ensure_ascii=False)
TOO_LATE = "An address can be corrected for half an hour, in the browser that it was typed in. Register once more instead."
SAME = "We have written to that address already. Type the right one."


@dataclass(frozen=True)
class Typed:
    """What this browser sent: the show, the call's address in it (or all), the person; when it did, and when it first did."""

    slug: str
    which: str
    name: str
    email: str
    zone: str
    at: str
    first_at: str
    via: str | None = None


def lead_on(ask: Ask, which: str, wish: Wish, first_at: datetime | None = None) -> Answer:
    """To the page that thanks, with what the browser may remember; `which` is the address of the call, or `ALL`."""
    slug, person, first = ask.part("slug"), wish.person, first_at or ask.now
    typed = Typed(slug, which, person.name, person.email, person.zone, ask.now.isoformat(), first.isoformat(), wish.via)
    until = first + LASTS
    signed = ask.house.keys.sign(COOKIE, WRITTEN.encode(vars(typed)), until)
    return with_cookie(ask, redirect(f"/{slug}/thanks"), COOKIE, signed, until - ask.now)


@get("/{slug}/thanks")
def thanks(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        return _thanks_page(ask, session, Form())


@post("/{slug}/thanks")
def correct(ask: Ask) -> Answer:
    ask.house.limits.check("register", ask.now, network=ask.client, address=ask.form.value("email"))
    typed = _typed(ask)
    try:
        if typed is None:
            raise Refused(TOO_LATE)
        person = checked(Person(typed.name, ask.form.value("email"), typed.zone))
        if person.email == mail_address(typed.email):
            raise Invalid({"email": SAME})
        with ask.house.database.transaction() as session:
            show = shown.published_show(ask, session)
            call = register_form.chosen(session, show, typed.which)
            wish = Wish(person, _take_back(ask, session, show, call, typed), typed.via)
            wanted = shows.facts_of(call) if call else show
            has_seat = register_form.enter(ask, session, wanted, wish)
        if not has_seat:
            raise Full(FULL)
    except Invalid as refusal:
        return _again(ask, refusal.errors, 422)
    except Refused as refusal:
        return _again(ask, {"": refusal.sentence}, 409)
    return lead_on(ask, typed.which, wish, datetime.fromisoformat(typed.first_at))


def _take_back(ask: Ask, session: Session, show: Show, call: Call | None, typed: Typed) -> str:
    """Take back what this browser's registering itself brought about, and nothing else; returns the question asked with it."""
    wrong = queries.attendee_by_email(session, show.account_id, mail_address(typed.email))
    if wrong is None:
        return ""
    at = datetime.fromisoformat(typed.at)
    if call is None:
        return _take_back_pass(ask, session, show, wrong, at)
    registration = queries.registration_at(session, call.id, wrong.id)
    if registration is None or not registration.is_confirmed or registration.confirmed_at != at:
        return ""
    question = joining.question_of(session, registration.id, call.id)
    registering.cancel(session, registration, by=_actor(wrong), now=ask.now)
    # The seats were counted before this one came free.
    session.refresh(call)
    return question.text if question else ""


def _take_back_pass(ask: Ask, session: Session, show: Show, wrong: Attendee, at: datetime) -> str:
    a_pass = queries.pass_of(session, show.id, wrong.id)
    if a_pass and a_pass.cancelled_at is None and a_pass.created_at == at:
        passing.cancel_pass(session, a_pass, by=_actor(wrong), now=ask.now)
    return ""


def _actor(attendee: Attendee) -> Actor:
    return Actor("attendee", attendee.id, attendee.name)


def _again(ask: Ask, errors: dict[str, str], status: int) -> Answer:
    with ask.house.database.reading() as session:
        return _thanks_page(ask, session, ask.form.with_errors(errors), status)


def _thanks_page(ask: Ask, session: Session, form: Form, status: int = 200) -> Answer:
    show = shown.published_show(ask, session)
    typed = _typed(ask)
    call = register_form.chosen(session, show, typed.which) if typed else None
    return page(
        ask,
        "public/thanks.html",
        status,
        private=True,
        referrer="same-origin",
        show=show,
        typed=typed,
        call=call,
        form=form,
    )


def _typed(ask: Ask) -> Typed | None:
    """What this browser registered at this show within the last half hour."""
    value = ask.house.keys.read(COOKIE, ask.cookie(COOKIE), ask.now)
    if value is None:
        return None
    typed = Typed(**json.loads(value))
    return typed if typed.slug == ask.part("slug") else None


PAGES = (thanks, correct)
