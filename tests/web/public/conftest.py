"""Everybody's pages on a small application of their own, browsers that come to it, and a show with four dates."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from calls.calendars import updating
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.tokens import Keys
from calls.history.models import Change
from calls.registrations import queries
from calls.registrations.models import Attendee, Pass, Registration
from calls.shows.models import Call, Show
from calls.web import application, public
from calls.web.house import House
from tests.builders import FIRST_CALL, NOW, a_call, a_registration, a_show, an_attendee
from tests.web.browsers import Browser, NewBrowser, a_house

URL = "https://calls.example"
WITHIN_A_SENTENCE = {"a", "b", "bdi", "em", "s", "strong", "time"}
NOT_COUNTED = re.compile(r"BEGIN|SELECT pg_notify|SAVEPOINT|RELEASE")

Row = Any


@dataclass
class Programme:
    """The show "Ask Tara" with its dates, the first in two and a half days."""

    show: Show
    calls: list[Call]

    @property
    def first(self) -> Call:
        return self.calls[0]


class Words(HTMLParser):
    """What a page says, without its markup, on one line."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._words.append("" if tag in WITHIN_A_SENTENCE else " ")

    def handle_endtag(self, tag: str) -> None:
        self._words.append("" if tag in WITHIN_A_SENTENCE else " ")

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def __str__(self) -> str:
        return " ".join("".join(self._words).split())


def words(html: str) -> str:
    return str(Words(html.partition("<main")[2].partition("</main>")[0].partition(">")[2]))


def form_of(call: str = "2026-11-24", **typed: str) -> dict[str, str]:
    """A registration form as a browser sends it."""
    known = {"name": "Ann Lee", "email": "ann@example.com", "zone": "Europe/Berlin", "question": "", "website": "", "call": call}
    return known | typed


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are executed meanwhile, but for those that only begin or tell."""
    statements: list[str] = []

    def note(_connection: Row, _cursor: Row, statement: str, *_: Row) -> None:
        if not NOT_COUNTED.match(statement):
            statements.append(statement)

    # On all engines: what one of them hands on to another is counted once.
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def changes(database: Database) -> list[str]:
    """The kinds of all changes that were kept, in their order."""
    with database.reading() as session:
        return list(session.scalars(sa.select(Change.kind).order_by(Change.id)))


def rows(database: Database, *columns: Row) -> list[tuple[Row, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(sa.select(*columns).order_by(*columns))]


def people(database: Database) -> list[tuple[Row, ...]]:
    """Who is registered for which date, in which state."""
    with database.reading() as session:
        wanted = (
            sa.select(Attendee.email, Call.address, Registration.state)
            .join(Registration, Registration.attendee_id == Attendee.id)
            .join(Call, Call.id == Registration.call_id)
            .order_by(Attendee.email, Call.address)
        )
        return [tuple(row) for row in session.execute(wanted)]


def taken(database: Database) -> list[int]:
    """The seats taken at each date."""
    with database.reading() as session:
        return list(session.scalars(sa.select(Call.taken).order_by(Call.starts_at)))


@pytest.fixture
def house(database: Database, clock: SetClock, keys: Keys) -> House:
    return a_house(database, clock, keys, URL)


@pytest.fixture
def new_browser(house: House) -> Iterator[NewBrowser]:
    """Makes browsers, each with cookies of its own."""
    app = application(house, public.PAGES, registry=CollectorRegistry())
    with ExitStack() as open_ones:

        def new() -> Browser:
            browser = Browser(app, house)
            open_ones.enter_context(browser.client)
            return browser

        yield new


@pytest.fixture
def browser(new_browser: NewBrowser) -> Browser:
    return new_browser()


@pytest.fixture
def tara(database: Database) -> Programme:
    with database.transaction() as session:
        show = a_show(session, slug="ask-tara", name="Ask Tara", description="An hour with *somebody* who knows.")
        made = [a_call(session, show, wall=FIRST_CALL + timedelta(weeks=week), capacity=10) for week in range(4)]
        made[0].title, made[0].guest_name = "Sleep", "Dr. Ono"
        made[1].guest_name = "Prof. Lind"
        return Programme(show, made)


Place = Callable[..., Registration]


@pytest.fixture
def placed(database: Database) -> Place:
    """Registers somebody for a call, entry and feed included."""

    def place(call: Call, **person: Any) -> Registration:
        with database.transaction() as session:
            account = session.get_one(Show, call.show_id).account_id
            known = {"email": "ada@example.com", "name": "Ada"} | person
            attendee = queries.attendee_by_email(session, account, known["email"])
            attendee = attendee or an_attendee(session, account_id=account, **known)
            registration = a_registration(session, session.get_one(Call, call.id), attendee)
            updating.open_entries(session, [registration], NOW)
            return registration

    return place


def given_back(database: Database, a_pass: Pass) -> bool:
    with database.reading() as session:
        return session.get_one(Pass, a_pass.id).cancelled_at is not None
