"""Stopping mails: by one click of a mail program, by a page, and back again."""

import pytest

from calls.ground.database import Database
from calls.messages.models import Silence
from calls.registrations.models import Attendee, Registration
from calls.web.house import House
from tests.web.browsers import Browser
from tests.web.public.conftest import Place, Programme, changes, rows, words

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FROM_A_MAIL_PROGRAM = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}


@pytest.fixture
def ada(tara: Programme, placed: Place) -> Registration:
    return placed(tara.first)


@pytest.fixture
def page(ada: Registration, house: House) -> str:
    return house.links.here.unsubscribe(ada.attendee_id)


def silences(database: Database) -> list[str]:
    return [kind for (kind,) in rows(database, Silence.kind)]


def test_looking_stops_nothing(browser: Browser, page: str, database: Database) -> None:
    answer = browser.get(page)

    assert (answer.status_code, silences(database)) == (200, [])
    assert words(answer.text).startswith("Stop mails This is about the mails to ada@example.com.")


@pytest.mark.parametrize(("query", "kind"), [("", "all"), ("?kind=all", "all"), ("?kind=reminders", "reminders")])
def test_one_click_stops_mails(browser: Browser, page: str, database: Database, query: str, kind: str) -> None:
    answer = browser.post(page + query, ONE_CLICK, headers=FROM_A_MAIL_PROGRAM)

    assert (answer.status_code, answer.text) == (200, "You are unsubscribed.\n")
    assert (silences(database), changes(database)) == ([kind], ["silence.set"])


def test_two_clicks_are_one(browser: Browser, page: str, database: Database) -> None:
    statuses = [browser.post(page, ONE_CLICK).status_code for _ in range(2)]

    assert (statuses, silences(database), changes(database)) == ([200, 200], ["all"], ["silence.set"])


def test_reminders_are_stopped_and_come_again(browser: Browser, page: str, database: Database) -> None:
    answer = browser.post(page, {"kind": "reminders"})
    said = words(browser.get(answer.headers["location"]).text)
    stopped = silences(database)
    back = browser.post(f"{page}/undo", {"kind": "reminders"})

    assert (answer.status_code, back.status_code, back.headers["location"]) == (303, 303, page)
    assert said.startswith("You get no more reminders. Stop mails")
    assert (stopped, silences(database)) == (["reminders"], [])
    assert changes(database) == ["silence.set", "silence.lifted"]


def test_all_mails_are_stopped_and_the_page_says_what_still_comes(browser: Browser, page: str, database: Database) -> None:
    browser.post(page, {"kind": "all"})

    said = words(browser.get(page).text)

    assert silences(database) == ["all"]
    assert "You do not hear of it when a call that you are registered for is moved or cancelled." in said
    assert "What still comes is the answer to what you do yourself" in said


def test_undoing_what_was_not_done_does_nothing(browser: Browser, page: str, database: Database) -> None:
    assert browser.post(f"{page}/undo", {"kind": "all"}).status_code == 303
    assert changes(database) == []


@pytest.mark.parametrize("kind", ["", "everything", "x" * 10_000])
def test_unknown_kind_is_refused(browser: Browser, page: str, database: Database, kind: str) -> None:
    assert [browser.post(it, {"kind": kind}).status_code for it in (page, f"{page}/undo")] == [422, 422]
    assert silences(database) == []


def test_link_that_is_not_hers_stops_nothing(browser: Browser, ada: Registration, house: House, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Attendee, ada.attendee_id).generation = 1
    here = house.links.here
    wrong = [here.unsubscribe(ada.attendee_id), here.unsubscribe(ada.id, 1), here.unsubscribe(ada.attendee_id, 1)[:-1] + "~"]

    assert [(browser.get(it).status_code, browser.post(it, ONE_CLICK).status_code) for it in wrong] == [(404, 404)] * 3
    assert silences(database) == []
