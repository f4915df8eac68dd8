"""The kit: a guest's own link, texts and pictures, once her date is confirmed."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.links import Links
from calls.ground.tokens import Keys
from calls.guests.models import Invitation
from calls.kits.models import Share
from calls.registrations.models import Registration
from calls.web import application, guest, public
from tests.fakes import FakeMail
from tests.invited import Invited, invited
from tests.studio import ANN, Studio, a_studio
from tests.web.browsers import Browser, a_house
from tests.web.public.conftest import words


@pytest.fixture
def studio(database: Database, clock: SetClock) -> Studio:
    return a_studio(database, clock, FakeMail(clock))


@pytest.fixture
def browser(database: Database, clock: SetClock, keys: Keys) -> Iterator[Browser]:
    house = a_house(database, clock, keys, "https://calls.example")
    browser = Browser(application(house, [*public.PAGES, *guest.PAGES], registry=CollectorRegistry()), house)
    with browser.client:
        yield browser


@pytest.fixture
def ken(studio: Studio) -> Invited:
    return invited(studio)


@pytest.fixture
def kit(ken: Invited, keys: Keys) -> str:
    return f"{Links('https://calls.example', keys).here.guest(ken.invitation_id)}/kit"


def code(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(sa.select(Share.code)).one()


def test_kit_is_there_once_the_date_is_confirmed(
    browser: Browser, ken: Invited, kit: str, database: Database, studio: Studio
) -> None:
    before = browser.get(kit)
    ken.choose()
    studio.work()
    held = browser.get(kit)
    ken.accept()
    studio.work()

    page = browser.get(kit)

    assert (before.status_code, held.status_code, page.status_code) == (404, 404, 200)
    assert "The kit is here once a date is confirmed." in words(held.text)
    link = f"https://calls.example/v/{code(database)}"
    assert code(database).startswith("dr-ken-ono-")
    assert page.text.count(link) == 4  # on the page and in each of the texts
    assert page.text.count(quote(link, safe="")) == 7  # one for each network
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"


def test_texts_name_her_topic_and_day(browser: Browser, ken: Invited, kit: str) -> None:
    ken.confirmed()

    texts = re.findall(r"<textarea[^>]*>(.*?)</textarea>", browser.get(kit).text, re.DOTALL)

    assert len(texts) == 3
    assert all("Why we sleep" in it and "Tuesday 24 November 2026, 19:00 New York time" in it for it in texts)


def test_kit_counts_who_came_through_her(browser: Browser, ken: Invited, kit: str, studio: Studio, database: Database) -> None:
    ken.confirmed()
    first = words(browser.get(kit).text)
    studio.register(ANN)
    with database.transaction() as session:
        session.execute(sa.update(Registration).values(via=code(database)))

    assert "Whoever registers through it is counted here." in first
    assert "One person has registered through it." in words(browser.get(kit).text)


def test_picture_of_the_call_is_there_and_no_photo_where_there_is_none(browser: Browser, ken: Invited, kit: str) -> None:
    ken.confirmed()

    page = browser.get(kit).text

    [picture] = set(re.findall(r'src="([^"]*picture\.png)"', page))
    assert browser.get(picture.removeprefix("https://calls.example")).headers["content-type"] == "image/png"
    assert "Your photo" not in page


def test_looking_makes_nothing(browser: Browser, ken: Invited, kit: str, database: Database) -> None:
    ken.choose()
    ken.accept()

    early = browser.get(kit)

    assert (early.status_code, "Your kit is just being made." in words(early.text)) == (409, True)
    with database.reading() as session:
        assert session.scalars(sa.select(Share)).all() == []


@pytest.mark.parametrize("deed", ["cancel", "decline"])
def test_kit_goes_when_the_date_does(browser: Browser, ken: Invited, kit: str, studio: Studio, deed: str) -> None:
    ken.confirmed()
    getattr(ken, deed)("Rain")
    studio.work()

    assert browser.get(kit).status_code in {404, 409, 410}


def test_link_of_another_generation_opens_nothing(browser: Browser, ken: Invited, kit: str, studio: Studio) -> None:
    ken.confirmed()
    studio.update(Invitation, ken.invitation_id, generation=1)

    assert browser.get(kit).status_code == 404


def test_link_stays_the_same_when_the_call_is_moved(
    browser: Browser, ken: Invited, kit: str, studio: Studio, database: Database
) -> None:
    ken.confirmed()
    before = code(database)
    studio.move("2026-11-25T18:00:00")
    studio.clock.advance(minutes=11)
    studio.work()

    page = words(browser.get(kit).text)

    assert (code(database), "Wednesday 25 November 2026, 18:00 New York time" in page) == (before, True)
