"""Wishes of an audience: proposed and voted for on the show's page, counted once confirmed by mail."""

import pytest

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.links import Links
from calls.guests.models import Terms
from calls.messages.models import Message
from calls.wishes import wishing
from calls.wishes.models import Vote, Wish
from tests.web.browsers import Browser
from tests.web.public.conftest import Programme, changes, rows, words

PROPOSAL = {
    "which": "new",
    "guest": "Dr. Mei Ono",
    "why": "She knows sleep.",
    "link": "https://ono.example",
    "email": "ada@example.com",
}


@pytest.fixture
def wished(database: Database, tara: Programme) -> Programme:
    """The show, with its audience asked for wishes."""
    with database.transaction() as session:
        session.add(Terms(show_id=tara.show.id, takes_wishes=True))
    return tara


@pytest.fixture
def path(wished: Programme) -> str:
    return f"/{wished.show.slug}/wishes"


def a_wish(database: Database, programme: Programme, name: str = "Dr. Mei Ono", **facts: object) -> Wish:
    with database.transaction() as session:
        known = {"created_at": programme.show.created_at, "show_id": programme.show.id, "state": "shown", "votes": 1}
        wish = Wish(name=name, **known | facts)
        session.add(wish)
    return wish


def confirm(database: Database, browser: Browser, links: Links, number: int = 0) -> str:
    """Open the link of a vote and press its button; what the page says then."""
    vote_id = rows(database, Vote.id)[number][0]
    address = links.here.vote(vote_id)
    browser.get(address)
    return words(browser.get(browser.post(address).headers["location"]).text)


def test_proposal_comes_before_the_host_once_it_is_confirmed(
    browser: Browser, wished: Programme, path: str, database: Database, links: Links
) -> None:
    asked = browser.post(path, PROPOSAL)
    told = words(browser.get(asked.headers["location"]).text)
    before = rows(database, Wish.name, Wish.state, Wish.votes)
    said = confirm(database, browser, links)

    assert (asked.status_code, asked.headers["location"]) == (303, f"{path}?sent")
    assert "A mail is on its way to ada@example.com." in told
    assert before == [("Dr. Mei Ono", "waiting", 0)]
    assert rows(database, Wish.name, Wish.why, Wish.link, Wish.state, Wish.votes) == [
        ("Dr. Mei Ono", "She knows sleep.", "https://ono.example", "waiting", 1)
    ]
    assert "Thank you. Your vote counts." in said
    assert changes(database) == ["wish.proposed"]
    assert "Dr. Mei Ono" not in words(browser.get(path).text)


def test_looking_at_the_link_counts_nothing(browser: Browser, path: str, database: Database, links: Links) -> None:
    browser.post(path, PROPOSAL)

    page = browser.get(links.here.vote(rows(database, Vote.id)[0][0]))

    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "You would like to hear Dr. Mei Ono on Ask Tara." in words(page.text)
    assert rows(database, Wish.votes) == [(0,)]


def test_vote_counts_once_however_often_it_is_given_and_confirmed(
    browser: Browser, wished: Programme, path: str, database: Database, links: Links
) -> None:
    wish = a_wish(database, wished, votes=4)
    for email in ("ada@example.com", "ADA@example.com "):
        browser.post(path, {"which": str(wish.id), "email": email})

    for _ in range(2):
        confirm(database, browser, links)

    assert rows(database, Vote.email) == [("ada@example.com",)]
    assert rows(database, Wish.votes) == [(5,)]
    assert "Dr. Mei Ono 5 votes" in words(browser.get(path).text)


def test_who_was_proposed_before_gets_the_vote(browser: Browser, wished: Programme, path: str, database: Database) -> None:
    a_wish(database, wished, votes=4)

    browser.post(path, PROPOSAL | {"guest": "DR. MEI ONO", "email": "bob@example.com"})

    assert rows(database, Wish.name) == [("Dr. Mei Ono",)]
    assert rows(database, Vote.email) == [("bob@example.com",)]


def test_who_has_voted_is_answered_like_everybody(
    browser: Browser, wished: Programme, path: str, database: Database, links: Links
) -> None:
    wish = a_wish(database, wished)
    vote = {"which": str(wish.id), "email": "ada@example.com"}
    first = browser.post(path, vote)
    confirm(database, browser, links)
    again = browser.post(path, vote)

    assert (first.status_code, first.headers["location"]) == (again.status_code, again.headers["location"])
    assert len(rows(database, Message.id)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"guest": ""}, "Say whom you would like to hear."),
        ({"guest": "x" * 121}, "Give a name of at most 120 characters."),
        ({"why": "x" * 501}, "Say why in at most 500 characters."),
        ({"link": "javascript:alert(1)"}, "Give a web address, like https://example.com, or leave this empty."),
        ({"link": "https://[::1"}, "Give a web address, like https://example.com, or leave this empty."),
        ({"email": "nobody"}, "Enter one e-mail address, like name@example.com."),
        ({"which": ""}, "Choose somebody, or propose somebody else below."),
        ({"which": "01a204cc-6f23-709c-b912-9b314e2c6846"}, "Choose somebody, or propose somebody else below."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_kept(
    browser: Browser, path: str, database: Database, typed: dict[str, str], said: str
) -> None:
    answer = browser.post(path, PROPOSAL | typed)

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert all(f'value="{value}"' in answer.text for name, value in (PROPOSAL | typed).items() if name == "email" and value)
    assert rows(database, Wish.id) == []


def test_faults_of_all_fields_are_told_at_once(browser: Browser, path: str) -> None:
    told = words(browser.post(path, PROPOSAL | {"guest": "", "email": ""}).text)

    assert ("Say whom you would like to hear." in told, "Enter an e-mail address." in told) == (True, True)


def test_wish_with_markup_is_shown_as_text(browser: Browser, wished: Programme, path: str, database: Database) -> None:
    a_wish(database, wished, "<script>alert(1)</script>", why="<img src=x onerror=alert(1)>", link="https://a.example/?\"><b>")

    page = browser.get(path).text

    assert ("<script>alert" in page, "<img src=x" in page, '"><b>' in page) == (False, False, False)


def test_show_that_takes_no_wishes_has_no_such_page(browser: Browser, tara: Programme, database: Database) -> None:
    path = f"/{tara.show.slug}/wishes"

    assert (browser.get(path).status_code, browser.post(path, PROPOSAL).status_code) == (404, 404)
    assert rows(database, Wish.id) == []


def test_wish_that_the_host_has_not_shown_takes_no_vote(
    browser: Browser, wished: Programme, path: str, database: Database
) -> None:
    wish = a_wish(database, wished, state="refused")

    assert browser.post(path, {"which": str(wish.id), "email": "ada@example.com"}).status_code == 422


def test_what_nobody_confirmed_is_forgotten(
    browser: Browser, wished: Programme, path: str, database: Database, clock: SetClock
) -> None:
    kept = a_wish(database, wished, "Kim")
    browser.post(path, PROPOSAL)
    browser.post(path, {"which": str(kept.id), "email": "bob@example.com"})

    clock.advance(days=31)
    with database.transaction() as session:
        wishing.forget(session, clock.now())

    assert rows(database, Wish.name) == [("Kim",)]
    assert rows(database, Vote.id) == []


def test_asking_often_is_asked_to_wait(browser: Browser, path: str) -> None:
    statuses = [browser.post(path, PROPOSAL).status_code for _ in range(11)]

    assert statuses == [303] * 10 + [429]
