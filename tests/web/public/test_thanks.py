"""After registering, and mending a mistyped address."""

from datetime import timedelta

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.joining.models import Question
from calls.shows.models import Call
from tests.web.browsers import Browser, NewBrowser
from tests.web.public.conftest import Place, Programme, changes, form_of, people, rows, taken, words

PAGE = "/ask-tara/thanks"
WRONG, RIGHT = "ann@exmaple.com", "ann@example.com"


def test_thanks_name_the_address_and_the_call_and_no_secret(browser: Browser, tara: Programme) -> None:
    browser.post("/ask-tara", form_of(email=WRONG))

    answer = browser.get(PAGE)

    headers = [answer.headers[it] for it in ("cache-control", "x-robots-tag", "referrer-policy")]
    assert (answer.status_code, headers) == (200, ["no-store", "noindex", "same-origin"])
    assert words(answer.text).startswith(
        f"Look into your mail We have written to {WRONG}. It is about Sleep: Tuesday 24 November"
    )
    assert ('"/r/' in answer.text, '"/j/' in answer.text, "/feeds/" in answer.text) == (False, False, False)


def test_thanks_for_a_pass_name_the_show(browser: Browser, tara: Programme) -> None:
    browser.post("/ask-tara", form_of("all"))

    assert "It is about all calls of Ask Tara" in words(browser.get(PAGE).text)


def test_thanks_say_the_same_to_somebody_who_is_known(new_browser: NewBrowser, tara: Programme, placed: Place) -> None:
    placed(tara.first, email="ann@example.com")
    said = []
    for email in ("ann@example.com", "new@example.com"):
        browser = new_browser()
        browser.post("/ask-tara", form_of(email=email))
        said.append(browser.get(PAGE).text.replace("ann@example.com", "new@example.com"))

    assert said[0] == said[1]


def test_cookie_says_the_same_of_somebody_who_is_known(new_browser: NewBrowser, tara: Programme, placed: Place) -> None:
    placed(tara.first, email="ann@example.com")

    cookies = [
        new_browser().post("/ask-tara", form_of(email=it)).headers["set-cookie"] for it in ("ann@example.com", "new@example.com")
    ]

    assert [len(it) for it in cookies] == [len(cookies[0])] * 2
    assert cookies[0].partition("; ")[2] == "Path=/; HttpOnly; SameSite=Lax; Max-Age=1800; Secure"


def test_browser_that_did_not_register_sees_nothing(new_browser: NewBrowser, tara: Programme) -> None:
    new_browser().post("/ask-tara", form_of())

    said = words(new_browser().get(PAGE).text)

    assert said.startswith("Look into your mail If you have just registered, a mail is on its way")
    assert "Was the address wrong?" not in said


def test_mistyped_address_is_mended(browser: Browser, tara: Programme, database: Database) -> None:
    browser.post("/ask-tara", form_of(email=WRONG, question="Why?"))

    answer = browser.post(PAGE, {"email": RIGHT})
    said = words(browser.get(PAGE).text)

    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert people(database) == [(RIGHT, "2026-11-24", "confirmed"), (WRONG, "2026-11-24", "cancelled")]
    assert (taken(database), rows(database, Question.text)) == ([1, 0, 0, 0], [("Why?",), ("Why?",)])
    assert changes(database) == ["registration.confirmed", "registration.cancelled", "registration.confirmed"]
    assert f"We have written to {RIGHT}." in said


def test_mistyped_address_of_a_pass_is_mended(browser: Browser, tara: Programme, database: Database) -> None:
    browser.post("/ask-tara", form_of("all", email=WRONG))

    answer = browser.post(PAGE, {"email": RIGHT})

    assert (answer.status_code, taken(database)) == (303, [1, 1, 1, 1])
    assert {(email, state) for email, _, state in people(database)} == {(RIGHT, "confirmed"), (WRONG, "cancelled")}


def test_last_seat_is_kept_while_the_address_is_mended(browser: Browser, tara: Programme, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Call, tara.first.id).taken = 9
    browser.post("/ask-tara", form_of(email=WRONG))

    answer = browser.post(PAGE, {"email": RIGHT})

    assert (answer.status_code, taken(database)) == (303, [10, 0, 0, 0])


def test_seat_that_somebody_had_before_is_not_taken_from_her(
    browser: Browser, tara: Programme, placed: Place, database: Database, clock: SetClock
) -> None:
    placed(tara.first, email=WRONG)
    clock.advance(minutes=1)
    browser.post("/ask-tara", form_of(email=WRONG))

    answer = browser.post(PAGE, {"email": RIGHT})

    assert answer.status_code == 303
    assert people(database) == [(RIGHT, "2026-11-24", "confirmed"), (WRONG, "2026-11-24", "confirmed")]


def test_another_seat_of_that_address_is_not_taken_from_her(
    browser: Browser, tara: Programme, placed: Place, database: Database, clock: SetClock
) -> None:
    placed(tara.calls[1], email=WRONG)
    clock.advance(minutes=1)
    browser.post("/ask-tara", form_of(email=WRONG))

    browser.post(PAGE, {"email": RIGHT})

    assert people(database) == [
        (RIGHT, "2026-11-24", "confirmed"),
        (WRONG, "2026-11-24", "cancelled"),
        (WRONG, "2026-12-01", "confirmed"),
    ]


def test_right_address_that_is_known_is_answered_alike(
    browser: Browser, tara: Programme, placed: Place, database: Database, clock: SetClock
) -> None:
    placed(tara.first, email=RIGHT, name="Ann herself")
    clock.advance(minutes=1)
    browser.post("/ask-tara", form_of(email=WRONG))

    answer = browser.post(PAGE, {"email": RIGHT})

    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert people(database) == [(RIGHT, "2026-11-24", "confirmed"), (WRONG, "2026-11-24", "cancelled")]
    assert taken(database) == [1, 0, 0, 0]


def test_half_an_hour_later_it_is_too_late(browser: Browser, tara: Programme, database: Database, clock: SetClock) -> None:
    browser.post("/ask-tara", form_of(email=WRONG))
    clock.advance(minutes=29)
    browser.post(PAGE, {"email": "second@example.com"})
    clock.advance(minutes=1)

    answer = browser.post(PAGE, {"email": RIGHT})

    assert answer.status_code == 409
    assert people(database) == [("ann@exmaple.com", "2026-11-24", "cancelled"), ("second@example.com", "2026-11-24", "confirmed")]


def test_browser_that_did_not_register_mends_nothing(new_browser: NewBrowser, tara: Programme, database: Database) -> None:
    new_browser().post("/ask-tara", form_of(email=WRONG))
    other = new_browser()
    other.cookies.set("__Host-calls-registered", "AAAA")

    answer = other.post(PAGE, {"email": RIGHT})

    assert (answer.status_code, people(database)) == (409, [(WRONG, "2026-11-24", "confirmed")])


def test_wrong_and_same_addresses_are_refused_beside_the_field(browser: Browser, tara: Programme, database: Database) -> None:
    browser.post("/ask-tara", form_of(email=WRONG))

    wrong, same = browser.post(PAGE, {"email": "a@b@c"}), browser.post(PAGE, {"email": WRONG.upper()})

    assert (wrong.status_code, same.status_code) == (422, 422)
    assert "Enter one e-mail address, like name@example.com." in words(wrong.text)
    assert "We have written to that address already." in words(same.text)
    assert people(database) == [(WRONG, "2026-11-24", "confirmed")]


def test_call_that_is_over_meanwhile_is_left_as_it_is(
    browser: Browser, tara: Programme, database: Database, clock: SetClock
) -> None:
    clock.set(tara.first.ends_at - timedelta(minutes=1))
    browser.post("/ask-tara", form_of(email=WRONG))
    clock.advance(minutes=1)

    answer = browser.post(PAGE, {"email": RIGHT})

    assert (answer.status_code, people(database)) == (409, [(WRONG, "2026-11-24", "confirmed")])


def test_thanks_of_another_show_know_nothing_of_it(browser: Browser, tara: Programme, database: Database) -> None:
    browser.post("/ask-tara", form_of())

    assert browser.get("/no-show/thanks").status_code == 404
