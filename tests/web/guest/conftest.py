"""The guest's and the host's side as one application, with a show whose host asks guests."""

from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.links import Links
from calls.ground.tokens import Keys
from calls.team.models import Member
from calls.web import application, guest, host, public
from calls.web.house import House
from tests.guests.asking import Asking, an_asking
from tests.web.browsers import Browser, a_house


@pytest.fixture
def asking(database: Database, clock: SetClock) -> Asking:
    return an_asking(database, clock)


@pytest.fixture
def house(asking: Asking, clock: SetClock, keys: Keys) -> House:
    return a_house(asking.database, clock, keys, "https://calls.example")


@pytest.fixture
def browser(house: House) -> Iterator[Browser]:
    """Somebody's who is not signed in."""
    app = application(house, [*host.PAGES, *guest.PAGES, *public.PAGES], registry=CollectorRegistry())
    browser = Browser(app, house)
    with browser.client:
        yield browser


@pytest.fixture
def owner(asking: Asking, browser: Browser) -> Browser:
    """The same, signed in as the host."""
    with asking.database.reading() as session:
        member = session.get_one(Member, asking.studio.by.id)
    browser.sign_in(member)
    return browser


@pytest.fixture
def here(links: Links) -> Links:
    return links.here
