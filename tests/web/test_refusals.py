"""What becomes of a no: a page with a sentence, the right status, and never what was typed lost."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.limits import TooMany
from calls.web.pages import keep, text
from tests.web.little import Little, an_answer, little

ID = "01931c3e-0000-7000-8000-0000000000aa"
SORRY = "It is not your fault, and it has been noted. Please try again in a few minutes."
REFUSALS = {
    "not-found": NotFound(),
    "not-allowed": NotAllowed(),
    "refused": Refused("This call is over."),
    "invalid": Invalid({"name": "Give a name.", "email": "Give an address."}),
    "too-many": TooMany(timedelta(seconds=90)),
    "database": OperationalError("SELECT 'ann@example.org'", {"name": "Ann"}, Exception("disk is full")),
    "failure": ZeroDivisionError("ann@example.org"),
}


@get("/no/{kind}")
def say_no(ask: Ask) -> Answer:
    raise REFUSALS[ask.part("kind")]


@post("/no/{kind}")
def take_no(ask: Ask) -> Answer:
    raise REFUSALS[ask.part("kind")]


@get("/id/{id}")
def by_id(ask: Ask) -> Answer:
    return text(str(ask.id("id")))


@get("/feed/{name}")
def feed(ask: Ask) -> Answer:
    """A feed whose database is in trouble while the query says so, or the house has been told."""
    if ask.house.kept.begin():
        raise REFUSALS[ask.part("name")]
    return keep(ask, 0, an_answer("feed"), tags={"show:1"})


@pytest.fixture
def web() -> Iterator[Little]:
    with little(say_no, take_no, by_id, feed) as one:
        yield one


def paragraph(html: str) -> str:
    """The heading and the first paragraph of a page."""
    return " · ".join(re.findall(r"<(?:h1|p)>(.*?)</(?:h1|p)>", html, re.DOTALL)[:2])


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("kind", "status", "told"),
    [
        ("not-found", 404, "There is nothing here · There is nothing here."),
        ("not-allowed", 403, "That cannot be done · You may not do that."),
        ("refused", 409, "That cannot be done · This call is over."),
        ("invalid", 422, "That cannot be done · Give a name."),
        ("too-many", 429, "That cannot be done · That was a lot at once. Please try again in 2 minutes."),
        (
            "failure",
            500,
            "Something broke on our side · It is not your fault, and it has been noted. Please try again in a few minutes.",
        ),
    ],
)
def test_refusal_is_a_page(web: Little, method: str, kind: str, status: int, told: str) -> None:
    answer = web.browser.request(method, f"/no/{kind}")

    assert answer.status_code == status
    assert paragraph(answer.text) == told
    assert answer.headers["cache-control"] == "no-store"


def test_whoever_comes_too_often_is_told_when_to_come_again(web: Little) -> None:
    assert web.browser.get("/no/too-many").headers["retry-after"] == "90"


@pytest.mark.parametrize("id", ["1", "9" * 400, f"{{{ID}}}", ID.upper(), ID.replace("-", ""), "٣"])
def test_junk_id_is_nothing_here(web: Little, id: str) -> None:
    assert web.browser.get(f"/id/{id}").status_code == 404


def test_id_is_read(web: Little) -> None:
    assert web.browser.get(f"/id/{ID}").text == ID


def test_failure_is_logged_under_the_number_on_its_page(web: Little, caplog: pytest.LogCaptureFixture) -> None:
    answer = web.browser.get("/no/failure")

    number = re.findall(r"<code>(.*?)</code>", answer.text)
    entry = next(record for record in caplog.records if record.name == "calls.web")
    assert number == [answer.headers["x-request-id"]]
    assert entry.getMessage() == f"request {number[0]} GET /no/{{kind}} failed"
    assert entry.exc_info is not None


def test_what_was_typed_is_kept_while_the_database_is_away(web: Little) -> None:
    typed = {"name": 'Ann "<b>" Lee', "note": "one\ntwo", "days": ["MO", "TU"], "empty": ""}

    answer = web.browser.post("/no/database", data=typed)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert paragraph(answer.text).startswith("Nothing was saved just now")
    assert '<form class="flow" method="post">' in answer.text
    assert re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', answer.text, re.DOTALL) == [
        ("name", "Ann &#34;&lt;b&gt;&#34; Lee"),
        ("note", "one\ntwo"),
        ("days", "MO"),
        ("days", "TU"),
        ("empty", ""),
    ]


def test_page_without_a_copy_is_back_in_a_moment(web: Little) -> None:
    answer = web.browser.get("/no/database")

    assert answer.status_code == 503
    assert paragraph(answer.text) == "Back in a moment · This page cannot be made just now. Please try again in a minute."


def test_last_good_answer_is_served_while_the_database_is_away(web: Little) -> None:
    first = web.browser.get("/feed/database")
    web.house.kept.drop(frozenset({"show:1"}))

    second = web.browser.get("/feed/database")
    third = web.browser.get("/feed/database", headers={"if-none-match": first.headers["etag"]})

    assert (second.status_code, second.text, second.headers["etag"]) == (200, "feed", first.headers["etag"])
    assert third.status_code == 304


def test_what_is_gone_is_not_served_from_memory(web: Little) -> None:
    web.browser.get("/feed/not-found")
    web.house.kept.drop(frozenset({"show:1"}))

    answer = web.browser.get("/feed/not-found")

    assert answer.status_code == 404
    assert web.house.kept.stale("/feed/not-found") is None


def test_log_of_trouble_holds_no_statement_and_no_value(web: Little, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "calls.web")

    answer = web.browser.get("/no/database")

    number = answer.headers["x-request-id"]
    assert [record.getMessage() for record in caplog.records] == [
        f"the database is in trouble: OperationalError: disk is full (request {number})"
    ]


def test_address_that_is_none_and_method_that_is_none_are_pages(web: Little) -> None:
    nowhere = web.browser.get("/nowhere")
    wrong_way = web.browser.delete("/no/refused")

    assert (nowhere.status_code, paragraph(nowhere.text)) == (404, "There is nothing here · There is no page at this address.")
    assert (wrong_way.status_code, paragraph(wrong_way.text)) == (405, "That cannot be done · This address does not take that.")
    assert {*wrong_way.headers["allow"].split(", ")} == {"GET", "HEAD", "OPTIONS", "POST"}
