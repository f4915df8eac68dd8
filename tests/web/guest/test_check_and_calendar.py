"""The guest's pages about being still on, about a problem, and about her calendar; and how she stops mails."""

from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.links import Links
from calls.ground.tokens import Keys
from calls.guests.models import Guest
from calls.web import application, guest, public
from tests.fakes import FakeMail
from tests.invited import Invited, invited, letters_to
from tests.studio import LINKS, Studio, a_studio
from tests.web.browsers import Browser, a_house

URL = "https://calls.example"


@pytest.fixture
def keys() -> Keys:
    return LINKS.keys


@pytest.fixture
def studio(database: Database, clock: SetClock) -> Studio:
    return a_studio(database, clock, FakeMail(clock))


@pytest.fixture
def browser(database: Database, clock: SetClock, keys: Keys, studio: Studio) -> Iterator[Browser]:
    house = a_house(database, clock, keys, URL)
    browser = Browser(application(house, [*guest.PAGES, *public.PAGES], registry=CollectorRegistry()), house)
    with browser.client:
        yield browser


@pytest.fixture
def ken(studio: Studio) -> Invited:
    """Ken Ono, for whom the second date is held."""
    found = invited(studio)
    found.choose(1)
    studio.work()
    return found


def page(ken: Invited, room: str = "") -> str:
    """The guest's page, without the host."""
    return Links("", LINKS.keys).guest(ken.invitation_id) + room


def state(ken: Invited) -> tuple[str, bool, str]:
    """The state of the booking, whether she is checked in, and what her trouble is."""
    with ken.booking() as (_, booking, __):
        return booking.state, booking.checked_at is not None, booking.trouble


def test_looking_at_the_question_changes_nothing(browser: Browser, ken: Invited) -> None:
    answer = browser.get(page(ken, "/check"))

    assert (answer.status_code, "Will you do it?" in answer.text, state(ken)[0]) == (200, True, "chosen")
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")


def test_one_tap_says_yes_to_a_held_date(browser: Browser, ken: Invited) -> None:
    answer = browser.post(page(ken, "/check"))

    assert (answer.status_code, answer.headers["location"], state(ken)[0]) == (303, page(ken), "confirmed")


def test_one_tap_says_that_she_is_still_on(browser: Browser, ken: Invited) -> None:
    ken.accept()

    answer = browser.post(page(ken, "/check"))

    assert (answer.headers["location"], state(ken)) == (page(ken, "/check?done=on"), ("confirmed", True, ""))
    assert "Thank you. The host sees that you are on." in browser.get(answer.headers["location"]).text


def test_date_that_lapsed_has_nothing_to_say_yes_to(browser: Browser, ken: Invited) -> None:
    ken.studio.wait(hours=80)

    assert [browser.get(page(ken, "/check")).status_code, browser.post(page(ken, "/check")).status_code] == [404, 404]


def test_problem_is_told_and_the_date_stays(browser: Browser, ken: Invited) -> None:
    ken.accept()

    answer = browser.post(page(ken, "/trouble"), {"words": "My train <b>is</b> late", "way": "stay"})
    ken.studio.work()

    assert (answer.status_code, state(ken)) == (303, ("confirmed", False, "My train <b>is</b> late"))
    shown = browser.get(answer.headers["location"]).text
    assert ("The host has been told" in shown, "&lt;b&gt;is&lt;/b&gt;" in shown) == (True, True)
    assert "> My train <b>is</b> late" in letters_to(ken.studio, "tara@example.com")[-1].text


def test_problem_without_words_or_way_is_refused_beside_the_field(browser: Browser, ken: Invited) -> None:
    ken.accept()

    silent = browser.post(page(ken, "/trouble"), {"words": " ", "way": "stay"})
    wayless = browser.post(page(ken, "/trouble"), {"words": "Ill"})

    assert (silent.status_code, "Say in a few words what is the matter" in silent.text) == (422, True)
    assert (wayless.status_code, "Choose one of the two." in wayless.text) == (422, True)
    assert state(ken) == ("confirmed", False, "")


def test_who_cannot_come_gives_the_date_back(browser: Browser, ken: Invited) -> None:
    ken.accept()
    ken.studio.work()

    answer = browser.post(page(ken, "/trouble"), {"words": "The flu", "way": "give"})
    ken.studio.work()

    assert (answer.headers["location"], state(ken)[0]) == (page(ken), "declined")
    assert letters_to(ken.studio, "tara@example.com")[-1].subject == "Ken Ono cannot come on Tue 1 Dec 2026: Ask Tara"


def test_problem_that_is_over_is_taken_back_by_saying_yes(browser: Browser, ken: Invited) -> None:
    ken.accept()
    browser.post(page(ken, "/trouble"), {"words": "My train is late", "way": "stay"})

    browser.post(page(ken, "/check"))

    assert state(ken) == ("confirmed", True, "")


def test_cancelled_call_has_nothing_to_answer(browser: Browser, ken: Invited) -> None:
    ken.accept()
    ken.studio.work()
    ken.studio.ask("cancel", 1, reason="Rain")
    ken.studio.wait(minutes=11)

    shown = browser.get(page(ken, "/check")).text
    refused = browser.post(page(ken, "/check"))

    assert ("so there is nothing to answer" in shown, refused.status_code) == (True, 409)


def test_guests_calendar_is_made_renewed_withdrawn_and_had_again(browser: Browser, ken: Invited) -> None:
    steps = []
    for step in ("/calendar/feed/opening", "/calendar/feed", "/calendar/feed/withdrawal", "/calendar/feed/opening"):
        answer = browser.post(page(ken, step))
        shown = browser.get(answer.headers["location"]).text
        steps.append(shown.partition('type="url" readonly value="')[2].partition('"')[0])

    first, renewed, none, again = steps
    codes = [browser.get(it.removeprefix(URL)).status_code for it in (first, renewed, again)]
    assert (none, len({first, renewed, again}), codes) == ("", 3, [200, 200, 200])
    gone = [b"was withdrawn" in browser.get(it.removeprefix(URL)).content for it in (first, renewed, again)]
    assert gone == [True, True, False]
    assert b"STATUS:TENTATIVE" in browser.get(again.removeprefix(URL)).content


def test_feed_follows_what_becomes_of_the_booking(browser: Browser, ken: Invited) -> None:
    shown = browser.get(browser.post(page(ken, "/calendar/feed/opening")).headers["location"]).text
    feed = shown.partition('type="url" readonly value="')[2].partition('"')[0].removeprefix(URL)
    before = browser.get(feed).content
    ken.accept()
    ken.studio.work()
    agreed = browser.get(feed).content
    ken.decline()
    ken.studio.work()

    assert [b"STATUS:TENTATIVE" in before, b"STATUS:CONFIRMED" in agreed] == [True, True]
    assert b"your call as guest" not in browser.get(feed).content.replace(b"NAME:Your calls as guest", b"")


def test_entry_can_be_downloaded_with_the_uid_of_the_invitation(browser: Browser, ken: Invited) -> None:
    answer = browser.get(page(ken, "/call.ics"))

    uid = ken.letters()[-1].entry("UID")
    assert (answer.status_code, f"UID:{uid}".encode() in answer.content) == (200, True)


def test_guest_stops_all_mails_by_one_click_and_has_them_again(browser: Browser, ken: Invited) -> None:
    stop = str(ken.letters()[-1].mail["List-Unsubscribe"]).strip("<>").removeprefix(URL)

    clicked = browser.post(stop, {"List-Unsubscribe": "One-Click"})
    silenced = _silenced(ken)
    shown = browser.get(stop).text
    browser.post(f"{stop}/undo")

    assert (clicked.status_code, silenced, _silenced(ken)) == (200, True, False)
    assert "Nobody here writes to you" in shown


def _silenced(ken: Invited) -> bool:
    with ken.studio.database.reading() as session:
        return session.get_one(Guest, ken.guest_id).silenced_at is not None
