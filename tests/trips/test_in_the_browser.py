"""A show's life as two people see it in a real browser: made, registered for, moved, undone, moved again, given back.

The host sits in New York. The attendee is somewhere else, and each time that she reads is said in her own zone too. Her
mails come from a real mail server; her calendar is what the feeds and the invitations hold.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser

from calls.ground.clock import SetClock
from calls.team import staffing
from tests.browser import DESKTOP, PHONE, Window, chromium, window
from tests.served_here import Post, ServedHere, post_office, served_here

HOST, ADA = "tara@example.com", "ada@example.org"
FIRST = "Tuesday 24 November 2026 19:00 New York time (UTC−05:00)"
MOVED = "Thursday 26 November 2026 17:30 New York time (UTC−05:00)"
FIRST_UTC, MOVED_UTC = datetime(2026, 11, 25, 0, 0, tzinfo=UTC), datetime(2026, 11, 26, 22, 30, tzinfo=UTC)
LINK = re.compile(r"https?://[^\s<>)]+")


@dataclass(frozen=True)
class Place:
    """Where the attendee sits, before which screen, and what her clock shows at the first and at the new time."""

    zone: str
    locale: str
    first: str
    moved: str
    size: tuple[int, int]
    scheme: Literal["light", "dark"]
    has_javascript: bool


BERLIN = Place(
    "Europe/Berlin",
    "de-DE",
    "Wednesday 25 November 2026 01:00 Berlin time (UTC+01:00)",
    "Thursday 26 November 2026 23:30 Berlin time (UTC+01:00)",
    DESKTOP,
    "light",
    has_javascript=True,
)
MELBOURNE = Place(
    "Australia/Melbourne",
    "en-AU",
    "Wednesday 25 November 2026 11:00 Melbourne time (UTC+11:00)",
    "Friday 27 November 2026 09:30 Melbourne time (UTC+11:00)",
    PHONE,
    "dark",
    has_javascript=False,
)


@dataclass(frozen=True)
class Inbox:
    """What is served, and the mails that have come out of it by now."""

    served: ServedHere
    post: Post

    def of(self, address: str) -> list[EmailMessage]:
        self.served.settle()
        return self.post.to(address)


@dataclass
class Host:
    """She sits in New York and does everything by the pages."""

    window: Window
    inbox: Inbox
    has_javascript: bool

    def signs_in(self) -> None:
        self.window.go("/sign-in")
        self.window.fill("Your e-mail address", HOST)
        self.window.press("Send me a sign-in link")
        [mail] = self.inbox.of(HOST)

        self.window.go(link(mail, "/sign-in/"))
        self.window.press("Sign in")

        assert self.window.heading() == "The next eight weeks"

    def makes_a_show(self) -> None:
        """By the five questions: three pages, and four fields where the browser says its zone by itself."""
        window = self.window
        window.pages = window.presses = window.fields = 0

        window.follow("Make a show")
        window.fill("Name of the show", "Ask Tara")
        window.fill("First day", "2026-11-24")
        if not self.has_javascript:
            window.choose("Time zone", "America/New_York")
        window.fill("Phone number", "+1 555 010 0100")
        window.fill("Code", "48213#")
        window.press("Look at it first")
        preview = plain(window.words())
        window.press("Make it public")

        assert FIRST in preview
        assert (window.pages, window.presses, window.fields) == (3, 3, 4 if self.has_javascript else 5)
        assert window.heading() == "Ask Tara"

    def moves_the_call(self) -> None:
        """To Thursday, by the board. The preview says who hears of it; then it waits for its ten minutes."""
        window = self.window
        window.go("/host")
        window.follow("Ask Tara")
        window.follow("Move")
        window.fill("New day", "2026-11-26")
        window.fill("New time", "17:30")
        window.press("Show who will hear of it")
        preview = plain(window.words())
        window.press("Send to one person")

        assert FIRST in preview
        assert MOVED in preview
        assert "Nobody has heard of it yet." in plain(window.words())

    def takes_it_back(self) -> None:
        self.window.press("Undo")

        assert "Nobody has heard of it yet." not in plain(self.window.words())
        assert FIRST in plain(self.window.words())


@dataclass
class Ada:
    """She sits elsewhere. What she knows she has from her mails: her own page, the page to come in, and her feed."""

    window: Window
    inbox: Inbox
    place: Place
    own: str = ""
    join: str = ""
    feed: str = ""

    def registers(self) -> None:
        """For the first call, from the show's page on."""
        window = self.window
        window.go("/ask-tara")
        window.follow("Ask Tara")
        if self.place.has_javascript:  # the page says her time, and her zone is chosen, before she says anything
            assert f"For you: {self.place.first}" in plain(window.words())
            assert window.page.get_by_label("Your time zone").input_value() == self.place.zone
        else:
            window.choose("Your time zone", self.place.zone)
        window.fill("Your name", "Ada Obi")
        window.fill("E-mail address", ADA)
        window.press("Register")
        assert window.heading() == "Look into your mail"

        [mail] = self.mails()

        assert (invitation(mail).method, invitation(mail).sequence) == ("REQUEST", 0)
        assert self.place.first in text(mail)
        self.own, self.join = link(mail, "/r/"), link(mail, "/j/")
        window.go(self.own)
        self.feed = window.page.locator("#feed-address").input_value()

    def mails(self) -> list[EmailMessage]:
        return self.inbox.of(ADA)

    def sees(self, home: str, here: str, moment: datetime) -> list[bytes]:
        """On both her pages the time where the call is held and her own; in both feeds the moment. Returns all she saw."""
        seen = []
        for page in (self.own, self.join):
            self.window.go(page)
            words = plain(self.window.words())
            assert home in words
            assert f"For you: {here}" in words
            seen.append(words.encode())
        for feed in (self.feed, "/ask-tara/calendar.ics"):
            content = self.window.get(feed)
            assert moment in starts(content)
            seen.append(content)
        return seen

    def hears_of_the_move(self) -> None:
        """By exactly one mail, with the old and the new time in both zones, and the entry one step further."""
        [first, moved] = self.mails()
        before, after = invitation(first), invitation(moved)

        words = text(moved)
        assert [it for it in (FIRST, MOVED, self.place.first, self.place.moved) if it not in words] == []
        assert (after.method, after.uid, after.sequence, after.start) == ("REQUEST", before.uid, before.sequence + 1, MOVED_UTC)
        assert len(starts(self.window.get(self.feed))) == 1
        assert FIRST_UTC not in starts(self.window.get("/ask-tara/calendar.ics"))
        self.window.go("/ask-tara")
        assert MOVED in plain(self.window.words())

    def gives_her_seat_back(self) -> None:
        self.window.go(self.own)
        self.window.follow("Give my seat back")
        self.window.press("Give my seat back")

        *_, moved, given_back = self.mails()

        assert len(self.mails()) == 3
        before, after = invitation(moved), invitation(given_back)
        assert (after.method, after.uid, after.sequence) == ("CANCEL", before.uid, before.sequence + 1)
        assert MOVED_UTC not in starts(self.window.get(self.feed))
        self.window.go(self.join)
        assert "You gave your seat at this call back." in plain(self.window.words())


@dataclass(frozen=True)
class Invitation:
    """The calendar part of a mail."""

    method: str
    uid: str
    sequence: int
    start: datetime


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.xdist_group("browser-trip")
@pytest.mark.parametrize(("kind", "place"), [("sqlite", BERLIN), ("postgres", MELBOURNE)], ids=["berlin", "melbourne-no-scripts"])
def test_trip_of_a_show_from_its_making_to_a_seat_given_back(
    kind: str, place: Place, browser: Browser, clock: SetClock, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock.set(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))  # day in Berlin, and in Melbourne still
    database = request.getfixturevalue(f"{kind}_address")
    with two_people(browser, place, clock, tmp_path, database) as (host, ada):
        host.signs_in()
        host.makes_a_show()
        ada.registers()
        before = ada.sees(FIRST, place.first, FIRST_UTC)
        clock.advance(minutes=30)

        host.moves_the_call()
        clock.advance(minutes=5)
        host.takes_it_back()
        clock.advance(minutes=30)
        assert len(ada.mails()) == 1
        assert ada.sees(FIRST, place.first, FIRST_UTC) == before

        host.moves_the_call()
        clock.advance(minutes=9)
        assert len(ada.mails()) == 1
        clock.advance(minutes=1)
        ada.hears_of_the_move()
        ada.sees(MOVED, place.moved, MOVED_UTC)

        clock.advance(minutes=30)
        ada.gives_her_seat_back()


@contextmanager
def two_people(browser: Browser, place: Place, clock: SetClock, folder: Path, database: str) -> Iterator[tuple[Host, Ada]]:
    """An installation whose mails go to a real mail server, and a window for each of the two."""
    with (
        post_office() as post,
        served_here(folder, clock, CALLS_SMTP=post.url, CALLS_DATABASE=database) as served,
        window(browser, served.url, has_javascript=place.has_javascript) as one,
        window(
            browser,
            served.url,
            zone=place.zone,
            locale=place.locale,
            size=place.size,
            scheme=place.scheme,
            has_javascript=place.has_javascript,
        ) as other,
    ):
        with served.database.transaction() as session:
            staffing.open_account(session, HOST, "Tara Fields", now=clock.now())
        inbox = Inbox(served, post)
        yield Host(one, inbox, place.has_javascript), Ada(other, inbox, place)


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return plain(str(part.get_content()))


def plain(words: str) -> str:
    """On one line and without commas, which pages and mails set differently."""
    return " ".join(words.replace(",", "").split())


def link(mail: EmailMessage, way: str) -> str:
    """The first link of a mail that goes this way."""
    return next(it[0] for it in LINK.finditer(text(mail)) if way in it[0])


def invitation(mail: EmailMessage) -> Invitation:
    [part] = [it for it in mail.walk() if it.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    [event] = calendar.events
    assert isinstance(event.DTSTART, datetime)
    return Invitation(str(calendar["METHOD"]), event.uid, event.sequence, event.DTSTART)


def starts(feed: bytes) -> list[date | None]:
    """When the calls of a feed start."""
    return [it.DTSTART for it in Calendar.from_ical(feed.decode()).events]
