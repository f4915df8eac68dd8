"""The front page: what is on here, for everybody."""

from datetime import timedelta

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.shows import planning
from calls.shows.models import Show
from calls.shows.planning import Plan
from calls.team import staffing
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_show
from tests.web.browsers import Browser
from tests.web.public.conftest import Programme, counted, words


def test_front_names_the_public_shows_and_their_next_calls(browser: Browser, tara: Programme, database: Database) -> None:
    with database.transaction() as session:
        other = a_show(session, slug="heart", name="Heart to heart", host_name="")
        a_call(session, other, wall=FIRST_CALL - timedelta(days=1))

    answer = browser.get("/")

    said = words(answer.text)
    assert answer.status_code == 200
    assert "Ask Tara An hour with somebody who knows. Every Tuesday at 19:00 New York time, for 60 minutes. With Tara." in said
    assert said.index("Heart to heart Monday 23 November 2026") < said.index(
        "Ask Tara: Sleep, with Dr. Ono Tuesday 24 November 2026"
    )
    assert 'href="/ask-tara/2026-11-24"' in answer.text


def test_front_does_not_name_drafts(browser: Browser, tara: Programme, database: Database) -> None:
    with database.transaction() as session:
        draft = a_show(session, name="Not yet", published_at=None)
        a_call(session, draft, title="A secret")

    said = words(browser.get("/").text)

    assert ("Ask Tara" in said, "Not yet" in said, "A secret" in said) == (True, False, False)


def test_front_without_any_show_says_so(browser: Browser, database: Database) -> None:
    answer = browser.get("/")

    assert (answer.status_code, "No show is open to the public yet" in words(answer.text)) == (200, True)


def test_front_is_kept_until_a_show_is_published(browser: Browser, tara: Programme, database: Database, clock: SetClock) -> None:
    browser.get("/")
    with counted() as statements:
        browser.get("/")
    with database.transaction() as session:
        member = a_member(session, account_id=session.get_one(Show, tara.show.id).account_id)
        plan = Plan("Second show", FIRST_CALL.date(), FIRST_CALL.time(), "Europe/Berlin", 30)
        planning.create(session, member.account_id, plan, by=staffing.actor(member), now=NOW)

    after = words(browser.get("/").text)

    assert (statements, "Second show" in after) == ([], True)


def test_front_takes_two_statements(browser: Browser, tara: Programme, database: Database) -> None:
    with counted() as statements:
        browser.get("/")

    assert len(statements) == 2
