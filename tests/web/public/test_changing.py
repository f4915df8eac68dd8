"""What an attendee changes by herself: her seat, her date, her name and zone, her address."""

import pytest

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.registrations.models import Attendee, Registration
from calls.shows.models import Call
from calls.web.house import House
from tests.builders import a_call, a_pass, a_show
from tests.web.browsers import Browser
from tests.web.public.conftest import Place, Programme, changes, given_back, people, rows, taken, words


@pytest.fixture
def ada(tara: Programme, placed: Place) -> Registration:
    return placed(tara.first)


@pytest.fixture
def page(ada: Registration, house: House) -> str:
    return house.links.here.registration(ada.id)


def test_seat_is_given_back_after_one_question(browser: Browser, page: str, database: Database) -> None:
    asked = browser.get(f"{page}/cancellation")
    before = people(database)
    answer = browser.post(f"{page}/cancellation")

    assert words(asked.text).startswith("Give your seat back? Sleep Tuesday 24 November 2026, 19:00")
    assert before == [("ada@example.com", "2026-11-24", "confirmed")]
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?done=cancelled")
    assert (people(database), taken(database)) == ([("ada@example.com", "2026-11-24", "cancelled")], [0, 0, 0, 0])


def test_giving_back_twice_is_giving_back_once(browser: Browser, page: str, database: Database) -> None:
    statuses = [browser.post(f"{page}/cancellation").status_code for _ in range(2)]

    assert (statuses, changes(database), taken(database)) == ([303, 303], ["registration.cancelled"], [0, 0, 0, 0])
    assert browser.get(f"{page}/cancellation").headers["location"] == page


def test_seat_of_a_call_that_is_over_stays(
    browser: Browser, page: str, tara: Programme, database: Database, clock: SetClock
) -> None:
    clock.set(tara.first.ends_at)

    assert browser.post(f"{page}/cancellation").status_code == 409
    assert people(database) == [("ada@example.com", "2026-11-24", "confirmed")]


def test_pass_is_given_back_with_its_seats(
    browser: Browser, tara: Programme, house: House, database: Database, placed: Place
) -> None:
    by_pass, single = placed(tara.first), placed(tara.calls[3])
    with database.transaction() as session:
        held = a_pass(session, tara.show, session.get_one(Attendee, single.attendee_id))
        session.get_one(Registration, by_pass.id).pass_id = held.id
    page = house.links.here.passes(held.id)

    asked, answer = browser.get(f"{page}/cancellation"), browser.post(f"{page}/cancellation")

    assert words(asked.text).startswith("Give your pass for Ask Tara back?")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?done=given-back")
    assert (given_back(database, held), taken(database)) == (True, [0, 0, 0, 1])


def test_registration_moves_to_another_date(browser: Browser, page: str, database: Database) -> None:
    asked = browser.get(f"{page}/date")
    answer = browser.post(f"{page}/date", {"call": "2026-12-08"})

    assert "Tue 1 Dec 2026, 19:00 New York time: Prof. Lind" in words(asked.text)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?done=moved")
    assert (people(database), taken(database)) == ([("ada@example.com", "2026-12-08", "confirmed")], [0, 0, 1, 0])


def test_dates_that_cannot_be_had_are_not_offered(
    browser: Browser, page: str, tara: Programme, placed: Place, database: Database
) -> None:
    placed(tara.calls[1])
    with database.transaction() as session:
        session.get_one(Call, tara.calls[2].id).taken = 10

    html = browser.get(f"{page}/date").text

    assert [it in html for it in ("2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15")] == [False, False, False, True]


def test_date_that_filled_up_meanwhile_is_refused(browser: Browser, page: str, tara: Programme, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Call, tara.calls[1].id).taken = 10

    answer = browser.post(f"{page}/date", {"call": "2026-12-01"})

    assert (answer.status_code, words(answer.text).startswith("There is something to mend This call is full.")) == (409, True)
    assert people(database) == [("ada@example.com", "2026-11-24", "confirmed")]


@pytest.mark.parametrize("call", ["", "2026-11-25", "2026-12-02", "x" * 10_000])
def test_date_of_no_call_of_the_show_is_refused(browser: Browser, page: str, database: Database, call: str) -> None:
    with database.transaction() as session:
        other = a_show(session, slug="other")
        a_call(session, other, address="2026-12-02")

    answer = browser.post(f"{page}/date", {"call": call})

    assert (answer.status_code, "Choose one of the dates from the list." in words(answer.text)) == (422, True)
    assert people(database) == [("ada@example.com", "2026-11-24", "confirmed")]


def test_registration_of_a_call_that_is_over_stays(browser: Browser, page: str, tara: Programme, clock: SetClock) -> None:
    clock.set(tara.first.ends_at)

    shown, posted = browser.get(f"{page}/date"), browser.post(f"{page}/date", {"call": "2026-12-01"})

    assert (shown.status_code, shown.headers["location"], posted.status_code) == (303, page, 409)


def test_name_zone_and_way_to_the_calendar_are_changed(browser: Browser, page: str, database: Database) -> None:
    shown = browser.get(f"{page}/person")
    answer = browser.post(f"{page}/person", {"name": "Ada  L.", "zone": "Asia/Kolkata", "calendar": "feed"})

    assert "<option selected>Europe/Berlin" in shown.text
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?done=person")
    assert rows(database, Attendee.name, Attendee.zone, Attendee.calendar) == [("Ada L.", "Asia/Kolkata", "feed")]
    assert "For you: Wednesday 25 November 2026, 05:30, Kolkata time (UTC+05:30)" in words(browser.get(page).text)


def test_zone_under_an_old_name_stays_when_a_name_is_changed(
    browser: Browser, page: str, ada: Registration, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Attendee, ada.attendee_id).zone = "US/Pacific"

    shown = browser.get(f"{page}/person")

    assert "<option selected>US/Pacific" in shown.text
    assert "data-zone" not in shown.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Give a name."),
        ({"name": "x" * 10_000}, "Give a name of at most 200 characters."),
        ({"zone": "Mars/Olympus"}, "That time zone is not known; choose one from the list."),
        ({"calendar": "pigeon"}, "Choose one of the ways offered."),
    ],
)
def test_what_cannot_be_taken_about_a_person_is_said(
    browser: Browser, page: str, database: Database, typed: dict[str, str], sentence: str
) -> None:
    answer = browser.post(f"{page}/person", {"name": "Ada L.", "zone": "Asia/Kolkata", "calendar": "feed"} | typed)

    assert (answer.status_code, words(answer.text).startswith(f"There is something to mend {sentence} About you")) == (422, True)
    assert rows(database, Attendee.name, Attendee.zone, Attendee.calendar) == [("Ada", "Europe/Berlin", "auto")]


def test_address_is_changed_and_the_old_link_ends(browser: Browser, page: str, ada: Registration, database: Database) -> None:
    answer = browser.post(f"{page}/address", {"email": " Ada@New.example "})

    assert answer.status_code == 200
    assert words(answer.text).startswith("Look into your mail From now on we write to ada@new.example.")
    assert ("/r/" in answer.text, browser.get(page).status_code) == (False, 404)
    assert rows(database, Attendee.email, Attendee.generation) == [("ada@new.example", 1)]
    assert changes(database) == ["attendee.address_changed"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter an e-mail address."),
        ("ada@new.example\nBcc: x@y.example", "An e-mail address stands on one line."),
        ("ADA@example.com", "That is the address already."),
        ("taken@example.com", "That address can't be used here. Register with it on the show's page instead."),
    ],
)
def test_address_that_cannot_be_taken_is_refused(
    browser: Browser, page: str, tara: Programme, placed: Place, database: Database, typed: str, sentence: str
) -> None:
    placed(tara.calls[1], email="taken@example.com")

    answer = browser.post(f"{page}/address", {"email": typed})

    assert (answer.status_code, words(answer.text).startswith(f"There is something to mend {sentence}")) == (422, True)
    assert rows(database, Attendee.email) == [("ada@example.com",), ("taken@example.com",)]
