"""Feeds kept on disk: served by a process that never made them, and never once they were withdrawn."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from calls.calendars import updating
from calls.calendars.models import Feed
from calls.ground.clock import SetClock
from calls.ground.database import EVERYTHING, Database
from calls.ground.tokens import Keys
from calls.registrations.models import Registration
from calls.shows.models import Call, Show
from calls.web import application, public
from calls.web.house import House
from calls.web.public import last_good
from calls.web.shelf import Shelf
from tests.builders import NOW
from tests.web.browsers import Browser, a_house
from tests.web.public.conftest import Place, Programme
from tests.web.public.test_feeds import PUBLIC, address, out_of_order, raw

Start = Callable[[], Browser]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "feeds"


@pytest.fixture
def house(database: Database, clock: SetClock, keys: Keys, folder: Path) -> House:
    return a_house(database, clock, keys, "https://calls.example", Shelf(folder))


@pytest.fixture
def start(database: Database, clock: SetClock, keys: Keys, folder: Path) -> Iterator[Start]:
    """Starts a process anew, with nothing in its memory and the same folder."""
    with ExitStack() as open_ones:

        def new() -> Browser:
            house = a_house(database, clock, keys, "https://calls.example", Shelf(folder))
            browser = Browser(application(house, public.PAGES, registry=CollectorRegistry()), house)
            open_ones.enter_context(browser.client)
            return browser

        yield new


@pytest.fixture
def ada(tara: Programme, placed: Place) -> Registration:
    return placed(tara.first)


@pytest.fixture
def own(ada: Registration, house: House) -> str:
    return address(house)


def rotate(database: Database) -> None:
    with database.transaction() as session:
        updating.rotate_feed(session, session.scalars(sa.select(Feed)).one(), NOW)


def test_feeds_made_by_another_process_live_on_without_a_database(
    browser: Browser, own: str, start: Start, database: Database
) -> None:
    before = [raw(browser, it) for it in (PUBLIC, own)]
    fresh = start()
    out_of_order(database)

    after = [raw(fresh, it) for it in (PUBLIC, own)]
    packed = raw(fresh, PUBLIC, **{"accept-encoding": "gzip"})
    unchanged = raw(fresh, own, **{"if-none-match": before[1].headers["etag"]})

    about = ("content-type", "cache-control", "etag", "last-modified", "x-robots-tag", "referrer-policy", "vary")
    assert [it.status_code for it in after] == [200, 200]
    assert [it.content for it in after] == [it.content for it in before]
    assert [[it.headers.get(name) for name in about] for it in after] == [[it.headers.get(n) for n in about] for it in before]
    assert (packed.headers["content-encoding"], packed.content, unchanged.status_code) == ("gzip", before[0].content, 304)


def test_withdrawn_feed_comes_back_neither_from_memory_nor_from_disk(
    browser: Browser, own: str, start: Start, database: Database, folder: Path
) -> None:
    raw(browser, own)
    kept = len(list(folder.iterdir()))
    rotate(database)
    fresh = start()
    out_of_order(database)

    answers = [raw(it, own).status_code for it in (browser, fresh)]

    assert (kept, list(folder.iterdir()), answers) == (1, [], [503, 503])


def test_feed_withdrawn_while_nobody_listened_is_let_go_of_as_soon_as_somebody_asks(
    browser: Browser, own: str, start: Start, database: Database, house: House, folder: Path
) -> None:
    raw(browser, own)
    raw(browser, PUBLIC)
    with database.transaction() as session:  # as another process does whose word is not heard
        session.scalars(sa.select(Feed)).one().generation += 1
        session.scalars(sa.select(Feed)).one().withdrawn_at = NOW
    left_before = len(list(folder.iterdir()))

    last_good.hear(house, frozenset({EVERYTHING}))
    out_of_order(database)

    assert (left_before, len(list(folder.iterdir()))) == (2, 1)
    assert [raw(it, own).status_code for it in (browser, start())] == [503, 503]
    assert raw(start(), PUBLIC).status_code == 200


def test_new_address_stays_when_the_old_one_is_asked_for_again(
    browser: Browser, own: str, start: Start, database: Database, house: House
) -> None:
    rotate(database)
    new = address(house)
    good = raw(browser, new)
    raw(browser, own)
    last_good.hear(house, frozenset({EVERYTHING}))
    fresh = start()
    out_of_order(database)

    assert (raw(fresh, new).content, raw(fresh, own).status_code) == (good.content, 503)


def test_person_has_one_copy_whatever_name_she_asks_for(browser: Browser, own: str, folder: Path) -> None:
    for name in ("calls.ics", "mine.ics", "x.ics"):
        assert raw(browser, own.replace("calls.ics", name)).status_code == 200

    assert len(list(folder.iterdir())) == 1


def test_address_that_opens_nothing_clears_nothing(browser: Browser, own: str, folder: Path, keys: Keys, house: House) -> None:
    raw(browser, own)
    with house.database.reading() as session:
        feed = session.scalars(sa.select(Feed)).one()

    wrong = [raw(browser, it).status_code for it in (house.links.here.feed(feed.id, 7), own.replace(".ics", ".html"))]

    assert (wrong[0], len(list(folder.iterdir()))) == (404, 1)


def test_feed_that_is_not_whole_is_not_kept_on_disk(
    browser: Browser, tara: Programme, start: Start, database: Database, folder: Path
) -> None:
    with database.transaction() as session:
        session.get_one(Call, tara.first.id).sequence = -1

    assert (raw(browser, PUBLIC).status_code, folder.exists()) == (200, False)


def test_last_good_feed_from_disk_is_served_where_a_call_cannot_be_written(
    browser: Browser, tara: Programme, start: Start, database: Database
) -> None:
    before = raw(browser, PUBLIC)
    with database.transaction() as session:
        session.get_one(Call, tara.first.id).sequence = -1

    after = raw(start(), PUBLIC)

    assert (after.status_code, after.content) == (200, before.content)


def test_feed_of_a_show_that_is_no_longer_public_is_given_up(
    browser: Browser, tara: Programme, start: Start, database: Database, folder: Path
) -> None:
    raw(browser, PUBLIC)
    with database.transaction() as session:
        session.get_one(Show, tara.show.id).published_at = None

    assert (raw(start(), PUBLIC).status_code, list(folder.iterdir())) == (404, [])


def test_kept_feed_is_the_newest_one(
    browser: Browser, tara: Programme, start: Start, database: Database, house: House
) -> None:
    raw(browser, PUBLIC)
    with database.transaction() as session:
        session.get_one(Call, tara.first.id).title = "Dreams"
    house.kept.drop_all()
    newest = raw(browser, PUBLIC)
    fresh = start()
    out_of_order(database)

    assert (b"Dreams" in newest.content, raw(fresh, PUBLIC).content) == (True, newest.content)
