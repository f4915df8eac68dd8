"""The picture of a call as a page of its own: public, kept, and made anew when what it shows changes."""

from io import BytesIO

import sqlalchemy as sa
from PIL import Image

from calls.ground.database import Database, touch
from calls.guests import pictures
from calls.guests.models import Picture
from calls.shows.models import Call, Show
from calls.web.house import House
from tests.builders import NOW, a_booking, a_guest
from tests.guests.booked import a_photo
from tests.web.browsers import Browser
from tests.web.public.conftest import Programme

PAGE = "/ask-tara/2026-11-24"
PICTURE = f"{PAGE}/picture.png"


def size_of(content: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(content)) as picture:
        return picture.size


def test_page_of_a_call_names_its_picture_for_previews(browser: Browser, tara: Programme) -> None:
    page = browser.get(PAGE).text

    assert f'<meta property="og:image" content="https://calls.example{PICTURE}">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page


def test_picture_is_a_png_that_browsers_ask_for_again_by_its_mark(browser: Browser, tara: Programme) -> None:
    picture = browser.get(PICTURE)
    again = browser.client.get(PICTURE, headers={"if-none-match": picture.headers["etag"]})

    assert (picture.status_code, picture.headers["content-type"], picture.headers["cache-control"]) == (
        200,
        "image/png",
        "no-cache",
    )
    assert picture.headers.get("x-robots-tag") is None
    assert size_of(picture.content) == (1200, 630)
    assert (again.status_code, again.content) == (304, b"")


def test_picture_is_kept_until_something_of_its_show_changes(
    browser: Browser, tara: Programme, house: House, database: Database
) -> None:
    first = browser.get(PICTURE).content
    with database.transaction() as session:
        session.execute(sa.text("UPDATE calls SET title = 'Dreams'"))
    kept = browser.get(PICTURE).content
    with database.transaction() as session:
        touch(session, f"show:{tara.show.id}")
    anew = browser.get(PICTURE).content

    assert (first == kept, first == anew) == (True, False)


def test_picture_has_the_photo_of_the_confirmed_guest(browser: Browser, tara: Programme, database: Database) -> None:
    without = browser.get(PICTURE).content
    cut = pictures.cut(a_photo())
    with database.transaction() as session:
        photo = Picture(account_id=tara.show.account_id, digest=cut.digest, square=cut.square, wide=cut.wide, created_at=NOW)
        session.add(photo)
        session.flush()
        guest = a_guest(session, account_id=tara.show.account_id, picture_id=photo.id)
        a_booking(session, guest, session.get_one(Call, tara.first.id))
        touch(session, f"show:{tara.show.id}")

    with_her = browser.get(PICTURE).content

    assert without != with_her
    with Image.open(BytesIO(with_her)) as picture:
        red, green, blue = picture.convert("RGB").getpixel((1190, 10))  # type: ignore[misc]
    assert red < green < blue


def test_call_of_a_draft_and_a_call_that_is_none_have_no_picture(browser: Browser, tara: Programme, database: Database) -> None:
    assert browser.get("/ask-tara/2031-01-01/picture.png").status_code == 404
    with database.transaction() as session:
        session.execute(sa.update(Show).values(published_at=None))
        touch(session, f"show:{tara.show.id}")

    assert browser.get(PICTURE).status_code == 404
