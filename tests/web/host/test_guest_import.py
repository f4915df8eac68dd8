"""People from a file in the browser: pasted or chosen, looked at, put on the bench."""

import pytest
import sqlalchemy as sa
from httpx import Response

from calls.ground.database import Database
from calls.guests.models import Guest
from calls.team.models import Member
from tests.builders import a_guest
from tests.web.browsers import Browser
from tests.web.reading import carried, errors, rows, words

PATH = "/host/guests/import"
SHEET = "Name,E-mail\r\nAnn,ann@example.com\r\nKeiko,keiko@example.com\r\n<b>Bad</b>,nope\r\n"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë\r\nEND:VCARD\r\n"


def bench(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Guest.name).order_by(Guest.name)))


def upload(browser: Browser, content: bytes, form: dict[str, str] | None = None) -> Response:
    return browser.client.post(PATH, data=form or {}, files={"file": ("people.csv", content)}, follow_redirects=False)


@pytest.fixture
def keiko(database: Database, owner: Member) -> None:
    with database.transaction() as session:
        a_guest(session, account_id=owner.account_id, name="Keiko Ono", email="keiko@example.com")


def test_fate_of_each_row_is_shown_before_anything_is_done(
    database: Database, browser: Browser, owner: Member, keiko: None
) -> None:
    form = browser.get(PATH)
    preview = browser.post(PATH, {"text": SHEET, "tag": "Autumn"})

    assert 'enctype="multipart/form-data"' in form.text
    assert rows(preview) == [
        ["2", "Ann ann@example.com", "New", ""],
        ["3", "Keiko keiko@example.com", "Known", "Keiko Ono has that address already."],
        ["4", "<b>Bad</b> nope", "Faulty", "E-mail: Enter one e-mail address, like name@example.com."],
    ]
    assert "Put one person on the bench" in words(preview) and "New: 1" in words(preview)
    assert bench(database) == ["Keiko Ono"]


def test_what_was_shown_is_then_done(database: Database, browser: Browser, owner: Member, keiko: None) -> None:
    preview = browser.post(PATH, {"text": SHEET, "tag": "Autumn"})

    answer = browser.post(PATH, carried(preview) | {"deed": "import"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/host/guests?done=imported&number=1")
    assert bench(database) == ["Ann", "Keiko Ono"]
    page = browser.get(answer.headers["location"])
    assert "One person is on the bench now." in words(page) and "autumn" in words(page)


def test_sent_twice_puts_nobody_there_twice(database: Database, browser: Browser, owner: Member, keiko: None) -> None:
    form = {"text": SHEET, "deed": "import"}

    answers = [browser.post(PATH, form) for _ in range(2)]

    assert [it.status_code for it in answers] == [303, 422]
    assert errors(answers[1]) == ["There is nobody new in it."]
    assert bench(database) == ["Ann", "Keiko Ono"]


def test_file_is_read_and_goes_along(database: Database, browser: Browser, owner: Member) -> None:
    preview = upload(browser, CARD.encode(), {"text": "", "tag": "cards"})

    browser.post(PATH, carried(preview) | {"deed": "import"})

    assert rows(preview) == [["1", "Zoë", "New", ""]]
    assert bench(database) == ["Zoë"]


def test_file_counts_more_than_what_was_pasted(browser: Browser, owner: Member) -> None:
    preview = upload(browser, "Name\nZoë\n".encode("windows-1252"), {"text": "Name\nAnn\n"})

    assert rows(preview) == [["2", "Zoë", "New", ""]]


def test_change_leads_back_with_what_was_typed(browser: Browser, owner: Member) -> None:
    form = browser.post(PATH, {"text": SHEET, "tag": "Autumn", "deed": "change"})

    assert form.status_code == 200
    assert "&lt;b&gt;Bad&lt;/b&gt;,nope" in form.text and 'value="Autumn"' in form.text


def test_long_list_has_pages_and_one_fate_can_be_looked_at(browser: Browser, owner: Member) -> None:
    text = "".join(f"Person {number:03}\n" for number in range(60)) + "Bad,nope@\n"

    first, second, faulty, beyond = (
        browser.post(PATH, {"text": text} | more) for more in ({}, {"page": "2"}, {"fate": "faulty", "page": "9"}, {"page": "99"})
    )

    assert [len(rows(it)) for it in (first, second, faulty, beyond)] == [50, 11, 1, 11]
    assert "1 to 50 of 61" in words(first) and "51 to 61 of 61" in words(second)
    assert carried(faulty)["fate"] == "faulty"


@pytest.mark.parametrize("deed", ["", "import"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "Nobody is found in it. Paste a sheet with a line a person, or address cards."),
        ("Name,E-mail\n", "Nobody is found in it. Paste a sheet with a line a person, or address cards."),
        ("x\n" * 5_001, "There are more than 5,000 rows. Split them into several files."),
    ],
)
def test_text_that_cannot_be_taken_is_kept_and_said(browser: Browser, owner: Member, text: str, said: str, deed: str) -> None:
    answer = browser.post(PATH, {"text": text, "tag": "Autumn", "deed": deed})

    assert (answer.status_code, errors(answer)) == (422, [said])
    assert 'value="Autumn"' in answer.text


def test_tag_that_cannot_be_kept_makes_every_row_faulty(browser: Browser, owner: Member) -> None:
    preview = browser.post(PATH, {"text": "Ann\n", "tag": "x" * 41})

    assert rows(preview) == [["1", "Ann", "Faulty", "Tags: Give at most 20 tags of at most 40 characters each."]]
    assert "Put" not in words(preview).partition("Change something")[0]


def test_file_that_is_too_large_is_refused_beside_the_field(browser: Browser, owner: Member) -> None:
    answer = upload(browser, b"Name\n" + b"x" * 1_000_000, {"text": "", "tag": "Autumn"})

    assert (answer.status_code, errors(answer)) == (422, ["That file is larger than 1 MB. Choose a smaller one."])
    assert 'value="Autumn"' in answer.text


def test_largest_file_can_be_looked_at_and_imported(database: Database, browser: Browser, owner: Member) -> None:
    note = "x" * 19_000
    content = "Name,Notes\n" + "".join(f"Person {number},{note}\n" for number in range(51))

    preview = upload(browser, content.encode())
    answer = browser.client.post(
        PATH, data=carried(preview) | {"deed": "import"}, files={"file": ("", b"")}, follow_redirects=False
    )

    assert (preview.status_code, answer.status_code) == (200, 303)
    assert len(bench(database)) == 51


def test_file_that_is_no_text_is_refused_with_the_way_to_mend_it(browser: Browser, owner: Member) -> None:
    answer = upload(browser, b"PK\x03\x04\x14\0" + bytes(range(256)) * 100, {"text": "", "tag": "Autumn"})

    sentence = "That file is no text. Save the sheet as CSV first, or export the address book as vCard."
    assert (answer.status_code, errors(answer)) == (422, [sentence])
    assert 'value="Autumn"' in answer.text
