"""A person's own page, for one call and for a pass."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from calls.calendars.models import Feed
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.joining.models import Question, Room
from calls.registrations.models import Attendee, Registration
from calls.shows.models import Call
from calls.web.house import House
from tests.builders import NOW, a_pass
from tests.web.browsers import Browser
from tests.web.public.conftest import Place, Programme, changes, counted, people, rows, taken, words


@pytest.fixture
def ada(tara: Programme, placed: Place, database: Database) -> Registration:
    with database.transaction() as session:
        session.add(
            Room(show_id=tara.show.id, phone="+1 555 010 4477", code="48213#", web_link="https://meet.example/t", created_at=NOW)
        )
    return placed(tara.first)


@pytest.fixture
def page(ada: Registration, house: House) -> str:
    return house.links.here.registration(ada.id)


def gone(database: Database, registration: Registration) -> None:
    with database.transaction() as session:
        session.get_one(Registration, registration.id).state = "cancelled"
        session.get_one(Call, registration.call_id).taken -= 1


def test_page_says_what_when_and_how_to_get_in(browser: Browser, page: str) -> None:
    answer = browser.get(page)

    said = words(answer.text)
    assert answer.status_code == 200
    assert said.startswith("Sleep with Dr. Ono. Registered: Ada Confirmed Your way in Tuesday 24 November 2026, 19:00")
    assert "For you: Wednesday 25 November 2026, 01:00, Berlin time (UTC+01:00)" in said
    assert "+1 555 010 4477 Code 48213#" in said
    assert 'href="tel:+15550104477,,48213%23"' in answer.text
    assert "meet.example" not in answer.text


def test_page_says_when_the_doors_open_and_that_they_are_open(
    browser: Browser, page: str, clock: SetClock, ada: Registration
) -> None:
    early = words(browser.get(page).text)
    with_ten_minutes_left = ada.call.starts_at - timedelta(minutes=10)
    clock.advance(seconds=(with_ten_minutes_left - clock.now()).total_seconds())
    near = words(browser.get(page).text)

    assert ("It opens at 00:45, Berlin time." in early, "It is open." in early) == (True, False)
    assert ("It opens at" in near, "It is open." in near) == (False, True)


def test_page_is_stored_nowhere(browser: Browser, page: str) -> None:
    headers = browser.get(page).headers

    assert [headers[it] for it in ("cache-control", "x-robots-tag", "referrer-policy")] == ["no-store", "noindex", "no-referrer"]


def test_page_leads_to_her_own_way_in_feed_and_entry(browser: Browser, page: str, ada: Registration, house: House) -> None:
    with house.database.reading() as session:
        feed = session.scalars(sa.select(Feed)).one()

    html = browser.get(page).text

    assert f'href="{house.links.here.join(ada.id)}"' in html
    assert f'value="{house.links.feed(feed.id)}"' in html
    assert f'href="{page}/entry.ics"' in html


def test_links_to_calendars_on_the_web_hold_no_secret(browser: Browser, page: str) -> None:
    links = re.findall(r'href="(https://(?:calendar\.google|outlook)[^"]*(?:TEMPLATE|compose)[^"]*)"', browser.get(page).text)

    assert len(links) == 3
    assert ["/r/" in it or "%2Fr%2F" in it or "%2Fj%2F" in it or "meet.example" in it for it in links] == [False] * 3
    assert ["%2B1%20555%20010%204477%2C%20code%2048213%23" in it for it in links] == [True] * 3


def test_looking_changes_nothing(browser: Browser, page: str, database: Database) -> None:
    before = changes(database)
    for way in ("", "/entry.ics", "/date", "/person", "/address", "/cancellation"):
        browser.get(page + way)

    assert changes(database) == before == []


def test_entry_is_a_calendar_file_of_this_call(browser: Browser, page: str) -> None:
    answer = browser.get(f"{page}/entry.ics")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''ask-tara-2026-11-24.ics"
    assert answer.content.count(b"BEGIN:VEVENT") == 1
    assert (b"METHOD" in answer.content, b"ATTENDEE" in answer.content, b"/r/" in answer.content) == (False, False, False)


def test_question_is_kept_and_may_be_put_otherwise(browser: Browser, page: str, database: Database) -> None:
    first = browser.post(f"{page}/question", {"question": "Why?"})
    browser.post(f"{page}/question", {"question": "Why so?\nAnd how?"})

    assert (first.status_code, first.headers["location"]) == (303, f"{page}?done=asked")
    assert rows(database, Question.text) == [("Why so?\nAnd how?",)]
    assert "Your question is kept." in words(browser.get(first.headers["location"]).text)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Write your question first."), (" \n ", "Write your question first."), ("x" * 1001, "Ask in at most 1000 characters.")],
)
def test_question_that_cannot_be_kept_is_refused(
    browser: Browser, page: str, database: Database, typed: str, sentence: str
) -> None:
    answer = browser.post(f"{page}/question", {"question": typed})

    assert (answer.status_code, sentence in words(answer.text)) == (422, True)
    assert rows(database, Question.text) == []


def test_everything_is_sent_again(browser: Browser, page: str, database: Database) -> None:
    answer = browser.post(f"{page}/mail")

    assert (answer.status_code, changes(database)) == (303, ["registration.asked_again"])


def test_everything_is_sent_again_only_so_often(browser: Browser, page: str) -> None:
    statuses = [browser.post(f"{page}/mail").status_code for _ in range(6)]

    assert statuses == [303] * 5 + [429]


def test_without_an_address_nothing_can_be_sent(browser: Browser, page: str, ada: Registration, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Attendee, ada.attendee_id).email = None

    answer = browser.post(f"{page}/mail")

    assert (answer.status_code, "We have no e-mail address of yours." in words(answer.text)) == (409, True)


def test_feed_gets_a_new_address(browser: Browser, page: str, database: Database) -> None:
    before = re.findall(r"webcal://[^\"]*", browser.get(page).text)

    browser.post(f"{page}/feed")

    after = re.findall(r"webcal://[^\"]*", browser.get(page).text)
    assert rows(database, Feed.generation) == [(1,)]
    assert before != after


def feed(database: Database) -> Feed:
    with database.reading() as session:
        return session.scalars(sa.select(Feed)).one()


def test_feed_is_withdrawn_and_had_again(browser: Browser, page: str, house: House, database: Database) -> None:
    withdrawn = browser.post(f"{page}/feed/withdrawal")
    without = browser.get(withdrawn.headers["location"])
    closed = feed(database)
    opened = browser.post(f"{page}/feed/opening")
    again = browser.get(opened.headers["location"])

    assert "Your calendar is withdrawn. Its address shows nothing of yours any more." in words(without.text)
    assert "no address shows it" in words(without.text)
    assert ("/feeds/" in without.text, "/feed/opening" in without.text, closed.is_open) == (False, True, False)
    assert "You have your own calendar again, at a new address." in words(again.text)
    assert f'value="{house.links.feed(closed.id, 1)}"' in again.text
    assert (feed(database).is_open, feed(database).generation) == (True, 1)


def test_withdrawn_feed_gets_no_new_address_by_an_old_page(browser: Browser, page: str, database: Database) -> None:
    browser.post(f"{page}/feed/withdrawal")
    browser.post(f"{page}/feed/withdrawal")
    refused = browser.post(f"{page}/feed")

    assert (refused.status_code, "This calendar was withdrawn." in words(refused.text)) == (409, True)
    assert (feed(database).is_open, feed(database).generation) == (False, 1)


def test_opening_twice_ends_no_address(browser: Browser, page: str, database: Database) -> None:
    for _ in range(2):
        browser.post(f"{page}/feed/opening")

    assert (feed(database).is_open, feed(database).generation) == (True, 0)


@pytest.mark.parametrize(("chosen", "then"), [("feed", "auto"), ("auto", "auto"), ("invitations", "invitations")])
def test_who_withdraws_the_feed_that_she_chose_is_invited_again(
    browser: Browser, page: str, database: Database, chosen: str, then: str
) -> None:
    browser.post(f"{page}/person", {"name": "Ada", "zone": "Europe/Berlin", "calendar": chosen})
    browser.post(f"{page}/feed/withdrawal")

    assert rows(database, Attendee.calendar) == [(then,)]


def test_who_chooses_her_feed_has_it_again(browser: Browser, page: str, database: Database) -> None:
    browser.post(f"{page}/feed/withdrawal")
    browser.post(f"{page}/person", {"name": "Ada", "zone": "Europe/Berlin", "calendar": "feed"})

    assert feed(database).is_open


def test_calendar_says_how_soon_each_program_follows(browser: Browser, page: str) -> None:
    said = words(browser.get(page).text)

    assert said.count("No calendar shows a change at once: Apple’s looks as often as its settings say") == 1


def test_seat_that_was_given_back_can_be_taken_again(
    browser: Browser, page: str, ada: Registration, tara: Programme, database: Database
) -> None:
    gone(database, ada)

    said = words(browser.get(page).text)
    answer = browser.post(f"{page}/seat")

    assert "Cancelled You are no longer registered for this call; your seat is free for somebody else." in said
    assert "4477" not in said
    assert (answer.status_code, people(database), taken(database)) == (
        303,
        [("ada@example.com", "2026-11-24", "confirmed")],
        [1, 0, 0, 0],
    )


def test_seat_that_somebody_else_has_now_is_not_to_be_had(
    browser: Browser, page: str, ada: Registration, tara: Programme, database: Database
) -> None:
    gone(database, ada)
    with database.transaction() as session:
        session.get_one(Call, tara.first.id).taken = 10

    answer = browser.post(f"{page}/seat")

    assert (answer.status_code, "This call is full. Choose another date instead." in words(answer.text)) == (409, True)
    assert people(database) == [("ada@example.com", "2026-11-24", "cancelled")]


def test_cancelled_call_says_so(browser: Browser, page: str, tara: Programme, database: Database) -> None:
    with database.transaction() as session:
        call = session.get_one(Call, tara.first.id)
        call.cancelled_at, call.reason = NOW, "Ill."

    said = words(browser.get(page).text)

    assert "This call has been cancelled by the host. Ill." in said
    assert "4477" not in said


def test_call_that_is_over_says_so(browser: Browser, page: str, tara: Programme, clock: SetClock) -> None:
    clock.set(tara.first.ends_at)

    said = words(browser.get(page).text)
    asked = browser.post(f"{page}/question", {"question": "Late"})

    assert "This call is over." in said
    assert asked.status_code == 409


def test_pass_lists_all_dates_each_with_its_own_page(
    browser: Browser, tara: Programme, placed: Place, house: House, database: Database
) -> None:
    registrations = [placed(call) for call in tara.calls[:3]]
    with database.transaction() as session:
        held = a_pass(session, tara.show, session.get_one(Attendee, registrations[0].attendee_id))

    answer = browser.get(house.links.here.passes(held.id))

    assert words(answer.text).startswith("Your pass for Ask Tara Registered: Ada Confirmed You have a seat at every call below.")
    assert re.findall(r'href="(/r/[^"]*)/cancellation"', answer.text)[:3] == [
        house.links.here.registration(it.id) for it in registrations
    ]


def test_pass_can_be_sent_again(browser: Browser, tara: Programme, house: House, database: Database) -> None:
    with database.transaction() as session:
        held = a_pass(session, tara.show)

    answer = browser.post(f"{house.links.here.passes(held.id)}/mail")

    assert (answer.status_code, changes(database)) == (303, ["pass.asked_again"])


def test_pass_that_was_given_back_says_so(browser: Browser, tara: Programme, house: House, database: Database) -> None:
    with database.transaction() as session:
        held = a_pass(session, tara.show, cancelled_at=NOW)

    shown = browser.get(house.links.here.passes(held.id))
    sent = browser.post(f"{house.links.here.passes(held.id)}/mail")

    assert "Your pass was given back. Register again" in words(shown.text)
    assert sent.status_code == 409


WAYS = "/question /mail /seat /feed /feed/withdrawal /feed/opening /entry.ics /date /person /address /cancellation"


@pytest.mark.parametrize("way", ["", *WAYS.split()])
def test_link_that_is_one_character_off_opens_nothing(browser: Browser, ada: Registration, house: House, way: str) -> None:
    right = house.links.here.registration(ada.id)
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    others = [house.links.here.registration(ada.id, 1), right.replace("/r/", "/r/x"), right[:-1], "/r/" + "é" * 48]

    statuses = {browser.get(it + way).status_code for it in (wrong, *others)} | {
        browser.post(it + way).status_code for it in (wrong, *others)
    }

    assert statuses <= {404, 405}


def test_token_for_another_purpose_opens_nothing(browser: Browser, ada: Registration, house: House) -> None:
    join = house.links.here.join(ada.id).removeprefix("/j/")

    assert browser.get(f"/r/{join}").status_code == 404


def test_page_takes_six_statements(browser: Browser, page: str, database: Database) -> None:
    with counted() as statements:
        browser.get(page)

    assert len(statements) == 6


def test_nothing_is_sent_again_of_a_call_that_was_cancelled(
    browser: Browser, page: str, ada: Registration, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Call, ada.call_id).cancelled_at = NOW

    shown = words(browser.get(page).text)
    answer = browser.post(f"{page}/mail")

    assert ("Send me everything again" in shown, "Move to another date" in shown) == (False, True)
    assert (answer.status_code, "This call has been cancelled." in words(answer.text)) == (409, True)
    assert "registration.asked_again" not in changes(database)
