"""The member's own page: what she and the account are called, her calendar, where else she is signed in, and an end to that."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from calls.ground.refusals import Invalid
from calls.team import queries, signing_in, staffing
from calls.team.models import SignIn
from calls.team.roles import may
from calls.web import get, post, visitors
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.host import own_calendar
from calls.web.host.layout import host_page
from calls.web.host.own_calendar import HERE
from calls.web.pages import redirect

DONE = {"saved": "Saved.", "ended": "Signed out there.", "all-ended": "You are signed in here only.", **own_calendar.DONE}


@get("/host/account")
def account(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        sign_in = visitors.member(ask, session)
        form = Form.of({"name": sign_in.member.name, "account_name": sign_in.member.account.name})
        return _account_page(ask, session, sign_in, form, done=DONE.get(ask.query.value("done"), ""))


@post("/host/account")
def rename(ask: Ask) -> Answer:
    try:
        with ask.house.database.transaction() as session:
            _rename(session, visitors.member(ask, session), ask)
    except Invalid as refusal:
        with ask.house.database.reading() as session:
            return _account_page(ask, session, visitors.member(ask, session), ask.form.with_errors(refusal.errors), 422)
    return redirect(f"{HERE}?done=saved")


@post("/host/account/sign-ins/{sign_in_id}/end")
def end(ask: Ask) -> Answer:
    sign_in_id = ask.id("sign_in_id")
    _do(ask, lambda session, here: signing_in.end(session, here.member, sign_in_id, now=ask.now))
    return redirect(f"{HERE}?done=ended")


@post("/host/account/sign-ins/end-others")
def end_others(ask: Ask) -> Answer:
    _do(ask, lambda session, here: signing_in.end_all_others(session, here, now=ask.now))
    return redirect(f"{HERE}?done=all-ended")


def _do(ask: Ask, deed: Callable[[Session, SignIn], object]) -> None:
    with ask.house.database.transaction() as session:
        deed(session, visitors.member(ask, session))


def _rename(session: Session, sign_in: SignIn, ask: Ask) -> None:
    """Both names or neither, with the faults of both."""
    by, faults = staffing.actor(sign_in.member), {}
    try:
        staffing.rename(session, sign_in.member, ask.form.value("name"), by=by, now=ask.now)
    except Invalid as refusal:
        faults.update(refusal.errors)
    if ask.form.has("account_name"):
        try:
            staffing.rename_account(session, sign_in.member.account, ask.form.value("account_name"), by=by, now=ask.now)
        except Invalid as refusal:
            faults.update(refusal.errors)
    if faults:
        raise Invalid(faults)


def _account_page(ask: Ask, session: Session, sign_in: SignIn, form: Form, status: int = 200, *, done: str = "") -> Answer:
    others = [it for it in queries.sign_ins_of(session, sign_in.member, ask.now) if it.id != sign_in.id]
    return host_page(
        ask,
        sign_in,
        "host/account.html",
        status,
        form=form,
        done=done,
        here=sign_in,
        others=others,
        feed=own_calendar.shown(session, sign_in.member, ask.house.links),
        is_keeper=may(sign_in.member.role, "keep the account"),
    )


PAGES = (account, rename, end, end_others)
