"""Pasting a one-sheet: shown before it is kept."""

from tests.web.browsers import Browser
from tests.web.prep.conftest import Booked
from tests.web.public.conftest import words

SHEET = "Ken studies sleep.\n\nQuestions:\n- Why do we sleep?\n\nhttps://ono.example.com"


def test_pasted_sheet_is_shown_and_nothing_is_kept_yet(browser: Browser, booked: Booked) -> None:
    page = browser.post(f"{booked.page}/one-sheet", {"sheet": SHEET})

    assert page.status_code == 200
    assert "Ken studies sleep." in page.text
    assert "Why do we sleep?</textarea>" in page.text
    assert booked.prep().bio == ""


def test_what_was_looked_over_takes_the_place_of_what_stood_there(browser: Browser, booked: Booked) -> None:
    browser.post(f"{booked.page}/prep", {"seen": booked.seen(), "bio": "Old"})

    shown = browser.post(f"{booked.page}/one-sheet", {"sheet": SHEET})
    kept = {"deed": "keep", "bio": "Ken.", "please_ask": "Why?", "links": "ono.example.com"}
    answer = browser.post(f"{booked.page}/one-sheet", kept)

    prep = booked.prep()
    assert "It takes the place of what stands there now: a few lines about you." in words(shown.text)
    assert answer.headers["location"] == f"{booked.page}/prep?done=one-sheet"
    assert (prep.bio, prep.please_ask, prep.links) == ("Ken.", "Why?", ["https://ono.example.com"])


def test_assistant_may_paste_it_too(browser: Browser, booked: Booked) -> None:
    answer = browser.post(f"{booked.assistant}/one-sheet", {"deed": "keep", "bio": "By Mia."})

    assert browser.get(f"{booked.assistant}/one-sheet").status_code == 200
    assert answer.headers["location"] == f"{booked.assistant}?done=one-sheet"
    assert booked.prep().bio == "By Mia."


def test_nothing_pasted_or_too_much_is_refused_and_stays_typed(browser: Browser, booked: Booked) -> None:
    empty = browser.post(f"{booked.page}/one-sheet", {"sheet": " \n"})
    long = browser.post(f"{booked.page}/one-sheet", {"sheet": "x" * 20_001})
    wrong = browser.post(f"{booked.page}/one-sheet", {"deed": "keep", "bio": "Ken", "links": "not one"})

    assert [it.status_code for it in (empty, long, wrong)] == [422] * 3
    assert "Paste the text of your one-sheet first." in words(empty.text)
    assert "x" * 20_001 in long.text
    assert "not one</textarea>" in wrong.text
