"""Signing in and out, as browsers do it."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import NoReturn
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from sqlalchemy.exc import OperationalError

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.tokens import Keys
from calls.history.models import Change
from calls.messages.models import Message
from calls.team import signing_in
from calls.team.models import Member, SignIn, SignInLink
from calls.web import application, visitors
from calls.web.host import account
from calls.web.house import House
from tests.builders import NOW, a_member, an_account
from tests.web.browsers import Browser, NewBrowser, a_house

COOKIE = "__Host-calls"


@pytest.fixture
def tara(database: Database) -> Member:
    with database.transaction() as session:
        account = an_account(session, name="Tara Productions")
        return a_member(session, email="tara@example.com", name="Tara Miller", account=account)


class FullDatabase(Database):
    """A database on a disk that is full: it is read, and takes no writes."""

    refused = 0

    def transaction(self) -> NoReturn:
        self.refused += 1
        raise OperationalError("", {}, sqlite3.OperationalError("database or disk is full"))


def a_link(house: House, member: Member) -> str:
    with house.database.transaction() as session:
        return f"/sign-in/{signing_in.link_for(session, member, now=house.clock.now())}"


def sign_ins(database: Database) -> int:
    """How many browsers are signed in."""
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(SignIn).where(SignIn.ended_at.is_(None))) or 0


def test_whoever_asks_for_a_link_gets_it_by_mail(browser: Browser, database: Database, tara: Member) -> None:
    shown = browser.get("/sign-in")
    asked = browser.post("/sign-in", {"email": " Tara@Example.com "})
    told = browser.get(asked.headers["location"])

    with database.reading() as session:
        links = session.scalars(sa.select(SignInLink.member_id)).all()
        mails = session.execute(sa.select(Message.kind, Message.member_id)).all()
        changes = session.scalars(sa.select(Change.kind)).all()
    assert (shown.status_code, asked.status_code, told.status_code) == (200, 303, 200)
    assert [tuple(it) for it in mails] == [("sign_in", tara.id)]
    assert (links, changes) == ([tara.id], ["sign_in.asked"])
    assert "<bdi>tara@example.com</bdi>" in told.text


def test_known_and_unknown_addresses_are_answered_alike(new_browser: NewBrowser, database: Database, tara: Member) -> None:
    heard = []
    for email in ("tara@example.com", "nobody@example.com"):
        browser = new_browser()
        asked = browser.post("/sign-in", {"email": email})
        told = browser.get(asked.headers["location"])
        cookies = [(it.name, it.expires is None, it.path) for it in browser.cookies.jar]
        heard.append((asked.status_code, asked.headers["location"], asked.content, cookies, told.text.replace(email, "them")))

    with database.reading() as session:
        mails = session.scalars(sa.select(Message.member_id)).all()
    assert heard[0] == heard[1]
    assert mails == [tara.id]


@pytest.mark.parametrize("email", ["", "tara", "tara@example.com\r\nBcc: all@example.com", "a" * 10_000 + "@example.com"])
def test_address_that_is_none_is_refused_beside_the_field(browser: Browser, database: Database, email: str) -> None:
    answer = browser.post("/sign-in", {"email": email, "next": "/host/shows"})

    with database.reading() as session:
        assert session.scalars(sa.select(Message)).all() == []
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 1
    assert "<title>Error: Sign in</title>" in answer.text
    assert '<input type="hidden" name="next" value="/host/shows">' in answer.text


def test_asking_too_often_for_one_address_is_refused_wherever_it_is_known(browser: Browser, tara: Member) -> None:
    answers = {
        email: [browser.post("/sign-in", {"email": email}).status_code for _ in range(6)]
        for email in ("tara@example.com", "nobody@example.com")
    }

    assert answers == {
        "tara@example.com": [303, 303, 303, 303, 303, 429],
        "nobody@example.com": [303, 303, 303, 303, 303, 429],
    }


def test_following_made_up_links_too_often_is_refused(browser: Browser) -> None:
    answers = [browser.post(f"/sign-in/made-up-{number}").status_code for number in range(61)]

    assert answers == [404] * 60 + [429]


def test_asking_from_another_site_is_refused(browser: Browser, database: Database, tara: Member) -> None:
    answer = browser.post("/sign-in", {"email": "tara@example.com"}, headers={"sec-fetch-site": "cross-site"})

    with database.reading() as session:
        assert session.scalars(sa.select(SignInLink)).all() == []
    assert answer.status_code == 403


def test_link_shows_whose_it_is_and_changes_nothing(browser: Browser, house: House, tara: Member) -> None:
    link = a_link(house, tara)
    answers = [browser.get(link) for _ in range(3)]

    assert [it.status_code for it in answers] == [200, 200, 200]
    assert (sign_ins(house.database), list(browser.cookies.jar)) == (0, [])
    assert "<h1>Sign in to <bdi>Tara Productions</bdi></h1>" in answers[2].text
    assert f'<form class="deed" method="post" action="{link}">' in answers[2].text


def test_page_of_a_link_is_kept_secret(browser: Browser, house: House, tara: Member) -> None:
    headers = browser.get(a_link(house, tara)).headers

    names = ("cache-control", "x-robots-tag", "referrer-policy")
    assert [headers[it] for it in names] == ["no-store", "noindex", "no-referrer"]


def test_button_behind_the_link_signs_in(browser: Browser, house: House, tara: Member) -> None:
    pressed = browser.post(a_link(house, tara))
    account = browser.get("/host/account")

    assert (pressed.status_code, pressed.headers["location"]) == (303, "/host")
    assert (account.status_code, sign_ins(house.database)) == (200, 1)
    assert "<bdi>tara@example.com</bdi>, owner of <bdi>Tara Productions</bdi>" in account.text


def test_cookie_is_out_of_reach_for_scripts_and_other_sites(browser: Browser, house: House, tara: Member) -> None:
    pressed = browser.post(a_link(house, tara))

    [line] = [it for it in pressed.headers.get_list("set-cookie") if it.startswith(f"{COOKIE}=")]
    value, *flags = line.removeprefix(f"{COOKIE}=").split("; ")
    assert flags == ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=15552000", "Secure"]
    assert len(value) == 32
    assert pressed.headers["cache-control"] == "no-store"


def test_cookie_on_loopback_is_taken_without_https(house: House, tara: Member, loopback_browser: Browser) -> None:
    pressed = loopback_browser.post(a_link(house, tara))
    account = loopback_browser.get("/host/account")

    [line] = [it for it in pressed.headers.get_list("set-cookie") if it.startswith("calls=")]
    assert line.split("; ")[1:] == ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=15552000"]
    assert account.status_code == 200


def test_link_used_already_signs_nobody_in(new_browser: NewBrowser, house: House, tara: Member) -> None:
    link = a_link(house, tara)
    first, second = new_browser(), new_browser()
    first.post(link)
    shown, pressed = second.get(link), second.post(link)

    assert (shown.status_code, pressed.status_code) == (410, 410)
    assert (sign_ins(house.database), list(second.cookies.jar)) == (1, [])
    assert f"<p>{signing_in.USED_LINK}</p>" in pressed.text


def test_link_used_already_leads_who_is_signed_in_to_the_board(browser: Browser, house: House, tara: Member) -> None:
    link = a_link(house, tara)
    browser.post(link)
    answer = browser.get(link)

    assert (answer.status_code, answer.headers["location"]) == (303, "/host")


def test_link_of_sixteen_minutes_ago_signs_nobody_in(browser: Browser, house: House, clock: SetClock, tara: Member) -> None:
    link = a_link(house, tara)
    clock.advance(minutes=16)
    shown, pressed = browser.get(link), browser.post(link)

    assert (shown.status_code, pressed.status_code, sign_ins(house.database)) == (410, 410, 0)
    assert f"<p>{signing_in.OLD_LINK}</p>" in pressed.text


def test_link_of_a_removed_member_is_as_unknown_as_any(browser: Browser, house: House, tara: Member) -> None:
    link = a_link(house, tara)
    with house.database.transaction() as session:
        session.execute(sa.update(Member).values(removed_at=NOW))
    answers = [browser.get(link), browser.post(link), browser.get("/sign-in/made-up"), browser.post("/sign-in/made-up")]

    assert [it.status_code for it in answers] == [404, 404, 404, 404]
    assert len({it.text for it in answers}) == 1
    assert sign_ins(house.database) == 0


@pytest.mark.parametrize("token", ["%00", "%ED%A0%80", "..%2f..", "%E2%80%AE", "a" * 1_500, "'%20OR%201=1--"])
def test_junk_for_a_link_is_refused(browser: Browser, tara: Member, token: str) -> None:
    statuses = {answer.status_code for answer in (browser.get(f"/sign-in/{token}"), browser.post(f"/sign-in/{token}"))}

    assert statuses <= {400, 404}


def test_button_pressed_in_two_browsers_at_once_signs_in_one(new_browser: NewBrowser, house: House, tara: Member) -> None:
    link = a_link(house, tara)
    browsers = [new_browser() for _ in range(6)]

    with ThreadPoolExecutor(6) as people:
        answers = sorted(it.status_code for it in people.map(lambda browser: browser.post(link), browsers))

    signed_in = [browser for browser in browsers if COOKIE in browser.cookies]
    assert answers == [303, 410, 410, 410, 410, 410]
    assert (len(signed_in), sign_ins(house.database)) == (1, 1)


def test_cookie_chosen_by_somebody_else_is_never_adopted(browser: Browser, house: House, tara: Member) -> None:
    browser.cookies.set(COOKIE, "attacker-chosen")
    before = browser.get("/host/account")
    browser.cookies.clear()
    pressed = browser.post(a_link(house, tara), headers={"cookie": f"{COOKIE}=attacker-chosen"})
    browser.cookies.clear()
    browser.cookies.set(COOKIE, "attacker-chosen")
    after = browser.get("/host/account")

    assert (before.status_code, pressed.status_code, after.status_code) == (303, 303, 303)
    assert after.headers["location"] == "/sign-in?next=/host/account"


def test_signing_in_again_gives_a_new_cookie_and_ends_the_old(browser: Browser, house: House, tara: Member) -> None:
    browser.post(a_link(house, tara))
    old = browser.cookies[COOKIE]
    browser.post(a_link(house, tara))
    new = browser.cookies[COOKIE]
    statuses = []
    for cookie in (old, new):
        browser.cookies.clear()
        browser.cookies.set(COOKIE, cookie)
        statuses.append(browser.get("/host/account").status_code)

    assert (old != new, statuses, sign_ins(house.database)) == (True, [303, 200], 1)


def test_signing_out_ends_the_sign_in_for_good(browser: Browser, house: House, tara: Member) -> None:
    browser.post(a_link(house, tara))
    cookie = browser.cookies[COOKIE]
    answer = browser.post("/sign-out")
    is_forgotten = COOKIE not in browser.cookies
    browser.cookies.set(COOKIE, cookie)
    account = browser.get("/host/account")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?left")
    assert (is_forgotten, account.status_code, sign_ins(house.database)) == (True, 303, 0)


def test_signing_out_when_signed_out_is_no_failure(browser: Browser, house: House) -> None:
    left = browser.post("/sign-out")
    shown = browser.get(left.headers["location"])

    assert (left.status_code, shown.status_code) == (303, 200)
    assert "You are signed out." in shown.text


def test_signing_out_by_a_link_on_another_page_is_impossible(browser: Browser, house: House, tara: Member) -> None:
    browser.post(a_link(house, tara))
    answers = [browser.get("/sign-out"), browser.post("/sign-out", headers={"sec-fetch-site": "cross-site"})]

    assert [it.status_code for it in answers] == [405, 403]
    assert sign_ins(house.database) == 1


def test_member_removed_meanwhile_is_a_stranger(browser: Browser, house: House, tara: Member) -> None:
    browser.post(a_link(house, tara))
    with house.database.transaction() as session:
        session.execute(sa.update(Member).values(removed_at=NOW))

    assert browser.get("/host/account").status_code == 303


def test_browser_left_alone_for_thirty_days_is_signed_out(browser: Browser, house: House, clock: SetClock, tara: Member) -> None:
    browser.post(a_link(house, tara))
    statuses = []
    for days in (29, 29, 30):
        clock.advance(days=days)
        statuses.append(browser.get("/host/account").status_code)

    assert statuses == [200, 200, 303]


def test_browser_is_noted_as_seen_only_now_and_then(browser: Browser, house: House, clock: SetClock, tara: Member) -> None:
    browser.post(a_link(house, tara))
    seen = []
    for minutes in (4, 1, 4, 1):
        clock.advance(minutes=minutes)
        browser.get("/host/account")
        with house.database.reading() as session:
            seen.append(session.scalars(sa.select(SignIn.seen_at)).one() - NOW)

    assert seen == [timedelta(minutes=it) for it in (0, 5, 5, 10)]


def test_page_is_shown_though_the_database_takes_no_writes(
    browser: Browser, house: House, clock: SetClock, keys: Keys, tara: Member
) -> None:
    browser.post(a_link(house, tara))
    clock.advance(minutes=5)
    full = FullDatabase(house.database.url.render_as_string(hide_password=False))
    other = Browser(application(a_house(full, clock, keys, house.links.url), account.PAGES, registry=CollectorRegistry()), house)
    other.cookies.set(COOKIE, browser.cookies[COOKIE])
    with other.client:
        status = other.get("/host/account").status_code
    full.close()

    assert (status, full.refused) == (200, 1)


def test_who_is_signed_in_already_goes_on(browser: Browser, house: House, tara: Member) -> None:
    browser.post(a_link(house, tara))
    answers = [browser.get("/sign-in"), browser.get("/sign-in?next=/host/shows"), browser.get("/sign-in?next=//evil.example")]

    assert [it.headers["location"] for it in answers] == ["/host", "/host/shows", "/host"]


def test_sign_in_leads_back_to_the_page_that_was_wanted(browser: Browser, house: House, tara: Member) -> None:
    wanted = "/host/account?done=saved"
    sent_away = browser.get(wanted)
    form = browser.get(sent_away.headers["location"])
    browser.post("/sign-in", {"email": "tara@example.com", "next": wanted})
    pressed = browser.post(a_link(house, tara))
    again = browser.post(a_link(house, tara))

    assert sent_away.headers["location"] == f"/sign-in?next={quote(wanted, safe='/')}"
    assert f'<input type="hidden" name="next" value="{wanted}">' in form.text
    assert (pressed.headers["location"], again.headers["location"]) == (wanted, "/host")


ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/host",
    "https:/host",
    "javascript:alert(1)",
    "/host//evil.example",
    "/host/../../evil",
    "/host/./x",
    "/hostile",
    "/host@evil.example",
    "/host:80@evil.example",
    "/host\t//evil",
    "/host\r\nset-cookie: a=b",
    "/host/%2f%2fevil.example",
    "/host#//evil",
    " /host",
    "/host ",
    "/host\n",
    "/sign-out",
    "/",
    "",
    "/host/" + "a" * 500,
    "/host/ä",
]


@pytest.mark.parametrize("next_page", ELSEWHERE)
def test_sign_in_leads_nowhere_else(browser: Browser, house: House, tara: Member, next_page: str) -> None:
    form = browser.get(f"/sign-in?next={quote(next_page)}")
    browser.post("/sign-in", {"email": "tara@example.com", "next": next_page})
    pressed = browser.post(a_link(house, tara))

    assert visitors.safe_address(next_page) == ""
    assert '<input type="hidden" name="next" value="">' in form.text
    assert pressed.headers["location"] == "/host"


@pytest.mark.parametrize(
    "address", ["/host", "/host/shows", "/host/calls/0190-ab.c~d_e?search=a%20b&page=2", "/host?weeks=8", "/host/a..b"]
)
def test_addresses_of_the_hosts_side_are_safe(address: str) -> None:
    assert visitors.safe_address(address) == address


def test_cookie_that_says_where_to_go_cannot_be_made_up(browser: Browser, house: House, tara: Member) -> None:
    made_up = house.keys.sign("something else", "tara@example.com /host/shows", NOW + timedelta(hours=1))
    browser.cookies.set("__Host-calls-asked", made_up)
    shown, pressed = browser.get(a_link(house, tara)), browser.post(a_link(house, tara))

    assert "was not asked for in this browser" in shown.text
    assert pressed.headers["location"] == "/host"


def test_link_asked_for_here_is_followed_without_a_warning(new_browser: NewBrowser, house: House, tara: Member) -> None:
    here, there = new_browser(), new_browser()
    here.post("/sign-in", {"email": "tara@example.com"})
    there.post("/sign-in", {"email": "somebody.else@example.com"})
    link = a_link(house, tara)

    warned = ["was not asked for in this browser" in it.get(link).text for it in (here, there)]

    assert warned == [False, True]


def test_something_done_while_signed_out_says_so(browser: Browser, house: House) -> None:
    answer = browser.post("/host/account", {"name": "Somebody"})

    assert answer.status_code == 403
    assert "Sign in again in another window" in answer.text


def test_names_are_shown_as_they_are(browser: Browser, house: House) -> None:
    with house.database.transaction() as session:
        account = an_account(session, name="<script>alert(1)</script>")
        member = a_member(session, name="{{ 7 * 7 }} & co", account=account)
    shown = browser.get(a_link(house, member)).text

    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>" in shown
    assert "<bdi>{{ 7 * 7 }} &amp; co</bdi>" in shown
