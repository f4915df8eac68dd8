"""How people get into all calls of a show."""

import pytest
import sqlalchemy as sa

from calls import pending
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.joining.models import Room
from calls.shows.models import Pending, Show
from calls.team.models import Member
from tests.builders import NOW, a_call, a_registration, a_show
from tests.web.browsers import Browser
from tests.web.reading import carried, errors, items, rows, words

NEW = {"phone": "+1 555 010 0199", "code": "77#", "web_link": ""}


@pytest.fixture
def show(database: Database, owner: Member) -> Show:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id)
        session.add(Room(show_id=show.id, phone="+1 555 010 0100", code="48213", is_page_only=True, created_at=NOW))
        return show


def here(show: Show) -> str:
    return f"/host/shows/{show.id}/way-in"


def room(database: Database) -> tuple[str, str, str, bool]:
    with database.reading() as session:
        it = session.scalars(sa.select(Room).where(Room.call_id.is_(None))).one()
        return it.phone, it.code, it.web_link, it.is_page_only


def test_form_holds_the_way_in_that_stands(browser: Browser, show: Show) -> None:
    page = browser.get(here(show))

    assert [it in page.text for it in ('value="+1 555 010 0100"', 'value="48213"', " checked")] == [True] * 3


def test_way_in_that_nobody_knows_is_changed_at_once(database: Database, browser: Browser, show: Show) -> None:
    preview = browser.post(here(show), NEW)
    answer = browser.post(here(show), carried(preview) | {"deed": "send"})

    assert rows(preview) == [
        ["Now", "+1 555 010 0100", "48213", "none"],
        ["From then on", "+1 555 010 0199", "77#", "none"],
    ]
    assert answer.headers["location"] == f"/host/shows/{show.id}?done=changed"
    assert room(database) == ("+1 555 010 0199", "77#", "", False)


def test_way_in_that_people_know_is_changed_after_ten_minutes(
    database: Database, browser: Browser, clock: SetClock, show: Show
) -> None:
    with database.transaction() as session:
        a_registration(session, a_call(session, show))
    preview = browser.post(here(show), NEW | {"is_page_only": "yes"})
    answer = browser.post(here(show), carried(preview) | {"deed": "send"})
    page, before = browser.get(answer.headers["location"]), room(database)
    clock.advance(minutes=10)
    with database.transaction() as session:
        pending.take_next(session, clock.now())

    assert items(preview)[0] == "One attendee gets a mail with the new way in, and their calendars follow."
    assert "Number and code stand on our page only, in no calendar." in words(preview)
    assert "Ask Tara gets a new way in." in words(page)
    assert before == ("+1 555 010 0100", "48213", "", True)
    assert room(database) == ("+1 555 010 0199", "77#", "", True)


def test_call_with_a_way_in_of_its_own_keeps_it(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        call = a_call(session, show)
        session.add(Room(show_id=show.id, call_id=call.id, phone="+1 555 010 0111", created_at=NOW))

    assert "One call has a way in of its own and keeps it." in words(browser.post(here(show), NEW))


def test_everything_typed_is_kept_when_something_is_changed(browser: Browser, show: Show) -> None:
    typed = NEW | {"is_page_only": "yes"}
    page = browser.post(here(show), carried(browser.post(here(show), typed)) | {"deed": "change"})

    kept = [it in page.text for it in ('value="+1 555 010 0199"', 'value="77#"', " checked")]
    assert (page.status_code, kept) == (200, [True] * 3)


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"phone": "none"}, 422, "Give a phone number with its country code, like +1 555 010 0100."),
        ({"code": "48213\r\nEvil: yes"}, 422, "A code has digits only, and * or # where the line wants them."),
        ({"web_link": "ftp://files.example"}, 422, "Give a whole web address that begins with https://."),
        ({"web_link": 'https://x.example/"onclick='}, 422, "Give a whole web address that begins with https://."),
        ({"phone": "+1 555 010 0100", "code": "48213", "is_page_only": "yes"}, 409, "That is the way in already."),
    ],
)
def test_way_in_is_refused_in_a_sentence(
    database: Database, browser: Browser, show: Show, typed: dict[str, str], status: int, sentence: str
) -> None:
    answer = browser.post(here(show), NEW | typed)

    assert (answer.status_code, errors(answer)) == (status, [sentence])
    assert room(database) == ("+1 555 010 0100", "48213", "", True)


def test_way_in_posted_twice_is_refused_the_second_time(database: Database, browser: Browser, show: Show) -> None:
    form = carried(browser.post(here(show), NEW)) | {"deed": "send"}
    answers = [browser.post(here(show), form) for _ in range(2)]

    with database.reading() as session:
        waiting = session.scalars(sa.select(Pending)).all()
    assert ([it.status_code for it in answers], waiting) == ([303, 409], [])
