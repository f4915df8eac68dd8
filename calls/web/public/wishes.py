"""Whom listeners would like to hear: vote for somebody or propose somebody new; a vote counts by the link that goes by mail.

What is answered is the same whether the address is known, has voted before, or is nobody's.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from calls.ground.addresses import email_problem, mail_address
from calls.ground.links import VOTE
from calls.ground.refusals import Invalid, NotFound, Refused
from calls.ground.text import count
from calls.ground.tokens import id_in
from calls.messages import voting
from calls.shows.models import Show
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.cookies import with_cookie
from calls.web.forms import Form
from calls.web.pages import keep, page, redirect
from calls.web.public import shown
from calls.web.public.holders import GONE
from calls.wishes import queries, wishing
from calls.wishes.models import Vote, Wish
from calls.wishes.wishing import Proposed

COOKIE = "calls-wish"
LASTS = timedelta(minutes=15)
MOST = 50
NEW = "new"
CHOOSE = "Choose somebody, or propose somebody else below."
CLOSED = "This show takes no wishes at the moment."


@get("/{slug}/wishes")
def wishes(ask: Ask) -> Answer:
    ticket = ask.house.kept.begin()
    with ask.house.database.reading() as session:
        show = _show(ask, session)
        if ask.query.has("sent"):
            email = ask.house.keys.read(COOKIE, ask.cookie(COOKIE), ask.now) or ""
            return page(ask, "public/wish_sent.html", private=True, show=show, email=email)
        answer = _page(ask, session, show, Form())
    return keep(ask, ticket, answer, tags={f"show:{show.id}"})


@post("/{slug}/wishes")
def wish(ask: Ask) -> Answer:
    email = mail_address(ask.form.value("email"))
    ask.house.limits.check("wish", ask.now, network=ask.client, address=email)
    try:
        with ask.house.database.transaction() as session:
            show = _show(ask, session)
            vote = _voted(ask, session, show, email)
            voting.ask(session, vote, now=ask.now)
    except Invalid as refusal:
        return _again(ask, refusal.errors, 422)
    except Refused as refusal:
        return _again(ask, {"": refusal.sentence}, 409)
    sent = redirect(f"/{show.slug}/wishes?sent")
    return with_cookie(ask, sent, COOKIE, ask.house.keys.sign(COOKIE, email, ask.now + LASTS), LASTS)


def _voted(ask: Ask, session: Session, show: Show, email: str) -> Vote:
    """The vote that was asked for, with the faults of all fields at once."""
    form, errors = ask.form, {}
    which, problem = form.value("which"), email_problem(email)
    if problem:
        errors["email"] = problem
    if which == NEW:
        proposed = Proposed(form.value("guest"), form.value("why"), form.value("link"))
        if problem:
            errors |= wishing.faults(proposed)
            raise Invalid(errors)
        return wishing.propose(session, show, proposed, email, now=ask.now)
    chosen = _chosen(session, show, which)
    if chosen is None:
        errors["which"] = CHOOSE
    if errors or chosen is None:
        raise Invalid(errors)
    return wishing.vote(session, show, chosen, email, now=ask.now)


def _chosen(session: Session, show: Show, which: str) -> Wish | None:
    try:
        return queries.shown_wish(session, show.id, UUID(which))
    except ValueError:
        return None


def _again(ask: Ask, errors: dict[str, str], status: int) -> Answer:
    with ask.house.database.reading() as session:
        return _page(ask, session, _show(ask, session), ask.form.with_errors(errors), status)


def _page(ask: Ask, session: Session, show: Show, form: Form, status: int = 200) -> Answer:
    found = queries.shown(session, show.id, MOST)
    choices = [(str(it.id), f"{it.name} ({votes(it)})") for it in found]
    return page(
        ask,
        "public/wishes.html",
        status,
        show=show,
        wishes=[(it, votes(it)) for it in found],
        choices=[*choices, (NEW, "Somebody else")],
        form=form.or_else("which", NEW if not found else ""),
    )


def votes(wish: Wish) -> str:
    """How many want it, in words."""
    return count(wish.votes, "one vote", "{n} votes")


def _show(ask: Ask, session: Session) -> Show:
    show = shown.published_show(ask, session)
    if not queries.are_taken(session, show.id):
        raise NotFound(CLOSED)
    return show


@get("/w/{token}")
def vote(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        found, wish, show = _vote(ask, session)
        return page(ask, "public/vote.html", private=True, vote=found, wish=wish, show=show)


@post("/w/{token}")
def confirm(ask: Ask) -> Answer:
    with ask.house.database.transaction() as session:
        found, wish, show = _vote(ask, session)
        wishing.confirm(session, found, wish, show, now=ask.now)
    return redirect(ask.path)


def _vote(ask: Ask, session: Session) -> tuple[Vote, Wish, Show]:
    token = ask.part("token")
    id = id_in(token)
    found = queries.vote_with_wish(session, id) if id else None
    if id is None or found is None or not ask.house.keys.fits(token, VOTE, id):
        raise NotFound(GONE)
    return found


PAGES = (wishes, wish, vote, confirm)
