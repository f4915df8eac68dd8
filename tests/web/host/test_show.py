"""One show: its calls, what to share, its words and seats; and the list of shows."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls.ground.database import Database, new_id
from calls.shows.models import Call, Show, Skip
from calls.team.models import Member
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_registration, a_show, an_account
from tests.web.browsers import Browser, NewBrowser
from tests.web.reading import errors, rows, words

WORDS = {"name": "Ask Tara", "description": "", "host_name": "Tara", "capacity": "100"}


@pytest.fixture
def show(database: Database, owner: Member) -> Show:
    with database.transaction() as session:
        return a_show(session, account_id=owner.account_id, slug="ask-tara")


def at(show: Show, *more: str) -> str:
    return "/".join([f"/host/shows/{show.id}", *more])


def kept(database: Database, show_id: UUID) -> Show:
    with database.reading() as session:
        return session.get_one(Show, show_id)


def test_shows_are_listed_with_rule_next_call_and_state(database: Database, browser: Browser, owner: Member, show: Show) -> None:
    with database.transaction() as session:
        a_call(session, show, wall=FIRST_CALL, cancelled_at=NOW)
        a_call(session, show, wall=FIRST_CALL + timedelta(weeks=1))
        a_show(session, account_id=owner.account_id, name="Zebra", published_at=None, rrule="")
        a_show(session, name="Foreign")

    assert rows(browser.get("/host/shows")) == [
        ["Ask Tara", "Every Tuesday at 19:00 New York time, for 60 minutes", "Tue 1 Dec 2026, 19:00 New York", "Public"],
        ["Zebra", "Once, on Tuesday 24 November 2026 at 19:00 New York time, for 60 minutes", "none", "Draft"],
    ]


def test_list_without_shows_leads_to_the_first(browser: Browser, owner: Member) -> None:
    assert "No shows yet A show lays out its own calls. It takes five answers. Make a show" in words(browser.get("/host/shows"))


def test_show_says_what_to_share(browser: Browser, show: Show) -> None:
    page = browser.get(at(show))

    assert page.status_code == 200
    assert '<a href="/ask-tara">https://calls.example/ask-tara</a>' in page.text
    assert '<a href="webcal://calls.example/ask-tara/calendar.ics">https://calls.example/ask-tara/calendar.ics</a>' in page.text


def test_show_lists_its_calls_a_page_at_a_time(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        for week in range(-2, 25):
            a_call(session, show, wall=FIRST_CALL + timedelta(weeks=week))
    first, second, third = (browser.get(f"{at(show)}?page={number}") for number in (1, 2, 3))
    past = browser.get(at(show, "past"))

    assert [len(rows(page)) for page in (first, second, third, past)] == [20, 5, 0, 2]
    assert [f'href="{at(show)}?page={number}"' in first.text for number in (0, 2)] == [False, True]
    assert [f'href="{at(show)}?page={number}"' in second.text for number in (1, 3)] == [True, False]
    assert "No more calls" in words(third)
    assert [row[0] for row in rows(past)] == ["Tue 17 Nov 2026, 19:00 New York", "Tue 10 Nov 2026, 19:00 New York"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", "²"])
def test_odd_page_numbers_show_some_page(browser: Browser, show: Show, number: str) -> None:
    assert browser.get(f"{at(show)}?page={number}").status_code == 200


def test_draft_is_published(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id, published_at=None)
    before = words(browser.get(at(show)))
    answer = browser.post(at(show, "publishing"))

    assert "Nobody else sees it yet" in before
    assert answer.headers["location"] == f"{at(show)}?done=published"
    assert kept(database, show.id).published_at == NOW
    assert "The show is public." in words(browser.get(answer.headers["location"]))


def test_words_and_seats_are_changed(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        call = a_call(session, show)
        own = a_call(session, show, wall=FIRST_CALL + timedelta(weeks=1), capacity=7, has_own_capacity=True)
    typed = {"name": " Ask  Tara again ", "description": "One\n\n**two**", "host_name": "T", "capacity": "50"}
    answer = browser.post(at(show, "words"), typed)

    changed = kept(database, show.id)
    with database.reading() as session:
        seats = {it.id: it.capacity for it in session.scalars(sa.select(Call))}
    assert answer.headers["location"] == f"{at(show)}?done=saved"
    assert (changed.name, changed.description, changed.host_name, changed.capacity, changed.slug) == (
        "Ask Tara again", "One\n\n**two**", "T", 50, "ask-tara",
    )  # fmt: skip
    assert seats == {call.id: 50, own.id: 7}
    assert "<strong>two</strong>" in browser.get(at(show)).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Give a name."),
        ({"name": "x" * 10_000}, "Give a name of at most 200 characters."),
        ({"host_name": "x" * 201}, "Give a name of at most 200 characters."),
        ({"description": "x" * 20_001}, "Give a description of at most 20000 characters."),
        ({"capacity": "0"}, "Give a number of seats, 1 or more."),
        ({"capacity": "many"}, "Give a number of seats as a whole number."),
        ({"capacity": "1"}, "A call to come has 2 seats taken; the smallest number is 2."),
    ],
)
def test_words_are_refused_and_kept_in_the_form(
    database: Database, browser: Browser, show: Show, typed: dict[str, str], sentence: str
) -> None:
    with database.transaction() as session:
        call = a_call(session, show)
        a_registration(session, call)
        a_registration(session, call)
    form = WORDS | {"host_name": "Somebody"} | typed
    answer = browser.post(at(show, "words"), form)

    assert (answer.status_code, errors(answer)) == (422, [sentence])
    assert f'value="{form["host_name"]}"' in answer.text
    assert kept(database, show.id).host_name == "Tara"


def test_skips_to_come_are_named(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        for days in (-7, 7):
            session.add(Skip(show_id=show.id, day=(FIRST_CALL + timedelta(days=days)).date()))

    assert "Skipped Tuesday 1 December 2026 Bring back" in words(browser.get(at(show)))


PAGES = ["", "past", "words", "schedule", "way-in", "extra", "skips/2026-12-01"]
DEEDS = ["publishing", "words", "schedule", "way-in", "extra", "skips/2026-12-01"]


def test_show_of_another_account_is_as_unknown_as_none(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        foreign = a_show(session)
        session.add(Skip(show_id=foreign.id, day=(FIRST_CALL + timedelta(weeks=1)).date()))
    ids = (str(foreign.id), str(new_id()), "7", str(foreign.id).upper())
    looked = [browser.get(f"/host/shows/{id}/{path}".rstrip("/")) for id in ids for path in PAGES]
    done = [browser.post(f"/host/shows/{id}/{path}", WORDS) for id in ids for path in DEEDS]

    assert {it.status_code for it in [*looked, *done]} == {404}
    assert len({it.text for it in [*looked, *done]}) == 1


def test_host_sees_a_show_but_does_not_plan_it(database: Database, browser: Browser) -> None:
    with database.transaction() as session:
        host = a_member(session, role="host", account=an_account(session))
        show = a_show(session, account_id=host.account_id, published_at=None)
    browser.sign_in(host)
    page = browser.get(at(show))
    refused = [browser.get(at(show, it)) for it in ("words", "schedule")]
    refused += [browser.post(at(show, it), WORDS) for it in ("words", "schedule", "publishing")]

    assert page.status_code == 200
    assert [it in page.text for it in ("Make it public", "Change the schedule", "/mails", "Add an extra date")] == [
        False, False, False, True,
    ]  # fmt: skip
    assert [it.status_code for it in refused] == [403] * 5
    assert kept(database, show.id).published_at is None


@pytest.mark.parametrize("path", PAGES)
def test_show_is_closed_to_strangers(database: Database, new_browser: NewBrowser, show: Show, path: str) -> None:
    stranger = new_browser()

    assert stranger.get(at(show, path).rstrip("/")).status_code == 303
