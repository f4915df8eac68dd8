"""Photos of guests at their addresses: kept for good, and found by nobody who was not given one."""

from uuid import uuid4

import pytest

from calls.ground.database import Database, new_id
from calls.guests.models import Picture
from calls.web.house import House
from tests.builders import NOW, an_account
from tests.web.browsers import Browser

DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def picture(database: Database) -> Picture:
    with database.transaction() as session:
        known = {"account_id": an_account(session).id, "digest": DIGEST, "square": b"square", "wide": b"wide"}
        made = Picture(id=new_id(), created_at=NOW, **known)
        session.add(made)
    return made


def test_both_shapes_are_there_and_may_be_kept_for_good(browser: Browser, house: House, picture: Picture) -> None:
    answers = [browser.get(house.links.here.picture(picture.id, DIGEST, shape)) for shape in ("square", "wide")]

    assert [(it.status_code, it.content) for it in answers] == [(200, b"square"), (200, b"wide")]
    assert {it.headers["cache-control"] for it in answers} == {"public, max-age=31536000, immutable"}
    assert {it.headers["content-type"] for it in answers} == {"image/jpeg"}
    assert {it.headers["x-content-type-options"] for it in answers} == {"nosniff"}


def test_browser_that_has_it_is_told_so(browser: Browser, house: House, picture: Picture) -> None:
    path = house.links.here.picture(picture.id, DIGEST, "wide")
    etag = browser.get(path).headers["etag"]

    answer = browser.client.get(path, headers={"if-none-match": etag})

    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)


@pytest.mark.parametrize(
    "wrong",
    [
        "{id}-0123456789abcdee/square.jpg", "{id}-0123456789abcdef/tall.jpg", "{id}-0123456789abcdef/square.png",
        "{id}-0123456789abcdef/square", "{id}/square.jpg", "{id}-0123456789ABCDEF/square.jpg", "x/square.jpg",
        "{other}-0123456789abcdef/square.jpg",
        "{id}-0123456789abcdef/digest.jpg", "{id}-0123456789abcdef0/square.jpg", "{id}-/square.jpg",
    ],
)  # fmt: skip
def test_any_other_address_shows_nothing(browser: Browser, picture: Picture, wrong: str) -> None:
    assert browser.get(f"/pictures/{wrong.format(id=picture.id, other=uuid4())}").status_code == 404
