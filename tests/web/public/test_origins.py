"""Where registrations came from: the word in the address travels with every way of registering."""

import pytest

from calls.ground.database import Database
from calls.registrations.models import Attendee, Registration
from tests.web.browsers import Browser
from tests.web.public.conftest import Programme, form_of, rows


def came_by(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as session:
        found = session.query(Attendee.email, Registration.via).join(Registration, Registration.attendee_id == Attendee.id)
        return sorted({tuple(it) for it in found}, key=str)


@pytest.mark.parametrize("which", ["show", "call"])
@pytest.mark.parametrize(
    "typed", [{}, {"question": "Why?"}, {"call": "all"}], ids=["in one statement", "with a question", "for all calls"]
)
def test_word_of_the_address_is_kept_however_one_registers(
    browser: Browser, tara: Programme, database: Database, which: str, typed: dict[str, str]
) -> None:
    path = f"/{tara.show.slug}" + (f"/{tara.first.address}" if which == "call" else "")
    page = browser.get(f"{path}?via=dr-ono").text
    form = form_of(call=tara.first.address) | typed | ({"which": "all"} if typed.get("call") == "all" else {})

    answer = browser.post(path, form | {"via": "dr-ono"})

    assert '<input type="hidden" name="via" value="dr-ono">' in page
    assert (answer.status_code, came_by(database)) == (303, [("ann@example.com", "dr-ono")])


@pytest.mark.parametrize("via", ["", "Dr Ono", "x" * 41, "-a", "a/b", "<script>", "é", "a\r\nb"])
def test_what_is_no_word_is_let_go(browser: Browser, tara: Programme, database: Database, via: str) -> None:
    path = f"/{tara.show.slug}/{tara.first.address}"

    page = browser.client.get(path, params={"via": via}).text
    browser.post(path, form_of(call=tara.first.address) | {"via": via})

    assert 'name="via"' not in page
    assert came_by(database) == [("ann@example.com", None)]


def test_refused_form_keeps_the_word(browser: Browser, tara: Programme) -> None:
    path = f"/{tara.show.slug}/{tara.first.address}"

    again = browser.post(path, form_of(call=tara.first.address, email="nobody") | {"via": "dr-ono"})

    assert (again.status_code, 'name="via" value="dr-ono"' in again.text) == (422, True)


def test_corrected_address_keeps_the_word(browser: Browser, tara: Programme, database: Database) -> None:
    browser.post(f"/{tara.show.slug}/{tara.first.address}", form_of(call=tara.first.address) | {"via": "dr-ono"})

    browser.post(f"/{tara.show.slug}/thanks", {"email": "anne@example.com"})

    assert ("anne@example.com", "dr-ono") in came_by(database)


def test_who_comes_again_without_a_word_keeps_the_first(browser: Browser, tara: Programme, database: Database) -> None:
    path = f"/{tara.show.slug}/{tara.first.address}"

    for via in ("dr-ono", ""):
        browser.post(path, form_of(call=tara.first.address) | {"via": via})

    assert rows(database, Registration.via) == [("dr-ono",)]
