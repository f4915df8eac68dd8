"""The prep page: the guest's, and her assistant's; with scripts and without."""

import json
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from httpx import Response

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.guests import pictures, preparing
from calls.guests.models import Booking, Picture, Prep, Terms
from calls.history.models import Change
from calls.web.house import House
from tests.builders import NOW
from tests.guests.booked import a_photo, from_a_phone
from tests.web.browsers import Browser
from tests.web.prep.conftest import Booked
from tests.web.public.conftest import words

NEEDED = {"name": "Dr. Ken Ono", "topic": "Why we sleep", "phone": "+81 3 1234 5678"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \u202eevil\u202c"


def send(browser: Browser, booked: Booked, *at: str, **typed: Any) -> Response:
    """The form as a browser sends it, to the guest's prep or to another address, with or without a `picture`."""
    [path] = at or [f"{booked.page}/prep"]
    picture = typed.pop("picture", None)
    form = {"seen": booked.seen()} | typed
    files = {"picture": ("photo.jpg", picture, "image/jpeg") if picture is not None else ("", b"", "application/octet-stream")}
    return browser.client.post(path, data=form, files=files, follow_redirects=False)


def pictures_kept(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Picture)) or 0


def test_page_says_what_is_needed_and_what_is_welcome(browser: Browser, booked: Booked) -> None:
    page = browser.get(f"{booked.page}/prep")

    said = words(page.text)
    assert page.status_code == 200
    assert "1 of 3 needed, 7 more welcome" in said
    assert "Tuesday 24 November 2026, 19:00 New York time (UTC−05:00) · 60 minutes" in said
    assert "For you: Wednesday 25 November 2026, 09:00, Tokyo time (UTC+09:00)" in said
    assert "May the guest pitch? You may name one offer of yours, towards the end." in said
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_form_is_kept_without_scripts(browser: Browser, booked: Booked) -> None:
    answer = send(browser, booked, **NEEDED, bio="Ken *studies* sleep.", picture=from_a_phone())
    page = browser.get(answer.headers["location"])

    kept = booked.prep()
    assert (answer.status_code, answer.headers["location"]) == (303, f"{booked.page}/prep?done=saved")
    assert (kept.topic, kept.bio, kept.picture_id is not None) == ("Why we sleep", "Ken *studies* sleep.", True)
    assert "Saved." in words(page.text)
    assert "All 3 needed are there, 5 more welcome" in words(page.text)


def test_what_cannot_be_kept_stands_beside_its_field_as_it_was_typed(browser: Browser, booked: Booked) -> None:
    answer = send(browser, booked, name="Ken", phone="later", links="nothing here")

    assert answer.status_code == 422
    assert "Give a phone number with its country code" in words(answer.text)
    assert 'value="later"' in answer.text
    assert "nothing here</textarea>" in answer.text
    assert booked.prep().name == "Ken"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a" * 20_000_000, "That file is larger than 8 MB. Choose a smaller one."),
        (b"<svg/>", pictures.NO_PICTURE),
        (from_a_phone()[:2_000], pictures.BROKEN),
        (a_photo((100, 100)), pictures.TOO_SMALL),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, pictures.HEIC),
    ],
)
def test_picture_that_cannot_be_taken_is_refused_beside_its_field_and_words_are_kept(
    browser: Browser, booked: Booked, database: Database, content: bytes, sentence: str
) -> None:
    answer = send(browser, booked, picture=content, topic="Why we sleep", phone="later")

    assert answer.status_code == 422
    assert f'id="picture-error"><span class="unseen">Error: </span>{sentence}' in unescape(answer.text)
    assert ('value="Why we sleep"' in answer.text, 'value="later"' in answer.text) == (True, True)
    assert (booked.prep().topic, pictures_kept(database)) == ("Why we sleep", 0)


def test_picture_is_shown_at_an_address_that_holds_for_good_and_has_lost_its_place(browser: Browser, booked: Booked) -> None:
    send(browser, booked, picture=from_a_phone())
    page = browser.get(f"{booked.page}/prep").text
    address = page.partition('<img class="portrait" src="')[2].partition('"')[0]

    shown = browser.get(address)
    again = browser.client.get(address, headers={"if-none-match": shown.headers["etag"]})

    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (again.status_code, again.content) == (304, b"")
    assert b"Exif" not in shown.content
    assert browser.get(address.replace("square", "wide")).status_code == 200


def test_picture_is_removed(browser: Browser, booked: Booked, database: Database) -> None:
    send(browser, booked, picture=a_photo())

    answer = browser.post(f"{booked.page}/prep/picture")

    assert (answer.status_code, pictures_kept(database), booked.prep().picture_id) == (303, 0, None)


def test_typing_is_kept_quietly_and_answered_shortly(browser: Browser, booked: Booked) -> None:
    first = browser.post(f"{booked.page}/prep", {"seen": booked.seen(), "quiet": "yes", "topic": "Why"}).json()
    second = browser.post(f"{booked.page}/prep", {"seen": first["seen"], "quiet": "yes", "topic": "Why we", "phone": "1"}).json()

    assert (first["said"], first["is_saved"]) == ("Saved.", True)
    assert (second["said"], second["is_saved"]) == ("Not saved yet: phone for the day. The Save button says why.", False)
    assert booked.prep().topic == "Why we"


def test_two_who_write_at_once_are_told_of_each_other(browser: Browser, booked: Booked) -> None:
    seen = booked.seen()
    browser.post(booked.assistant, {"seen": seen, "bio": "Written by Mia", "topic": "Sleep"})

    typed = {"seen": seen, "quiet": "yes", "bio": "Mine", "topic": "", "offer": "A book"}
    quiet = browser.post(f"{booked.page}/prep", typed).json()
    loud = send(browser, booked, seen=quiet["seen"], bio="Mine", topic="", offer="A book")
    kept = booked.prep().bio
    again = send(browser, booked, bio="Mine", topic="Sleep")

    assert quiet["said"] == "Not saved yet: a few lines about you. The Save button says why."
    assert (loud.status_code, "there stands now: “Written by Mia”" in words(loud.text)) == (409, True)
    assert "Mine</textarea>" in loud.text
    assert 'value="Sleep"' in loud.text
    assert (kept, booked.prep().offer) == ("Written by Mia", "A book")
    assert (again.status_code, booked.prep().bio) == (303, "Mine")


def test_what_another_wrote_into_other_fields_is_told_quietly(browser: Browser, booked: Booked) -> None:
    seen = booked.seen()
    browser.post(booked.assistant, {"seen": seen, "bio": "Written by Mia"})

    told = browser.post(f"{booked.page}/prep", {"seen": seen, "quiet": "yes", "bio": "", "topic": "Sleep"}).json()
    later = browser.post(f"{booked.page}/prep", {"seen": told["seen"], "quiet": "yes", "bio": "", "topic": "Sleep!"}).json()

    assert told["said"] == "Saved. Somebody else is writing here too: a few lines about you. Load the page again to see it."
    assert (later["is_saved"], booked.prep().bio, booked.prep().topic) == (True, "Written by Mia", "Sleep!")


def test_script_that_heard_no_answer_is_no_stranger_to_itself(browser: Browser, booked: Booked) -> None:
    seen = booked.seen()
    browser.post(f"{booked.page}/prep", {"seen": seen, "quiet": "yes", "bio": "I stud"})

    answer = send(browser, booked, seen=seen, bio="I study sleep", **{"sent-bio": "I stud"})

    assert (answer.status_code, booked.prep().bio) == (303, "I study sleep")


def test_consent_is_kept_with_its_words_and_stays_when_they_change(browser: Browser, booked: Booked, database: Database) -> None:
    page = browser.get(f"{booked.page}/prep").text
    mark = page.partition('name="consent_mark" value="')[2].partition('"')[0]
    send(browser, booked, consent="yes", consent_mark=mark)
    with database.transaction() as session:
        session.add(Terms(show_id=booked.booking.show_id, consent="We sell it."))

    late = send(browser, booked, consent="yes", consent_mark=mark, topic="Sleep")
    said = words(browser.get(f"{booked.page}/prep").text)

    kept = booked.prep()
    assert (kept.consent, kept.consented_at, kept.topic) == ("yes", NOW, "Sleep")
    assert "The call may be recorded" in kept.consent_words
    assert (late.status_code, preparing.OTHER_WORDS in words(late.text)) == (422, True)
    assert "On Sunday 22 November 2026 you said yes to this: The call may be recorded" in said
    assert "Your answer holds for the words above, unless you answer these too: We sell it." in said


def test_assistant_fills_in_and_sees_nothing_else(browser: Browser, booked: Booked, database: Database) -> None:
    page = browser.get(booked.assistant)

    answer = send(browser, booked, booked.assistant, **NEEDED, consent="yes", consent_mark="x", picture=a_photo())

    kept = booked.prep()
    assert (answer.status_code, kept.topic, kept.consent, pictures_kept(database)) == (303, "Why we sleep", "", 1)
    assert [it in page.text for it in ("consent", "/g/", "/run-sheet", "What we agree on")] == [False] * 4
    with database.reading() as session:
        assert {it.by_name for it in session.scalars(sa.select(Change).where(Change.kind == "prep.completed"))} == {
            "Assistant of Dr. Ken Ono"
        }


def test_link_of_the_assistant_can_be_withdrawn_and_opened_anew(browser: Browser, booked: Booked) -> None:
    shown = browser.get(f"{booked.page}/prep").text
    browser.post(f"{booked.page}/prep/assistant", {"deed": "withdraw"})
    codes = [browser.get(booked.assistant).status_code, send(browser, booked, booked.assistant, topic="x").status_code]
    browser.post(f"{booked.page}/prep/assistant", {"deed": "open"})
    anew = browser.get(f"{booked.page}/prep").text

    assert (codes, browser.get(booked.assistant).status_code) == ([404, 404], 404)
    assert (f"https://calls.example{booked.assistant}" in shown, booked.assistant in anew) == (True, False)
    assert "mailto:?subject=Prep%20for%20Ask%20Tara" in anew


def test_link_of_one_kind_is_none_of_another(browser: Browser, booked: Booked) -> None:
    guest, assistant = booked.page.removeprefix("/g/"), booked.assistant.removeprefix("/p/")

    assert [browser.get(it).status_code for it in (f"/p/{guest}", f"/g/{assistant}", f"/g/{assistant}/prep")] == [404] * 3


def test_picture_is_cut_for_nobody_whose_link_opens_nothing(browser: Browser, booked: Booked, database: Database) -> None:
    assert send(browser, booked, "/p/nothing", picture=a_photo()).status_code == 404
    assert pictures_kept(database) == 0


def test_booking_that_has_ended_takes_no_more_but_gives_the_photo_back(
    browser: Browser, booked: Booked, database: Database
) -> None:
    send(browser, booked, picture=a_photo())
    with database.transaction() as session:
        session.get_one(Booking, booked.booking.id).state = "cancelled"

    page, answer = browser.get(f"{booked.page}/prep"), send(browser, booked, topic="Sleep")
    browser.post(f"{booked.page}/prep/picture")

    assert "This booking does not stand any more, so there is nothing to prepare." in words(page.text)
    assert (answer.status_code, booked.prep().topic, pictures_kept(database)) == (409, "", 0)


def test_nothing_that_is_typed_becomes_markup(browser: Browser, booked: Booked) -> None:
    fields = ("name", "topic", "bio", "please_ask", "please_dont", "offer")
    send(browser, booked, **dict.fromkeys(fields, HOSTILE), links="https://a.example/<script>")
    send(browser, booked, name=HOSTILE, bio="x" * 4_000)
    browser.sign_in(booked.member)

    of_host = f"/host/calls/{booked.booking.call_id}/run-sheet"
    for path in (f"{booked.page}/prep", f"{booked.page}/run-sheet", booked.assistant, of_host):
        page = browser.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_everything_quiet_is_an_answer_for_the_script_alone(browser: Browser, booked: Booked) -> None:
    answer = browser.post(f"{booked.page}/prep", {"seen": "", "quiet": "yes", "topic": HOSTILE})

    assert answer.headers["content-type"] == "application/json"
    assert HOSTILE not in json.dumps(answer.json())


def test_cancelled_call_says_so(browser: Browser, booked: Booked, database: Database, house: House, clock: SetClock) -> None:
    with database.transaction() as session:
        call = session.get_one(Booking, booked.booking.id).call
        assert call is not None
        call.cancelled_at = NOW - timedelta(hours=1)

    assert "This call has been cancelled by the host." in words(browser.get(f"{booked.page}/prep").text)
    assert "This call has been cancelled by the host." in words(browser.get(f"{booked.page}/run-sheet").text)


def test_rows_without_any_prep_are_shown_as_they_were_begun(browser: Browser, booked: Booked, database: Database) -> None:
    with database.transaction() as session:
        session.execute(sa.delete(Prep))

    assert 'value="Dr. Ken Ono"' in browser.get(f"{booked.page}/prep").text
