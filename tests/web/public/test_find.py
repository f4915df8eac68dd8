"""Find my call: one answer for everybody."""

import pytest

from calls.ground.database import Database
from calls.messages.models import Message
from tests.web.browsers import Browser, NewBrowser
from tests.web.public.conftest import Place, Programme, rows, words


def test_links_go_to_the_address_that_is_known(browser: Browser, tara: Programme, placed: Place, database: Database) -> None:
    ada = placed(tara.first)

    asked = browser.get("/find")
    answer = browser.post("/find", {"email": " Ada@Example.com "})
    told = browser.get(answer.headers["location"])

    assert (asked.status_code, answer.status_code, told.status_code) == (200, 303, 200)
    assert rows(database, Message.kind, Message.attendee_id) == [("your_links", ada.attendee_id)]
    assert "If somebody is registered with ada@example.com, the links are on their way there." in words(told.text)


def test_known_and_unknown_addresses_are_answered_alike(
    new_browser: NewBrowser, tara: Programme, placed: Place, database: Database
) -> None:
    placed(tara.first)
    heard = []
    for email in ("ada@example.com", "eve@example.com"):
        browser = new_browser()
        answer = browser.post("/find", {"email": email})
        told = browser.get(answer.headers["location"])
        heard.append((answer.status_code, answer.headers["location"], told.text.replace(email, "")))

    assert heard[0] == heard[1]
    assert len(rows(database, Message.id)) == 1


def test_asking_twice_in_a_minute_sends_one_mail(browser: Browser, tara: Programme, placed: Place, database: Database) -> None:
    placed(tara.first)

    for _ in range(2):
        browser.post("/find", {"email": "ada@example.com"})

    assert len(rows(database, Message.id)) == 1


@pytest.mark.parametrize("typed", ["", "nobody", "a@b.example\r\nBcc: c@d.example", "x" * 10_000, "a@b@c"])
def test_what_is_no_address_is_refused(browser: Browser, database: Database, typed: str) -> None:
    answer = browser.post("/find", {"email": typed})

    assert (answer.status_code, words(answer.text).startswith("There is something to mend")) == (422, True)
    assert rows(database, Message.id) == []


def test_asking_often_is_asked_to_wait(browser: Browser, database: Database) -> None:
    statuses = [browser.post("/find", {"email": "eve@example.com"}).status_code for _ in range(6)]

    assert statuses == [303] * 5 + [429]


def test_page_after_sending_names_nobody_to_other_browsers(new_browser: NewBrowser, database: Database) -> None:
    new_browser().post("/find", {"email": "ada@example.com"})

    assert "ada@example.com" not in new_browser().get("/find?sent").text
