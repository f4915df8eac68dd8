"""The board: the next eight weeks of all shows, a row a call."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.messages.models import FAILED, Message
from calls.registrations import bouncing
from calls.shows.models import Call, Pending, Show
from calls.team.models import Member
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_registration, a_show, an_account, an_attendee
from tests.web.browsers import Browser
from tests.web.reading import rows, words

BOARD = "/host"


def a_failed_mail(call: Call, account: Member) -> Message:
    about = {"account_id": account.account_id, "show_id": call.show_id, "call_id": call.id}
    return Message(key=f"k{call.id}", kind="news", facts={}, state=FAILED, due_at=NOW, created_at=NOW, **about)


def test_board_shows_each_call_of_the_next_eight_weeks(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        for week in range(-1, 10):
            a_call(session, show, wall=FIRST_CALL + timedelta(weeks=week), guest_name="Dr. Ono", title="Sleep" if week else "")
    page = browser.get(BOARD)

    listed = rows(page)
    assert page.status_code == 200
    assert len(listed) == 8
    assert listed[0] == ["Tue 24 Nov 2026, 19:00 New York", "Dr. Ono", "Dr. Ono", "0 of 100", "Planned", ""]
    assert listed[1] == ["Tue 1 Dec 2026, 19:00 New York", "Sleep", "Dr. Ono", "0 of 100", "Planned", ""]
    assert listed[-1][0] == "Tue 12 Jan 2027, 19:00 New York"


def test_board_says_what_needs_attention(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id, published_at=None, zone="America/New_York")
        call = a_call(session, show, capacity=1)
        a_registration(session, call)
        session.add(a_failed_mail(call, owner))
    page = browser.get(BOARD)

    needs = "The show is a draft. No way in given. Full. One mail could not be delivered."
    assert rows(page)[0][5] == f"{needs} Look at them (Ask Tara)"
    assert "One mail could not be delivered in the last seven days." in words(page)
    assert "Still drafts, which nobody else sees: Ask Tara ." in words(page)


@pytest.mark.parametrize(
    ("wall", "needs"),
    [
        (datetime(2026, 3, 8, 2, 30), "The clocks skip 02:30 that day; it starts at 03:30."),  # noqa: DTZ001
        (datetime(2026, 11, 1, 1, 30), "The clocks show 01:30 twice that day; it starts the first time."),  # noqa: DTZ001
    ],
)
def test_board_warns_of_changing_clocks(
    database: Database, browser: Browser, clock: SetClock, show: Show, wall: datetime, needs: str
) -> None:
    with database.transaction() as session:
        call = a_call(session, show, wall=wall, guest_name="Dr. Ono")
    clock.set(call.starts_at - timedelta(days=3))
    browser.sign_in(_member(database))

    assert rows(browser.get(BOARD))[0][5] == needs


def _member(database: Database) -> Member:
    with database.reading() as session:
        return session.scalars(sa.select(Member)).one()


def test_board_tells_cancelled_skipped_and_live_calls(database: Database, browser: Browser, clock: SetClock, show: Show) -> None:
    with database.transaction() as session:
        first = a_call(session, show, guest_name="A")
        a_call(session, show, wall=FIRST_CALL + timedelta(weeks=1), guest_name="B", cancelled_at=NOW)
        a_call(session, show, wall=FIRST_CALL + timedelta(weeks=2), guest_name="C", cancelled_at=NOW, is_skipped=True)
    clock.set(first.starts_at + timedelta(minutes=5))
    page = browser.get(BOARD)

    assert [row[4] for row in rows(page)] == ["Live", "Cancelled", "Skipped"]
    assert "Going on now" in words(page)


def test_board_sets_todays_next_call_apart(database: Database, browser: Browser, clock: SetClock, show: Show) -> None:
    with database.transaction() as session:
        call = a_call(session, show, guest_name="Dr. Ono", title="Sleep")
    before = words(browser.get(BOARD))
    clock.set(call.starts_at - timedelta(hours=3))
    on_the_day = words(browser.get(BOARD))

    assert "Today" not in before
    assert "Today, in 3 hours Planned Sleep with Dr. Ono Tuesday 24 November 2026, 19:00" in on_the_day


def test_board_shows_what_is_about_to_be_sent(database: Database, browser: Browser, clock: SetClock, show: Show) -> None:
    with database.transaction() as session:
        call = a_call(session, show, guest_name="Dr. Ono")
        facts = {"wall": "2026-11-25T18:00", "zone": show.zone, "minutes": 60, "fold": 0}
        _wait(session, show, call, "move", facts)
    clock.advance(minutes=3)
    page = browser.get(BOARD)
    pending = _pending(database)
    undone = browser.post(f"/host/pending/{pending.id}/undo", {"back": BOARD})

    said = "Moves to Wednesday 25 November 2026, 18:00, New York time (UTC−05:00). Sent in 7 minutes."
    assert rows(page)[0][4:] == ["Planned", f"{said} Undo Dr. Ono"]
    assert (undone.status_code, undone.headers["location"]) == (303, "/host?done=undone")
    assert rows(browser.get(BOARD))[0][4:] == ["Planned", ""]
    assert "Undone. Nobody has heard anything." in words(browser.get("/host?done=undone"))


def test_board_says_why_a_change_was_refused_when_its_time_came(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        call = a_call(session, show, guest_name="Dr. Ono")
        far = a_call(session, show, wall=FIRST_CALL + timedelta(weeks=20), guest_name="Prof. Far")
        _wait(session, show, call, "cancel", {"reason": ""}, refused="This call is cancelled already.")
        _wait(session, show, far, "cancel", {"reason": ""}, refused="It cannot be.")
    page = browser.get(BOARD)

    assert rows(page)[0][5] == "Not done: is cancelled. This call is cancelled already."
    sentence = "This could not be done when its time came: It cannot be. Prof. Far is cancelled: nobody has heard of it."
    assert sentence in words(page)


def test_board_says_how_many_addresses_take_no_mail(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        call = a_call(session, show, guest_name="Dr. Ono")
        other = a_call(session, show, wall=FIRST_CALL + timedelta(weeks=1), guest_name="Dr. Ono")
        people = [an_attendee(session, account_id=show.account_id) for _ in range(3)]
        for person in people:
            a_registration(session, call, person)
        a_registration(session, other, people[0])
        for person in people[:2]:
            bouncing.mark(session, person, "550 no such user", now=NOW)
    page = browser.get(BOARD)

    assert {row[-1] for row in rows(page)} == {"2 addresses take no mail.", "One address takes no mail."}
    assert "2 addresses take no mail." in words(browser.get(f"/host/calls/{call.id}"))


def test_board_holds_no_call_of_another_account(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        a_call(session, a_show(session, name="Foreign"))
    page = browser.get(BOARD)

    assert "Foreign" not in page.text
    assert "No shows yet A show lays out its own calls. It takes five answers. Make a show" in words(page)


def test_board_without_calls_leads_to_the_shows(browser: Browser, show: Show) -> None:
    assert "Nothing in the next eight weeks" in words(browser.get(BOARD))


def test_board_offers_a_host_nothing_that_she_may_not(database: Database, browser: Browser) -> None:
    with database.transaction() as session:
        host = a_member(session, role="host", account=an_account(session))
    browser.sign_in(host)

    assert "Make a show" not in browser.get(BOARD).text


def test_board_names_the_show_where_there_are_several(database: Database, browser: Browser, owner: Member, show: Show) -> None:
    with database.transaction() as session:
        a_show(session, account_id=owner.account_id, name="Second")
        a_call(session, show, guest_name="Dr. Ono")

    assert rows(browser.get(BOARD))[0][1] == "Dr. Ono Ask Tara"


def test_board_asks_the_database_as_often_however_many_calls_there_are(database: Database, browser: Browser, show: Show) -> None:
    statements: list[str] = []
    sa.event.listen(database.reader, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    numbers = []
    for day in range(1, 31):
        with database.transaction() as session:
            call = a_call(session, show, wall=FIRST_CALL + timedelta(days=day), guest_name=f"Guest {day}")
            _wait(session, show, call, "cancel", {"reason": ""})
        if day in (1, 30):
            statements.clear()
            listed = rows(browser.get(BOARD))
            numbers.append((len(listed), len([it for it in statements if it.startswith("SELECT")])))

    assert numbers == [(1, 15), (30, 15)]


def _wait(session: Session, show: Show, call: Call, kind: str, facts: dict[str, Any], refused: str | None = None) -> None:
    about = {"show_id": show.id, "call_id": call.id, "by_name": "Tara", "created_at": NOW}
    session.add(Pending(kind=kind, facts=facts, effect_at=NOW + timedelta(minutes=10), refused=refused, **about))


def _pending(database: Database) -> Pending:
    with database.reading() as session:
        return session.scalars(sa.select(Pending)).one()
