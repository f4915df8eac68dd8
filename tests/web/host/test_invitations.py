"""The host's pages about guests of a show: invite with a preview, the list, nudge, withdraw, approve, cancel, terms."""

import re
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.tokens import Keys
from calls.guests import inviting, queries
from calls.team.models import Member
from calls.web import application, host
from tests.guests.asking import BEN, MIKA, Asking, an_asking
from tests.web.browsers import Browser, a_house

Form = dict[str, str | list[str]]


@pytest.fixture
def asking(database: Database, clock: SetClock) -> Asking:
    return an_asking(database, clock)


@pytest.fixture
def tara(asking: Asking, clock: SetClock, keys: Keys) -> Iterator[Browser]:
    """The host's browser, signed in."""
    house = a_house(asking.database, clock, keys, "https://calls.example")
    browser = Browser(application(house, host.PAGES, registry=CollectorRegistry()), house)
    with browser.client:
        with asking.database.reading() as session:
            member = session.get_one(Member, asking.studio.by.id)
        browser.sign_in(member)
        yield browser


def show(asking: Asking, more: str) -> str:
    return f"/host/shows/{asking.studio.show_id}/{more}"


def call(asking: Asking, number: int = 0) -> str:
    with asking.database.reading() as session:
        return str(asking.studio.call(session, number).id)


def test_people_and_dates_that_a_link_names_are_chosen_beforehand(asking: Asking, tara: Browser) -> None:
    mika, _ = asking.guest(MIKA), asking.guest(BEN)
    page = tara.get(show(asking, f"invitations/new?guest={mika}&call={call(asking, 2)}")).text

    checked = re.findall(r'value="([^"]+)"[^>]*? checked', page)
    assert checked == [str(mika), "one", call(asking, 2)]
    assert "Hello {name}," in page


def test_host_sees_what_a_guest_will_read_before_anything_is_sent(asking: Asking, tara: Browser) -> None:
    people = [str(asking.guest(MIKA)), str(asking.guest(BEN))]
    form: Form = {"guest": people, "which": "one", "call": [call(asking, 1)], "purpose": "call", "ends": ""}
    form["words"] = "Dear {name}, come."
    preview = tara.post(show(asking, "invitations/new"), form)
    before = asking.states()
    sent = tara.post(show(asking, "invitations/new"), form | {"deed": "send"})

    assert ("Dear Ben Adler, come." in preview.text, "Wednesday 2 December 2026, 01:00" in preview.text) == (True, True)
    assert ("Send 2 invitations" in preview.text, before) == (True, [])
    assert sent.headers["location"] == show(asking, "invitations?done=sent")
    assert asking.states() == [("Ben Adler", "sent", ""), ("Mika Ono", "sent", "")]


def test_way_back_from_the_preview_keeps_what_was_typed(asking: Asking, tara: Browser) -> None:
    form: Form = {"guest": [str(asking.guest())], "which": "all", "purpose": "call", "words": "Mine.", "deed": "change"}
    page = tara.post(show(asking, "invitations/new"), form).text

    assert "\nMine.</textarea>" in page


def test_invitation_that_lacks_something_says_what(asking: Asking, tara: Browser) -> None:
    asking.guest()
    form: Form = {"which": "one", "purpose": "talk", "words": "", "ends": "2020-01-01"}
    answer = tara.post(show(asking, "invitations/new"), form)

    assert answer.status_code == 422
    assert set(re.findall(r'href="#(\w+)"', answer.text)) >= {"guest", "purpose", "ends"}


def test_who_is_asked_already_is_said_and_nobody_else_is_asked(asking: Asking, tara: Browser) -> None:
    mika, ben = asking.guest(MIKA), asking.guest(BEN)
    asking.invite(mika)
    form: Form = {"guest": [str(ben), str(mika)], "which": "all", "purpose": "call", "words": "Come.", "deed": "send"}
    answer = tara.post(show(asking, "invitations/new"), form)

    assert (answer.status_code, "Mika Ono has an invitation to this show already" in answer.text) == (409, True)
    assert asking.states() == [("Mika Ono", "sent", "")]


def test_list_says_how_far_each_has_come(asking: Asking, tara: Browser) -> None:
    asking.invite(asking.guest(BEN), [1, 2])
    asking.booked(MIKA)
    page = tara.get(show(asking, "invitations")).text

    assert re.findall(r'class="status tone-\w+">(\w+)<', page) == ["Confirmed", "Sent"]
    assert "1 Dec and 8 Dec" in page


def test_nudge_goes_once_a_day(asking: Asking, tara: Browser) -> None:
    invitation_id = asking.invite(asking.guest())
    early = tara.post(f"/host/invitations/{invitation_id}/nudge")
    asking.studio.clock.advance(hours=24)
    answers = [tara.post(f"/host/invitations/{invitation_id}/nudge").status_code for _ in range(2)]

    assert (early.status_code, answers) == (409, [303, 409])


def test_withdrawing_leads_back_to_the_call_it_was_done_on(asking: Asking, tara: Browser) -> None:
    invitation_id = asking.invite(asking.guest(), [0])
    answer = tara.post(f"/host/invitations/{invitation_id}/withdrawal", {"back": call(asking)})

    assert answer.headers["location"] == f"/host/calls/{call(asking)}?done=withdrawn"
    assert asking.states() == [("Mika Ono", "withdrawn", "")]


def test_more_dates_are_offered_to_who_asked_for_another(asking: Asking, tara: Browser) -> None:
    invitation_id = asking.invite(asking.guest(), [0])
    with asking.invitation(invitation_id) as (session, invitation, by):
        inviting.ask_for(session, invitation, "A Tuesday in December.", by=by, now=asking.now)
    page = tara.get(f"/host/invitations/{invitation_id}/dates").text
    empty = tara.post(f"/host/invitations/{invitation_id}/dates", {})
    answer = tara.post(f"/host/invitations/{invitation_id}/dates", {"call": [call(asking, 2)]})

    assert ("A Tuesday in December." in page, empty.status_code) == (True, 422)
    assert answer.headers["location"] == show(asking, "invitations?done=offered")


def test_host_says_yes_on_the_page_of_the_call(asking: Asking, tara: Browser) -> None:
    asking.terms(is_approved_by_itself=False)
    booking_id = asking.choose(asking.invite(asking.guest()))
    asking.accept(booking_id)
    page = tara.get(f"/host/calls/{call(asking)}").text
    answer = tara.post(f"/host/bookings/{booking_id}/approval")

    assert "your yes is missing." in page
    assert (answer.status_code, asking.states()) == (303, [("Mika Ono", "taken", "confirmed")])
    assert "Both have agreed." in tara.get(f"/host/calls/{call(asking)}").text


def test_booking_is_cancelled_with_a_reason(asking: Asking, tara: Browser) -> None:
    booking_id = asking.booked()
    form = tara.get(f"/host/bookings/{booking_id}/cancellation")
    tara.post(f"/host/bookings/{booking_id}/cancellation", {"reason": "Flood.", "is_asked_again": "yes"})

    assert (form.status_code, asking.states()) == (200, [("Mika Ono", "sent", "cancelled")])
    with asking.booking(booking_id) as (_, found, _by):
        assert found.reason == "Flood."


def test_call_says_who_is_asked_for_it_and_who_for_any_date(asking: Asking, tara: Browser) -> None:
    asking.invite(asking.guest(MIKA), [0])
    asking.invite(asking.guest(BEN))
    page = tara.get(f"/host/calls/{call(asking)}").text

    assert "Asked for this date" in page
    assert "One invitation is open to any date, this one too." in page
    assert f"/host/shows/{asking.studio.show_id}/invitations/new?call={call(asking)}" in page


def test_call_takes_more_guests_and_never_fewer_than_it_has(asking: Asking, tara: Browser) -> None:
    address = f"/host/calls/{call(asking)}/guest-places"
    more = tara.post(address, {"guest_places": "2"})
    asking.booked(MIKA)
    asking.booked(BEN)
    fewer = [tara.post(address, {"guest_places": it}).status_code for it in ("1", "0", "x", "11")]

    assert (more.status_code, fewer) == (303, [422] * 4)
    with asking.database.reading() as session:
        assert asking.studio.call(session, 0).guest_places == 2


def test_terms_are_kept_and_an_emptied_line_is_ours_again(asking: Asking, tara: Browser) -> None:
    form = {"hold_hours": "48", "approval": "host", "style": "Tea and talk.", "takes_wishes": "yes", "pitch": ""}
    saved = tara.post(show(asking, "terms"), form)
    wrong = tara.post(show(asking, "terms"), form | {"hold_hours": "0"})
    with asking.database.reading() as session:
        found = queries.conditions_of(session, asking.studio.show_id)

    assert (saved.status_code, wrong.status_code) == (303, 422)
    assert (found.hold_hours, found.is_approved_by_itself, found.asks_next) == (48, False, False)
    assert (found.style, found.takes_wishes, found.pitch[:11]) == ("Tea and talk.", True, "You may nam")


def test_pages_of_another_account_are_unknown(asking: Asking, tara: Browser) -> None:
    some = "01a204cc-6f23-709c-b912-9b314e2c6846"
    pages = (f"shows/{some}/invitations", f"shows/{some}/terms", f"bookings/{some}/cancellation")
    got = [tara.get(f"/host/{it}").status_code for it in pages]
    sent = [tara.post(f"/host/{it}").status_code for it in (f"invitations/{some}/nudge", f"bookings/{some}/approval")]

    assert (got, sent) == ([404] * 3, [404] * 2)
