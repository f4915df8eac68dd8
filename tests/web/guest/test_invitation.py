"""The page behind a guest's link: choose, hold, confirm, say no, and what it says when it is too late."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls.ground.links import Links
from calls.guests import inviting
from calls.guests.models import Guest, Invitation
from calls.wishes.models import Wish
from tests.builders import NOW
from tests.guests.asking import BEN, CLARA, MIKA, Asking
from tests.web.browsers import Browser

DOCUMENT = {"sec-fetch-dest": "document"}
ANSWERS = {"name": "Dr. Mika Ono", "topic": "What whales say", "phone": "+81 3 1234 5678"}


def dates(html: str) -> list[str]:
    """The values of the dates that a page offers."""
    return re.findall(r'<input type="radio" name="date" value="([^"]+)"', html)


def call_id(asking: Asking, number: int) -> str:
    with asking.database.reading() as session:
        return str(asking.studio.call(session, number).id)


def test_guest_sees_what_is_free_in_her_zone_and_the_hosts(asking: Asking, browser: Browser, here: Links) -> None:
    invitation_id = asking.invite(asking.guest(), [0, 2])
    page = browser.get(here.guest(invitation_id)).text

    assert dates(page) == [call_id(asking, 0), call_id(asking, 2)]
    assert "Wednesday 25 November 2026, 09:00" in page
    assert "For the host: Tuesday 24 November 2026, 19:00, New York time" in page
    assert "Hello Mika Ono," in page


def test_guest_without_a_zone_sees_the_hosts_and_may_choose_her_own(asking: Asking, browser: Browser, here: Links) -> None:
    address = here.guest(asking.invite(asking.guest(CLARA), [0]))
    before = browser.get(address).text
    answer = browser.post(f"{address}/zone", {"zone": "Europe/Madrid"})

    assert ('data-local="America/New_York">Tuesday 24 November 2026, 19:00' in before, answer.status_code) == (True, 303)
    assert "Wednesday 25 November 2026, 01:00" in browser.get(address).text
    assert browser.post(f"{address}/zone", {"zone": "Nowhere"}).status_code == 422


def test_guest_hears_how_many_listeners_asked_for_her(asking: Asking, browser: Browser, here: Links) -> None:
    guest_id = asking.guest()
    address = here.guest(asking.invite(guest_id))
    before = browser.get(address).text
    with asking.database.transaction() as session:
        wish = {"show_id": asking.studio.show_id, "guest_id": guest_id, "name": "Mika Ono", "created_at": NOW}
        session.add(Wish(**wish, state="shown", votes=83))

    assert "listeners of the show asked for you" not in before
    assert "83 listeners of the show asked for you." in browser.get(address).text


def test_chosen_date_is_held_and_three_answers_confirm_it(asking: Asking, browser: Browser, here: Links) -> None:
    address = here.guest(asking.invite(asking.guest(), [1, 2]))
    chosen = browser.post(address, {"date": call_id(asking, 2)})
    held = browser.get(address).text
    confirmed = browser.post(f"{address}/confirmation", ANSWERS)
    booked = browser.get(address).text

    assert (chosen.status_code, chosen.headers["location"], confirmed.status_code) == (303, address, 303)
    assert "This date is held for you" in held
    assert "Held until <strong>Wednesday 25 November 2026, 21:00, Tokyo time (UTC+09:00)</strong>" in held
    assert ("You are booked" in booked, "What whales say" in booked) == (True, True)
    assert asking.states() == [("Mika Ono", "taken", "confirmed")]


def test_answers_that_are_missing_are_said_beside_their_fields(asking: Asking, browser: Browser, here: Links) -> None:
    address = here.guest(asking.invite(asking.guest()))
    browser.post(address, {"date": call_id(asking, 0)})
    answer = browser.post(f"{address}/confirmation", ANSWERS | {"topic": "", "phone": "later"})

    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-error"', answer.text) == ["topic", "phone"]
    assert 'value="Dr. Mika Ono"' in answer.text


def test_who_comes_second_is_told_and_sees_what_is_left(asking: Asking, browser: Browser, here: Links) -> None:
    first, second = (here.guest(asking.invite(asking.guest(it), [0, 1])) for it in (MIKA, BEN))
    browser.post(first, {"date": call_id(asking, 0)})
    answer = browser.post(second, {"date": call_id(asking, 0)})

    assert answer.status_code == 409
    assert "Somebody else has just chosen this date. Below is what is left." in answer.text
    assert dates(answer.text) == [call_id(asking, 1)]


def test_choosing_nothing_is_said_beside_the_dates(asking: Asking, browser: Browser, here: Links) -> None:
    answer = browser.post(here.guest(asking.invite(asking.guest())), {})

    assert (answer.status_code, "Choose one of the dates first." in answer.text) == (422, True)


def test_held_date_is_changed_for_another(asking: Asking, browser: Browser, here: Links) -> None:
    address = here.guest(asking.invite(asking.guest(), [0, 1]))
    browser.post(address, {"date": call_id(asking, 0)})
    others = dates(browser.get(f"{address}/date").text)
    browser.post(address, {"date": others[0]})

    assert others == [call_id(asking, 1)]
    assert "Wednesday 2 December 2026, 09:00" in browser.get(address).text
    assert asking.states() == [("Mika Ono", "taken", "chosen")]


def test_no_is_taken_with_its_reason(asking: Asking, browser: Browser, here: Links) -> None:
    address = here.guest(asking.invite(asking.guest()))
    form = browser.get(f"{address}/decline")
    answer = browser.post(f"{address}/decline", {"reason": "No time this year."})

    assert (form.status_code, answer.headers["location"]) == (200, address)
    assert "No time this year." in browser.get(address).text
    assert asking.states() == [("Mika Ono", "declined", "")]


def test_guest_who_is_booked_says_that_she_cannot_come(asking: Asking, browser: Browser, here: Links) -> None:
    address = here.guest(asking.invite(asking.guest()))
    browser.post(address, {"date": call_id(asking, 0)})
    browser.post(f"{address}/confirmation", ANSWERS)
    browser.post(f"{address}/decline", {"reason": ""})

    assert asking.states() == [("Mika Ono", "declined", "declined")]


def test_another_date_is_asked_for(asking: Asking, browser: Browser, here: Links) -> None:
    address = here.guest(asking.invite(asking.guest(), [0]))
    empty = browser.post(f"{address}/other-date", {"words": " "})
    answer = browser.post(f"{address}/other-date", {"words": "A Thursday, please."})

    assert (empty.status_code, answer.headers["location"]) == (422, f"{address}?done=asked")
    assert "You asked for: <bdi>A Thursday, please.</bdi>" in browser.get(answer.headers["location"]).text


def test_invitation_is_passed_on(asking: Asking, browser: Browser, here: Links) -> None:
    address = here.guest(asking.invite(asking.guest()))
    wrong = browser.post(f"{address}/pass-on", {"name": "Ken Doi", "email": "ken"})
    answer = browser.post(f"{address}/pass-on", {"name": "Ken Doi", "email": "ken@example.org"})

    assert (wrong.status_code, answer.status_code) == (422, 303)
    assert asking.states() == [("Mika Ono", "declined", ""), ("Ken Doi", "sent", "")]


def test_withdrawn_invitation_says_so_and_opens_nothing(asking: Asking, browser: Browser, here: Links) -> None:
    invitation_id = asking.invite(asking.guest())
    with asking.invitation(invitation_id) as (session, invitation, _):
        inviting.withdraw(session, invitation, by=asking.studio.by, now=asking.now)
    address = here.guest(invitation_id)
    page = browser.get(address)

    assert (page.status_code, "This invitation was withdrawn" in page.text) == (410, True)
    assert browser.post(address, {"date": call_id(asking, 0)}).status_code == 404
    assert browser.get(f"{address}/decline").status_code == 404


def test_cancelled_date_says_why(asking: Asking, browser: Browser, here: Links) -> None:
    booking_id = asking.booked()
    asking.cancel(booking_id, "The studio burnt down.")
    with asking.booking(booking_id) as (_, found, _by):
        address = here.guest(found.invitation_id)

    page = browser.get(address)
    assert page.status_code == 410
    assert ("Your date was cancelled" in page.text, "The studio burnt down." in page.text) == (True, True)


def test_lapsed_hold_says_so_and_may_be_chosen_again(asking: Asking, browser: Browser, here: Links) -> None:
    address = here.guest(asking.invite(asking.guest(), [3]))
    browser.post(address, {"date": call_id(asking, 3)})
    asking.studio.wait(hours=73)
    page = browser.get(address).text

    assert "The date that was held for you is free again." in page
    assert dates(page) == [call_id(asking, 3)]


def test_nothing_left_says_what_to_do(asking: Asking, browser: Browser, here: Links) -> None:
    first, second = (asking.invite(asking.guest(it), [0]) for it in (MIKA, BEN))
    asking.choose(first, 0)
    page = browser.get(here.guest(second)).text

    assert ("Nothing that was offered to you is free any more." in page, dates(page)) == (True, [])


@pytest.mark.parametrize(("headers", "is_opened"), [(DOCUMENT, True), ({}, False), ({"sec-fetch-dest": "empty"}, False)])
def test_opening_is_noted_when_a_person_opens_it(
    asking: Asking, browser: Browser, here: Links, headers: dict[str, str], is_opened: bool
) -> None:
    invitation_id = asking.invite(asking.guest())
    browser.client.get(here.guest(invitation_id), headers=headers)

    with asking.invitation(invitation_id) as (_, invitation, _by):
        assert (invitation.opened_at is not None) == is_opened


def test_page_is_nobody_elses(asking: Asking, browser: Browser, here: Links) -> None:
    answer = browser.get(here.guest(asking.invite(asking.guest())))

    headers = ("cache-control", "x-robots-tag", "referrer-policy")
    assert [answer.headers[it] for it in headers] == ["no-store", "noindex", "no-referrer"]


def test_link_that_was_withdrawn_by_its_generation_opens_nothing(asking: Asking, browser: Browser, here: Links) -> None:
    invitation_id = asking.invite(asking.guest())
    asking.studio.update(Invitation, invitation_id, generation=1)

    assert [browser.get(here.guest(invitation_id, it)).status_code for it in (0, 1)] == [404, 200]


def test_words_of_others_are_shown_as_words(asking: Asking, browser: Browser, here: Links) -> None:
    evil = "<script>alert(1)</script> [x](javascript:alert(1))"
    guest_id = asking.guest()
    invitation_id = asking.invite(guest_id, words=f"Hello {{name}} {evil}")
    with asking.database.transaction() as session:
        session.execute(sa.update(Guest).where(Guest.id == UUID(str(guest_id))).values(name=evil))
    page = browser.get(here.guest(invitation_id)).text

    assert ("<script>alert" in page, 'href="javascript' in page) == (False, False)
