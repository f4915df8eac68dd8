"""A listener's own short link: made by her, named by her word alone."""

import pytest

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.links import Links
from calls.guests.models import Terms
from calls.kits.models import Share
from calls.registrations.models import Registration
from tests.web.browsers import Browser
from tests.web.public.conftest import Place, Programme, changes, form_of, rows, words


@pytest.fixture
def ada(placed: Place, tara: Programme) -> Registration:
    return placed(tara.first)


@pytest.fixture
def page(ada: Registration, links: Links) -> str:
    return links.here.registration(ada.id)


@pytest.fixture
def raced(database: Database, tara: Programme) -> None:
    with database.transaction() as session:
        session.add(Terms(show_id=tara.show.id, shows_race=True))


def test_link_is_made_by_pressing_and_not_by_looking(browser: Browser, page: str, database: Database) -> None:
    before = words(browser.get(page).text)
    none = rows(database, Share.code)
    made = [browser.post(f"{page}/share") for _ in range(2)]

    [(code,)] = rows(database, Share.code)
    after = browser.get(page)
    assert ("Make my link" in before, none) == (True, [])
    assert [(it.status_code, it.headers["location"]) for it in made] == [(303, f"{page}#bring")] * 2
    assert f"https://calls.example/v/{code} Nobody has come through it so far." in words(after.text)
    assert f"/v/{code}/qr.svg" in after.text
    assert changes(database) == []


def test_page_tells_how_many_came_and_counts_not_herself(
    browser: Browser, page: str, database: Database, tara: Programme
) -> None:
    browser.post(f"{page}/share")
    [(code,)] = rows(database, Share.code)

    for email in ("ada@example.com", "bob@example.com", "cleo@example.com"):
        browser.post(f"/ask-tara/{tara.first.address}", form_of(call=tara.first.address, email=email) | {"via": code})

    assert "2 people have come through it so far." in words(browser.get(page).text)


def test_she_is_named_when_she_says_so_and_no_longer_when_she_says_no(
    browser: Browser, page: str, database: Database, tara: Programme, raced: None
) -> None:
    browser.post(f"{page}/share")
    [(code,)] = rows(database, Share.code)
    browser.post(f"/ask-tara/{tara.first.address}", form_of(call=tara.first.address, email="bob@example.com") | {"via": code})
    shown = [words(browser.get("/ask-tara").text)]

    for form in ({"is_named": "yes"}, {}):
        browser.post(f"{page}/share/name", form)
        shown.append(words(browser.get("/ask-tara").text))

    assert ["They brought you here Ada one person" in it for it in shown] == [False, True, False]
    assert [it for it in changes(database) if it == "share.named"] == ["share.named"] * 2


def test_consent_is_asked_only_where_the_show_tells(browser: Browser, page: str, database: Database) -> None:
    browser.post(f"{page}/share")

    assert "Name me there" not in browser.get(page).text


def test_who_has_no_link_is_not_named(browser: Browser, page: str, database: Database) -> None:
    assert browser.post(f"{page}/share/name", {"is_named": "yes"}).status_code == 404


def test_nobody_is_brought_to_a_call_that_is_over(
    browser: Browser, page: str, tara: Programme, clock: SetClock, database: Database
) -> None:
    clock.set(tara.first.ends_at)

    assert "Bring somebody" not in words(browser.get(page).text)
    assert browser.post(f"{page}/share").status_code == 409
    assert rows(database, Share.code) == []


def test_token_of_nothing_makes_nothing(browser: Browser, page: str, database: Database) -> None:
    assert [browser.post(f"/r/nothing/share{more}").status_code for more in ("", "/name")] == [404, 404]
