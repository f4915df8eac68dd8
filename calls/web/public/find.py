"""Find my call: the links go to the address that was typed, and the answer is the same whether it is known or not."""

from datetime import timedelta

from calls.ground.addresses import email_problem, mail_address
from calls.messages import finding
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.cookies import with_cookie
from calls.web.forms import Form
from calls.web.pages import page, redirect

COOKIE = "calls-find"
LASTS = timedelta(minutes=15)


@get("/find")
def find(ask: Ask) -> Answer:
    if ask.query.has("sent"):
        email = ask.house.keys.read(COOKIE, ask.cookie(COOKIE), ask.now) or ""
        return page(ask, "public/find_sent.html", private=True, email=email)
    return _find_page(ask, Form())


@post("/find")
def send(ask: Ask) -> Answer:
    email = mail_address(ask.form.value("email"))
    problem = email_problem(email)
    if problem:
        return _find_page(ask, ask.form.with_errors({"email": problem}), 422)
    ask.house.limits.check("find", ask.now, network=ask.client, address=email)
    with ask.house.database.transaction() as session:
        finding.send_links(session, email, now=ask.now)
    return with_cookie(ask, redirect("/find?sent"), COOKIE, ask.house.keys.sign(COOKIE, email, ask.now + LASTS), LASTS)


def _find_page(ask: Ask, form: Form, status: int = 200) -> Answer:
    return page(ask, "public/find.html", status, private=True, referrer="same-origin", form=form)


PAGES = (find, send)
