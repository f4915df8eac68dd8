"""The feeds, as calendar programs fetch them."""

import gzip
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

import pytest
import sqlalchemy as sa
from httpx import Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from calls.calendars import updating
from calls.calendars.models import Feed
from calls.ground.clock import SetClock
from calls.ground.database import Database, touch
from calls.ground.links import FEED
from calls.registrations import queries
from calls.registrations.models import Registration
from calls.shows import moving, planning, rescheduling
from calls.shows.models import Call, Show
from calls.team import staffing
from calls.team.models import Member
from calls.web.house import House
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_show
from tests.calendars.grammar import check_feed
from tests.web.browsers import Browser
from tests.web.public.conftest import Place, Programme, counted, form_of

PUBLIC = "/ask-tara/calendar.ics"


@pytest.fixture
def ada(tara: Programme, placed: Place) -> Registration:
    return placed(tara.first)


@pytest.fixture
def own(ada: Registration, house: House) -> str:
    """The address of Ada's feed."""
    return address(house)


def address(house: House) -> str:
    with house.database.reading() as session:
        feed = session.scalars(sa.select(Feed).where(Feed.attendee_id.is_not(None))).one()
        return house.links.here.feed(feed.id, feed.generation)


def raw(browser: Browser, path: str, **headers: str) -> Response:
    return browser.client.get(path, headers={"accept-encoding": "identity"} | headers)


def moved(database: Database, call: Call) -> None:
    with database.transaction() as session:
        standing = session.get_one(Call, call.id)
        by = staffing.actor(a_member(session, account_id=session.get_one(Show, call.show_id).account_id))
        moving.move(session, standing, standing.wall + timedelta(hours=1), standing.zone, standing.minutes, by=by, now=NOW)


def out_of_order(database: Database) -> None:
    """Make the database answer nothing any more, as when its machine is away."""

    def refuse(*_: object) -> None:
        raise OperationalError("SELECT", {}, OSError("the server is away"))

    for engine in {id(it): it for it in (database.reader, database.writer)}.values():
        sa.event.listen(engine, "before_cursor_execute", refuse)


def test_public_feed_is_a_calendar_for_everybody(browser: Browser, tara: Programme) -> None:
    answer = raw(browser, PUBLIC)

    assert (answer.status_code, answer.content.count(b"BEGIN:VEVENT")) == (200, 4)
    assert {
        name: answer.headers.get(name) for name in ("content-type", "cache-control", "x-robots-tag", "vary", "content-length")
    } == {
        "content-type": "text/calendar; charset=utf-8",
        "cache-control": "public, max-age=900",
        "x-robots-tag": "noindex",
        "vary": "Accept-Encoding",
        "content-length": str(len(answer.content)),
    }
    assert ("content-disposition" in answer.headers, "set-cookie" in answer.headers) == (False, False)
    assert parsedate_to_datetime(answer.headers["last-modified"]) == NOW


def test_feed_that_stands_still_is_not_sent_again(browser: Browser, tara: Programme) -> None:
    first = raw(browser, PUBLIC)
    packed = raw(browser, PUBLIC, **{"accept-encoding": "gzip"})

    same = raw(browser, PUBLIC, **{"if-none-match": first.headers["etag"]})
    since = raw(browser, PUBLIC, **{"if-modified-since": first.headers["last-modified"]})

    assert [(it.status_code, it.content) for it in (same, since)] == [(304, b"")] * 2
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", first.content)
    assert packed.headers["etag"] != first.headers["etag"]
    assert len(gzip.compress(first.content)) < len(first.content)


def test_head_says_what_get_would(browser: Browser, tara: Programme) -> None:
    got, head = raw(browser, PUBLIC), browser.client.head(PUBLIC, headers={"accept-encoding": "identity"})

    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", got.headers["etag"])


def test_feed_follows_a_change_and_passes_over_a_registration(browser: Browser, tara: Programme, database: Database) -> None:
    before = raw(browser, PUBLIC)
    browser.post("/ask-tara", form_of())
    with counted() as statements:
        registered = raw(browser, PUBLIC)
    moved(database, tara.first)
    after = raw(browser, PUBLIC)

    assert (statements, registered.content) == ([], before.content)
    assert (b"DTSTART:20261125T000000Z" in before.content, b"DTSTART:20261125T010000Z" in after.content) == (True, True)


def test_feed_follows_an_added_date_and_a_new_name(browser: Browser, tara: Programme, database: Database) -> None:
    raw(browser, PUBLIC)
    with database.transaction() as session:
        show = session.get_one(Show, tara.show.id)
        by = staffing.actor(a_member(session, account_id=show.account_id))
        wall = tara.first.wall + timedelta(days=2)
        rescheduling.add_extra(session, show, wall, 60, by=by, now=NOW)
        planning.change(session, show, planning.Details("Ask Tara anything", "", "Tara", 10), by=by, now=NOW)

    answer = raw(browser, PUBLIC)

    assert (answer.content.count(b"BEGIN:VEVENT"), b"NAME:Ask Tara anything" in answer.content) == (5, True)


def test_feeds_take_few_statements(browser: Browser, tara: Programme, own: str, database: Database) -> None:
    with counted() as public:
        raw(browser, PUBLIC)
    with counted() as personal:
        raw(browser, own)
    with counted() as again:
        raw(browser, PUBLIC), raw(browser, own)

    assert (len(public), len(personal), again) == (2, 3, [])


@pytest.mark.parametrize("path", ["/no-show/calendar.ics", "/draft/calendar.ics", "/feeds/x/calls.ics", "/feeds/x/y"])
def test_unknown_feed_is_not_found_in_plain_text(browser: Browser, database: Database, path: str) -> None:
    with database.transaction() as session:
        a_show(session, slug="draft", published_at=None)

    answer = raw(browser, path)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_own_feed_shows_her_calls_to_her_alone(browser: Browser, own: str) -> None:
    answer = raw(browser, own)

    assert (answer.status_code, answer.content.count(b"BEGIN:VEVENT"), own.rpartition("/")[2]) == (200, 1, "calls.ics")
    assert [answer.headers.get(it) for it in ("cache-control", "x-robots-tag", "referrer-policy", "content-disposition")] == [
        "private, max-age=300",
        "noindex",
        "no-referrer",
        None,
    ]
    assert (b"@example.com" in answer.content, b"/r/" in answer.content, b"/feeds/" in answer.content) == (False, False, False)


def test_own_feed_follows_her_calls(browser: Browser, own: str, tara: Programme, placed: Place, database: Database) -> None:
    before = raw(browser, own)
    moved(database, tara.first)
    after = raw(browser, own)
    added = placed(tara.calls[1])
    with database.transaction() as session:
        touch(session, f"attendee:{added.attendee_id}")

    assert (b"20261125T000000Z" in before.content, b"20261125T010000Z" in after.content) == (True, True)
    assert raw(browser, own).content.count(b"BEGIN:VEVENT") == 2


@pytest.mark.parametrize("path", ["public", "own"])
def test_feed_lives_on_while_the_database_is_away(
    browser: Browser, own: str, house: House, database: Database, path: str
) -> None:
    path = own if path == "own" else PUBLIC
    before = raw(browser, path)
    house.kept.drop_all()
    out_of_order(database)

    answers = [
        raw(browser, path),
        raw(browser, f"{path}?nocache=1"),
        raw(browser, path, **{"if-none-match": before.headers["etag"]}),
    ]

    assert [it.status_code for it in answers] == [200, 200, 304]
    assert [it.content for it in answers[:2]] == [before.content] * 2


def test_feed_with_a_call_that_cannot_be_written_is_the_last_good_one(
    browser: Browser, tara: Programme, house: House, database: Database
) -> None:
    before = raw(browser, PUBLIC)
    with database.transaction() as session:
        session.get_one(Call, tara.first.id).sequence = -1
    house.kept.drop_all()

    after = raw(browser, PUBLIC)

    assert (after.status_code, after.content) == (200, before.content)


def test_feed_without_an_earlier_one_leaves_out_what_cannot_be_written(
    browser: Browser, tara: Programme, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Call, tara.first.id).sequence = -1

    answer = raw(browser, PUBLIC)

    assert (answer.status_code, answer.content.count(b"BEGIN:VEVENT")) == (200, 3)


def test_withdrawn_address_shows_a_notice_for_a_month_and_then_nothing(
    browser: Browser, own: str, house: House, database: Database, clock: SetClock
) -> None:
    raw(browser, own)
    with database.transaction() as session:
        updating.rotate_feed(session, session.scalars(sa.select(Feed)).one(), NOW)

    notice, new = raw(browser, own), raw(browser, address(house))
    clock.advance(days=30)
    end = raw(browser, own)

    assert (notice.status_code, notice.content.count(b"BEGIN:VEVENT")) == (200, 1)
    assert (b"This calendar link was withdrawn" in notice.content, b"Sleep" in notice.content) == (True, False)
    assert (new.status_code, b"Sleep" in new.content) == (200, True)
    assert (end.status_code, end.headers["content-type"]) == (410, "text/plain; charset=utf-8")


def test_address_with_another_purpose_or_generation_opens_no_feed(
    browser: Browser, ada: Registration, own: str, house: House
) -> None:
    with house.database.reading() as session:
        feed = session.scalars(sa.select(Feed)).one()
        assert queries.registration_by_id(session, ada.id) is not None
    wrong = [house.links.here.feed(feed.id, 1), own[:-12] + "~/calls.ics", own.replace("/calls.ics", "/calls.html")]

    assert [raw(browser, it).status_code for it in wrong] == [404, 404, 404]


@pytest.fixture
def host(tara: Programme, database: Database) -> Member:
    """Somebody who leads the calls of the show."""
    with database.transaction() as session:
        return a_member(session, account_id=tara.show.account_id, name="Tara", role="host")


@pytest.fixture
def hosts(host: Member, house: House, database: Database) -> str:
    """The address of her feed."""
    with database.transaction() as session:
        feed = updating.open_host_feed(session, host.id, NOW)
    return house.links.here.feed(feed.id, feed.generation, "host")


def changed_feed(database: Database, deed: Callable[[Session, Feed, datetime], None], member: Member) -> Feed:
    with database.transaction() as session:
        feed = session.scalars(sa.select(Feed).where(Feed.member_id == member.id)).one()
        deed(session, feed, NOW)
        return feed


def test_hosts_feed_shows_every_date_with_its_numbers(browser: Browser, hosts: str, placed: Place, tara: Programme) -> None:
    placed(tara.first)

    answer = raw(browser, hosts)

    assert (answer.status_code, answer.content.count(b"BEGIN:VEVENT"), hosts.rpartition("/")[2]) == (200, 4, "host.ics")
    assert b"SUMMARY:[1 of 10] Ask Tara: Sleep\\, with Dr. Ono" in answer.content
    assert (b"Ada" in answer.content, check_feed(answer.content)) == (False, [])
    assert [answer.headers.get(it) for it in ("content-type", "cache-control", "x-robots-tag", "referrer-policy")] == [
        "text/calendar; charset=utf-8",
        "private, max-age=300",
        "noindex",
        "no-referrer",
    ]


def test_hosts_feed_that_stands_still_is_not_sent_again(browser: Browser, hosts: str, house: House) -> None:
    first = raw(browser, hosts)
    packed = raw(browser, hosts, **{"accept-encoding": "gzip"})
    house.kept.drop_all()

    same = raw(browser, hosts, **{"if-none-match": first.headers["etag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert (packed.content, packed.headers["etag"] != first.headers["etag"]) == (first.content, True)


def test_hosts_feed_follows_registrations_and_new_shows(browser: Browser, hosts: str, host: Member, database: Database) -> None:
    before, again = raw(browser, hosts), raw(browser, hosts)
    browser.post("/ask-tara", form_of())
    registered = raw(browser, hosts)
    with database.transaction() as session:
        session.get_one(Member, host.id).role = "owner"
        plan = planning.Plan("Quiet Hour", date(2026, 12, 1), time(9), "Asia/Tokyo", 45, is_published=False)
        by = staffing.actor(session.get_one(Member, host.id))
        planning.create(session, host.account_id, plan, by=by, now=NOW)
    after = raw(browser, hosts)

    assert before.content == again.content
    assert [it.content.count(b"[1 of 10]") for it in (before, registered)] == [0, 1]
    assert parsedate_to_datetime(registered.headers["last-modified"]) > parsedate_to_datetime(before.headers["last-modified"])
    assert (after.content.count(b"BEGIN:VEVENT"), after.content.count(b"STATUS:TENTATIVE")) == (5, 1)


def test_hosts_feed_is_made_again_only_after_a_change_of_what_it_shows(
    browser: Browser, hosts: str, host: Member, database: Database
) -> None:
    with counted() as first:
        raw(browser, hosts)
    with database.transaction() as session:  # another account's show, and somebody's name in it
        theirs = a_member(session)
        staffing.rename(session, theirs, "Kim", by=staffing.actor(theirs), now=NOW)
        a_call(session, a_show(session, account_id=theirs.account_id))
    with counted() as still:
        raw(browser, hosts)
    with database.transaction() as session:
        me = session.get_one(Member, host.id)
        staffing.rename(session, me, "Tara Fields", by=staffing.actor(me), now=NOW)
    with counted() as anew:
        renamed = raw(browser, hosts)

    assert (len(first), still, len(anew)) == (7, [], 7)
    assert b"NAME:Host: Tara Fields" in renamed.content


def test_hosts_feed_takes_as_few_statements_for_many_shows(
    browser: Browser, hosts: str, tara: Programme, database: Database
) -> None:
    with database.transaction() as session:
        for _ in range(5):
            show = a_show(session, account_id=tara.show.account_id)
            for week in range(6):
                a_call(session, show, wall=FIRST_CALL + timedelta(weeks=week))
    with counted() as statements:
        answer = raw(browser, hosts)

    assert (len(statements), answer.content.count(b"BEGIN:VEVENT")) == (7, 34)


def test_hosts_feed_lives_on_while_the_database_is_away(browser: Browser, hosts: str, house: House, database: Database) -> None:
    before = raw(browser, hosts)
    house.kept.drop_all()
    out_of_order(database)

    assert (raw(browser, hosts).status_code, raw(browser, hosts).content) == (200, before.content)


def test_removed_members_feed_ends_at_once_with_a_notice(
    browser: Browser, hosts: str, host: Member, database: Database, clock: SetClock, own: str
) -> None:
    raw(browser, hosts), raw(browser, own)
    with database.transaction() as session:
        session.get_one(Member, host.id).removed_at = NOW
        touch(session, f"thing:{host.id}")

    notice, others = raw(browser, hosts), raw(browser, own)
    clock.advance(days=29)
    still = raw(browser, hosts)
    clock.advance(days=1)
    end = raw(browser, hosts)

    assert (notice.status_code, notice.content.count(b"BEGIN:VEVENT"), b"Ask Tara" in notice.content) == (200, 1, False)
    assert (b"This calendar link was withdrawn" in notice.content, check_feed(notice.content)) == (True, [])
    assert (others.status_code, b"Sleep" in others.content, still.status_code, end.status_code) == (200, True, 200, 410)


def test_removed_member_has_no_older_address_either(
    browser: Browser, hosts: str, host: Member, house: House, database: Database
) -> None:
    feed = changed_feed(database, updating.rotate_feed, host)
    with database.transaction() as session:
        session.get_one(Member, host.id).removed_at = NOW
    addresses = [house.links.here.feed(feed.id, generation, "host") for generation in (0, 1, 2)]

    answers = [raw(browser, it) for it in addresses]

    assert [(it.status_code, b"Ask Tara" in it.content) for it in answers] == [(200, False), (200, False), (404, False)]


@pytest.mark.parametrize("deed", [updating.rotate_feed, updating.withdraw_feed])
def test_withdrawn_address_of_one_leaves_the_others_untouched(
    browser: Browser,
    hosts: str,
    host: Member,
    own: str,
    house: House,
    database: Database,
    tara: Programme,
    deed: Callable[[Session, Feed, datetime], None],
) -> None:
    with database.transaction() as session:
        colleague = a_member(session, account_id=tara.show.account_id)
        theirs = updating.open_host_feed(session, colleague.id, NOW)
    untouched = [own, house.links.here.feed(theirs.id, 0, "host"), PUBLIC]
    before = [raw(browser, it).content for it in untouched]
    raw(browser, hosts)

    feed = changed_feed(database, deed, host)

    assert b"This calendar link was withdrawn" in raw(browser, hosts).content
    assert [raw(browser, it).content for it in untouched] == before
    newest = raw(browser, house.links.here.feed(feed.id, feed.generation, "host"))
    assert newest.status_code == (200 if feed.is_open else 404)


def test_withdrawn_feed_that_is_opened_again_has_another_address(
    browser: Browser, hosts: str, host: Member, house: House, database: Database
) -> None:
    raw(browser, hosts)
    changed_feed(database, updating.withdraw_feed, host)
    raw(browser, hosts)
    with database.transaction() as session:
        feed = updating.open_host_feed(session, host.id, NOW)
    new = house.links.here.feed(feed.id, feed.generation, "host")

    assert (b"withdrawn" in raw(browser, hosts).content, b"Ask Tara" in raw(browser, new).content) == (True, True)
    assert new != hosts


def test_hosts_feed_opens_for_no_other_address(browser: Browser, hosts: str, host: Member, house: House) -> None:
    with house.database.reading() as session:
        feed = session.scalars(sa.select(Feed).where(Feed.member_id == host.id)).one()
    token, links = hosts.split("/")[2], house.links.here
    others = [token[:-1] + ("A" if token[-1] != "A" else "B"), house.keys.token("join", feed.id), house.keys.token(FEED, host.id)]
    wrong = [
        *(f"/feeds/{it}/host.ics" for it in others),
        links.feed(feed.id, 1, "host"),
        f"/feeds/{token}/host.html",
        f"/feeds/{token}/host",
    ]

    assert [raw(browser, it).status_code for it in wrong] == [404] * 6


def test_feed_holds_for_an_hour_at_most(browser: Browser, tara: Programme, database: Database, clock: SetClock) -> None:
    before = raw(browser, PUBLIC)
    clock.set(tara.first.ends_at + timedelta(days=90))

    after = raw(browser, PUBLIC)

    assert (before.content.count(b"BEGIN:VEVENT"), after.content.count(b"BEGIN:VEVENT")) == (4, 3)
