"""The run sheet, the host's and the guest's: what stands on each, and what on one only."""

from datetime import timedelta

import pytest

from calls.ground.database import Database
from calls.guests import pictures, preparing
from calls.guests.models import Booking
from calls.guests.preparing import Typed
from calls.history.keeping import Actor
from calls.joining import asking, opening
from calls.joining.rooms import WayIn
from calls.shows.models import Call
from calls.team import staffing
from calls.team.models import Member
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_registration, an_attendee
from tests.guests.booked import a_booking, a_photo
from tests.web.browsers import Browser
from tests.web.prep.conftest import Booked
from tests.web.public.conftest import words

SENT = {
    "name": "Dr. Ken Ono",
    "topic": "Why we sleep",
    "phone": "+81 3 1234 5678",
    "bio": "Ken **studies** sleep.",
    "please_ask": "- What about naps?\n- And dreams?",
    "please_dont": "My family",
    "offer": "A chapter for you.",
    "links": "https://ono.example.com",
}


@pytest.fixture
def told(database: Database, booked: Booked) -> Booked:
    """With all that stands on a sheet: prep, photo, way in, questions of listeners, next week's guest, a second guest."""
    with database.transaction() as session:
        booking = session.get_one(Booking, booked.booking.id)
        by, call = Actor("guest", booking.guest_id, "Ken"), session.get_one(Call, booking.call_id)
        preparing.save(session, booking, Typed(SENT, booked.seen()), by=by, now=NOW)
        preparing.set_picture(session, booking, pictures.cut(a_photo()), by=by, now=NOW)
        owner = staffing.actor(session.get_one(Member, booked.member.id))
        opening.give_room(session, call.show, None, WayIn("+1 555 010 0100", "48213", ""), by=owner, now=NOW)
        for number, question in enumerate(("How long?", "Why at three?")):
            known = {"name": f"Ann {number}", "email": f"ann{number}@example.com"}
            listener = an_attendee(session, account_id=booking.show.account_id, **known)
            asking.ask(session, a_registration(session, call, listener).id, call.id, question, now=NOW)
        a_call(session, call.show, wall=FIRST_CALL + timedelta(weeks=1), guest_name="Mei Tanaka")
        ada = {"name": "Ada Lind", "email": "ada@example.com"}
        other = a_booking(session, call, place=1, state="chosen", confirmed_at=None, guest=ada)
        preparing.save(session, other, Typed({"please_dont": "Money", "phone": "+46 8 123 456"}, ""), by=by, now=NOW)
    return booked


def test_sheet_of_the_host_has_everything_in_the_order_of_the_call(browser: Browser, told: Booked) -> None:
    browser.sign_in(told.member)

    said = words(browser.get(f"/host/calls/{told.booking.call_id}/run-sheet").text)

    parts = [
        "Sleep", "How to connect", "+1 555 010 0100 code 48213", "Hello and welcome to Ask Tara. I am Tara.", "Dr. Ken Ono",
        "With me is Dr. Ken Ono. Ken studies sleep.", "We talk about this: Why we sleep.", "Phone for the day: +81 3 1234 5678",
        "Recording: has not said whether the call may be recorded", "Please ask What about naps? And dreams?",
        "Do not ask My family", "A chapter for you.", "https://ono.example.com",
        "Ada Lind", "Held", "Still missing: topic line", "Money",
        "How long? Ann 0", "Why at three? Ann 1", "Thank you, Dr. Ken Ono and Ada Lind, and thank you all for your questions.",
        "My next guest is Mei Tanaka, on Tuesday 1 December 2026, 19:00.",
    ]  # fmt: skip
    places = [said.find(part) for part in parts]
    assert [part for part, place in zip(parts, places, strict=True) if place < 0] == []
    assert places == sorted(places)


def test_sheet_of_a_guest_leaves_out_what_is_for_the_host(browser: Browser, told: Booked) -> None:
    page = browser.get(f"{told.page}/run-sheet")

    said = words(page.text)
    assert page.status_code == 200
    assert all(it in said for it in ("+1 555 010 0100", "How long?", "Do not ask My family", "My next guest is Mei Tanaka"))
    assert "For you: Wednesday 25 November 2026, 09:00, Tokyo time (UTC+09:00)" in said
    assert [it for it in ("Ann", "example.com/", "Money", "+46", "Recording", "Ada") if it in said] == []
    assert "ann0@example.com" not in page.text


def test_sheet_without_a_guest_says_so(browser: Browser, booked: Booked, database: Database) -> None:
    browser.sign_in(booked.member)
    with database.transaction() as session:
        booking = session.get_one(Booking, booked.booking.id)
        booking.state = "declined"
        call = session.get_one(Call, booking.call_id)
    nobody = words(browser.get(f"/host/calls/{call.id}/run-sheet").text)
    with database.transaction() as session:
        session.get_one(Call, call.id).guest_name = "Somebody Else"
    somebody = words(browser.get(f"/host/calls/{call.id}/run-sheet").text)

    assert ("No guest yet" in nobody, "With me is Somebody Else." in somebody) == (True, True)
    assert browser.get(f"{booked.page}/run-sheet").status_code == 404


def test_many_questions_are_cut_short(browser: Browser, booked: Booked, database: Database) -> None:
    with database.transaction() as session:
        call = session.get_one(Call, booked.booking.call_id)
        for number in range(25):
            listener = an_attendee(session, account_id=call.show.account_id, email=f"ann{number}@example.com")
            asking.ask(session, a_registration(session, call, listener).id, call.id, f"Question {number} " + "x " * 400, now=NOW)
    browser.sign_in(booked.member)

    said = words(browser.get(f"/host/calls/{booked.booking.call_id}/run-sheet").text)

    assert ("Question 19 x" in said, "Question 20 x" in said, "More of them stand on" in said) == (True, False, True)
    assert len(said) < 20 * 400


def test_sheet_is_shown_to_the_account_alone(browser: Browser, booked: Booked, database: Database) -> None:
    path = f"/host/calls/{booked.booking.call_id}/run-sheet"
    stranger = browser.get(path).status_code
    with database.transaction() as session:
        other = a_member(session)
    browser.sign_in(other)

    assert (stranger, browser.get(path).status_code) == (303, 404)
