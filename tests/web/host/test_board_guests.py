"""The board's column of guests: who comes, whom a date is held for, and which dates nobody has."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.guests.models import InvitationDate, Prep
from calls.joining.models import Room
from calls.shows.models import Call, Show
from calls.team.models import Member
from calls.wishes.models import Wish
from tests.builders import FIRST_CALL, NOW, a_booking, a_call, a_guest, a_member, a_show, an_invitation
from tests.web.browsers import Browser
from tests.web.reading import rows, words

BOARD = "/host"
THREE = {"topic": "Sleep", "phone": "+1 555", "saved_at": NOW}


@pytest.fixture
def show(database: Database, owner: Member) -> Show:
    """Five dates: ready, material missing, held, asked, empty."""
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id)
        session.add(Room(show_id=show.id, phone="+1 555 010 0100", code="48213", created_at=NOW))
        calls = [a_call(session, show, wall=FIRST_CALL + timedelta(weeks=week)) for week in range(5)]
        ready = a_booking(session, a_guest(session, account_id=show.account_id, name="Ken Ono"), calls[0])
        session.add(Prep(booking_id=ready.id, name="Dr. Ken Ono", **THREE))
        a_booking(session, a_guest(session, account_id=show.account_id, name="Mia <b>"), calls[1])
        held = {"state": "chosen", "ends_at": NOW + timedelta(hours=20)}
        a_booking(session, a_guest(session, account_id=show.account_id, name="Lou Sand"), calls[2], **held)
        for state in ("sent", "sent", "declined"):
            offered(session, show, calls[3], state)
        return show


def offered(session: Session, show: Show, call: Call, state: str) -> None:
    invitation = an_invitation(session, a_guest(session, account_id=show.account_id), show, state=state)
    session.add(InvitationDate(invitation_id=invitation.id, call_id=call.id))


def column(browser: Browser, address: str = BOARD) -> list[str]:
    return [row[2] for row in rows(browser.get(address))]


def test_board_says_of_each_call_how_far_it_is_on_its_way_to_a_guest(browser: Browser, show: Show) -> None:
    assert column(browser) == [
        "Dr. Ken Ono Ready",
        "Mia <b> Material missing",
        "Held Lou Sand , until Mon 23 Nov 2026, 03:00 New York",
        "No guest 2 guests asked Ask someone from the bench for Tue 15 Dec 2026",
        "No guest Ask someone from the bench for Tue 22 Dec 2026",
    ]


def test_empty_date_has_the_way_to_ask_somebody_for_it(browser: Browser, database: Database, show: Show) -> None:
    with database.reading() as session:
        last = session.scalars(sa.select(Call).order_by(Call.starts_at.desc())).first()
    assert last is not None

    page = browser.get(BOARD)

    assert f'href="/host/shows/{show.id}/invitations/new?call={last.id}"' in page.text


def test_who_may_not_ask_guests_is_not_led_there(browser: Browser, database: Database, show: Show) -> None:
    with database.transaction() as session:
        leader = a_member(session, account_id=show.account_id, role="host")
    browser.sign_in(leader)

    assert column(browser)[4] == "No guest"


def test_filters_say_how_many_each_would_leave_and_leave_these(browser: Browser, show: Show) -> None:
    said = words(browser.get(BOARD))

    assert "All No guest: 2 Hold ending: 1 Material missing: 1" in said
    assert [len(column(browser, f"{BOARD}?show={it}")) for it in ("no-guest", "hold-ending", "material-missing", "x")] == [
        2,
        1,
        1,
        5,
    ]


def test_filter_that_leaves_nothing_says_so(browser: Browser, database: Database, show: Show, clock: SetClock) -> None:
    with database.transaction() as session:
        session.execute(sa.update(Prep).values(topic="x"))
        session.execute(sa.text("DELETE FROM preps"))
        session.execute(sa.text("UPDATE bookings SET state = 'cancelled'"))

    assert "None of these No call of the next eight weeks is so. Show all" in words(browser.get(f"{BOARD}?show=hold-ending"))


def test_guest_named_by_hand_needs_no_booking(browser: Browser, database: Database, show: Show) -> None:
    with database.transaction() as session:
        session.execute(
            sa.update(Call).where(Call.planned_day == (FIRST_CALL + timedelta(weeks=4)).date()).values(guest_name="Prof. Lind")
        )

    assert column(browser)[4] == "Prof. Lind"


def test_call_of_today_without_a_guest_says_so(browser: Browser, database: Database, show: Show, clock: SetClock) -> None:
    with database.transaction() as session:
        session.execute(sa.text("DELETE FROM preps"))
        session.execute(sa.text("UPDATE bookings SET state = 'cancelled'"))
    with database.reading() as session:
        member = session.scalars(sa.select(Member)).one()
    clock.set(NOW + timedelta(days=2))
    browser.sign_in(member)

    assert "0 of 100 registered. No guest named." in words(browser.get(BOARD))


def test_wishes_that_wait_stand_on_board_and_show(browser: Browser, database: Database, show: Show) -> None:
    with database.transaction() as session:
        for state, votes in (("waiting", 3), ("waiting", 1), ("waiting", 0), ("shown", 9)):
            session.add(Wish(show_id=show.id, name=f"{state} {votes}", state=state, votes=votes, created_at=NOW))

    assert "Listeners wish for guests: 2 proposals for Ask Tara , to show to all or keep back." in words(browser.get(BOARD))
    assert "Whom listeners would like to hear 2 wait for you." in words(browser.get(f"/host/shows/{show.id}"))
