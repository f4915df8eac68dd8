"""Say yes, maybe or no to an invitation, by the links in its mail. Looking changes nothing: mail scanners follow every link.

A No gives the seat back, and the page that follows has the way to undo it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.calendars import answering, noting, queries
from calls.calendars.answers import ACCEPTED, ANSWERS, DECLINED, TENTATIVE
from calls.ground.refusals import Invalid, Refused
from calls.registrations import registering
from calls.registrations.models import Registration
from calls.registrations.registering import Full
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.forms import Form
from calls.web.pages import page, redirect
from calls.web.public import shown
from calls.web.public.holders import answering as invited

CHOICES = [(ACCEPTED, "Yes, I’ll be there"), (TENTATIVE, "Maybe"), (DECLINED, "No: my seat goes to somebody else")]
DONE = {
    ACCEPTED: "Thank you. The host sees that you come.",
    TENTATIVE: "Thank you. The host sees that you may come; your seat stays yours.",
    DECLINED: "Your seat is given back. The mail and the calendar entry that say so are on their way.",
    "again": "You have a seat again. The details are on their way by mail.",
}
CHOOSE = "Choose yes, maybe or no."
MOVED = "The call has another time since you opened this page. It stands below; please answer once more."
SOON = "Your invitation is just being made. Please try again in a minute."


@get("/a/{token}")
def answer(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        mine, chosen = invited(ask, session)
        return _page(ask, session, mine, Form.of({"answer": chosen}))


@post("/a/{token}")
def give(ask: Ask) -> Answer:
    ask.house.limits.check("ask", ask.now, network=ask.client)
    given = ask.form.value("answer")
    try:
        with ask.house.database.transaction() as session:
            mine, _ = invited(ask, session)
            _check(ask, mine, given)
            if answering.take_by_link(session, mine, given, now=ask.now) == noting.UNKNOWN:
                raise Refused(SOON)
    except Invalid as refusal:
        return _again(ask, refusal.errors, 422)
    except Refused as refusal:
        return _again(ask, {"": refusal.sentence}, 409)
    return redirect(f"{ask.path}?done={given}")


@post("/a/{token}/seat")
def undo(ask: Ask) -> Answer:
    """Take the seat again that a No gave back."""
    ask.house.limits.check("ask", ask.now, network=ask.client)
    try:
        with ask.house.database.transaction() as session:
            mine, _ = invited(ask, session)
            registering.take_again(session, mine, by=answering.who(mine), now=ask.now, take=ask.house.take_seat)
    except Full as refusal:
        return _again(ask, {"": f"{refusal.sentence} Somebody else has your seat by now."}, 409)
    except Refused as refusal:
        return _again(ask, {"": refusal.sentence}, 409)
    return redirect(f"{ask.path.removesuffix('/seat')}?done=again")


def _check(ask: Ask, mine: Registration, given: str) -> None:
    """Refuse what is no answer, what there is nothing to answer to, and an answer to a time that the call no longer has."""
    registering.check_open(mine.call, ask.now)
    if not mine.is_confirmed:
        raise Refused("You are not registered for this call any more.")
    if given not in ANSWERS:
        raise Invalid({"answer": CHOOSE})
    if ask.form.value("starts_at") != _moment(mine.call.starts_at):
        raise Refused(MOVED)


def _moment(starts_at: datetime) -> str:
    """Which time a page showed."""
    return starts_at.isoformat()


def _again(ask: Ask, errors: dict[str, str], status: int) -> Answer:
    with ask.house.database.reading() as session:
        mine, _ = invited(ask, session)
        return _page(ask, session, mine, ask.form.with_errors(errors), status)


def _page(ask: Ask, session: Session, mine: Registration, form: Form, status: int = 200) -> Answer:
    entry, call = queries.entry_of(session, mine.id), mine.call
    said, done = entry.answer if entry else None, ask.query.value("done")
    is_so = mine.is_confirmed == (done != DECLINED) and (done == "again" or said == done)
    return page(
        ask,
        "public/answer.html",
        status,
        private=True,
        show=call.show,
        mine=mine,
        it=shown.listed(call, ask.now),
        is_coming=shown.is_coming(mine, ask.now),
        form=form,
        choices=CHOICES,
        starts_at=_moment(call.starts_at),
        said=dict(CHOICES).get(said or "", ""),
        done=DONE.get(done, "") if is_so else "",
        here=f"/a/{ask.part('token')}",
    )


PAGES = (answer, give, undo)
