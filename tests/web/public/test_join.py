"""One person's way in, by the server's time."""

from datetime import timedelta

import pytest

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.joining.models import Attendance, Room
from calls.registrations.models import Registration
from calls.shows.models import Call
from calls.web.house import House
from tests.builders import NOW
from tests.web.browsers import Browser
from tests.web.public.conftest import Place, Programme, counted, rows, words

WEB = "https://meet.example:8443/tara?pwd=x"


def a_room(database: Database, tara: Programme, **facts: object) -> None:
    known = {"phone": "+1 555 010 4477", "code": "48213#", "web_link": WEB, "created_at": NOW, "show_id": tara.show.id}
    with database.transaction() as session:
        session.add(Room(**known | facts))


@pytest.fixture
def ada(tara: Programme, placed: Place) -> Registration:
    return placed(tara.first)


@pytest.fixture
def page(ada: Registration, house: House) -> str:
    return house.links.here.join(ada.id)


@pytest.fixture
def at_the_door(tara: Programme, clock: SetClock) -> None:
    clock.set(tara.first.starts_at - timedelta(minutes=15))


def came(database: Database) -> list[str]:
    return [way for (way,) in rows(database, Attendance.way)]


def test_before_the_doors_open_page_says_when(
    browser: Browser, page: str, tara: Programme, database: Database, clock: SetClock
) -> None:
    a_room(database, tara)
    clock.set(tara.first.starts_at - timedelta(minutes=15, seconds=1))

    answer = browser.get(page)
    pressed = browser.post(page, {"way": "web"})

    said = words(answer.text)
    assert (answer.status_code, pressed.status_code) == (200, 409)
    assert "The doors open at 00:45 Wednesday 25 November 2026, 00:45, Berlin time (UTC+01:00)." in said
    assert 'data-opens-in="2"' in answer.text
    assert ("4477" in answer.text, "meet.example" in answer.text, "meet.example" in pressed.text) == (False, False, False)
    assert words(pressed.text).startswith("The doors are not open yet.")
    assert came(database) == []


def test_looking_is_not_coming(browser: Browser, page: str, tara: Programme, database: Database, at_the_door: None) -> None:
    a_room(database, tara)

    answer = browser.get(page)

    assert "Come in Join in the browser Join by phone" in words(answer.text)
    assert ("4477" in answer.text, "meet.example" in answer.text) == (False, False)
    assert came(database) == []


def test_button_leads_to_the_web_link(
    browser: Browser, page: str, tara: Programme, database: Database, at_the_door: None
) -> None:
    a_room(database, tara)

    policy = browser.get(page).headers["content-security-policy"]
    answer = browser.post(page, {"way": "web"})

    assert (answer.status_code, answer.headers["location"]) == (303, WEB)
    assert "form-action 'self' https://meet.example:8443;" in policy
    assert came(database) == ["web"]


def test_button_shows_number_and_code(
    browser: Browser, page: str, tara: Programme, database: Database, at_the_door: None
) -> None:
    a_room(database, tara, web_link="")

    answer = browser.post(page, {"way": "phone"})

    assert answer.status_code == 200
    assert "Come in +1 555 010 4477 Code 48213#" in words(answer.text)
    assert '<a href="tel:+15550104477,,48213%23">' in answer.text
    assert came(database) == ["phone"]


def test_coming_twice_is_coming_once(browser: Browser, page: str, tara: Programme, database: Database, at_the_door: None) -> None:
    a_room(database, tara)

    statuses = [browser.post(page, {"way": way}).status_code for way in ("phone", "web", "phone")]

    assert (statuses, came(database)) == ([200, 303, 200], ["phone"])


def test_without_a_way_in_page_asks_to_look_again(browser: Browser, page: str, database: Database, at_the_door: None) -> None:
    shown, pressed = browser.get(page), browser.post(page, {"way": "phone"})

    assert "The host has not said yet how to get in. Look again" in words(shown.text)
    assert (pressed.status_code, came(database)) == (409, [])


def test_way_that_there_is_not_is_refused(
    browser: Browser, page: str, tara: Programme, database: Database, at_the_door: None
) -> None:
    a_room(database, tara, web_link="")

    assert browser.post(page, {"way": "web"}).status_code == 409
    assert came(database) == []


def test_doors_close_half_an_hour_after_the_end(
    browser: Browser, page: str, tara: Programme, database: Database, clock: SetClock
) -> None:
    a_room(database, tara)
    clock.set(tara.first.ends_at + timedelta(minutes=29, seconds=59))
    last = browser.post(page, {"way": "web"}).status_code
    clock.advance(seconds=1)

    shown, pressed = browser.get(page), browser.post(page, {"way": "web"})

    assert (last, shown.status_code, pressed.status_code) == (303, 200, 409)
    assert "This call is over. See the next dates" in words(shown.text)


def test_moved_call_says_so_under_the_same_link(browser: Browser, page: str, tara: Programme, database: Database) -> None:
    with database.transaction() as session:
        call = session.get_one(Call, tara.first.id)
        call.starts_at, call.ends_at = call.starts_at + timedelta(hours=1), call.ends_at + timedelta(hours=1)

    said = words(browser.get(page).text)

    assert "Tuesday 24 November 2026, 20:00 New York time" in said
    assert "Moved from Tue 24 Nov 2026, 19:00 New York" in said


def test_cancelled_call_says_why(browser: Browser, page: str, tara: Programme, database: Database, at_the_door: None) -> None:
    a_room(database, tara)
    with database.transaction() as session:
        call = session.get_one(Call, tara.first.id)
        call.cancelled_at, call.reason = NOW, "Ill."

    shown, pressed = browser.get(page), browser.post(page, {"way": "web"})

    assert "This call has been cancelled. Ill. See other dates" in words(shown.text)
    assert (pressed.status_code, came(database)) == (409, [])


def test_seat_that_was_given_back_opens_no_door(
    browser: Browser, page: str, ada: Registration, tara: Programme, database: Database, at_the_door: None
) -> None:
    a_room(database, tara)
    with database.transaction() as session:
        session.get_one(Registration, ada.id).state = "cancelled"

    shown, pressed = browser.get(page), browser.post(page, {"way": "web"})

    assert "You gave your seat at this call back." in words(shown.text)
    assert (pressed.status_code, "meet.example" in shown.text + pressed.text) == (409, False)


def test_link_of_another_purpose_or_generation_opens_nothing(browser: Browser, ada: Registration, house: House) -> None:
    here = house.links.here
    wrong = [here.join(ada.id, 1), here.registration(ada.id).replace("/r/", "/j/"), here.join(ada.id)[:-1] + "~", "/j/x"]

    assert [(browser.get(it).status_code, browser.post(it).status_code) for it in wrong] == [(404, 404)] * 4


def test_page_is_stored_nowhere(browser: Browser, page: str) -> None:
    headers = browser.get(page).headers

    assert [headers[it] for it in ("cache-control", "x-robots-tag", "referrer-policy")] == ["no-store", "noindex", "no-referrer"]


def test_page_and_button_take_few_statements(
    browser: Browser, page: str, tara: Programme, database: Database, clock: SetClock
) -> None:
    a_room(database, tara)
    with counted() as early:
        browser.get(page)
    clock.set(tara.first.starts_at)
    with counted() as shown:
        browser.get(page)
    with counted() as pressed:
        browser.post(page, {"way": "web"})

    assert (len(early), len(shown), len(pressed)) == (1, 2, 3)
