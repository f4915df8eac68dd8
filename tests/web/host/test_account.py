"""The member's own page."""

import re
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from calls.calendars.models import Feed
from calls.ground.clock import SetClock
from calls.ground.database import Database, new_id
from calls.history.models import Change
from calls.team.models import Account, Member, SignIn
from calls.web.host.layout import menu
from calls.web.house import House
from tests.builders import a_member, an_account
from tests.web.browsers import Browser, NewBrowser

CHROME = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
HERE = "/host/account"


@pytest.fixture
def tara(database: Database) -> Member:
    with database.transaction() as session:
        account = an_account(session, name="Tara Productions")
        return a_member(session, email="tara@example.com", name="Tara", account=account)


def names(database: Database) -> tuple[str, str]:
    with database.reading() as session:
        return session.scalars(sa.select(Member.name)).one(), session.scalars(sa.select(Account.name)).one()


def sign_in_of(database: Database, browser_words: str) -> str:
    with database.reading() as session:
        return str(session.scalars(sa.select(SignIn.id).where(SignIn.browser == browser_words)).one())


def test_account_says_where_else_the_member_is_signed_in(new_browser: NewBrowser, clock: SetClock, tara: Member) -> None:
    laptop, phone = new_browser(), new_browser(user_agent=CHROME)
    phone.sign_in(tara)
    clock.advance(days=2)
    laptop.sign_in(tara)
    page = laptop.get(HERE)

    rows = [re.sub(r"<[^>]+>", " ", it).split() for it in re.findall(r"<tr>\s*<td>.*?</tr>", page.text, re.DOTALL)]
    assert page.status_code == 200
    assert "<p>Here: Firefox on Linux, since" in page.text
    assert [" ".join(it) for it in rows] == [
        "Chrome on Android last seen Sun 22 Nov 2026, 12:00 UTC Sign out there: Chrome on Android"
    ]


def test_account_of_who_is_signed_in_here_only_says_so(browser: Browser, tara: Member) -> None:
    browser.sign_in(tara)

    assert "You are signed in nowhere else." in browser.get(HERE).text


def test_account_is_stored_by_nobody(browser: Browser, tara: Member) -> None:
    browser.sign_in(tara)
    headers = browser.get(HERE).headers

    assert [headers[it] for it in ("cache-control", "vary", "x-robots-tag", "referrer-policy")] == [
        "no-store", "Cookie", "noindex", "same-origin",
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
def test_account_is_closed_to_strangers(browser: Browser, database: Database, tara: Member, method: str) -> None:
    answer = browser.get(HERE) if method == "get" else browser.post(HERE, {"name": "Eve"})

    assert answer.status_code == {"get": 303, "post": 403}[method]
    assert names(database) == ("Tara", "Tara Productions")


def test_names_are_changed(browser: Browser, database: Database, tara: Member) -> None:
    browser.sign_in(tara)
    answer = browser.post(HERE, {"name": " Tara Miller ", "account_name": "Miller & Co"})
    page = browser.get(answer.headers["location"])

    assert (answer.status_code, answer.headers["location"]) == (303, "/host/account?done=saved")
    assert names(database) == ("Tara Miller", "Miller & Co")
    assert ("Saved." in page.text, "<bdi>Miller &amp; Co</bdi>" in page.text) == (True, True)


def test_names_are_both_refused_and_what_was_typed_is_kept(browser: Browser, database: Database, tara: Member) -> None:
    browser.sign_in(tara)
    answer = browser.post(HERE, {"name": "", "account_name": "x" * 10_000})

    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert f'value="{"x" * 10_000}"' in answer.text
    assert names(database) == ("Tara", "Tara Productions")


def test_one_refused_name_keeps_the_other_back_too(browser: Browser, database: Database, tara: Member) -> None:
    browser.sign_in(tara)
    answer = browser.post(HERE, {"name": "Tara Miller", "account_name": ""})

    assert (answer.status_code, names(database)) == (422, ("Tara", "Tara Productions"))


def test_host_changes_her_own_name_only(browser: Browser, database: Database) -> None:
    with database.transaction() as session:
        host = a_member(session, name="Bo", role="host", account=an_account(session, name="Tara Productions"))
    browser.sign_in(host)
    page = browser.get(HERE)
    refused = browser.post(HERE, {"name": "Bob", "account_name": "Bob & Co"})
    before = names(database)
    taken = browser.post(HERE, {"name": "Bob"})

    assert 'name="account_name"' not in page.text
    assert (refused.status_code, before) == (403, ("Bo", "Tara Productions"))
    assert (taken.status_code, names(database)) == (303, ("Bob", "Tara Productions"))


def test_sign_in_elsewhere_is_ended(new_browser: NewBrowser, database: Database, tara: Member) -> None:
    laptop, phone = new_browser(), new_browser(user_agent=CHROME)
    laptop.sign_in(tara)
    phone.sign_in(tara)
    answer = laptop.post(f"{HERE}/sign-ins/{sign_in_of(database, 'Chrome on Android')}/end")

    assert answer.headers["location"] == "/host/account?done=ended"
    assert [it.get(HERE).status_code for it in (laptop, phone)] == [200, 303]


def test_all_other_sign_ins_are_ended(new_browser: NewBrowser, database: Database, tara: Member) -> None:
    with database.transaction() as session:
        colleague = a_member(session, account_id=tara.account_id)
    laptop, phone, tablet, theirs = (new_browser() for _ in range(4))
    for browser, member in ((laptop, tara), (phone, tara), (tablet, tara), (theirs, colleague)):
        browser.sign_in(member)
    answer = laptop.post(f"{HERE}/sign-ins/end-others")

    with database.reading() as session:
        ended = session.scalars(sa.select(Change.by_id).where(Change.kind == "sign_in.ended")).all()
    assert answer.headers["location"] == "/host/account?done=all-ended"
    assert [it.get(HERE).status_code for it in (laptop, phone, tablet, theirs)] == [200, 303, 303, 200]
    assert ended == [tara.id, tara.id]


def test_sign_in_of_somebody_else_is_as_unknown_as_any(new_browser: NewBrowser, database: Database, tara: Member) -> None:
    with database.transaction() as session:
        colleague = a_member(session, account_id=tara.account_id)
    laptop, theirs = new_browser(), new_browser(user_agent=CHROME)
    laptop.sign_in(tara)
    theirs.sign_in(colleague)
    ids = (sign_in_of(database, "Chrome on Android"), str(new_id()), "7")
    answers = [laptop.post(f"{HERE}/sign-ins/{it}/end") for it in ids]

    assert [it.status_code for it in answers] == [404, 404, 404]
    assert len({it.text for it in answers}) == 1
    assert theirs.get(HERE).status_code == 200


def test_member_makes_her_calendar(browser: Browser, database: Database, house: House, tara: Member) -> None:
    browser.sign_in(tara)
    before = browser.get(HERE)
    made = browser.post(f"{HERE}/feed/opening")
    after = browser.get(made.headers["location"])

    address = house.links.feed(feed(database).id, 0, "host")
    webcal = address.replace("https://", "webcal://")
    assert ("Make my calendar" in before.text, "/feeds/" in before.text) == (True, False)
    assert (made.status_code, "Here is your calendar. Its address is yours alone." in after.text) == (303, True)
    assert f'<input id="feed-address" type="url" readonly value="{address}" spellcheck="false">' in after.text
    assert re.findall(r'href="(webcal[^"]*|https://[^"]*)"', after.text) == [
        webcal,
        f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        *(
            f"https://outlook.{where}.com/calendar/0/addfromweb?url={quote(address, safe='')}&amp;name=Host%3A%20Tara"
            for where in ("live", "office")
        ),
    ]
    assert after.text.count("No calendar shows a change at once") == 1


def test_making_the_calendar_twice_leaves_its_address(browser: Browser, database: Database, tara: Member) -> None:
    browser.sign_in(tara)
    for _ in range(2):
        browser.post(f"{HERE}/feed/opening")

    assert (feed(database).generation, feed(database).member_id) == (0, tara.id)


def test_calendar_gets_a_new_address(browser: Browser, database: Database, house: House, tara: Member) -> None:
    browser.sign_in(tara)
    browser.post(f"{HERE}/feed/opening")
    page = browser.get(browser.post(f"{HERE}/feed").headers["location"])

    assert "Your calendar has a new address. The old one shows nothing any more." in page.text
    assert f'value="{house.links.feed(feed(database).id, 1, "host")}"' in page.text


def test_calendar_is_withdrawn_and_had_again(browser: Browser, database: Database, house: House, tara: Member) -> None:
    browser.sign_in(tara)
    browser.post(f"{HERE}/feed/opening")
    without = browser.get(browser.post(f"{HERE}/feed/withdrawal").headers["location"])
    refused = browser.post(f"{HERE}/feed")
    again = browser.get(browser.post(f"{HERE}/feed/opening").headers["location"])

    assert "Your calendar is withdrawn. Its address shows nothing any more." in without.text
    assert ("/feeds/" in without.text, "Have a calendar again" in without.text) == (False, True)
    assert (refused.status_code, "This calendar was withdrawn." in refused.text) == (409, True)
    assert f'value="{house.links.feed(feed(database).id, 1, "host")}"' in again.text


@pytest.mark.parametrize("deed", ["", "/withdrawal"])
def test_calendar_that_was_never_made_cannot_be_changed(browser: Browser, database: Database, tara: Member, deed: str) -> None:
    browser.sign_in(tara)
    refused = browser.post(f"{HERE}/feed{deed}")

    assert (refused.status_code, "You have no calendar yet. Make it first." in refused.text) == (409, True)


def test_calendars_of_two_members_are_their_own(new_browser: NewBrowser, database: Database, house: House, tara: Member) -> None:
    with database.transaction() as session:
        colleague = a_member(session, account_id=tara.account_id, name="Bo", role="host")
    hers, theirs = new_browser(), new_browser()
    hers.sign_in(tara)
    theirs.sign_in(colleague)
    for browser in (hers, theirs):
        browser.post(f"{HERE}/feed/opening")
    before = theirs.get(HERE).text
    hers.post(f"{HERE}/feed/withdrawal")

    assert theirs.get(HERE).text == before
    assert ["/feeds/" in it.get(HERE).text for it in (hers, theirs)] == [False, True]


def test_calendar_leaves_no_change_behind_as_an_attendees_does(browser: Browser, database: Database, tara: Member) -> None:
    browser.sign_in(tara)
    for deed in ("/opening", "", "/withdrawal"):
        browser.post(f"{HERE}/feed{deed}")

    with database.reading() as session:
        assert session.scalars(sa.select(Change.kind)).all() == ["member.signed_in"]


def feed(database: Database) -> Feed:
    with database.reading() as session:
        return session.scalars(sa.select(Feed)).one()


def test_menu_marks_the_room_the_page_is_in() -> None:
    marked = {
        path: [label for label, _, is_current in menu(path) if is_current] for path in ("/host", "/host/shows/7", "/host/calls/7")
    }

    assert marked == {"/host": ["Board"], "/host/shows/7": ["Shows"], "/host/calls/7": []}
