"""Trip: a guest in Tokyo is asked by a host in New York, chooses a date beyond a change of clocks, and is thanked for it.

In a real browser, on both databases: from the bench to the morning after. Tokyo keeps its clocks all year; New York's go on by an
hour on 14 March 2027, so that the same evening there is an hour earlier for the guest.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from playwright.sync_api import Browser

from calls.ground.clock import SetClock
from calls.joining import opening
from calls.joining.rooms import WayIn
from calls.shows import planning
from calls.shows.planning import Plan
from calls.team import signing_in, staffing
from tests.browser import PHONE, Window, chromium, window
from tests.served_here import Post, ServedHere, post_office, served_here

TARA, KEIKO = "tara@example.com", "keiko@example.jp"
BEGINNING = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
BEFORE = "Wednesday 10 March 2027, 09:00"  # in Tokyo, of the Tuesday before the change
AFTER = "Wednesday 17 March 2027, 08:00"
STARTS_AT = datetime(2027, 3, 16, 23, 0, tzinfo=UTC)
ANN = {"name": "Ann Lee", "email": "ann@example.org", "zone": "Europe/Berlin", "question": "Why at three?", "website": ""}


@dataclass
class Trip:
    """The two people, each before a screen of her own, and the post between them."""

    served: ServedHere
    post: Post
    clock: SetClock
    host: Window
    guest: Window

    def mails(self, address: str) -> list[EmailMessage]:
        self.served.settle()
        return self.post.to(address)

    def until(self, moment: datetime) -> None:
        self.clock.set(moment)
        self.served.settle()

    def signs_in(self) -> None:
        with self.served.database.transaction() as session:
            owner = staffing.open_account(session, TARA, "Tara", now=BEGINNING)
            token = signing_in.link_for(session, owner, now=BEGINNING)
        self.host.go(f"/sign-in/{token}")
        self.host.press("Sign in")


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(params=["sqlite", "postgres"])
def trip(request: pytest.FixtureRequest, chrome: Browser, tmp_path: Path) -> Iterator[Trip]:
    database, clock = request.getfixturevalue(f"{request.param}_address"), SetClock(BEGINNING)
    with ExitStack() as stack:
        post = stack.enter_context(post_office())
        served = stack.enter_context(served_here(tmp_path, clock, CALLS_SMTP=post.url, CALLS_DATABASE=database))
        plan(served)
        host = stack.enter_context(window(chrome, served.url))
        guest = stack.enter_context(
            window(chrome, served.url, zone="Asia/Tokyo", locale="ja-JP", size=PHONE, has_javascript=False)
        )
        yield Trip(served, post, clock, host, guest)


def plan(served: ServedHere) -> None:
    """Four Tuesdays at 19:00 in New York; clocks change there between the second and the third."""
    rule, first = "FREQ=WEEKLY;BYDAY=TU;COUNT=4", date(2027, 3, 2)
    wanted = Plan("Ask Tara", first, time(19), "America/New_York", 60, rule, host_name="Tara", slug="ask-tara")
    with served.database.transaction() as session:
        by = staffing.actor(staffing.open_account(session, TARA, "Tara", now=BEGINNING))
        show = planning.create(session, by.account_id, wanted, by=by, now=BEGINNING)  # type: ignore[arg-type]
        way_in = WayIn("+1 555 010 0100", "48213#", "https://meet.example.com/tara")
        opening.give_room(session, show, None, way_in, by=by, now=BEGINNING, is_first=True)


def said(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(mail: EmailMessage, room: str = "") -> str:
    found = re.search(rf"https?://\S+/g/[\w-]+{room}", said(mail))
    assert found is not None
    return found[0]


def asked(mail: EmailMessage) -> tuple[Any, ...]:
    """What the calendar part of a mail asks for: method, UID, SEQUENCE, start, state."""
    [part] = [it for it in mail.walk() if it.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    [event] = calendar.events
    return str(calendar["METHOD"]), str(event["UID"]), event.sequence, event.DTSTART, str(event["STATUS"])


def test_guest_is_asked_chooses_prepares_and_is_thanked(trip: Trip) -> None:
    invited = invite(trip)
    held, agreed = choose(trip, invited)

    method, uid, sequence, starts_at, state = asked(held)
    assert (method, starts_at, state) == ("REQUEST", STARTS_AT, "TENTATIVE")
    assert asked(agreed) == ("REQUEST", uid, sequence + 1, STARTS_AT, "CONFIRMED")
    assert "Wednesday 17 March 2027, 08:00, Tokyo time (UTC+09:00)" in said(agreed)
    assert "Tuesday 16 March 2027, 19:00, New York time (UTC−04:00)" in said(agreed)

    prepare(trip, agreed)
    tell_others(trip, agreed)
    check_in(trip)
    morning_after(trip)


def invite(trip: Trip) -> EmailMessage:
    """The host puts somebody on the bench, and asks her for any open date."""
    host = trip.host
    trip.signs_in()
    host.go("/host/guests/new")
    host.fill("Name", "Keiko Ono")
    host.fill("E-mail address", KEIKO)
    host.press("Put on the bench")
    host.go("/host?show=no-guest")
    host.follow("Ask someone")
    host.tick("Keiko Ono")
    host.tick("Any open date, later ones too")
    host.press("Show what they will read")
    host.press("Send")

    [invited] = trip.mails(KEIKO)
    assert "Keiko Ono" in said(invited)
    return invited


def choose(trip: Trip, invited: EmailMessage) -> tuple[EmailMessage, EmailMessage]:
    """She sees the free dates by her own clock, on her phone, without JavaScript; has one held, and confirms it."""
    guest = trip.guest
    guest.go(link(invited))
    guest.page.locator("summary").first.click()
    guest.choose("Your time zone", "Asia/Tokyo")
    guest.press("Show the times there")
    free = guest.words()
    guest.tick(AFTER)
    guest.press("Hold this date for me")
    heading = guest.heading()
    [_, held] = trip.mails(KEIKO)

    guest.fill("Your name, as you are announced", "Dr. Keiko Ono")
    guest.fill("What you talk about, in one line", "Why we wake at three")
    guest.fill("A phone on which you can be reached on the day", "+81 3 5555 0101")
    trip.clock.advance(minutes=25)
    guest.press("Confirm this date")
    booked = guest.heading()
    [_, _, agreed] = trip.mails(KEIKO)

    assert (BEFORE in free, AFTER in free) == (True, True)
    assert (heading, booked) == ("This date is held for you", "You are booked")
    assert "Dr. Keiko Ono" in httpx.get(f"{trip.served.url}/ask-tara/2027-03-16", trust_env=False).text
    assert any("Keiko Ono" in str(it["Subject"]) for it in trip.mails(TARA))
    return held, agreed


def prepare(trip: Trip, agreed: EmailMessage) -> None:
    """What she sends in stands on the host's run sheet and on the public page; a script in it is words."""
    guest = trip.guest
    guest.go(f"{link(agreed)}/prep")
    guest.fill("A few lines about you", "Runs a clinic in **Osaka**. <script>alert(1)</script>")
    guest.press("Save")
    host = trip.host
    host.go("/host")
    host.follow("Dr. Keiko Ono")
    host.follow("Run sheet")

    assert "Runs a clinic in Osaka" in host.words()
    assert "<script>alert" not in httpx.get(f"{trip.served.url}/ask-tara/2027-03-16", trust_env=False).text


def tell_others(trip: Trip, agreed: EmailMessage) -> None:
    """Ann comes through the guest's own link."""
    guest = trip.guest
    guest.go(f"{link(agreed)}/kit")
    own = guest.page.locator("#link + p a").inner_text()
    with httpx.Client(base_url=trip.served.url, headers={"origin": trip.served.url}, trust_env=False) as ann:
        page = ann.get(own, follow_redirects=True)
        via = re.search(r'name="via" value="([^"]+)"', page.text)
        assert via is not None
        registered = ann.post("/ask-tara/2027-03-16", data=ANN | {"call": "2027-03-16", "via": via[1]})
    trip.served.settle()
    guest.go(f"{link(agreed)}/kit")

    assert registered.status_code == 303
    assert "One person has registered through it." in guest.words()


def check_in(trip: Trip) -> None:
    """A day before, one tap."""
    trip.until(datetime(2027, 3, 15, 23, 30, tzinfo=UTC))
    reminder = trip.mails(KEIKO)[-1]
    guest = trip.guest
    guest.go(link(reminder, "/check"))
    guest.press("Yes, I am on")

    assert "still on" in str(reminder["Subject"]).lower() or "still on" in said(reminder).lower()
    assert "Thank you" in guest.words()


def morning_after(trip: Trip) -> None:
    """She is thanked at nine by her clock, with how many came through her."""
    before = len(trip.mails(KEIKO))
    trip.until(datetime(2027, 3, 17, 1, 0, tzinfo=UTC))
    at_ten = len(trip.mails(KEIKO))
    trip.until(datetime(2027, 3, 18, 0, 10, tzinfo=UTC))
    thanks = trip.mails(KEIKO)[-1]

    assert at_ten == before
    assert str(thanks["Subject"]).startswith("Thank you")
    assert "One person" in said(thanks) or "one person" in said(thanks)
