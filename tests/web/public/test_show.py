"""A show's page and registering there, for one call and for all."""

import gzip
import re
from datetime import timedelta

import pytest

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.joining.models import Question
from calls.registrations.models import Attendee, Pass, Registration
from calls.shows.models import Call, Show
from calls.team import signing_in
from calls.web.house import House
from tests.builders import NOW, a_call, a_member, a_show
from tests.web.browsers import Browser, NewBrowser
from tests.web.public.conftest import (
    Place,
    Programme,
    changes,
    counted,
    form_of,
    people,
    rows,
    taken,
    words,
)

PAGE = "/ask-tara"


def changed(database: Database, call: Call, **facts: object) -> None:
    """Change a call behind the pages' back."""
    with database.transaction() as session:
        standing = session.get_one(Call, call.id)
        for name, value in facts.items():
            setattr(standing, name, value)


def test_page_says_what_who_and_when(browser: Browser, tara: Programme) -> None:
    answer = browser.get(PAGE)

    said = words(answer.text)
    assert answer.status_code == 200
    assert said.startswith("Ask Tara Every Tuesday at 19:00 New York time, for 60 minutes. With Tara. An hour with somebody")
    assert "Sleep with Dr. Ono Tuesday 24 November 2026, 19:00 New York time (UTC−05:00) · 60 minutes 10 of 10 seats left" in said
    assert '<time datetime="2026-11-25T00:00:00Z" data-local="America/New_York">' in answer.text
    assert "<em>somebody</em>" in answer.text


def test_page_offers_each_date_and_all_to_register_for(browser: Browser, tara: Programme) -> None:
    answer = browser.get(PAGE)

    select = answer.text.partition('name="call"')[2].partition("</select>")[0]
    assert re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', select) == [
        ("2026-11-24", " selected", "Tue 24 Nov 2026, 19:00 New York time: Sleep"),
        ("2026-12-01", "", "Tue 1 Dec 2026, 19:00 New York time: Prof. Lind"),
        ("2026-12-08", "", "Tue 8 Dec 2026, 19:00 New York time"),
        ("2026-12-15", "", "Tue 15 Dec 2026, 19:00 New York time"),
    ]
    ways = re.findall(r'<input type="radio" name="which" value="([^"]*)"[^>]*?( checked)?><span>([^<]*)<', answer.text)
    assert ways == [("one", " checked", "One call, which I choose here"), ("all", "", "All calls of the show, later ones too")]


def test_page_links_the_calendar_in_every_program_s_own_way(browser: Browser, tara: Programme) -> None:
    answer = browser.get(PAGE)

    section = answer.text.partition('id="subscribe"')[2]
    assert re.findall(r'(?:href|readonly value)="([^"]*calendar[^"]*)"', section) == [
        "webcal://calls.example/ask-tara/calendar.ics",
        "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fcalls.example%2Fask-tara%2Fcalendar.ics",
        "https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2Fcalls.example%2Fask-tara%2Fcalendar.ics&amp;name=Ask%20Tara",
        "https://outlook.office.com/calendar/0/addfromweb?url=https%3A%2F%2Fcalls.example%2Fask-tara%2Fcalendar.ics&amp;name=Ask%20Tara",
        "https://calls.example/ask-tara/calendar.ics",
    ]


def test_full_cancelled_and_moved_calls_say_so(browser: Browser, tara: Programme, database: Database) -> None:
    changed(database, tara.calls[0], taken=10)
    changed(database, tara.calls[1], cancelled_at=NOW, reason="Prof. Lind is ill.")
    changed(database, tara.calls[2], planned_for=tara.calls[2].starts_at - timedelta(days=1))

    answer = browser.get(PAGE)

    said = words(answer.text)
    assert "Full Every seat is taken; choose another date." in said
    assert "Cancelled Prof. Lind is ill." in said
    assert "Moved from Mon 7 Dec 2026, 19:00 New York Moved 10 of 10 seats left" in said
    assert '<option value="2026-12-08" selected>' in answer.text
    assert "2026-11-24" not in answer.text.partition('name="call"')[2].partition("</select>")[0]


def test_draft_is_not_there_for_strangers(browser: Browser, database: Database) -> None:
    with database.transaction() as session:
        a_call(session, a_show(session, slug="ask-tara", published_at=None))

    statuses = [browser.get(PAGE).status_code, browser.get("/no-show").status_code]
    posted = browser.post(PAGE, form_of())

    assert (statuses, posted.status_code) == ([404, 404], 404)
    assert people(database) == []


def test_draft_is_shown_to_members_of_its_account_alone(new_browser: NewBrowser, house: House, database: Database) -> None:
    with database.transaction() as session:
        show = a_show(session, slug="ask-tara", published_at=None)
        member, other = a_member(session, account_id=show.account_id), a_member(session)
    tara, stranger, another = new_browser(), new_browser(), new_browser()
    tara.cookies.set("__Host-calls", sign_in_cookie(house, member))
    another.cookies.set("__Host-calls", sign_in_cookie(house, other))

    seen = tara.get(PAGE)

    assert (seen.status_code, stranger.get(PAGE).status_code, another.get(PAGE).status_code) == (200, 404, 404)
    assert "This show is a draft." in words(seen.text)
    assert (seen.headers["cache-control"], seen.headers["x-robots-tag"]) == ("no-store", "noindex")


def sign_in_cookie(house: House, member: object) -> str:
    """The cookie of a browser in which the member signed in."""
    with house.database.transaction() as session:
        token = signing_in.link_for(session, member, now=NOW)  # type: ignore[arg-type]
        return signing_in.follow(session, token, "Firefox", now=NOW)[1]


def test_page_is_kept_until_something_changes(browser: Browser, tara: Programme, database: Database, clock: SetClock) -> None:
    first = browser.get(PAGE)
    with counted() as statements:
        again = browser.get(PAGE)
        unchanged = browser.client.get(PAGE, headers={"if-none-match": again.headers["etag"]})
    browser.post(PAGE, form_of())
    after = browser.get(PAGE)

    assert statements == []
    assert (again.content, unchanged.status_code, unchanged.content) == (first.content, 304, b"")
    assert "9 of 10 seats left" in words(after.text)


def test_kept_page_says_when_a_call_is_on_and_when_it_is_over(browser: Browser, tara: Programme, clock: SetClock) -> None:
    before = words(browser.get(PAGE).text)
    clock.set(tara.first.starts_at)
    on = words(browser.get(PAGE).text)
    clock.set(tara.first.ends_at)
    after = words(browser.get(PAGE).text)

    assert ("Live" in before, "Live 10 of 10 seats left" in on) == (False, True)
    assert ("Sleep" in on, "Sleep" in after) == (True, False)


def test_page_holds_nobody_s_data_and_sets_no_cookie(browser: Browser, tara: Programme, placed: Place) -> None:
    placed(tara.first, name="Zebedee Quux", email="zebedee@example.com")

    answer = browser.get(PAGE)

    assert ("set-cookie" in answer.headers, "Zebedee" in answer.text, "zebedee" in answer.text) == (False, False, False)


def test_page_keeps_its_budget(browser: Browser, house: House, tara: Programme, database: Database) -> None:
    with database.transaction() as session:
        show = session.get_one(Show, tara.show.id)
        for day in range(1, 60):
            wall = tara.first.wall + timedelta(weeks=4, days=day)
            a_call(session, show, wall=wall, title=f"A call about the matter of day {day}", guest_name="Prof. Dr. Somebody")

    answer = browser.get(PAGE)

    needed = sorted(set(re.findall(r'(?:src|href)="(/static/[^"]*)"', answer.text)))
    sent = [len(gzip.compress(answer.content)), *(len(browser.get(it).content) for it in needed)]
    assert len(needed) <= 3
    assert sum(sent) < 40_000
    assert re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(https?://(?!calls\.example/)[^"]*)"', answer.text) == []


def test_page_takes_six_statements(browser: Browser, tara: Programme, database: Database) -> None:
    with counted() as statements:
        browser.get(PAGE)

    assert len(statements) == 6


def test_one_registers_for_a_call(browser: Browser, tara: Programme, database: Database) -> None:
    answer = browser.post(PAGE, form_of("2026-12-01", name=" Ann   Lee ", email=" Ann@Example.com", question="Why?"))

    assert (answer.status_code, answer.headers["location"]) == (303, "/ask-tara/thanks")
    assert people(database) == [("ann@example.com", "2026-12-01", "confirmed")]
    assert rows(database, Attendee.name, Attendee.zone) == [("Ann Lee", "Europe/Berlin")]
    assert rows(database, Question.text) == [("Why?",)]
    assert (changes(database), taken(database)) == (["registration.confirmed"], [0, 1, 0, 0])


def test_all_calls_chosen_beside_a_date_are_all_calls(browser: Browser, tara: Programme, database: Database) -> None:
    answer = browser.post(PAGE, form_of(which="all"))

    assert (answer.status_code, taken(database)) == (303, [1, 1, 1, 1])


def test_one_registers_for_all_calls(browser: Browser, tara: Programme, database: Database) -> None:
    answer = browser.post(PAGE, form_of("all", question="Why?"))

    with database.reading() as session:
        asked_at = session.query(Question.call_id).scalar()
    assert (answer.status_code, taken(database)) == (303, [1, 1, 1, 1])
    assert len(rows(database, Pass.id)) == 1
    assert asked_at == tara.first.id


def test_registering_twice_is_one_registration_and_one_answer(
    new_browser: NewBrowser, tara: Programme, database: Database
) -> None:
    first = new_browser().post(PAGE, form_of())
    second = new_browser().post(PAGE, form_of(name="Somebody Else", zone="Asia/Tokyo", email="ANN@example.com"))

    same = [
        {name: value for name, value in it.headers.items() if name not in {"set-cookie", "x-request-id"}}
        for it in (first, second)
    ]
    assert (first.status_code, second.status_code, same[0]) == (303, 303, same[1])
    assert people(database) == [("ann@example.com", "2026-11-24", "confirmed")]
    assert rows(database, Attendee.name, Attendee.zone) == [("Ann Lee", "Europe/Berlin")]
    assert changes(database) == ["registration.confirmed", "registration.asked_again"]


def test_taking_a_pass_twice_is_one_pass(browser: Browser, tara: Programme, database: Database) -> None:
    answers = [browser.post(PAGE, form_of("all")).status_code for _ in range(2)]

    assert (answers, taken(database), len(rows(database, Pass.id))) == ([303, 303], [1, 1, 1, 1], 1)


def test_stranger_does_not_replace_a_question(browser: Browser, tara: Programme, database: Database) -> None:
    browser.post(PAGE, form_of(question="Mine"))
    browser.post(PAGE, form_of(question="Not mine"))

    assert rows(database, Question.text) == [("Mine",)]


def test_full_call_is_answered_with_the_next_dates_and_what_was_typed(
    browser: Browser, tara: Programme, database: Database
) -> None:
    changed(database, tara.first, taken=10)

    answer = browser.post(PAGE, form_of(question="Why & how?"))

    said = words(answer.text)
    assert answer.status_code == 409
    assert said.startswith("There is something to mend This call is full.")
    assert 'value="Ann Lee"' in answer.text
    assert "Why &amp; how?" in answer.text
    assert '<option value="2026-12-01">' in answer.text
    assert people(database) == []


def test_full_call_is_full_for_those_who_have_a_seat_too(
    new_browser: NewBrowser, tara: Programme, placed: Place, database: Database
) -> None:
    placed(tara.first, email="ann@example.com")
    changed(database, tara.first, taken=10)

    known, unknown = (new_browser().post(PAGE, form_of(email=it)) for it in ("ann@example.com", "new@example.com"))

    assert (known.status_code, unknown.status_code) == (409, 409)
    assert known.text.replace("ann@example.com", "new@example.com") == unknown.text
    assert changes(database) == ["registration.asked_again"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Give a name."),
        ({"name": "x" * 10_000}, "Give a name of at most 200 characters."),
        ({"email": ""}, "Enter an e-mail address."),
        ({"email": "a@b.example\nBcc: c@d.example"}, "An e-mail address stands on one line."),
        ({"email": "nobody"}, "Enter one e-mail address, like name@example.com."),
        ({"zone": "Mars/Olympus"}, "That time zone is not known; choose one from the list."),
        ({"zone": "../../etc/passwd"}, "That time zone is not known; choose one from the list."),
        ({"call": "2026-11-25"}, "Choose one of the dates from the list."),
        ({"call": ""}, "Choose one of the dates from the list."),
        ({"call": "' OR 1=1 --" * 900}, "Choose one of the dates from the list."),
        ({"question": "y" * 1001}, "Ask in at most 1000 characters."),
        (
            {"website": "https://spam.example"},
            "A field that must stay empty was filled in by a program. It is empty again: please send the form once more.",
        ),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    browser: Browser, tara: Programme, database: Database, typed: dict[str, str], sentence: str
) -> None:
    answer = browser.post(PAGE, form_of(**typed))

    assert answer.status_code == 422
    assert words(answer.text).startswith(f"There is something to mend {sentence} Ask Tara")
    assert answer.text.count("<title>Error: Ask Tara</title>") == 1
    assert people(database) == []


def test_all_faults_are_said_at_once(browser: Browser, tara: Programme) -> None:
    answer = browser.post(PAGE, form_of(name="", email="", zone="", question="z" * 2000))

    assert re.findall(r'<li><a href="#([a-z]+)">', answer.text) == ["name", "email", "zone", "question"]


def test_name_cannot_turn_round_what_stands_beside_it(browser: Browser, tara: Programme, database: Database) -> None:
    browser.post(PAGE, form_of(name="\u202eeeL nnA\u202c <b>"))

    assert rows(database, Attendee.name) == [("eeL nnA <b>",)]


def test_cancelled_and_past_calls_are_refused(browser: Browser, tara: Programme, database: Database, clock: SetClock) -> None:
    changed(database, tara.calls[1], cancelled_at=NOW)
    clock.set(tara.first.ends_at)

    answers = [browser.post(PAGE, form_of(it)) for it in ("2026-11-24", "2026-12-01")]

    assert [it.status_code for it in answers] == [409, 409]
    assert ["This call is over." in words(answers[0].text), "This call has been cancelled." in words(answers[1].text)] == [
        True,
        True,
    ]
    assert people(database) == []


def test_form_from_another_site_does_nothing(browser: Browser, tara: Programme, database: Database) -> None:
    answer = browser.post(PAGE, form_of(), headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"})

    assert (answer.status_code, people(database)) == (403, [])


def test_too_many_for_one_address_are_asked_to_wait(browser: Browser, tara: Programme) -> None:
    statuses = [browser.post(PAGE, form_of()).status_code for _ in range(11)]

    assert statuses == [303] * 10 + [429]


@pytest.mark.parametrize(("question", "wanted"), [("", {"sqlite": 0, "postgresql": 1}), ("Why?", {"sqlite": 7, "postgresql": 7})])
def test_registering_takes_few_statements(
    browser: Browser, tara: Programme, database: Database, question: str, wanted: dict[str, int]
) -> None:
    with counted() as statements:
        answer = browser.post(PAGE, form_of(question=question))

    assert answer.status_code == 303
    assert len(statements) == wanted[database.url.get_backend_name()]


def test_registration_of_a_seat_is_written_once_for_each_person(browser: Browser, tara: Programme, database: Database) -> None:
    for number in range(3):
        browser.post(PAGE, form_of(email=f"person{number}@example.com"))

    assert (len(rows(database, Registration.id)), taken(database)) == (3, [3, 0, 0, 0])
