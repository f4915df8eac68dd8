"""Prep and run sheet as a person has them: saved while she types, printed on paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from calls.ground.clock import SetClock
from calls.guests import pictures, preparing, queries
from calls.guests import prep as rules
from calls.guests.models import Booking, Prep
from calls.guests.preparing import Typed
from calls.history.keeping import Actor
from calls.joining import asking, opening
from calls.joining.rooms import WayIn
from calls.team import signing_in, staffing
from calls.team.models import Member
from tests.browser import Window, chromium, window
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_registration, a_show, an_attendee
from tests.guests.booked import a_booking, from_a_phone
from tests.papers import pages_of
from tests.served import wait_for
from tests.served_here import ServedHere, served_here

SENTENCE = "She has measured how people sleep in forty towns, by night and by day, and writes down what they dream. "
SENT = {
    "name": "Dr. Ken Ono",
    "topic": "Why we sleep",
    "phone": "+81 3 1234 5678",
    "bio": SENTENCE * 6,
    "please_ask": "What about naps?\nAnd dreams?\nWhat did the sea teach you?",
    "please_dont": "My family\nPills",
    "offer": "A chapter for you, with the code TARA.",
    "links": "https://ono.example.com\nhttps://nights.example.org/book",
}


@dataclass
class Place:
    """The installation, the guest's booking with her links, and the host."""

    served: ServedHere
    booking: Booking
    page: str
    assistant: str
    member: Member

    def kept(self) -> Prep:
        with self.served.database.reading() as session:
            found = queries.prep_of(session, self.booking.id)
            assert found is not None
            return found


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with served_here(tmp_path, SetClock(NOW)) as served:
        with served.database.transaction() as session:
            show = a_show(session, slug="ask-tara")
            call = a_call(session, show, title="Sleep without pills")
            a_call(session, show, wall=FIRST_CALL + timedelta(weeks=1), guest_name="Mei Tanaka")
            booking, member = a_booking(session, call), a_member(session, account_id=show.account_id)
            preparing.hand_on(session, booking, by=Actor("guest", booking.guest_id, "Ken"), now=NOW)
            opening.give_room(
                session, show, None, WayIn("+1 555 010 0100", "48213", ""), by=staffing.actor(member), now=NOW
            )
            for number in range(10):
                listener = an_attendee(session, account_id=show.account_id, name=f"Ann {number}")
                registration = a_registration(session, call, listener)
                question = f"What helps at {number} in the night, when all else sleeps?"
                asking.ask(session, registration.id, call.id, question, now=NOW)
        links = served.built.house.links.here
        yield Place(served, booking, links.guest(booking.invitation_id), links.prep(booking.id, 1), member)


@pytest.fixture
def ken(chrome: Browser, place: Place) -> Iterator[Window]:
    with window(chrome, place.served.url, zone="Asia/Tokyo") as opened:
        yield opened


def said(opened: Window) -> str:
    return opened.page.locator("[data-saving]").inner_text()


def test_what_is_typed_is_saved_without_a_button(ken: Window, place: Place) -> None:
    ken.go(f"{place.page}/prep")
    ken.fill("Topic line", "Why we sleep")
    ken.fill("A few lines about you", "眠り\n<b>Ken</b>")
    ken.page.get_by_label("Yes, I agree").check()

    wait_for(lambda: said(ken) == "Saved.", "the form is saved")
    kept = place.kept()
    ken.go(f"{place.page}/prep")

    assert (kept.topic, kept.bio, kept.consent) == ("Why we sleep", "眠り\n<b>Ken</b>", "yes")
    assert ken.page.get_by_label("Topic line").input_value() == "Why we sleep"
    assert ken.page.locator("[data-progress]").inner_text() == "2 of 3 needed, 5 more welcome"


def test_who_leaves_at_once_loses_nothing(ken: Window, place: Place) -> None:
    ken.go(f"{place.page}/prep")
    ken.page.get_by_label("Topic line").press_sequentially("Why we sleep")
    ken.go(f"{place.page}/run-sheet")

    wait_for(lambda: place.kept().topic == "Why we sleep", "what was typed last is kept")


def test_two_windows_keep_what_each_has_written_and_are_told_where_both_have(ken: Window, place: Place, chrome: Browser) -> None:
    with window(chrome, place.served.url) as mia:
        for opened, path in ((ken, f"{place.page}/prep"), (mia, place.assistant)):
            opened.go(path)
        mia.fill("A few lines about you", "Written by Mia")
        wait_for(lambda: said(mia) == "Saved.", "Mia's is saved")
        ken.fill("Topic line", "Why we sleep")
        wait_for(lambda: "Somebody else is writing here too" in said(ken), "Ken hears of her")
        ken.fill("A few lines about you", "Mine")
        wait_for(lambda: said(ken).startswith("Not saved yet"), "Ken's is not saved over hers")
        between = place.kept().bio
        with ken.awaiting(409):
            ken.press("Save")
        told = ken.words()
        ken.press("Save")

    assert (between, place.kept().bio, place.kept().topic) == ("Written by Mia", "Mine", "Why we sleep")
    assert "there stands now: “Written by Mia”" in told


def test_broken_connection_is_said_and_mended_without_a_clash_with_oneself(ken: Window, place: Place) -> None:
    ken.go(f"{place.page}/prep")
    lost: list[str] = []

    def lose(route: object) -> None:
        """The server hears it, and its answer is lost."""
        lost.append(route.fetch().text())  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    ken.page.route("**/prep", lose, times=1)
    ken.fill("Topic line", "Why we")
    wait_for(lambda: said(ken).startswith("Not saved: the connection is broken"), "the loss is said")
    ken.fill("Topic line", "Why we sleep")
    wait_for(lambda: said(ken) == "Saved.", "it is saved after all")
    ken.faults.clear()

    assert (len(lost), place.kept().topic) == (1, "Why we sleep")


def test_form_with_a_photo_is_sent_by_the_button(ken: Window, place: Place) -> None:
    ken.go(f"{place.page}/prep")
    ken.page.get_by_label("A photo").set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": from_a_phone(6)})
    told = said(ken)
    ken.press("Save")
    shown = ken.page.locator("img.portrait")

    assert told == "The photo is sent when you press Save."
    assert (shown.evaluate("it => it.naturalWidth"), place.kept().picture_id is not None) == (640, True)


def test_run_sheet_is_one_or_two_pages_of_paper_with_all_that_is_needed(ken: Window, place: Place) -> None:
    with place.served.database.transaction() as session:
        booking = session.get_one(Booking, place.booking.id)
        by = Actor("guest", booking.guest_id, "Ken")
        seen = rules.marks(rules.values(preparing.found(session, booking)))
        preparing.save(session, booking, Typed(SENT, seen), by=by, now=NOW)
        preparing.set_picture(session, booking, pictures.cut(from_a_phone()), by=by, now=NOW)
        token = signing_in.link_for(session, session.get_one(Member, place.member.id), now=NOW)
    ken.go(f"/sign-in/{token}")
    ken.press("Sign in")

    printed = {}
    for whose, path in (("host", f"/host/calls/{place.booking.call_id}/run-sheet"), ("guest", f"{place.page}/run-sheet")):
        ken.go(path)
        for paper in ("A4", "Letter"):
            printed[whose, paper] = pages_of(ken.page.pdf(format=paper))
    host, guest = " ".join(printed["host", "A4"]), " ".join(printed["guest", "Letter"])

    assert {len(pages) for pages in printed.values()} <= {1, 2}
    for words in ("Sleep without pills", "Why we sleep", "+1 555 010 0100", "My next guest is Mei Tanaka", "Do not ask"):
        assert (words in host, words in guest) == (True, True), words
    assert ("+81 3 1234 5678" in host, "Ann 3" in host, "Ann 3" in guest) == (True, True, False)
    assert [it for it in ("Sign out", "Outbox", "print this page", "Booking") if it in host + guest] == []
