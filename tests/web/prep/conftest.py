"""A guest who is booked, her link and that of her assistant, and browsers that come to everybody's, guests' and hosts' pages."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from prometheus_client import CollectorRegistry

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.tokens import Keys
from calls.guests import prep as rules
from calls.guests import preparing, queries
from calls.guests.models import Booking, Prep
from calls.history.keeping import Actor
from calls.team.models import Member
from calls.web import application, guest, host, public
from calls.web.house import House
from tests.builders import NOW, a_call, a_member, a_show
from tests.guests.booked import a_booking
from tests.web.browsers import Browser, a_house

URL = "https://calls.example"


@dataclass
class Booked:
    """The guest's booking, her page and her assistant's, and the host who is signed in as `member`."""

    database: Database
    booking: Booking
    page: str
    assistant: str
    member: Member

    def prep(self) -> Prep:
        with self.database.reading() as session:
            found = queries.prep_of(session, self.booking.id)
            assert found is not None
            return found

    def seen(self) -> str:
        """What a page shown now carries along of what stands in its fields."""
        with self.database.reading() as session:
            booking = queries.booking_by_id(session, self.booking.id)
            assert booking is not None
            return rules.marks(rules.values(preparing.found(session, booking)))


@pytest.fixture
def house(database: Database, clock: SetClock, keys: Keys) -> House:
    return a_house(database, clock, keys, URL)


@pytest.fixture
def browser(house: House) -> Iterator[Browser]:
    pages = [*host.PAGES, *guest.PAGES, *public.PAGES]
    with (browser := Browser(application(house, pages, registry=CollectorRegistry()), house)).client:
        yield browser


@pytest.fixture
def booked(database: Database, house: House) -> Booked:
    """Dr. Ono's booking; an assistant's link is open."""
    with database.transaction() as session:
        show = a_show(session, slug="ask-tara")
        booking = a_booking(session, a_call(session, show, title="Sleep"))
        by = Actor("guest", booking.guest_id, booking.guest.name)
        preparing.hand_on(session, booking, by=by, now=NOW)
        member = a_member(session, account_id=show.account_id)
    links = house.links.here
    return Booked(database, booking, links.guest(booking.invitation_id), links.prep(booking.id, 1), member)

