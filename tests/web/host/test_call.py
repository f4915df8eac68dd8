"""The page of one call and its details."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database, new_id
from calls.history.models import Change
from calls.joining.models import Attendance, Question
from calls.messages.models import Message
from calls.shows.models import Call, Show
from calls.team.models import Member
from tests.builders import NOW, a_call, a_member, a_pass, a_registration, an_attendee
from tests.web.browsers import Browser, NewBrowser
from tests.web.reading import errors, items, plain, rows, words

HOSTILE = "<script>alert(1)</script>\u202eevil"


@pytest.fixture
def call(database: Database, show: Show) -> Call:
    with database.transaction() as session:
        return a_call(session, show, title="Sleep", guest_name="Dr. Ono", description="All about **sleep**.")


def now(database: Database, call: Call) -> Call:
    with database.reading() as session:
        return session.get_one(Call, call.id)


def details(**facts: str) -> dict[str, str]:
    return {"title": "Sleep", "description": "All about **sleep**.", "capacity": "100"} | facts


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    asked: list[str] = []

    def note(*about: object) -> None:
        asked.append(str(about[2]))

    sa.event.listen(database.reader, "before_cursor_execute", note)
    yield asked
    sa.event.remove(database.reader, "before_cursor_execute", note)


def a_mail(call: Call, state: str, number: int, **facts: object) -> Message:
    about = {"account_id": call.show.account_id, "show_id": call.show_id, "call_id": call.id}
    known = {"key": f"{state}{number}", "kind": "reminder", "facts": {}, "state": state, "due_at": NOW, "created_at": NOW}
    return Message(**known | about | facts)


def test_call_says_what_it_is_and_when(browser: Browser, call: Call) -> None:
    page = browser.get(f"/host/calls/{call.id}")
    said = words(page)

    assert page.status_code == 200
    assert said.startswith("Sleep Ask Tara Planned Tuesday 24 November 2026, 19:00 New York time (UTC−05:00) · 60 minutes")
    assert "Guest Dr. Ono · Change the guest How people get in +1 555 010 0100, code 48213# · Change the way in" in said
    assert "Seats 0 of 100 taken Public page https://calls.example/ask-tara/2026-11-24" in said
    assert "Nobody is registered yet." in said
    assert "No mail about this call has been written yet." in said
    assert "Nothing has been changed since the call was laid out." in said


def test_call_says_who_comes_what_they_ask_and_what_was_mailed(database: Database, browser: Browser, call: Call) -> None:
    with database.transaction() as session:
        it = session.get_one(Call, call.id)
        ada = an_attendee(session, account_id=it.show.account_id, name="Ada", email="ada@example.com")
        a_pass_of_ada = a_pass(session, it.show, ada)
        first = a_registration(session, it, ada, pass_id=a_pass_of_ada.id)
        a_registration(session, it, an_attendee(session, account_id=it.show.account_id, name="Grandma", email=None, phone="555"))
        session.add(Question(call_id=it.id, registration_id=first.id, text="Why do we sleep?", created_at=NOW))
        session.add_all(
            [a_mail(it, "sent", 1), a_mail(it, "sent", 2), a_mail(it, "failed", 1), a_mail(it, "waiting", 1, kind="news")]
        )
    page = browser.get(f"/host/calls/{call.id}")
    said = words(page)

    assert "2 people are registered. With a pass: 1. Without an e-mail address: 1." in said
    assert "Why do we sleep? Ada" in said
    assert items(page)[0] == "One mail could not be delivered."
    assert [it[0] for it in rows(page)[:2]] == ["Ada ada@example.com", "Grandma 555"]
    assert rows(page)[2:] == [["News about the call", "1", "0", "0"], ["Reminder", "0", "2", "1 failed"]]


def test_call_says_how_many_came(database: Database, browser: Browser, clock: SetClock, call: Call) -> None:
    with database.transaction() as session:
        registration = a_registration(session, session.get_one(Call, call.id))
        session.add(Attendance(registration_id=registration.id, call_id=call.id, way="web", created_at=NOW))
    before = words(browser.get(f"/host/calls/{call.id}"))
    clock.set(call.ends_at + timedelta(minutes=1))
    after = words(browser.get(f"/host/calls/{call.id}"))

    assert ("Came: 1." in before, "Came: 1." in after) == (False, True)
    assert after.startswith("Sleep Ask Tara Over")


def test_call_tells_its_story(browser: Browser, call: Call) -> None:
    browser.post(f"/host/calls/{call.id}", details(title="Naps", capacity="80"))
    browser.post(f"/host/calls/{call.id}/guest", {"guest_name": "Dr. Fox", "deed": "send", "seen": ""})
    page = browser.get(f"/host/calls/{call.id}")

    assert [it for it in rows(page) if len(it) == 2] == [
        ["Sun 22 Nov 2026, 07:00 New York Tara Fields", "Changed the seats from 100 to 80."],
        ["Sun 22 Nov 2026, 07:00 New York Tara Fields", "Changed title or description."],
    ]


def test_names_are_words_and_nothing_else(database: Database, browser: Browser, call: Call) -> None:
    with database.transaction() as session:
        it = session.get_one(Call, call.id)
        it.title, it.guest_name = HOSTILE, HOSTILE
        registration = a_registration(session, it, an_attendee(session, account_id=it.show.account_id, name=HOSTILE))
        session.add(Question(call_id=it.id, registration_id=registration.id, text=HOSTILE, created_at=NOW))
    page = browser.get(f"/host/calls/{call.id}")

    assert (page.status_code, "<script>alert" in page.text) == (200, False)


def test_details_are_changed_and_nobody_is_written_to(database: Database, browser: Browser, call: Call) -> None:
    answer = browser.post(f"/host/calls/{call.id}", details(title="Naps", description="# Short\r\n\r\nones", capacity="2"))
    changed = now(database, call)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/host/calls/{call.id}?done=saved")
    assert (changed.title, changed.description, changed.capacity) == ("Naps", "# Short\n\nones", 2)
    assert words(browser.get(answer.headers["location"])).startswith("Saved. Naps")


def test_details_posted_twice_are_one_change(database: Database, browser: Browser, call: Call) -> None:
    for _ in range(2):
        browser.post(f"/host/calls/{call.id}", details(title="Naps"))
    with database.reading() as session:
        assert session.scalars(sa.select(Change.kind).where(Change.call_id == call.id)).all() == ["call.changed"]


def test_details_are_refused_all_together_and_kept_as_typed(database: Database, browser: Browser, call: Call) -> None:
    with database.transaction() as session:
        for _ in range(3):
            a_registration(session, session.get_one(Call, call.id))
    answer = browser.post(f"/host/calls/{call.id}", details(title="x" * 10_000, description="y" * 20_001, capacity="2"))
    kept = now(database, call)

    assert answer.status_code == 422
    assert errors(answer) == [
        "Give a title of at most 200 characters.",
        "Describe the call in at most 20,000 characters.",
        "3 seats are taken; the smallest number is 3.",
    ]
    assert "x" * 10_000 in answer.text
    assert (kept.title, kept.capacity) == ("Sleep", 100)


@pytest.mark.parametrize("typed", ["", "many", "0", "-1", "9" * 400, "1e3", "2.5"])
def test_seats_that_are_no_number_of_seats_are_refused(database: Database, browser: Browser, call: Call, typed: str) -> None:
    answer = browser.post(f"/host/calls/{call.id}", details(title="Naps", capacity=typed))

    assert (answer.status_code, len(errors(answer)), now(database, call).title) == (422, 1, "Sleep")


def test_a_good_title_is_not_kept_beside_a_wrong_number(database: Database, browser: Browser, call: Call) -> None:
    with database.transaction() as session:
        a_registration(session, session.get_one(Call, call.id))
        a_registration(session, session.get_one(Call, call.id))
    answer = browser.post(f"/host/calls/{call.id}", details(title="Naps", capacity="1"))

    assert (answer.status_code, now(database, call).title) == (422, "Sleep")


def test_host_may_change_details_and_see_who_comes_but_add_nobody(
    database: Database, new_browser: NewBrowser, call: Call, owner: Member
) -> None:
    with database.transaction() as session:
        host = a_member(session, account_id=owner.account_id, role="host")
    browser = new_browser()
    browser.sign_in(host)
    page, answer = browser.get(f"/host/calls/{call.id}"), browser.post(f"/host/calls/{call.id}", details(title="Naps"))

    assert (page.status_code, "Add somebody" in page.text, "All registrations" in page.text) == (200, False, True)
    assert (answer.status_code, now(database, call).title) == (303, "Naps")


def test_call_of_another_account_is_as_unknown_as_none(database: Database, new_browser: NewBrowser, call: Call) -> None:
    with database.transaction() as session:
        stranger = a_member(session)
    browser = new_browser()
    browser.sign_in(stranger)
    answers = [browser.get(f"/host/calls/{it}") for it in (call.id, new_id(), "7", str(call.id).upper())]
    posted = browser.post(f"/host/calls/{call.id}", details(title="Mine"))

    assert [it.status_code for it in (*answers, posted)] == [404] * 5
    assert len({plain(it.text) for it in answers}) == 1
    assert now(database, call).title == "Sleep"


def test_call_is_closed_to_strangers(new_browser: NewBrowser, call: Call) -> None:
    browser = new_browser()

    assert browser.get(f"/host/calls/{call.id}").headers["location"] == f"/sign-in?next=/host/calls/{call.id}"
    assert browser.post(f"/host/calls/{call.id}", details()).status_code == 403


def test_call_asks_the_database_the_same_few_times_however_many_come(database: Database, browser: Browser, call: Call) -> None:
    numbers = []
    for more in (1, 20):
        with database.transaction() as session:
            it = session.get_one(Call, call.id)
            for _ in range(more):
                registration = a_registration(session, it)
                session.add(Question(call_id=it.id, registration_id=registration.id, text="Why?", created_at=NOW))
        with counted(database) as asked:
            browser.get(f"/host/calls/{call.id}")
        numbers.append(len([it for it in asked if it.startswith("SELECT")]))

    assert numbers == [24, 24]
