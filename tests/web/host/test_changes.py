"""Changes that others will hear of: who is told what, counted, and Undo."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from calls import pending
from calls.ground.clock import SetClock
from calls.ground.database import Database, new_id
from calls.hearers import Hearers
from calls.shows.models import Call, Pending
from calls.team.models import Member
from calls.web.host import changes
from tests.builders import NOW, a_call, a_member, a_show
from tests.web.browsers import Browser, NewBrowser
from tests.web.reading import words


@pytest.fixture
def waiting(database: Database, owner: Member) -> Pending:
    with database.transaction() as session:
        call = a_call(session, a_show(session, account_id=owner.account_id), guest_name="Dr. Ono")
        return _pending(call, session)


def _pending(call: Call, session: Session) -> Pending:
    about = {"show_id": call.show_id, "call_id": call.id, "by_name": "Tara", "created_at": NOW, "facts": {"reason": ""}}
    row = Pending(kind="cancel", effect_at=NOW + timedelta(minutes=10), **about)
    session.add(row)
    session.flush()
    return row


def is_there(database: Database, id: UUID) -> bool:
    with database.reading() as session:
        return session.get(Pending, id) is not None


def test_every_kind_of_change_has_its_words() -> None:
    assert (set(changes.LETTERS), set(changes.WORDS)) == (set(pending.DEEDS), set(pending.DEEDS))


@pytest.mark.parametrize(
    ("hearers", "lines"),
    [
        (Hearers(), ["Nobody is registered, so nobody has to be told."]),
        (Hearers(1, 0, 0, 0), ["One attendee gets a mail with the old and the new time, and their calendars follow."]),
        (
            Hearers(84, 12, 3, 31),
            [
                "84 attendees get a mail with the old and the new time, and their calendars follow.",
                "12 have no e-mail address: please ring them.",
                "3 want no mail, and will not be written to.",
                "Among them are 31 who hold a pass for the whole show.",
            ],
        ),
        (Hearers(0, 1, 1, 1), [
            "One has no e-mail address: please ring them.",
            "One wants no mail, and will not be written to.",
            "Among them is one who holds a pass for the whole show.",
        ]),
    ],
)  # fmt: skip
def test_hearers_are_counted_in_words(hearers: Hearers, lines: list[str]) -> None:
    assert changes.hearing("move", hearers) == lines


def test_change_is_undone(database: Database, browser: Browser, waiting: Pending) -> None:
    answer = browser.post(f"/host/pending/{waiting.id}/undo")

    assert answer.headers["location"] == f"/host/calls/{waiting.call_id}?done=undone"
    assert is_there(database, waiting.id) is False


def test_undo_that_comes_too_late_says_so(database: Database, browser: Browser, clock: SetClock, waiting: Pending) -> None:
    clock.advance(minutes=10)
    answer = browser.post(f"/host/pending/{waiting.id}/undo")

    assert answer.status_code == 409
    assert "That change has gone out already. Make another change to put it right." in words(answer)
    assert "This is going out now. Dr. Ono is cancelled." in words(browser.get(f"/host/calls/{waiting.call_id}"))


def test_undo_pressed_twice_is_refused_in_a_sentence_the_second_time(browser: Browser, waiting: Pending) -> None:
    answers = [browser.post(f"/host/pending/{waiting.id}/undo") for _ in range(2)]

    assert [it.status_code for it in answers] == [303, 409]
    assert "gone out already, or was undone" in answers[1].text


def test_note_of_a_refused_change_is_put_away(database: Database, browser: Browser, clock: SetClock, waiting: Pending) -> None:
    with database.transaction() as session:
        session.get_one(Pending, waiting.id).refused = "No."
    clock.advance(days=3)
    answer = browser.post(f"/host/pending/{waiting.id}/undo", {"back": "/host"})

    assert answer.headers["location"] == "/host?done=dismissed"
    assert is_there(database, waiting.id) is False


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/host/../find", "javascript:alert(1)", ""])
def test_undo_leads_nowhere_else(browser: Browser, waiting: Pending, back: str) -> None:
    answer = browser.post(f"/host/pending/{waiting.id}/undo", {"back": back})

    assert answer.headers["location"] == f"/host/calls/{waiting.call_id}?done=undone"


def test_change_of_another_account_is_as_unknown_as_none(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        foreign = _pending(a_call(session, a_show(session)), session)
    answers = [browser.post(f"/host/pending/{id}/undo") for id in (foreign.id, new_id(), "7")]

    assert [it.status_code for it in answers] == [409, 409, 404]
    assert answers[0].text == answers[1].text
    assert is_there(database, foreign.id) is True


def test_undo_is_closed_to_strangers_and_to_other_sites(
    database: Database, browser: Browser, new_browser: NewBrowser, waiting: Pending
) -> None:
    path = f"/host/pending/{waiting.id}/undo"
    answers = [new_browser().post(path), browser.post(path, headers={"sec-fetch-site": "cross-site"})]

    assert [it.status_code for it in answers] == [403, 403]
    assert is_there(database, waiting.id) is True


def test_member_without_a_role_undoes_nothing(database: Database, new_browser: NewBrowser, waiting: Pending) -> None:
    with database.transaction() as session:
        account_id = session.get_one(Pending, waiting.id).show.account_id
        nobody = a_member(session, role="listener", account_id=account_id)
    browser = new_browser()
    browser.sign_in(nobody)

    assert browser.post(f"/host/pending/{waiting.id}/undo").status_code == 403
    assert is_there(database, waiting.id) is True
