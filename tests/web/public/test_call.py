"""The page of one call and registering there."""

import re

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.joining.models import Room
from calls.shows.models import Call
from tests.builders import NOW, a_call, a_show
from tests.web.browsers import Browser
from tests.web.public.conftest import Place, Programme, changes, counted, form_of, people, taken, words

PAGE = "/ask-tara/2026-11-24"


def changed(database: Database, call: Call, **facts: object) -> None:
    with database.transaction() as session:
        standing = session.get_one(Call, call.id)
        for name, value in facts.items():
            setattr(standing, name, value)


def choices(html: str) -> list[str]:
    """The values among which the form lets one choose."""
    form = html.partition("<form")[2].partition("</form>")[0]
    ways = re.findall(r'type="radio" name="(?:call|which)" value="(2026[^"]*|all)"', form)
    return [*re.findall(r'<option value="(2026[^"]*)"', form), *ways]


def test_page_says_what_who_when_and_how_to_get_in(browser: Browser, tara: Programme, database: Database) -> None:
    with database.transaction() as session:
        session.add(
            Room(show_id=tara.show.id, phone="+1 555 010 4477", code="48213#", web_link="https://meet.example/t", created_at=NOW)
        )

    answer = browser.get(PAGE)

    said = words(answer.text)
    assert answer.status_code == 200
    assert said.startswith(
        "Sleep with Dr. Ono When Tuesday 24 November 2026, 19:00 New York time (UTC−05:00) · 60 minutes Host Tara"
    )
    assert "Seats 10 of 10 seats left How to get in By phone or in the browser." in said
    assert ("4477" in answer.text, "48213" in answer.text, "meet.example" in answer.text) == (False, False, False)
    assert "<title>Ask Tara: Sleep, with Dr. Ono</title>" in answer.text
    assert choices(answer.text) == ["2026-11-24", "all"]


def test_page_takes_four_statements(browser: Browser, tara: Programme, database: Database) -> None:
    with counted() as statements:
        browser.get(PAGE)
    with counted() as again:
        browser.get(PAGE)

    assert (len(statements), again) == (4, [])


def test_page_stays_where_it_was_when_the_call_moves(browser: Browser, tara: Programme, database: Database) -> None:
    changed(database, tara.first, starts_at=tara.calls[1].starts_at, planned_for=tara.first.starts_at)

    said = words(browser.get(PAGE).text)

    assert "Moved from Tue 24 Nov 2026, 19:00 New York" in said


def test_one_registers_for_this_call(browser: Browser, tara: Programme, database: Database) -> None:
    answer = browser.post(PAGE, form_of())

    assert (answer.status_code, answer.headers["location"]) == (303, "/ask-tara/thanks")
    assert people(database) == [("ann@example.com", "2026-11-24", "confirmed")]


def test_one_registers_for_all_calls_from_here(browser: Browser, tara: Programme, database: Database) -> None:
    answer = browser.post(PAGE, form_of("all"))

    assert (answer.status_code, taken(database)) == (303, [1, 1, 1, 1])


def test_form_sent_twice_is_one_registration(browser: Browser, tara: Programme, database: Database) -> None:
    for _ in range(2):
        browser.post(PAGE, form_of())

    assert (taken(database), changes(database)) == ([1, 0, 0, 0], ["registration.confirmed", "registration.asked_again"])


def test_registering_goes_on_where_the_server_hung_up(browser: Browser, tara: Programme, database: Database) -> None:
    browser.post(PAGE, form_of())
    if not database.is_sqlite:
        with database.transaction() as session:
            session.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    again = [browser.post(PAGE, form_of(email=f"person{number}@example.com")).status_code for number in range(3)]

    assert (again, taken(database)) == ([303] * 3, [4, 0, 0, 0])


def test_full_call_offers_the_next_dates(browser: Browser, tara: Programme, database: Database) -> None:
    changed(database, tara.first, taken=10)
    changed(database, tara.calls[2], taken=10)

    shown, posted = browser.get(PAGE), browser.post(PAGE, form_of())

    assert (shown.status_code, posted.status_code) == (200, 409)
    assert "This call is full." in words(shown.text)
    assert choices(shown.text) == choices(posted.text) == ["2026-12-01", "2026-12-15", "all"]
    assert 'value="ann@example.com"' in posted.text
    assert [re.findall(r'value="(\w+)"[^>]* checked', it.text) for it in (shown, posted)] == [["one"], ["one"]]
    assert people(database) == []


def test_cancelled_call_says_why_and_offers_the_next_dates(browser: Browser, tara: Programme, database: Database) -> None:
    changed(database, tara.first, cancelled_at=NOW, reason="Dr. Ono is <ill>.")

    shown, posted = browser.get(PAGE), browser.post(PAGE, form_of())

    assert (shown.status_code, posted.status_code) == (200, 409)
    assert "This call has been cancelled. Dr. Ono is <ill>." in words(shown.text)
    assert choices(shown.text) == ["2026-12-01", "2026-12-08", "2026-12-15", "all"]


def test_past_call_says_so_and_is_shown_to_no_search_engine(browser: Browser, tara: Programme, clock: SetClock) -> None:
    clock.set(tara.first.ends_at)

    shown, posted = browser.get(PAGE), browser.post(PAGE, form_of())

    assert (shown.status_code, shown.headers["x-robots-tag"], posted.status_code) == (200, "noindex", 409)
    assert "This call is over." in words(shown.text)


def test_last_call_of_a_show_that_is_full_offers_nothing(browser: Browser, database: Database) -> None:
    with database.transaction() as session:
        a_call(session, a_show(session, slug="once", rrule=""), capacity=1, taken=1)

    answer = browser.get("/once/2026-11-24")

    assert "There is no other date with a free seat at the moment." in words(answer.text)
    assert "<form" not in answer.text


def test_single_call_is_registered_for_without_a_choice(browser: Browser, database: Database) -> None:
    with database.transaction() as session:
        a_call(session, a_show(session, slug="once", rrule=""))

    answer = browser.get("/once/2026-11-24")

    assert '<input type="hidden" name="call" value="2026-11-24">' in answer.text


@pytest.mark.parametrize(
    "path", ["/ask-tara/2026-11-25", "/ask-tara/x", "/no-show/2026-11-24", "/ask-tara/2026-11-24/more", "/ask-tara/%00"]
)
def test_address_of_no_call_is_not_found(browser: Browser, tara: Programme, path: str) -> None:
    statuses = {browser.get(path).status_code, browser.post(path, form_of()).status_code}

    assert statuses <= {404, 400}


def test_what_cannot_be_taken_keeps_what_was_typed(browser: Browser, tara: Programme, database: Database) -> None:
    answer = browser.post(PAGE, form_of(email="nobody", name='"><script>alert(1)</script>'))

    assert answer.status_code == 422
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in answer.text
    assert "<option selected>Europe/Berlin" in answer.text
    assert people(database) == []


def test_seats_go_down_with_each_registration(browser: Browser, tara: Programme, placed: Place) -> None:
    browser.get(PAGE)
    browser.post(PAGE, form_of())

    assert "Seats 9 of 10 seats left" in words(browser.get(PAGE).text)
