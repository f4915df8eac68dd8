"""The host's side as an application of its own, and browsers that come to it."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from prometheus_client import CollectorRegistry

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.tokens import Keys
from calls.joining.models import Room
from calls.shows.models import Show
from calls.team.models import Member
from calls.web import application
from calls.web.host import PAGES
from calls.web.house import House
from tests.builders import NOW, a_member, a_show, an_account
from tests.web.browsers import Browser, NewBrowser, a_house


@pytest.fixture
def house(database: Database, clock: SetClock, keys: Keys) -> House:
    return a_house(database, clock, keys, "https://calls.example")


@pytest.fixture
def new_browser(house: House) -> Iterator[NewBrowser]:
    """Makes browsers, each with cookies of its own."""
    app = application(house, PAGES, registry=CollectorRegistry())
    with ExitStack() as open_ones:

        def new(**facts: str) -> Browser:
            browser = Browser(app, house, **facts)
            open_ones.enter_context(browser.client)
            return browser

        yield new


@pytest.fixture
def browser(new_browser: NewBrowser) -> Browser:
    return new_browser()


@pytest.fixture
def loopback_browser(database: Database, clock: SetClock, keys: Keys) -> Iterator[Browser]:
    """A browser of an installation on http loopback, where cookies can have neither `__Host-` nor Secure."""
    house = a_house(database, clock, keys, "http://127.0.0.1:8000")
    browser = Browser(application(house, PAGES, registry=CollectorRegistry()), house)
    with browser.client:
        yield browser


@pytest.fixture
def owner(database: Database, browser: Browser) -> Member:
    """An owner who is signed in."""
    with database.transaction() as session:
        member = a_member(session, name="Tara Fields", account=an_account(session))
    browser.sign_in(member)
    return member


@pytest.fixture
def show(database: Database, owner: Member) -> Show:
    """A show of hers with a way in, and no call as yet."""
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id, slug="ask-tara")
        session.add(Room(show_id=show.id, phone="+1 555 010 0100", code="48213#", created_at=NOW))
        return show
