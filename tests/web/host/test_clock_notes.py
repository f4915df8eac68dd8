"""What changing clocks do to those who are registered, as the host reads it on the board and on the call's page."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.history.models import Change
from calls.shows.models import Call, Show
from tests.builders import NOW, a_call, a_registration, an_attendee
from tests.web.browsers import Browser
from tests.web.reading import items, rows

FIRST = datetime(2027, 3, 2, 19)  # noqa: DTZ001 -- a Tuesday in New York, whose clocks go forward on the 14th
WEEK = timedelta(weeks=1)
EUROPE = ["Europe/Berlin"] * 2 + ["Europe/London"]


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2027, 3, 3, 12, tzinfo=UTC))


def calls_with(database: Database, show: Show, zones: list[str], weeks: int = 5) -> list[Call]:
    """Weekly calls, each with somebody registered from each of the zones."""
    with database.transaction() as session:
        people = [an_attendee(session, account_id=show.account_id, zone=zone) for zone in zones]
        calls = [a_call(session, show, wall=FIRST + week * WEEK, guest_name="Dr. Ono") for week in range(weeks)]
        for call in calls:
            for person in people:
                a_registration(session, call, person)
        return calls


def attention(browser: Browser) -> list[str]:
    return [row[5] for row in rows(browser.get("/host"))]


def test_board_counts_those_whom_a_call_reaches_at_another_hour(database: Database, browser: Browser, show: Show) -> None:
    calls_with(database, show, ["America/New_York", *EUROPE])

    assert attention(browser) == [
        "",
        "Clocks change: one hour earlier for 3 of 4 (Europe).",
        "",
        "Clocks change: back at the hour before for 3 of 4 (Europe).",
    ]


def test_board_tells_apart_who_is_touched_how(database: Database, browser: Browser, show: Show) -> None:
    calls_with(database, show, ["Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"], weeks=6)

    assert attention(browser)[1:] == [
        "Clocks change: one hour earlier for 3 of 4 (Asia, Australia and Europe).",
        "",
        "Clocks change: back at the hour before for 1 of 4 (Berlin).",
        "Clocks change: 30 minutes earlier for 1 of 4 (Lord Howe).",
    ]


@pytest.mark.parametrize("facts", [{"is_by_hand": True}, {"is_extra": True}, {"cancelled_at": NOW}])
def test_call_that_does_not_follow_the_schedule_says_nothing(
    database: Database, browser: Browser, show: Show, facts: dict[str, object]
) -> None:
    calls = calls_with(database, show, EUROPE, weeks=3)
    with database.transaction() as session:
        session.execute(sa.update(Call).where(Call.id == calls[2].id).values(**facts))

    assert attention(browser)[1] == ""


def test_page_of_a_call_says_it_in_words(database: Database, browser: Browser, show: Show) -> None:
    calls = calls_with(database, show, ["America/New_York", *EUROPE])

    said = [items(browser.get(f"/host/calls/{it.id}")) for it in (calls[2], calls[3], calls[4])]
    assert said == [
        [
            (
                "For 3 of the 4 registered (Berlin and London) this call is one hour earlier than the call before, because "
                "the clocks go forward in New York on 14 March and in Berlin only on 28 March. Their reminder says so first."
            )
        ],
        [],
        [
            (
                "For 3 of the 4 registered (Berlin and London) this call is back at the hour it had before, because the clocks "
                "go forward in Berlin on 28 March. Their reminder says so first."
            )
        ],
    ]


def test_clock_rules_that_moved_a_call_stand_on_board_and_page_for_two_weeks(
    database: Database, browser: Browser, clock: SetClock, show: Show
) -> None:
    [call] = calls_with(database, show, [], weeks=1)
    with database.transaction() as session:
        session.execute(sa.update(Call).values(starts_at=call.starts_at + 3 * WEEK, ends_at=call.ends_at + 3 * WEEK))
        about = {"account_id": show.account_id, "show_id": show.id, "call_id": call.id, "thing_id": call.id}
        facts = {"was": NOW.isoformat(), "to": NOW.isoformat(), "zone": call.zone, "minutes": 60}
        kept = {"kind": "call.clock_moved", "by_kind": "system", "by_name": "", "try_at": NOW, "followed_up_at": NOW}
        session.add(Change(**about, **kept, created_at=clock.now(), facts=facts))
    before = (attention(browser), items(browser.get(f"/host/calls/{call.id}")))
    clock.advance(days=15)

    sentence = "The clock rules of New York changed: it starts at another moment, still at 20:00 there."
    assert before == ([sentence], [sentence])
    assert attention(browser) == [""]


def test_board_asks_as_often_however_many_calls_the_clocks_touch(database: Database, browser: Browser, show: Show) -> None:
    statements: list[str] = []
    sa.event.listen(database.reader, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    numbers = []
    for zones, weeks in ((["Europe/Berlin"], 2), ([*EUROPE, "Asia/Kolkata"], 6)):
        with database.transaction() as session:
            session.execute(sa.text("DELETE FROM registrations"))
            session.execute(sa.text("DELETE FROM calls"))
        calls_with(database, show, zones, weeks)
        statements.clear()
        attention(browser)
        numbers.append(len([it for it in statements if it.startswith("SELECT")]))

    assert numbers == [16, 16]
