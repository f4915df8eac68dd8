"""Yes, maybe and no by the links of a mail: looking changes nothing, a button does, and a No can be undone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from calls.calendars.models import Entry, Reply
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.registrations.models import Attendee, Registration
from calls.shows.models import Call
from calls.web.house import House
from tests.web.browsers import Browser
from tests.web.public.conftest import Place, Programme, changes, people, rows, taken, words

ANSWERS = ("accepted", "tentative", "declined")


@pytest.fixture
def ada(tara: Programme, placed: Place) -> Registration:
    return placed(tara.first)


@pytest.fixture
def pages(ada: Registration, house: House) -> dict[str, str]:
    return {it: house.links.here.answer(it, ada.id) for it in ANSWERS}


def form(tara: Programme, answer: str, **typed: str) -> dict[str, str]:
    return {"answer": answer, "starts_at": tara.first.starts_at.isoformat()} | typed


def said(database: Database) -> list[str | None]:
    return [it for (it,) in rows(database, Entry.answer)]


@pytest.mark.parametrize("answer", ANSWERS)
def test_looking_shows_call_and_time_with_the_answer_chosen_and_changes_nothing(
    browser: Browser, pages: dict[str, str], database: Database, answer: str
) -> None:
    page = browser.get(pages[answer])

    assert page.status_code == 200
    assert {name: page.headers[name] for name in ("cache-control", "x-robots-tag", "referrer-policy")} == {
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
        "referrer-policy": "no-referrer",
    }
    assert words(page.text).startswith("Can you come to Ask Tara: Sleep, with Dr. Ono? Invited: Ada Tuesday 24 November 2026,")
    assert "For you: Wednesday 25 November 2026, 01:00, Berlin time (UTC+01:00)" in words(page.text)
    assert page.text.count(" checked") == 1
    assert f'value="{answer}"' in page.text.partition(" checked")[0].rpartition("<input")[2]
    assert (changes(database), said(database)) == ([], [None])


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("accepted", "Thank you. The host sees that you come."), ("tentative", "Thank you. The host sees that you may come")],
)
def test_yes_and_maybe_are_kept(
    browser: Browser, tara: Programme, pages: dict[str, str], database: Database, answer: str, sentence: str
) -> None:
    sent = browser.post(pages["accepted"], form(tara, answer))
    shown = browser.get(sent.headers["location"])
    again = browser.post(pages[answer], form(tara, answer))

    assert (sent.status_code, again.status_code) == (303, 303)
    assert sentence in words(shown.text)
    assert "Your answer so far" in words(browser.get(pages["declined"]).text)
    assert (said(database), taken(database)[0], changes(database)) == ([answer], 1, ["call.answered"])
    assert rows(database, Reply.way, Reply.answer, Reply.standing) == [("page", answer, "counted")]


def test_no_gives_the_seat_back_and_one_button_undoes_it(
    browser: Browser, tara: Programme, pages: dict[str, str], database: Database
) -> None:
    sent = browser.post(pages["declined"], form(tara, "declined"))
    shown = browser.get(sent.headers["location"])
    gone = (people(database), taken(database)[0])
    undone = browser.post(f"{pages['declined']}/seat")
    back = browser.get(undone.headers["location"])

    assert "Your seat is given back." in words(shown.text)
    assert f'action="{pages["declined"]}/seat"' in shown.text
    assert "Undo: take my seat again" in words(shown.text)
    assert gone == ([("ada@example.com", "2026-11-24", "cancelled")], 0)
    assert (people(database), taken(database)[0]) == ([("ada@example.com", "2026-11-24", "confirmed")], 1)
    assert "You have a seat again." in words(back.text)
    assert changes(database) == ["call.answered", "registration.cancelled", "registration.confirmed"]


def test_undo_twice_takes_one_seat(browser: Browser, tara: Programme, pages: dict[str, str], database: Database) -> None:
    browser.post(pages["declined"], form(tara, "declined"))

    statuses = [browser.post(f"{pages['declined']}/seat").status_code for _ in range(2)]

    assert (statuses, taken(database)[0]) == ([303, 303], 1)


def test_undo_that_comes_too_late_says_so(browser: Browser, tara: Programme, pages: dict[str, str], database: Database) -> None:
    browser.post(pages["declined"], form(tara, "declined"))
    with database.transaction() as session:
        session.execute(sa.update(Call).where(Call.id == tara.first.id).values(taken=10))

    answer, later = browser.post(f"{pages['declined']}/seat"), browser.get(pages["declined"])

    assert "You have no seat at this call now; all of them are taken by others. See other dates" in words(later.text)
    assert answer.status_code == 409
    assert "This call is full. Somebody else has your seat by now." in words(answer.text)


@pytest.mark.parametrize("answer", ["", "yes", "proposed"])
def test_posting_without_a_choice_asks_for_one(
    browser: Browser, tara: Programme, pages: dict[str, str], database: Database, answer: str
) -> None:
    refused = browser.post(pages["accepted"], form(tara, answer))

    assert refused.status_code == 422
    assert "Choose yes, maybe or no." in words(refused.text)
    assert changes(database) == []


def test_call_that_moved_meanwhile_is_shown_anew_and_asked_for_again(
    browser: Browser, tara: Programme, pages: dict[str, str], database: Database
) -> None:
    old = form(tara, "declined")
    with database.transaction() as session:
        later = tara.first.starts_at + timedelta(days=1)
        moved = {"starts_at": later, "ends_at": later + timedelta(hours=1), "wall": tara.first.wall + timedelta(days=1)}
        session.execute(sa.update(Call).where(Call.id == tara.first.id).values(**moved))

    refused = [browser.post(pages["declined"], it) for it in (old, {"answer": "declined"})]
    shown = refused[0]

    assert [it.status_code for it in refused] == [409, 409]
    assert "The call has another time since you opened this page." in words(shown.text)
    assert "Wednesday 25 November 2026, 19:00" in words(shown.text)
    assert (said(database), taken(database)[0]) == ([None], 1)
    assert browser.post(pages["declined"], old | {"starts_at": later.isoformat()}).status_code == 303


def test_over_and_cancelled_calls_say_so_and_take_no_answer(
    browser: Browser, tara: Programme, pages: dict[str, str], database: Database, clock: SetClock
) -> None:
    with database.transaction() as session:
        session.execute(sa.update(Call).where(Call.id == tara.first.id).values(cancelled_at=clock.now(), reason="A <b>storm</b>"))
    cancelled, refused = browser.get(pages["accepted"]), browser.post(pages["accepted"], form(tara, "accepted"))
    with database.transaction() as session:
        session.execute(sa.update(Call).where(Call.id == tara.first.id).values(cancelled_at=None))
    clock.set(tara.first.ends_at)
    over, late = browser.get(pages["accepted"]), browser.post(f"{pages['accepted']}/seat")

    assert "This call has been cancelled by the host, so there is nothing to answer. A <b>storm</b>" in words(cancelled.text)
    assert (refused.status_code, late.status_code) == (409, 409)
    assert "This call is over, so there is nothing to answer any more." in words(over.text)
    assert "Send my answer" not in over.text + cancelled.text
    assert said(database) == [None]


def test_answer_after_the_seat_was_given_back_takes_none(
    browser: Browser, tara: Programme, pages: dict[str, str], database: Database
) -> None:
    browser.post(pages["declined"], form(tara, "declined"))

    answer = browser.post(pages["accepted"], form(tara, "accepted"))

    assert answer.status_code == 409
    assert "You are not registered for this call any more." in words(answer.text)
    assert taken(database)[0] == 0


def test_invitation_that_is_just_being_made_can_wait(
    browser: Browser, tara: Programme, pages: dict[str, str], database: Database
) -> None:
    with database.transaction() as session:
        session.execute(sa.delete(Entry))

    answer = browser.post(pages["accepted"], form(tara, "accepted"))

    assert (answer.status_code, "Please try again in a minute." in words(answer.text)) == (409, True)


def test_links_that_are_none_of_hers_open_nothing(
    browser: Browser, ada: Registration, pages: dict[str, str], house: House, database: Database
) -> None:
    page, here = pages["accepted"], house.links.here
    others = [
        f"{page[:-1]}{'A' if page[-1] != 'A' else 'B'}",
        page[:-1],
        here.registration(ada.id).replace("/r/", "/a/"),
        here.join(ada.id).replace("/j/", "/a/"),
        here.answer("accepted", ada.attendee_id),
        page.replace("/a/", "/r/"),
        page.replace("/a/", "/j/"),
    ]
    with database.transaction() as session:
        session.execute(sa.update(Attendee).values(generation=1))
    withdrawn = [page, f"{page}/seat"]

    assert [browser.get(it).status_code for it in others] == [404] * len(others)
    assert [browser.get(page).status_code, *(browser.post(it).status_code for it in withdrawn)] == [404, 404, 404]
    assert browser.get(here.answer("accepted", ada.id, 1)).status_code == 200


def test_page_leads_to_nothing_that_another_secret_opens(browser: Browser, pages: dict[str, str]) -> None:
    page = browser.get(pages["accepted"]).text

    assert [it for it in ("/r/", "/j/", "/feeds/") if it in page] == []


def test_answering_too_often_is_put_off(browser: Browser, tara: Programme, pages: dict[str, str]) -> None:
    statuses = {browser.post(pages["accepted"], form(tara, "accepted")).status_code for _ in range(250)}

    assert statuses == {303, 429}
