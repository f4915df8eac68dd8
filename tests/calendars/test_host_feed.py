"""The feed of a member of the host's side: every date of all shows, with numbers and what is missing, and nobody's name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from calls.calendars import publishing, queries, updating
from calls.calendars.models import Feed
from calls.calendars.rendering import Published
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.joining.rooms import NOWHERE, WayIn
from calls.registrations.attending import Person
from calls.shows import editing, planning
from calls.shows.models import Call, Show
from calls.team.models import Member
from tests.builders import a_member
from tests.calendars.conftest import S
from tests.calendars.feeds import SEEDS, describe, elsewhere, public
from tests.calendars.grammar import check_feed
from tests.calendars.happenings import utc, vevents
from tests.calendars.lines import unescaped
from tests.calendars.readers import by_ical_js, by_icalendar, by_recurring_ical_events
from tests.fakes import FakeMail
from tests.studio import ANN, BOB, LINKS, ROOM, Studio, a_studio, facts_of

PROGRAM = (
    "import sys; from datetime import datetime; from uuid import UUID; from calls.calendars import publishing, queries;"
    "from calls.ground.database import Database; from calls.team.models import Member; from tests.studio import LINKS;"
    "address, feed, now = sys.argv[1:];"
    "session = Database(address).reading().__enter__();"
    "own = queries.feed_by_id(session, UUID(feed)); member = session.get_one(Member, own.member_id);"
    "sys.stdout.buffer.write(publishing.host_feed(session, own, member, LINKS, datetime.fromisoformat(now)).body)"
)


def own_feed(studio: Studio) -> Feed:
    """The owner's feed, made if need be."""
    assert studio.by.id is not None
    with studio.database.transaction() as session:
        return updating.open_host_feed(session, studio.by.id, studio.clock.now())


def hosts(studio: Studio) -> Published:
    feed = own_feed(studio)
    with studio.database.reading() as session:
        member = session.get_one(Member, feed.member_id)
        return publishing.host_feed(session, feed, member, LINKS, studio.clock.now())


def said(studio: Studio, number: int = 0, name: str = "DESCRIPTION") -> str:
    """A property of one call in the feed, as its reader sees it."""
    body = list(vevents(hosts(studio).body).values())[number].replace(b"\r\n ", b"").decode()
    [line] = [it for it in body.split("\r\n") if it.startswith(f"{name}:")]
    return unescaped(line.partition(":")[2])


def line(vevent: bytes, name: str) -> str:
    return vevent.partition(b"\r\n" + name.encode() + b":")[2].partition(b"\r\n")[0].decode()


def with_capacity(studio: Studio, number: int, capacity: int) -> None:
    with studio.database.transaction() as session:
        call = studio.call(session, number)
        editing.set_capacity(session, call, capacity, by=studio.by, now=studio.clock.now())


def named(studio: Studio, number: int, guest: str) -> None:
    with studio.database.transaction() as session:
        editing.name_guest(session, studio.call(session, number), guest, by=studio.by, now=studio.clock.now())


def change_show(studio: Studio, **facts: object) -> None:
    with studio.database.transaction() as session:
        show: Show = studio.show(session)
        known = planning.Details(show.name, show.description, show.host_name, show.capacity)
        details = replace(known, **facts)  # type: ignore[arg-type]
        planning.change(session, show, details, by=studio.by, now=studio.clock.now())


def a_draft(studio: Studio, **facts: object) -> Show:
    plan = replace(S, name="Quiet Hour", is_published=False, first_day=date(2026, 10, 15), **facts)  # type: ignore[arg-type]
    assert studio.by.account_id is not None
    with studio.database.transaction() as session:
        return planning.create(session, studio.by.account_id, plan, by=studio.by, now=studio.clock.now())


def test_host_feed_shows_every_date_with_its_numbers(series: Studio) -> None:
    series.register(ANN, 0)
    series.register(BOB, 0)
    named(series, 0, "Dr. Ono")
    describe(series, 1, "Roses", "")
    feed = hosts(series)

    seen = by_icalendar(feed.body)
    assert [it.summary for it in seen[:3]] == [
        "[2 of 100] Ask Tara: Dr. Ono",
        "[0 of 100] Ask Tara: Roses",
        "[0 of 100] OPEN · Ask Tara",
    ]
    assert [it.starts_at for it in seen[:3]] == [utc(f"2026-10-{day} 16:00") for day in (14, 21, 28)]
    assert (len(seen), by_recurring_ical_events(feed.body)) == (8, seen)
    assert {it.status for it in seen} == {"CONFIRMED"}
    assert (feed.is_whole, check_feed(feed.body)) == (True, [])


def test_programs_in_browsers_read_the_host_feed_alike(series: Studio) -> None:
    series.register(ANN, 0)
    named(series, 1, "Dóra Škvorecká; 山田, \\n")
    a_draft(series)
    series.ask("cancel", 2, reason="Rain")
    feed = hosts(series).body

    assert by_ical_js(feed) == by_icalendar(feed)


def test_host_feed_says_what_it_is(series: Studio) -> None:
    head = hosts(series).body.partition(b"BEGIN:VEVENT")[0].replace(b"\r\n ", b"").decode().split("\r\n")

    assert [it for it in head if not it.startswith(("BEGIN", "PRODID", "VERSION", "CALSCALE"))] == [
        "NAME:Host: Tara",
        "X-WR-CALNAME:Host: Tara",
        "DESCRIPTION:Every date of all shows\\, drafts too\\, with who is registered by number and what is still missing.",
        "X-WR-CALDESC:Every date of all shows\\, drafts too\\, with who is registered by number and what is still missing.",
        "URL:https://calls.example/host",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        "COLOR:darkslateblue",
        "LAST-MODIFIED:20261001T090000Z",
        "",
    ]


def test_call_of_a_host_feed_has_a_uid_of_its_own_for_life_and_leads_to_its_page(series: Studio) -> None:
    with series.database.reading() as session:
        call = series.call(session)
    before = by_icalendar(hosts(series).body)[0]
    series.move("2026-10-15T09:00:00", 0, zone="America/Los_Angeles")
    after = by_icalendar(hosts(series).body)[0]

    assert (before.uid, after.uid) == (f"host-{call.uid.removeprefix('occ-')}",) * 2
    assert (before.sequence, after.sequence, after.starts_at) == (0, 1, utc("2026-10-15 16:00"))
    page = f"https://calls.example/host/calls/{call.id}"
    assert [said(series, 0, name) for name in ("LOCATION", "URL", "CATEGORIES")] == [page, page, "Ask Tara"]


def test_description_tells_numbers_guest_what_is_missing_and_the_wall_time(series: Studio) -> None:
    with series.database.reading() as session:
        page = LINKS.host_call(series.call(session).id)
    open_date = said(series)
    series.register(ANN)
    with_capacity(series, 0, 1)
    named(series, 0, "Dr. Ono")

    assert open_date == f"0 of 100 registered.\nNo guest named.\n\n09:00 Los Angeles time\n\n{page}"
    assert said(series) == f"1 of 1 registered.\nGuest: Dr. Ono.\nFull.\n\n09:00 Los Angeles time\n\n{page}"


def test_cancelled_call_stands_for_thirty_days_and_needs_nothing(series: Studio) -> None:
    series.ask("cancel", 0, reason="Rain")
    seen = by_icalendar(hosts(series).body)[0]

    assert (seen.summary, seen.status, seen.sequence) == ("CANCELLED: [0 of 100] OPEN · Ask Tara", "CANCELLED", 1)
    assert said(series).startswith("0 of 100 registered.\nCancelled: Rain\n\n09:00 Los Angeles time")
    assert check_feed(hosts(series).body) == []
    series.clock.set(utc("2026-11-13 17:00"))
    assert len(by_icalendar(hosts(series).body)) == 7


def test_call_of_a_draft_is_tentative_until_it_is_published(database: Database, series_clock: SetClock) -> None:
    studio = a_studio(database, series_clock, FakeMail(series_clock), plan=replace(S, is_published=False), room=NOWHERE)
    before, words = hosts(studio), said(studio)
    with database.transaction() as session:
        planning.publish(session, studio.show(session), by=studio.by, now=series_clock.now())
    after = hosts(studio)

    assert {it.status for it in by_icalendar(before.body)} == {"TENTATIVE"}
    assert words.startswith("0 of 100 registered.\nThe show is a draft.\nNo guest named.\nNo way in given.\n\n09:00")
    assert {it.status for it in by_icalendar(after.body)} == {"CONFIRMED"}
    assert [check_feed(it.body) for it in (before, after)] == [[], []]
    stamps = [[line(it, "LAST-MODIFIED") for it in vevents(feed.body).values()] for feed in (before, after)]
    assert [new > old for old, new in zip(*stamps, strict=True)] == [True] * 8


def test_cancelled_call_of_a_draft_is_cancelled_not_tentative(database: Database, series_clock: SetClock) -> None:
    studio = a_studio(database, series_clock, FakeMail(series_clock), plan=replace(S, is_published=False))
    studio.ask("cancel", 0, reason="")

    assert by_icalendar(hosts(studio).body)[0].status == "CANCELLED"


def test_all_shows_of_the_account_stand_in_one_feed_and_no_other_accounts(series: Studio) -> None:
    a_draft(series)
    with series.database.transaction() as session:
        stranger = a_member(session)
    foreign = own_feed(replace(series, by=replace(series.by, id=stranger.id, account_id=stranger.account_id)))

    with series.database.reading() as session:
        theirs = publishing.host_feed(session, foreign, stranger, LINKS, series.clock.now())
    seen = by_icalendar(hosts(series).body)
    assert (len(seen), {it.status for it in seen}) == (16, {"CONFIRMED", "TENTATIVE"})
    assert [it.starts_at for it in seen] == sorted(it.starts_at for it in seen)
    assert [it.summary for it in by_icalendar(theirs.body)] == ["No calls are planned at the moment"]
    assert check_feed(theirs.body) == []


def test_host_feed_follows_the_limits_of_every_feed(series: Studio) -> None:
    series.clock.set(utc("2027-01-12 17:00"))

    assert by_icalendar(hosts(series).body)[0].starts_at == utc("2026-10-21 16:00")


def test_every_change_raises_last_modified_of_the_calls_that_show_it(series: Studio) -> None:
    seats: list[UUID] = []
    deeds: dict[str, Callable[[], object]] = {
        "move": lambda: series.move("2026-10-22T09:00:00", 1, zone="America/Los_Angeles"),
        "guest": lambda: named(series, 1, "Dr. Ono"),
        "title": lambda: describe(series, 1, "Roses", ""),
        "way_in": lambda: series.ask("way_in", 1, **facts_of(WayIn("+1 555 010 0177", "900"))),
        "cancel": lambda: series.ask("cancel", 1, reason="Rain"),
        "restore": lambda: series.ask("restore", 1),
        "capacity": lambda: with_capacity(series, 1, 50),
        "register": lambda: seats.append(series.register(ANN, 1)),
        "register again": lambda: series.register(BOB, 1),
        "give back": lambda: series.cancel_registration(seats[0]),
        "another guest": lambda: named(series, 1, "Prof. Lind"),
    }
    with series.database.reading() as session:
        uid = f"host-{series.call(session, 1).uid.removeprefix('occ-')}"

    for name, deed in deeds.items():
        before = vevents(hosts(series).body)
        deed()  # all in one and the same second
        after = vevents(hosts(series).body)
        assert [it for it in before if before[it] != after[it]] == [uid], name
        assert line(after[uid], "LAST-MODIFIED") > line(before[uid], "LAST-MODIFIED"), name


@pytest.mark.parametrize("facts", [{"name": "Ask Tara anything"}, {"capacity": 40}])
def test_change_of_the_show_raises_last_modified_of_all_its_calls(series: Studio, facts: dict[str, object]) -> None:
    series.register(ANN)
    before = vevents(hosts(series).body)
    change_show(series, **facts)
    after = vevents(hosts(series).body)

    assert [line(after[it], "LAST-MODIFIED") > line(before[it], "LAST-MODIFIED") for it in before] == [True] * 8


def test_registration_moves_the_hosts_feed_and_not_the_public_one(series: Studio) -> None:
    before = public(series).body, hosts(series).body
    series.register(ANN)

    assert (public(series).body == before[0], hosts(series).body == before[1]) == (True, False)


def test_pass_holders_are_counted_at_every_date(series: Studio) -> None:
    before = vevents(hosts(series).body)
    series.take_pass(ANN)
    after = vevents(hosts(series).body)

    assert {it.summary for it in by_icalendar(hosts(series).body)} == {"[1 of 100] OPEN · Ask Tara"}
    assert [line(after[it], "LAST-MODIFIED") > line(before[it], "LAST-MODIFIED") for it in before] == [True] * 8


def test_case_17_host_feed_of_a_later_day_in_another_process_is_the_same_byte_for_byte(series: Studio) -> None:
    series.register(ANN)
    series.ask("guest", 2, guest_name="Dóra Škvorecká 山田")
    series.ask("cancel", 3, reason="Rain")
    here = hosts(series).body
    address = series.database.url.render_as_string(hide_password=False)
    later = (series.clock.now() + timedelta(days=1)).isoformat()

    renders = [elsewhere(PROGRAM, address, own_feed(series).id, later, seed=seed) for seed in SEEDS]

    assert renders == [here, here]


def test_host_feed_is_the_same_after_a_call_has_gone_by(series: Studio) -> None:
    before = hosts(series).body
    series.clock.set(utc("2026-10-20 09:00"))

    assert hosts(series).body == before


def test_case_18_host_feed_names_nobody_and_holds_no_secret(series: Studio) -> None:
    change_show(series, name="Ask tara@example.com", description="Write to <ann@example.com>.")
    for number in range(40):
        series.register(Person(f"Listener {number}", f"l{number}@example.com", "UTC"))
    for number, guest in enumerate(("Dr. Ono <ono@example.com>", "guest@example.com", "Kim")):
        named(series, number, guest)
    with series.database.transaction() as session:
        session.get_one(Member, series.by.id).name = "tara@example.com"
    series.ask("cancel", 4, reason="Ask bob@example.com")

    feed = hosts(series).body.replace(b"\r\n ", b"")

    assert check_feed(hosts(series).body) == []
    assert by_icalendar(feed)[0].summary == "[40 of 100] Ask tara at example.com: Dr. Ono <ono at example.com>"
    token = LINKS.feed(own_feed(series).id).split("/")[4]
    for absent in ("ATTENDEE", "ORGANIZER", "Listener", "METHOD", "SOURCE", "VALARM", ROOM.phone, ROOM.code, token, "@example"):
        assert absent.encode() not in feed, absent


def test_case_19_call_that_cannot_be_written_is_left_out_and_the_rest_stands(series: Studio) -> None:
    with series.database.reading() as session:
        call = series.call(session, 1)
    series.update(Call, call.id, zone="Atlantis/Capital")

    feed = hosts(series)

    assert (len(by_icalendar(feed.body)), feed.is_whole) == (7, False)


def test_case_20_withdrawn_host_feed_is_opened_again_at_another_address(series: Studio) -> None:
    feed = own_feed(series)
    with series.database.transaction() as session:
        mine = session.get_one(Feed, feed.id)
        updating.withdraw_feed(session, mine, series.clock.now())
        updating.withdraw_feed(session, mine, series.clock.now() + timedelta(days=1))
        assert mine.withdrawn_at is not None
        notice = publishing.withdrawn_feed(mine, LINKS, mine.withdrawn_at)
        closed = (mine.generation, mine.is_open, mine.withdrawn_at)
    again = own_feed(series)

    assert closed == (1, False, series.clock.now())
    assert [it.summary for it in by_icalendar(notice.body)] == ["This calendar link was withdrawn"]
    assert check_feed(notice.body) == []
    assert (again.id, again.generation, again.is_open) == (feed.id, 1, True)
    assert LINKS.feed(again.id, again.generation) != LINKS.feed(feed.id, 0)


def test_feed_is_made_once_for_each_member_and_each_attendee(series: Studio) -> None:
    registration = series.register(ANN)
    series.work()
    first, second = own_feed(series), own_feed(series)
    assert series.by.id is not None

    with series.database.reading() as session:
        found = queries.feed_of_member(session, series.by.id)
        whose = [(it.attendee_id is None, it.member_id is None) for it in session.query(Feed).order_by(Feed.id)]
    assert registration is not None
    assert found is not None
    assert (first.id, found.id) == (second.id, second.id)
    assert whose == [(False, True), (True, False)]
