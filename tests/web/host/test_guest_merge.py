"""Doubles in the browser: found, looked at, made one."""

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.guests.models import Guest
from calls.team.models import Member
from tests.builders import a_booking, a_call, a_guest, a_show
from tests.web.browsers import Browser
from tests.web.reading import carried, errors, rows, words


@pytest.fixture
def keiko(database: Database, owner: Member) -> Guest:
    with database.transaction() as session:
        return a_guest(session, account_id=owner.account_id, name="Dr. Keiko Ono", email="keiko@example.com")


@pytest.fixture
def double(database: Database, owner: Member) -> Guest:
    with database.transaction() as session:
        return a_guest(session, account_id=owner.account_id, name="Ono, Keiko", email=None, phone="+81 3 5555")


def left(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Guest.name).where(Guest.merged_into_id.is_(None)).order_by(Guest.name)))


def test_likely_doubles_are_listed(database: Database, browser: Browser, owner: Member, keiko: Guest, double: Guest) -> None:
    with database.transaction() as session:
        a_guest(session, account_id=owner.account_id, name="Rosa")
        a_guest(session, name="Keiko Ono")

    page = browser.get("/host/guests/doubles")

    assert rows(page) == [["Dr. Keiko Ono keiko@example.com", "Ono, Keiko +81 3 5555 Merge Ono, Keiko", "the same name"]]
    assert f'href="/host/guests/{keiko.id}/merge?double={double.id}"' in page.text


def test_bench_without_doubles_says_so(browser: Browser, owner: Member, keiko: Guest) -> None:
    assert "No two look like one person" in words(browser.get("/host/guests/doubles"))


def test_two_become_one_after_a_look(database: Database, browser: Browser, owner: Member, keiko: Guest, double: Guest) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session, account_id=owner.account_id))
        a_booking(session, session.get_one(Guest, double.id), call)
    path = f"/host/guests/{keiko.id}/merge"

    form = browser.get(path)
    preview = browser.post(path, {"double": str(double.id)})
    before = left(database)
    answer = browser.post(path, carried(preview))

    assert "Ono, Keiko · +81 3 5555 (the same name)" in words(form)
    assert "One invitation and one date move along" in words(preview) and "Also: Ono, Keiko" in words(preview)
    assert before == ["Dr. Keiko Ono", "Ono, Keiko"]
    assert answer.headers["location"] == f"/host/guests/{keiko.id}?done=merged"
    assert left(database) == ["Dr. Keiko Ono"]
    page = browser.get(f"/host/guests/{keiko.id}")
    assert "Merged a double into this one: Ono, Keiko." in words(page) and "Dates" in words(page)


def test_somebody_else_is_found_by_hand(database: Database, browser: Browser, owner: Member, keiko: Guest) -> None:
    with database.transaction() as session:
        rosa = a_guest(session, account_id=owner.account_id, name="Rosa", email="rosa@example.com")

    without = browser.get(f"/host/guests/{keiko.id}/merge")
    found = browser.get(f"/host/guests/{keiko.id}/merge?search=ROSA@")

    assert "Nobody on the bench looks like the same person" in words(without)
    assert f'value="{rosa.id}"' in found.text and f'value="{keiko.id}"' not in found.text
    assert "is found by “ Tom ”" in words(browser.get(f"/host/guests/{keiko.id}/merge?search=Tom"))


def test_chosen_one_is_offered_and_ticked(database: Database, browser: Browser, owner: Member, keiko: Guest) -> None:
    with database.transaction() as session:
        rosa = a_guest(session, account_id=owner.account_id, name="Rosa")

    page = browser.get(f"/host/guests/{keiko.id}/merge?double={rosa.id}")

    assert f'value="{rosa.id}" id="double" checked' in page.text


@pytest.mark.parametrize("deed", ["", "merge"])
def test_nobody_chosen_is_said(browser: Browser, owner: Member, keiko: Guest, double: Guest, deed: str) -> None:
    answer = browser.post(f"/host/guests/{keiko.id}/merge", {"deed": deed})

    assert (answer.status_code, errors(answer)) == (422, ["Choose who is the same person."])


@pytest.mark.parametrize("deed", ["", "merge"])
def test_what_cannot_be_merged_is_said(
    database: Database, browser: Browser, owner: Member, keiko: Guest, double: Guest, deed: str
) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session, account_id=owner.account_id))
        for place, it in enumerate((keiko, double)):
            a_booking(session, session.get_one(Guest, it.id), call, place=place)

    answer = browser.post(f"/host/guests/{keiko.id}/merge", {"double": str(double.id), "deed": deed})
    same = browser.post(f"/host/guests/{keiko.id}/merge", {"double": str(keiko.id), "deed": deed})

    sentence = "Both have a place on the same call. Cancel one of the two bookings first."
    assert (answer.status_code, errors(answer)) == (409, [sentence])
    assert (same.status_code, errors(same)) == (409, ["That is the same person already."])
    assert left(database) == ["Dr. Keiko Ono", "Ono, Keiko"]


@pytest.mark.parametrize("deed", ["", "merge"])
def test_guest_of_another_account_is_merged_by_nobody(
    database: Database, browser: Browser, owner: Member, keiko: Guest, deed: str
) -> None:
    with database.transaction() as session:
        stranger = a_guest(session, name="Stranger")

    codes = [
        browser.post(f"/host/guests/{keiko.id}/merge", {"double": double, "deed": deed}).status_code
        for double in (str(stranger.id), "x")
    ]

    assert codes == [404, 404]
    assert left(database) == ["Dr. Keiko Ono", "Stranger"]
