"""The bench in the browser: list, filters, sheet, order."""

import csv
import io
from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.guests.models import Guest
from calls.team import roles
from calls.team.models import Member
from tests.builders import a_guest, a_member, a_show, an_invitation
from tests.web.browsers import Browser
from tests.web.reading import rows, words

NOBODY = "01a204cc-6f23-709c-b912-9b314e2c6846"


def guests(database: Database, owner: Member, *names: str, **facts: object) -> list[UUID]:
    with database.transaction() as session:
        return [a_guest(session, account_id=owner.account_id, name=name, **facts).id for name in names]


def in_turn(database: Database, owner: Member, *names: str) -> list[UUID]:
    with database.transaction() as session:
        return [a_guest(session, account_id=owner.account_id, name=it, place=turn).id for turn, it in enumerate(names, 1)]


def turns(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Guest.name).where(Guest.place.is_not(None)).order_by(Guest.place)))


def listed(browser: Browser, query: str = "") -> list[str]:
    answer = browser.get(f"/host/guests{query}")
    assert answer.status_code == 200
    return [row[0].partition(" guest")[0] for row in rows(answer)]


def test_empty_bench_says_what_to_do(browser: Browser, owner: Member) -> None:
    answer = browser.get("/host/guests")

    assert "The bench is empty" in words(answer)
    assert 'href="/host/guests/new"' in answer.text
    assert "Nobody waits in turn" in words(browser.get("/host/guests?state=turn"))
    assert "There is nobody here" in words(browser.get("/host/guests?state=aired"))


def test_list_says_what_is_known_of_each(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        facts = {"topics": "Sleep", "tags": ["autumn"], "contacted_on": date(2026, 11, 3), "looked_after_by_id": owner.id}
        guest = a_guest(session, account_id=owner.account_id, email="keiko@example.com", place=1, **facts)
        an_invitation(session, guest, a_show(session, account_id=owner.account_id))
        a_guest(session, account_id=owner.account_id, name="<b>Rosa</b>", email=None)

    assert rows(browser.get("/host/guests")) == [
        ["Keiko Ono keiko@example.com", "Asked turn 1", "Sleep autumn", "Tara Fields", "Tue 3 Nov 2026"],
        ["<b>Rosa</b> no e-mail address", "Prospect", "", "", ""],
    ]


def test_filters_and_pages_keep_each_other(database: Database, browser: Browser, owner: Member) -> None:
    guests(database, owner, *(f"Ann {number:02}" for number in range(60)), tags=["sleep"])
    guests(database, owner, "Bob")

    first = browser.get("/host/guests?search=ann&tag=sleep")

    assert len(rows(first)) == 50
    assert 'rel="next" href="/host/guests?search=ann&amp;tag=sleep&amp;page=2"' in first.text
    assert 'href="/host/guests.csv?search=ann&amp;tag=sleep"' in first.text
    assert 'href="/host/guests?state=asked&amp;search=ann&amp;tag=sleep"' in first.text
    assert listed(browser, "?search=ann&tag=sleep&page=2") == [f"Ann {number}" for number in range(50, 60)]
    assert listed(browser, "?page=99")[-1] == "Bob"
    assert listed(browser, "?search=nobody") == []
    assert "Nobody is found" in words(browser.get("/host/guests?search=nobody"))


def test_filter_by_who_looks_after_them(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        lea = a_member(session, account_id=owner.account_id, name="Lea")
        a_guest(session, account_id=owner.account_id, name="Ann", looked_after_by_id=lea.id)
        a_guest(session, account_id=owner.account_id, name="Bob", looked_after_by_id=owner.id)

    assert listed(browser, f"?member={lea.id}") == ["Ann"]
    assert 'name="member"' in browser.get("/host/guests").text


@pytest.mark.parametrize("query", ["state=nothing", "member=x"])
def test_filter_that_there_is_none_of_is_not_found(browser: Browser, owner: Member, query: str) -> None:
    assert browser.get(f"/host/guests?{query}").status_code == 404


@pytest.mark.parametrize("query", ["page=x", "page=-1", "page=99999999", "tag=%22%5C", "search=%25_%00", f"member={NOBODY}"])
def test_odd_words_find_nothing_worse_than_nobody(browser: Browser, owner: Member, query: str) -> None:
    assert browser.get(f"/host/guests?{query}").status_code == 200


def test_guests_of_other_accounts_are_not_there(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        a_guest(session, name="Stranger")

    assert listed(browser) == []
    assert "Stranger" not in browser.get("/host/guests.csv").text


def test_sheet_has_everything_and_runs_nothing(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        about: dict[str, object] = {"phone": "+81 3", "zone": "Asia/Tokyo", "met": "=HYPERLINK()", "topics": "@x"}
        about |= {"tags": ["a", "b"], "notes": "-1\n2"}
        about |= {"contacted_on": date(2026, 11, 3), "looked_after_by_id": owner.id, "place": 1}
        a_guest(session, account_id=owner.account_id, name="Ono, Keiko", email="keiko@example.com", **about)

    answer = browser.get("/host/guests.csv")
    head, row = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline=""))

    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''tara-productions-guests.csv"
    assert dict(zip(head, row, strict=True)) == {
        "Name": "Ono, Keiko",
        "E-mail": "keiko@example.com",
        "Phone": "'+81 3",
        "Time zone": "Asia/Tokyo",
        "Met": "'=HYPERLINK()",
        "Topics": "'@x",
        "Tags": "a, b",
        "Last contact": "2026-11-03",
        "Notes": "'-1\n2",
        "State": "prospect",
        "Looked after by": "Tara Fields",
        "Turn": "1",
    }


def test_order_by_buttons(database: Database, browser: Browser, owner: Member) -> None:
    ann, bob, cleo = in_turn(database, owner, "Ann", "Bob", "Cleo")
    shown = {f"turn-{turn}-{it}": str(turn) for turn, it in enumerate((ann, bob, cleo), 1)}

    answer = browser.post("/host/guests/order", shown | {"up": str(cleo), "page": "1"})
    moved_up = turns(database)
    browser.post("/host/guests/order", {"down": str(ann)})
    browser.post("/host/guests/order", {"up": str(cleo)})

    assert (answer.status_code, answer.headers["location"]) == (303, "/host/guests?state=turn&done=ordered")
    assert moved_up == ["Ann", "Cleo", "Bob"]
    assert turns(database) == ["Cleo", "Ann", "Bob"]
    assert "The order is kept." in words(browser.get(answer.headers["location"]))


def test_order_by_numbers(database: Database, browser: Browser, owner: Member) -> None:
    ann, bob, cleo = in_turn(database, owner, "Ann", "Bob", "Cleo")

    typed = {f"turn-1-{ann}": "3", f"turn-2-{bob}": "2", f"turn-3-{cleo}": "x", "page": "2"}
    answer = browser.post("/host/guests/order", typed)

    assert answer.headers["location"] == "/host/guests?state=turn&done=ordered&page=2"
    assert turns(database) == ["Bob", "Cleo", "Ann"]


def test_number_that_was_left_alone_undoes_nothing(database: Database, browser: Browser, owner: Member) -> None:
    ann, bob, cleo = in_turn(database, owner, "Ann", "Bob", "Cleo")
    browser.post("/host/guests/order", {"up": str(cleo)})

    browser.post("/host/guests/order", {f"turn-1-{ann}": "3", f"turn-2-{bob}": "2", f"turn-3-{cleo}": "3"})

    assert turns(database) == ["Cleo", "Bob", "Ann"]


@pytest.mark.parametrize("form", [{"turn-1-x": "2"}, {"up": "x"}, {"up": NOBODY}, {}])
def test_order_of_nobody_changes_nothing(database: Database, browser: Browser, owner: Member, form: dict[str, str]) -> None:
    in_turn(database, owner, "Ann", "Bob")

    assert browser.post("/host/guests/order", form).status_code in {303, 404}
    assert turns(database) == ["Ann", "Bob"]


def test_host_sees_the_bench_and_changes_nothing(database: Database, browser: Browser, owner: Member) -> None:
    [ann, _] = in_turn(database, owner, "Ann", "Bob")
    with database.transaction() as session:
        lea = a_member(session, account_id=owner.account_id, role=roles.HOST)
    browser.sign_in(lea)

    answer = browser.get("/host/guests?state=turn")

    assert next(row[0] for row in rows(answer)).startswith("Ann")
    assert "Add somebody" not in answer.text and "<form" not in answer.text.partition("<main")[2]
    assert browser.post("/host/guests/order", {"down": str(ann)}).status_code == 403
    assert turns(database) == ["Ann", "Bob"]


def test_list_takes_as_many_queries_however_long_it_is(database: Database, browser: Browser, owner: Member) -> None:
    asked: list[str] = []

    def note(*about: object) -> None:
        asked.append(str(about[2]))

    numbers = []
    sa.event.listen(database.reader, "before_cursor_execute", note)
    for names in (["Ann"], [f"Bob {it}" for it in range(30)]):
        guests(database, owner, *names)
        asked.clear()
        browser.get("/host/guests")
        numbers.append(len(asked))
    sa.event.remove(database.reader, "before_cursor_execute", note)

    assert numbers[0] == numbers[1] <= 6
