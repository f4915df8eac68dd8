"""The page on which a host opens hours for talks and names her own calendar."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.guests import slot_queries
from calls.guests.models import BusyCalendar, OpenHours
from calls.shows.models import Show
from calls.team.models import Member
from tests.builders import NOW, a_call, a_member, a_show
from tests.web.browsers import Browser, NewBrowser
from tests.web.reading import errors, items, words

TYPED = {
    "monday_1_from": "09:00",
    "monday_1_to": "10:30",
    "thursday_1_from": "20:00",
    "thursday_1_to": "00:00",
    "thursday_3_from": "09:00",
    "thursday_3_to": "09:30",
    "zone": "America/New_York",
    "minutes": "60",
    "buffer": "15",
    "notice": "24",
    "horizon": "6",
    "most_a_week": "0",
}
SECRET = "https://calendar.example/private-s3cret/basic.ics"
AWAY = "There is nothing at that address of calendar.example (404)."


@pytest.fixture
def show(database: Database, owner: Member) -> Show:
    with database.transaction() as session:
        return a_show(session, account_id=owner.account_id)


def here(show: Show, more: str = "") -> str:
    return f"/host/shows/{show.id}/open-hours{more}"


def watched(database: Database, show: Show, **facts: Any) -> None:
    with database.transaction() as session:
        session.add(BusyCalendar(**{"show_id": show.id, "address": SECRET, "try_at": NOW + timedelta(minutes=15), **facts}))


def test_page_without_hours_says_so_and_offers_a_whole_week(browser: Browser, show: Show) -> None:
    page = browser.get(here(show))

    assert "No hours are open Give some below, and guests can choose a time." in words(page)
    assert page.text.count('type="time"') == 7 * 3 * 2
    assert 'value="America/New_York" selected' in page.text


def test_hours_are_opened_and_what_is_free_is_shown(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        a_call(session, show, wall=NOW.replace(tzinfo=None, day=27, hour=0) - timedelta(hours=2, minutes=30), minutes=30)

    answer = browser.post(here(show), TYPED)
    page = browser.get(answer.headers["location"])

    assert answer.headers["location"] == here(show, "?done=saved")
    assert "The hours are open." in words(page)
    assert items(page) == [
        "Mon 23 Nov 2026, 09:00 New York",
        "Mon 23 Nov 2026, 09:30 New York",
        "Thu 26 Nov 2026, 20:00 New York",
        "Thu 26 Nov 2026, 22:30 New York",
        "Thu 26 Nov 2026, 23:00 New York",
    ]
    assert ['value="10:30"' in page.text, 'value="00:00"' in page.text] == [True, True]


def test_form_holds_the_hours_that_stand(browser: Browser, show: Show) -> None:
    browser.post(here(show), TYPED)
    page = browser.get(here(show))
    again = browser.post(here(show), TYPED)

    for name, value in (("thursday_1_from", "09:00"), ("thursday_1_to", "09:30"), ("thursday_2_from", "20:00")):
        assert f'value="{value}" id="{name}"' in page.text
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({"monday_1_to": ""}, ["Say until when on Monday."]),
        ({"monday_1_from": "noon"}, ["Give the time like 09:00."]),
        ({"minutes": "", "horizon": "many"}, ["Give the length in minutes.", "Give the days ahead as a whole number."]),
        ({"zone": "Nowhere"}, ["That time zone is not known; choose one like America/New_York."]),
        ({"minutes": "1000"}, ["Give a length between 10 minutes and 8 hours."]),
        ({"minutes": "300"}, ["A talk of 300 minutes fits into none of the hours."]),
        ({"notice": "9" * 400}, ["Give the hours of notice, from 0 to 720."]),
        (
            {"monday_2_from": "10:00", "monday_2_to": "11:00"},
            ["On Monday this lies on 09:00 to 10:30; make one range of the two."],
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    database: Database, browser: Browser, show: Show, typed: dict[str, str], sentences: list[str]
) -> None:
    page = browser.post(here(show), TYPED | typed)

    assert (page.status_code, errors(page)) == (422, sentences)
    assert 'value="20:00"' in page.text
    with database.reading() as session:
        assert slot_queries.hours_of(session, show.id) is None


def test_no_hours_at_all_are_refused(browser: Browser, show: Show) -> None:
    numbers = {name: value for name, value in TYPED.items() if "day_" not in name}

    assert errors(browser.post(here(show), numbers)) == ["Give at least one range of hours, or close them."]


def test_hours_are_closed(database: Database, browser: Browser, show: Show) -> None:
    browser.post(here(show), TYPED)
    answer = browser.post(here(show, "/closing"))
    again = browser.post(here(show, "/closing"))

    assert answer.headers["location"] == here(show, "?done=closed")
    assert again.status_code == 409
    with database.reading() as session:
        assert session.scalars(sa.select(OpenHours)).all() == []


def test_calendar_is_named_and_its_address_never_shown_again(database: Database, browser: Browser, show: Show) -> None:
    answer = browser.post(here(show, "/busy"), {"address": f" {SECRET} "})
    page = browser.get(answer.headers["location"])

    assert answer.headers["location"] == here(show, "?done=watched")
    assert "The calendar at calendar.example Not read yet It is read within a minute." in words(page)
    assert "s3cret" not in page.text
    with database.reading() as session:
        assert session.get_one(BusyCalendar, show.id).address == SECRET


@pytest.mark.parametrize("address", ["", "http://127.0.0.1/", "http://[::1]/", "https://10.0.0.1/", "ftp://a.example/", "tara"])
def test_calendar_of_a_place_that_is_not_public_is_refused(
    database: Database, browser: Browser, show: Show, address: str
) -> None:
    page = browser.post(here(show, "/busy"), {"address": address})

    assert (page.status_code, len(errors(page))) == (422, 1)
    with database.reading() as session:
        assert session.get(BusyCalendar, show.id) is None


def test_calendar_that_was_read_says_when_and_how_much(database: Database, browser: Browser, show: Show) -> None:
    gone, coming = NOW - timedelta(days=1), NOW + timedelta(days=1)
    busy = [[it.isoformat(), (it + timedelta(hours=1)).isoformat()] for it in (gone, coming, coming + timedelta(days=1))]
    watched(database, show, read_at=NOW - timedelta(minutes=5), busy=busy)

    said = "Read Read last on Sun 22 Nov 2026, 06:55 New York time. 2 busy times to come were found."
    assert said in words(browser.get(here(show)))


def test_calendar_that_fails_says_since_when_and_why_and_that_the_rest_counts(
    database: Database, browser: Browser, show: Show
) -> None:
    watched(database, show, read_at=NOW - timedelta(hours=3), failing_since=NOW - timedelta(hours=2), fault=AWAY)

    assert (
        f"Not readable Since Sun 22 Nov 2026, 05:00 New York time it cannot be read. {AWAY} What was read last, on "
        "Sun 22 Nov 2026, 04:00 New York time, still counts. 0 busy times to come were found. It is tried again at 07:15."
    ) in words(browser.get(here(show)))


def test_calendar_that_was_never_read_says_that_nothing_counts(database: Database, browser: Browser, show: Show) -> None:
    watched(database, show, failing_since=NOW, fault=AWAY)

    assert "It has not been read yet, so nothing in it counts." in words(browser.get(here(show)))


def test_calendar_is_taken_away(database: Database, browser: Browser, show: Show) -> None:
    watched(database, show)
    answer = browser.post(here(show, "/busy/removal"))

    assert answer.headers["location"] == here(show, "?done=forgotten")
    assert browser.post(here(show, "/busy/removal")).status_code == 409
    with database.reading() as session:
        assert session.scalars(sa.select(BusyCalendar)).all() == []


POSTS = {"": TYPED, "/closing": {}, "/busy": {"address": SECRET}, "/busy/removal": {}}


def test_host_may_not_open_hours_and_is_not_led_there(
    database: Database, owner: Member, new_browser: NewBrowser, show: Show
) -> None:
    with database.transaction() as session:
        leader = a_member(session, account_id=owner.account_id, role="host")
    browser = new_browser()
    browser.sign_in(leader)

    assert browser.get(here(show)).status_code == 403
    assert {browser.post(here(show, more), typed).status_code for more, typed in POSTS.items()} == {403}
    assert "open-hours" not in browser.get(f"/host/shows/{show.id}").text


def test_another_account_finds_nothing_there(database: Database, new_browser: NewBrowser, show: Show) -> None:
    with database.transaction() as session:
        stranger = a_member(session)
    browser = new_browser()
    browser.sign_in(stranger)

    assert browser.get(here(show)).status_code == 404
    assert {browser.post(here(show, more), typed).status_code for more, typed in POSTS.items()} == {404}


def test_show_leads_there(browser: Browser, show: Show) -> None:
    assert f'href="{here(show)}"' in browser.get(f"/host/shows/{show.id}").text


def test_page_follows_the_clock(browser: Browser, clock: SetClock, show: Show) -> None:
    browser.post(here(show), TYPED)
    clock.advance(days=1)

    assert items(browser.get(here(show)))[0] == "Thu 26 Nov 2026, 20:00 New York"
