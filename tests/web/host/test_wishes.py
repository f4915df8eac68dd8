"""Wishes as their host reads them: shown to all, kept back, or put on the bench."""

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.guests.models import Guest, Terms
from calls.history.models import Change
from calls.shows.models import Show
from calls.team.models import Member
from calls.wishes.models import Wish
from tests.builders import NOW, a_guest, a_member, a_show
from tests.web.browsers import Browser
from tests.web.reading import words

DEEDS = ("shown", "refused", "bench")


@pytest.fixture
def show(database: Database, owner: Member) -> Show:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id, slug="ask-tara")
        session.add(Terms(show_id=show.id, takes_wishes=True))
        return show


def a_wish(database: Database, show: Show, name: str = "Dr. Mei Ono", **facts: object) -> Wish:
    with database.transaction() as session:
        known = {"show_id": show.id, "state": "waiting", "votes": 3, "created_at": NOW}
        wish = Wish(**known | {"name": name} | facts)
        session.add(wish)
    return wish


def decide(browser: Browser, wish: Wish, deed: str) -> str:
    """What the page says once it is done."""
    answer = browser.post(f"/host/wishes/{wish.id}/{deed}")
    return words(browser.get(answer.headers["location"]))


def of(database: Database, wish: Wish) -> Wish:
    with database.reading() as session:
        return session.get_one(Wish, wish.id)


def guests(database: Database) -> list[Guest]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Guest).order_by(Guest.name)))


def kinds(database: Database) -> list[str]:
    with database.reading() as session:
        return [it for it in session.scalars(sa.select(Change.kind).order_by(Change.id)) if it.startswith(("wish", "guest"))]


def test_wishes_wait_for_the_host_with_votes_and_reason(browser: Browser, database: Database, show: Show) -> None:
    a_wish(database, show, why="She knows sleep.", link="https://ono.example")
    a_wish(database, show, "Kim", votes=0)

    page = browser.get(f"/host/shows/{show.id}/wishes")

    said = words(page)
    assert "To decide Dr. Mei Ono 3 votes She knows sleep. https://ono.example Show it to all" in said
    assert "Kim" not in said


@pytest.mark.parametrize(
    ("deed", "state", "said"), [("shown", "shown", "Everybody sees it now"), ("refused", "refused", "It is kept from")]
)
def test_host_decides_once_and_may_change_her_mind(
    browser: Browser, database: Database, show: Show, deed: str, state: str, said: str
) -> None:
    wish = a_wish(database, show)

    told = [decide(browser, wish, deed) for _ in range(2)]
    other = "refused" if deed == "shown" else "shown"
    decide(browser, wish, other)

    assert [said in it for it in told] == [True, True]
    assert of(database, wish).state == other
    assert kinds(database) == [f"wish.{deed}", f"wish.{other}"]


def test_whom_listeners_wish_for_comes_onto_the_bench_once(browser: Browser, database: Database, show: Show) -> None:
    wish = a_wish(database, show, why="She knows sleep.", link="https://ono.example")

    said = [decide(browser, wish, "bench") for _ in range(2)]

    [guest] = guests(database)
    assert (guest.name, guest.met, guest.notes) == (
        "Dr. Mei Ono",
        "Proposed by listeners of Ask Tara. https://ono.example",
        "She knows sleep.",
    )
    assert of(database, wish).guest_id == guest.id
    assert ["The person is on the bench now." in it for it in said] == [True, True]
    assert "3 votes · on the bench" in said[1]
    assert kinds(database) == ["guest.added", "wish.put_on_bench"]


def test_who_is_on_the_bench_under_that_name_is_wished_for_and_not_doubled(
    browser: Browser, database: Database, show: Show
) -> None:
    with database.transaction() as session:
        known = a_guest(session, account_id=show.account_id, name="DR. MEI ONO")
        a_guest(session, name="Dr. Mei Ono")
    wish = a_wish(database, show)

    decide(browser, wish, "bench")

    assert of(database, wish).guest_id == known.id
    assert len(guests(database)) == 2


@pytest.mark.parametrize("deed", DEEDS)
def test_who_may_not_invite_guests_decides_nothing(browser: Browser, database: Database, show: Show, deed: str) -> None:
    with database.transaction() as session:
        leader = a_member(session, account_id=show.account_id, role="host")
    browser.sign_in(leader)
    wish = a_wish(database, show)

    page = browser.get(f"/host/shows/{show.id}/wishes")

    assert (page.status_code, "Show it to all" in page.text) == (200, False)
    assert browser.post(f"/host/wishes/{wish.id}/{deed}").status_code == 403
    assert (of(database, wish).state, guests(database)) == ("waiting", [])


@pytest.mark.parametrize("deed", DEEDS)
def test_wish_of_another_account_is_not_there(browser: Browser, database: Database, show: Show, deed: str) -> None:
    with database.transaction() as session:
        other = a_show(session)
    wish = a_wish(database, other)

    assert browser.get(f"/host/shows/{other.id}/wishes").status_code == 404
    assert browser.post(f"/host/wishes/{wish.id}/{deed}").status_code == 404
    assert (of(database, wish).state, of(database, wish).guest_id) == ("waiting", None)


def test_show_that_takes_no_wishes_says_so_and_leads_to_the_switch(browser: Browser, database: Database, show: Show) -> None:
    with database.transaction() as session:
        session.execute(sa.update(Terms).values(takes_wishes=False))

    page = browser.get(f"/host/shows/{show.id}/wishes")

    assert "This show takes no wishes: nobody sees this list." in words(page)
    assert f'href="/host/shows/{show.id}/terms"' in page.text


def test_wish_with_markup_is_read_as_text(browser: Browser, database: Database, show: Show) -> None:
    a_wish(database, show, "<script>alert(1)</script>", why="<img src=x onerror=alert(1)>", link='https://a.example/"><b>')

    page = browser.get(f"/host/shows/{show.id}/wishes").text

    assert ("<script>alert" in page, "<img src=x" in page, '"><b>' in page) == (False, False, False)
