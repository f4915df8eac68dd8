"""Sign in by a link that comes by mail, and sign out.

The answer to an address says the same whether it is known or not. The link is opened by GET, which changes nothing, and
followed by POST. A signed cookie remembers what this browser asked for and where it was going, so that a link which
somebody else asked for and sent on is told apart (no one is signed in as another by a single careless press).
"""

from datetime import timedelta

from calls.ground.addresses import email_problem, mail_address
from calls.ground.refusals import Invalid, NotFound, Refusal, Refused
from calls.messages import signing
from calls.team import limits, signing_in
from calls.web import get, post, visitors
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.cookies import with_cookie, without_cookie
from calls.web.forms import Form
from calls.web.host.layout import BOARD
from calls.web.pages import page, redirect

ASKED = "calls-asked"
ASKED_LASTS = limits.LINK_LASTS + timedelta(minutes=15)
GONE = 410


@get("/sign-in")
def sign_in(ask: Ask) -> Answer:
    then = visitors.safe_address(ask.query.value("next"))
    if ask.query.has("asked"):
        email, then = _asked(ask)
        return page(ask, "host/sign_in_asked.html", private=True, email=email, again=visitors.sign_in_address(then))
    with ask.house.database.reading() as session:
        is_signed_in = visitors.whoever(ask, session) is not None
    if is_signed_in:
        return redirect(then or BOARD)
    return _asking_page(ask, Form.of({"next": then}), has_left=ask.query.has("left"))


@post("/sign-in")
def ask_for_link(ask: Ask) -> Answer:
    email, then = mail_address(ask.form.value("email")), visitors.safe_address(ask.form.value("next"))
    problem = email_problem(email)
    if problem:
        return _asking_page(ask, ask.form.with_errors(Invalid({"email": problem}).errors), 422)
    ask.house.limits.check("sign-in", ask.now, network=ask.client, address=email)
    with ask.house.database.transaction() as session:
        signing.send_link(session, email, now=ask.now)
    asked = ask.house.keys.sign(ASKED, f"{email} {then}", ask.now + ASKED_LASTS)
    return with_cookie(ask, redirect("/sign-in?asked"), ASKED, asked, ASKED_LASTS)


@get("/sign-in/{token}")
def link(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        try:
            member = signing_in.link(session, ask.part("token"), now=ask.now).member
        except (NotFound, Refused) as refusal:
            is_signed_in = visitors.whoever(ask, session) is not None
            return redirect(BOARD) if is_signed_in else _gone(ask, refusal)
        was_asked_here = _asked(ask)[0] == member.email
        return page(ask, "host/sign_in_link.html", private=True, member=member, was_asked_here=was_asked_here)


@post("/sign-in/{token}")
def follow_link(ask: Ask) -> Answer:
    ask.house.limits.check("follow", ask.now, network=ask.client)
    try:
        with ask.house.database.transaction() as session:
            before = visitors.whoever(ask, session)
            _, cookie = signing_in.follow(session, ask.part("token"), ask.header("user-agent"), now=ask.now)
            if before is not None:
                signing_in.sign_out(session, before, now=ask.now)
    except (NotFound, Refused) as refusal:
        return _gone(ask, refusal)
    answer = without_cookie(ask, redirect(_asked(ask)[1] or BOARD), ASKED)
    return with_cookie(ask, answer, visitors.COOKIE, cookie, limits.SIGN_IN_LASTS)


@post("/sign-out")
def sign_out(ask: Ask) -> Answer:
    with ask.house.database.transaction() as session:
        here = visitors.whoever(ask, session)
        if here is not None:
            signing_in.sign_out(session, here, now=ask.now)
    return without_cookie(ask, redirect("/sign-in?left"), visitors.COOKIE)


def _asking_page(ask: Ask, form: Form, status: int = 200, *, has_left: bool = False) -> Answer:
    return page(ask, "host/sign_in.html", status, private=True, form=form, has_left=has_left)


def _gone(ask: Ask, refusal: Refusal) -> Answer:
    status = 404 if isinstance(refusal, NotFound) else GONE
    return page(ask, "host/sign_in_gone.html", status, private=True, sentence=refusal.sentence, form=Form())


def _asked(ask: Ask) -> tuple[str, str]:
    """The address for which this browser asked for a link, and where it was going; both "" when it did not lately."""
    value = ask.house.keys.read(ASKED, ask.cookie(ASKED), ask.now) or ""
    email, _, then = value.partition(" ")
    return email, visitors.safe_address(then)


PAGES = (sign_in, ask_for_link, link, follow_link, sign_out)
