"""What public pages say of guests and of the audience: introductions, guests so far, wishes, and who brought how many."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database, touch
from calls.guests import benching
from calls.guests.models import Booking, Guest, Picture, Prep, Terms
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.kits.models import Share
from calls.shows.models import Call
from calls.steps import kits as steps
from calls.wishes.models import Wish
from tests.builders import FIRST_CALL, NOW, a_booking, a_call, a_guest, a_registration, an_attendee
from tests.web.browsers import Browser
from tests.web.public.conftest import Programme, words

SHOW, CALL = "/ask-tara", "/ask-tara/2026-11-24"
HOSTILE_BIO = '<script>alert(1)</script> **bold** [in](javascript:alert(1)) ![x](https://evil.example/p.png) <b onclick="x">y</b>'


def booked(database: Database, call: Call, prep: dict[str, Any] | None = None, *, place: int = 0, **guest: Any) -> Booking:
    """A confirmed guest of the call; `state` sets another."""
    state = guest.pop("state", "confirmed")
    with database.transaction() as session:
        on = session.get_one(Call, call.id)
        person = a_guest(session, **{"account_id": on.show.account_id, "name": "Keiko Ono"} | guest)
        booking = a_booking(session, person, on, state=state, place=place)
        if prep is not None:
            session.add(Prep(booking_id=booking.id, **{"saved_at": NOW} | prep))
        touch(session, f"show:{on.show_id}")
        return booking


def a_picture(database: Database, programme: Programme) -> UUID:
    with database.transaction() as session:
        facts = {"account_id": programme.show.account_id, "digest": "d1" * 32, "square": b"s", "wide": b"w"}
        picture = Picture(created_at=NOW, **facts)
        session.add(picture)
        session.flush()
        return picture.id


def switch(database: Database, programme: Programme, **switches: bool) -> None:
    with database.transaction() as session:
        session.merge(Terms(show_id=programme.show.id, **switches))
        touch(session, f"show:{programme.show.id}")


def test_call_introduces_its_confirmed_guest(browser: Browser, tara: Programme, database: Database) -> None:
    links = ["https://ono.example/sleep", "javascript:alert(1)"]
    photo = a_picture(database, tara)
    booked(
        database,
        tara.first,
        {"name": "Dr. Keiko Ono", "topic": "Why we sleep", "bio": "I *study* sleep.", "links": links, "picture_id": photo},
    )

    page = browser.get(CALL).text

    assert "Dr. Keiko Ono Why we sleep I study sleep. https://ono.example/sleep" in words(page)
    assert 'href="https://ono.example/sleep" rel="nofollow noopener ugc"' in page
    assert f'src="/pictures/{photo}-{"d1" * 8}/square.jpg" alt="Dr. Keiko Ono"' in page.replace("https://calls.example", "")
    assert "javascript:" not in page
    assert f"{'d1' * 8}/square.jpg" in browser.get(SHOW).text


def test_what_a_guest_typed_runs_nowhere(browser: Browser, tara: Programme, database: Database) -> None:
    booked(
        database,
        tara.first,
        {"name": "<script>alert(2)</script>", "topic": '"><img src=x>', "bio": HOSTILE_BIO, "links": ['https://a.example/"><b>']},
    )

    for page in (browser.get(CALL).text, browser.get(SHOW).text):
        found = [
            it in page
            for it in ("<script>alert", 'javascript:alert(1)"', "<img src=x", 'evil.example/p.png"', "<b onclick", '"><b>')
        ]
        assert found == [False] * 6


def test_guests_of_one_call_stand_in_their_order(browser: Browser, tara: Programme, database: Database) -> None:
    for place, name in ((1, "Second"), (0, "First")):
        booked(database, tara.first, {"name": name, "bio": f"About {name}."}, place=place)

    said = words(browser.get(CALL).text)

    assert said.index("About First.") < said.index("About Second.")


@pytest.mark.parametrize("state", ["chosen", "lapsed", "declined", "cancelled"])
def test_who_has_not_confirmed_is_not_introduced(browser: Browser, tara: Programme, database: Database, state: str) -> None:
    booked(database, tara.calls[1], state=state, bio="I study sleep.", name="Nobody Yet")

    pages = browser.get(SHOW).text + browser.get(f"{SHOW}/{tara.calls[1].address}").text

    assert ("I study sleep." in pages, "Nobody Yet" in pages) == (False, False)


def test_prep_counts_where_there_is_one_also_for_what_was_taken_out(
    browser: Browser, tara: Programme, database: Database
) -> None:
    photo = a_picture(database, tara)
    known: dict[str, Any] = {"bio": "Known of old.", "links": ["https://old.example"], "picture_id": photo}
    booked(database, tara.first, {"name": "", "bio": "", "links": []}, **known)
    booked(database, tara.calls[1], None, **known)

    page, other = (browser.get(f"{SHOW}/{it.address}").text for it in tara.calls[:2])

    assert [it in page for it in ("Known of old.", "old.example", "square.jpg")] == [False] * 3
    assert [it in other for it in ("Known of old.", "old.example", "square.jpg")] == [True] * 3


def test_page_follows_what_the_host_changes_of_a_guest(browser: Browser, tara: Programme, database: Database) -> None:
    booking = booked(database, tara.first, name="Keiko Ono", bio="Bio.")
    before = words(browser.get(CALL).text)
    tara_herself = Actor("member", None, "Tara", "owner", tara.show.account_id)
    with database.transaction() as session:
        guest = session.get_one(Guest, booking.guest_id)
        changed = benching.of(guest)
        benching.change(session, guest, type(changed)(**vars(changed) | {"name": "Keiko Sato"}), by=tara_herself, now=NOW)
    with database.transaction() as session:
        change = session.scalars(sa.select(Change).where(Change.kind == "guest.changed")).one()
        steps.renew_pages(session, change, None, NOW)

    assert ("Keiko Ono Bio." in before, "Keiko Sato Bio." in words(browser.get(CALL).text)) == (True, True)


def test_guests_so_far_are_each_named_once_the_last_first(
    browser: Browser, tara: Programme, database: Database, clock: SetClock
) -> None:
    photo = a_picture(database, tara)
    with database.transaction() as session:
        old = a_call(session, session.merge(tara.show), wall=FIRST_CALL - timedelta(weeks=1), title="Dreams")
        off = a_call(session, session.merge(tara.show), wall=FIRST_CALL - timedelta(weeks=2), cancelled_at=NOW)
    lind = booked(database, old, name="Prof. Lind", picture_id=photo)
    booked(database, off, name="Never Heard")
    booked(database, tara.calls[1], name="Still To Come")
    with database.transaction() as session:
        guest = session.get_one(Guest, lind.guest_id)
        a_booking(session, guest, session.get_one(Call, tara.first.id))
    booked(database, tara.first, name="Keiko Ono", place=1)
    clock.set(tara.first.ends_at)

    page = browser.get(SHOW)

    said = words(page.text).partition("Guests so far ")[2]
    assert said.startswith("Prof. Lind Sleep Tue 24 Nov 2026 Keiko Ono Sleep Tue 24 Nov 2026")
    assert ("Dreams" in said, "Never Heard" in said, "Still To Come" in said) == (False, False, False)


def test_wishes_stand_on_the_page_where_the_show_takes_them(browser: Browser, tara: Programme, database: Database) -> None:
    with database.transaction() as session:
        for name, state, votes in (("Kim", "shown", 2), ("Lee", "shown", 7), ("Waiting", "waiting", 9), ("No", "refused", 9)):
            session.add(Wish(show_id=tara.show.id, name=name, state=state, votes=votes, created_at=NOW))
    off = words(browser.get(SHOW).text)
    switch(database, tara, takes_wishes=True)
    on = words(browser.get(SHOW).text)

    assert "Whom would you like to hear?" not in off
    assert "Whom would you like to hear? Lee 7 votes Kim 2 votes Vote, or propose a guest" in on
    assert ("Waiting" in on, "No 9" in on) == (False, False)


def a_share(database: Database, programme: Programme, code: str, brings: int, **facts: Any) -> UUID:
    """A link with so many people who came by it; its owner."""
    with database.transaction() as session:
        call = session.get_one(Call, facts.pop("call", programme.first).id)
        known = {"show_id": call.show_id, "call_id": call.id, "is_named": True, "name": "Ada", "created_at": NOW}
        if "booking_id" not in facts and "attendee_id" not in facts:
            facts["attendee_id"] = an_attendee(session, account_id=call.show.account_id, name=str(facts.get("name", "Ada"))).id
        call.capacity = 100
        session.add(Share(code=code, **known | facts))
        for _ in range(brings):
            a_registration(session, call, via=code)
        touch(session, f"show:{call.show_id}")
        owner: UUID = facts.get("attendee_id") or facts["booking_id"]
        return owner


def race(browser: Browser) -> str:
    return words(browser.get(SHOW).text).partition("They brought you here ")[2].partition(" Register")[0]


def test_race_ranks_people_and_never_adds_up_two_of_one_name(browser: Browser, tara: Programme, database: Database) -> None:
    switch(database, tara, shows_race=True)
    ada = a_share(database, tara, "ada-1", 2)
    a_share(database, tara, "ada-2", 2, attendee_id=ada, call=tara.calls[1])
    a_share(database, tara, "ada-3", 3, name="Ada")
    a_share(database, tara, "kim-1", 3, name="Kim")
    a_share(database, tara, "lee-1", 1, name="Lee")
    a_share(database, tara, "nil-1", 0, name="Nil")
    a_share(database, tara, "sue-1", 9, name="Sue", is_named=False)

    page = browser.get(SHOW).text
    found = page.partition('id="race"')[2].partition("</section>")[0]

    assert race(browser).startswith("Ada 4 people Ada 3 people Kim 3 people Lee one person")
    assert [f'<li value="{it}">' in found for it in (1, 2, 3, 4)] == [True, True, False, True]
    assert ("Nil" in found, "Sue" in found) == (False, False)


def test_guest_counts_with_all_her_calls_while_she_is_booked(browser: Browser, tara: Programme, database: Database) -> None:
    switch(database, tara, shows_race=True)
    first = booked(database, tara.first, name="Keiko Ono")
    with database.transaction() as session:
        again = a_booking(session, session.get_one(Guest, first.guest_id), session.get_one(Call, tara.calls[1].id))
    gone = booked(database, tara.calls[2], name="Gone Away", state="cancelled")
    a_share(database, tara, "ono-1", 2, booking_id=first.id, name="Dr. Ono")
    a_share(database, tara, "ono-2", 1, booking_id=again.id, name="Dr. Ono", call=tara.calls[1])
    a_share(database, tara, "gone-1", 5, booking_id=gone.id, name="Gone Away", call=tara.calls[2])

    assert race(browser).startswith("Dr. Ono 3 people")
    assert "Gone Away" not in race(browser)


def test_race_stands_nowhere_until_the_host_wants_it(browser: Browser, tara: Programme, database: Database) -> None:
    a_share(database, tara, "ada-1", 2)

    assert race(browser) == ""
