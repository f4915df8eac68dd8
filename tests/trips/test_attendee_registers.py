"""Trip 1, without money: from a show's page to the conversation, by nothing but requests, a mail and the clock.

What a person without scripts does: open the page, send the form, read the mail, open its links, press a button.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.joining import opening, queries
from calls.joining.rooms import WayIn
from calls.shows import planning
from calls.shows import queries as shows
from calls.shows.planning import Plan
from calls.team import staffing
from tests.builders import FIRST_CALL, NOW
from tests.served_here import Post, ServedHere, post_office, served_here

PAGE = "/ask-tara/2026-11-24"
WEB_LINK = "https://meet.example.com/ask-tara"
ADA = {"name": "Ada Obi", "email": "ada@example.org", "zone": "Europe/Berlin", "question": "How do I begin?", "website": ""}
STARTS_AT = datetime.fromisoformat("2026-11-25T00:00:00+00:00")


class Trip:
    """One person on her way, with what is served and the post that comes of it."""

    def __init__(self, served: ServedHere, post: Post, browser: httpx.Client) -> None:
        self.served = served
        self.browser = browser
        self._post = post

    def mails(self) -> list[EmailMessage]:
        self.served.settle()
        return self._post.to(ADA["email"])

    def came(self) -> int:
        """How many have come to the first call."""
        with self.served.database.reading() as session:
            show = shows.show_by_slug(session, "ask-tara")
            assert show is not None
            call = shows.call_at(session, show.id, "2026-11-24")
            assert call is not None
            return queries.count_came(session, call.id)


@pytest.fixture(params=["sqlite", "postgres"])
def trip(request: pytest.FixtureRequest, clock: SetClock, tmp_path: Path) -> Iterator[Trip]:
    with setting_out(request.getfixturevalue(f"{request.param}_address"), clock, tmp_path) as trip:
        yield trip


@contextmanager
def setting_out(database: str, clock: SetClock, folder: Path) -> Iterator[Trip]:
    with post_office() as post, served_here(folder, clock, CALLS_SMTP=post.url, CALLS_DATABASE=database) as served:
        plan_the_show(served.database)
        with httpx.Client(base_url=served.url, headers={"origin": served.url}, trust_env=False) as browser:
            yield Trip(served, post, browser)


def plan_the_show(database: Database) -> None:
    plan = Plan("Ask Tara", FIRST_CALL.date(), time(19), "America/New_York", 60, "FREQ=WEEKLY;BYDAY=TU", slug="ask-tara")
    with database.transaction() as session:
        owner = staffing.open_account(session, "tara@example.com", "Tara", now=NOW)
        by = staffing.actor(owner)
        show = planning.create(session, owner.account_id, plan, by=by, now=NOW)
        way_in = WayIn("+1 555 010 0100", "48213#", WEB_LINK)
        opening.give_room(session, show, None, way_in, by=by, now=NOW, is_first=True)


def test_trip_from_the_page_of_a_call_to_the_conversation(trip: Trip, clock: SetClock) -> None:
    browser = trip.browser

    shown = browser.get(PAGE)
    sent = browser.post(PAGE, data=ADA | {"call": "2026-11-24"})
    thanked = browser.get(sent.headers["location"])

    assert "100 of 100 seats left" in shown.text
    assert (sent.status_code, thanked.status_code) == (303, 200)
    assert ADA["email"] in thanked.text

    [mail] = trip.mails()

    words = said(mail)
    assert str(mail["To"]) == "Ada Obi <ada@example.org>"
    assert "Tuesday 24 November 2026, 19:00, New York time (UTC−05:00)" in words
    assert "Wednesday 25 November 2026, 01:00, Berlin time (UTC+01:00)" in words
    assert "+1 555 010 0100, code 48213#" in words
    assert WEB_LINK not in words
    assert [(it["METHOD"], [event.DTSTART for event in it.events]) for it in calendars(mail)] == [("REQUEST", [STARTS_AT])]

    own, join = browser.get(link(words, "r")), link(words, "j")
    early, too_early = browser.get(join), browser.post(join, data={"way": "web"})
    clock.set(STARTS_AT - timedelta(minutes=15))
    opened = browser.get(join)

    assert ("How do I begin?" in own.text, "99 of 100" in browser.get(PAGE).text) == (True, True)
    assert (early.status_code, too_early.status_code, opened.status_code) == (200, 409, 200)
    assert ("Join in the browser" in early.text, "Join in the browser" in opened.text) == (False, True)
    assert trip.came() == 0

    entered = browser.post(join, data={"way": "web"})

    assert (entered.status_code, entered.headers["location"]) == (303, WEB_LINK)
    assert trip.came() == 1


def said(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link(words: str, way: str) -> str:
    """The first link of a letter that goes this way."""
    found = re.search(rf"https?://\S+/{way}/[\w-]+", words)
    assert found is not None
    return found[0]


def calendars(mail: EmailMessage) -> list[Calendar]:
    parts = [it for it in mail.walk() if it.get_content_type() == "text/calendar"]
    return [Calendar.from_ical(it.get_content()) for it in parts]
