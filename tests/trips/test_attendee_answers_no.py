"""Trip: her calendar says No, the seat is free, the mail that says so undoes it; and the same by the link in the invitation."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from calls.calendars import answering
from calls.calendars.answers import DECLINED, Answered
from calls.ground.clock import SetClock
from tests.trips.test_attendee_registers import ADA, PAGE, Trip, calendars, link, said, setting_out


@pytest.fixture(params=["sqlite", "postgres"])
def trip(request: pytest.FixtureRequest, clock: SetClock, tmp_path: Path) -> Iterator[Trip]:
    with setting_out(request.getfixturevalue(f"{request.param}_address"), clock, tmp_path) as trip:
        yield trip


def asked(mail: EmailMessage) -> tuple[str, int]:
    """What the calendar part of a mail asks for, and its SEQUENCE."""
    [part] = calendars(mail)
    return str(part["METHOD"]), part.events[0].sequence


def test_no_of_a_calendar_frees_the_seat_and_its_mail_undoes_it(trip: Trip, clock: SetClock) -> None:
    browser = trip.browser
    browser.post(PAGE, data=ADA | {"call": "2026-11-24"})
    [invited] = trip.mails()
    clock.advance(hours=1)

    uid = str(calendars(invited)[0].events[0]["UID"])
    no = Answered(uid, 0, clock.now(), frozenset({ADA["email"]}), is_authentic=True, answer=DECLINED)
    with trip.served.database.transaction() as session:
        answering.take(session, no, now=clock.now())
    [_, gone] = trip.mails()

    assert "Can you come?\r\nYes: http" in said(invited)
    assert "100 of 100 seats left" in browser.get(PAGE).text
    assert "We did this because your calendar answered No." in said(gone)

    own = link(said(gone), "r")
    shown = browser.get(own)
    clock.advance(minutes=5)
    again = browser.post(f"{own}/seat")
    [_, _, back] = trip.mails()

    assert "Register again" in shown.text
    assert again.status_code == 303
    assert "99 of 100 seats left" in browser.get(PAGE).text
    assert [asked(it) for it in (invited, gone, back)] == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]


def test_links_of_the_invitation_act_only_by_their_button(trip: Trip, clock: SetClock) -> None:
    browser = trip.browser
    browser.post(PAGE, data=ADA | {"call": "2026-11-24"})
    [invited] = trip.mails()
    clock.advance(hours=1)
    links = re.findall(r"https?://\S+/a/[\w-]+", said(invited))

    pages = [browser.get(it) for it in links]
    after_looking = browser.get(PAGE).text
    starts_at = re.search(r'name="starts_at" value="([^"]+)"', pages[2].text)
    assert starts_at is not None
    sent = browser.post(links[2], data={"answer": DECLINED, "starts_at": starts_at[1]})
    followed = browser.get(sent.headers["location"])
    clock.advance(seconds=30)
    mails = trip.mails()

    assert ([it.status_code for it in pages], len(set(links))) == ([200, 200, 200], 3)
    assert "99 of 100 seats left" in after_looking
    assert "100 of 100 seats left" in browser.get(PAGE).text
    assert "Undo: take my seat again" in followed.text
    assert [asked(it) for it in mails] == [("REQUEST", 0), ("CANCEL", 1)]

    clock.advance(minutes=1)
    browser.post(f"{links[2]}/seat")

    assert "99 of 100 seats left" in browser.get(PAGE).text
    assert asked(trip.mails()[-1]) == ("REQUEST", 2)
