"""The acceptance cases of the design (calendars.md, section 7) from the database to every reader: 1, 3 to 6, 16 to 18, 21 and 22.

Series S: Wednesdays 09:00 in Los Angeles, 60 minutes, eight calls from 14 October 2026, guest G1. Cases 19 and 20 stand in
tests/faults/test_feeds_under_failure.py and tests/web/public/test_feeds.py, what the text alone shows in test_cases.py.
"""

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from calls.calendars import queries, updating
from calls.ground.clock import SetClock
from calls.ground.tokens import Keys
from calls.registrations.attending import Person
from calls.registrations.models import Attendee
from calls.shows.models import Call
from calls.web import application
from calls.web import public as web
from tests.calendars import readers
from tests.calendars.feeds import HOSTILE_TITLE, SEEDS, describe, elsewhere, feed_of, personal, public, told
from tests.calendars.grammar import check_feed
from tests.calendars.happenings import utc, vevents
from tests.studio import ANN, BOB, CLEO, LINKS, Studio
from tests.web.browsers import Browser, a_house

PACIFIC = "America/Los_Angeles"
SUMMER = [f"2026-10-{day} 16:00" for day in (14, 21, 28)]
WINTER = [f"2026-{day} 17:00" for day in ("11-04", "11-11", "11-18", "11-25", "12-02")]


@pytest.fixture
def s(series: Studio) -> Studio:
    """Series S with its guest, before anybody has registered."""
    with series.database.transaction() as session:
        session.execute(sa.update(Call).where(Call.show_id == series.show_id).values(guest_name="G1"))
    return series


def feed(studio: Studio) -> bytes:
    """The public feed, once every reader here agrees on it and the checker has nothing to say."""
    ics = public(studio).body
    assert check_feed(ics) == []
    assert readers.by_recurring_ical_events(ics) == readers.by_icalendar(ics)
    if readers.has_ical_js():
        assert readers.by_ical_js(ics) == readers.by_icalendar(ics)
    return ics


def test_case_1_series_untouched(s: Studio) -> None:
    seen = readers.by_icalendar(feed(s))

    assert [it.starts_at for it in seen] == [utc(it) for it in [*SUMMER, *WINTER]]
    assert [it.ends_at - it.starts_at for it in seen] == [timedelta(hours=1)] * 8
    assert ([it.sequence for it in seen], len({it.uid for it in seen})) == ([0] * 8, 8)
    assert {it.summary for it in seen} == {"Ask Tara: G1"}


def test_case_3_call_skipped_after_publication(s: Studio) -> None:
    before = readers.by_icalendar(feed(s))
    s.ask("skip", 6)
    s.wait(minutes=11)

    after = readers.by_icalendar(feed(s))
    assert [it for it in after if it not in before] == [
        readers.Seen(before[6].uid, utc("2026-11-25 17:00"), utc("2026-11-25 18:00"), "CANCELLED: Ask Tara: G1", "CANCELLED", 1)
    ]
    assert (len(after), b"TRANSP:TRANSPARENT" in vevents(feed(s))[before[6].uid]) == (8, True)
    s.clock.set(utc("2026-12-26 00:00"))
    assert before[6].uid not in [it.uid for it in readers.by_icalendar(feed(s))]


def test_case_4_call_moved_to_the_next_day(s: Studio) -> None:
    before = vevents(feed(s))
    s.clock.advance(days=5)
    s.move("2026-11-12T14:00:00", 4, zone=PACIFIC)
    s.wait(minutes=11)

    after = vevents(feed(s))
    [uid] = [it for it in before if before[it] != after[it]]
    [moved] = [it for it in readers.by_icalendar(feed(s)) if it.uid == uid]
    assert (moved.starts_at, moved.ends_at, moved.sequence) == (utc("2026-11-12 22:00"), utc("2026-11-12 23:00"), 1)
    assert [it for it in before if before[it] == after[it]] == [it for it in before if it != uid]
    assert (b"LAST-MODIFIED:20261001T090000Z" in before[uid], b"LAST-MODIFIED:20261006T09" in after[uid]) == (True, True)


def test_case_5_call_moved_past_its_neighbour(s: Studio) -> None:
    s.move("2026-11-20T09:00:00", 4, zone=PACIFIC)
    s.wait(minutes=11)

    assert [it.starts_at for it in readers.by_icalendar(feed(s))][4:6] == [utc("2026-11-18 17:00"), utc("2026-11-20 17:00")]


def test_case_6_other_guest_is_told_to_the_attendees(s: Studio) -> None:
    s.register(BOB, 2)
    s.register(CLEO, 1)
    s.work()
    before = readers.by_icalendar(feed(s))
    s.ask("guest", 2, guest_name="Dóra Škvorecká 山田")
    s.until(s.clock.now() + timedelta(hours=14))

    after = readers.by_icalendar(feed(s))
    [changed] = [it for it in after if it not in before]
    assert (changed.uid, changed.summary, changed.sequence) == (before[2].uid, "Ask Tara: Dóra Škvorecká 山田", 1)
    assert [it.starts_at for it in after] == [it.starts_at for it in before]
    letters = [(it.to, it.method, it.entry("SEQUENCE")) for it in told(s).letters]
    assert letters == [
        ("bob@example.com", "REQUEST", "0"),
        ("cleo@example.com", "REQUEST", "0"),
        ("bob@example.com", "REQUEST", "1"),
    ]
    first, _, last = told(s).letters
    assert "Dóra Škvorecká 山田" in last.text
    assert (last.entry("UID"), last.entry("DTSTART")) == (first.entry("UID"), first.entry("DTSTART"))


def test_case_16_hostile_words_are_one_call_to_every_reader(s: Studio) -> None:
    describe(s, 0, HOSTILE_TITLE + "\x00", f"{HOSTILE_TITLE}\r\nBEGIN:VEVENT\r\nEND:VCALENDAR")

    seen = readers.by_icalendar(feed(s))

    assert len(seen) == 8
    assert seen[0].summary == 'Ask Tara: Q&A, part 1; "live" \\ 50% line2 😀, with G1'


def test_case_17_bytes_and_etags_are_the_same_in_two_processes_a_day_apart(s: Studio) -> None:
    registration_id = s.register(ANN)
    s.work()
    program = (
        "import sys; from datetime import datetime; from uuid import UUID; from calls.calendars import publishing, queries;"
        "from calls.ground.database import Database; from calls.shows.models import Show; from tests.studio import LINKS;"
        "from calls.web.answers import Prepared; from calls.web.pages import text;"
        "address, show, feed, now = sys.argv[1:]; now = datetime.fromisoformat(now);"
        "session = Database(address).reading().__enter__();"
        "made = [publishing.public_feed(session, session.get_one(Show, UUID(show)), LINKS, now),"
        " publishing.personal_feed(session, queries.feed_by_id(session, UUID(feed)), LINKS, now)];"
        "kept = [Prepared(text(it.body, 'text/calendar'), '') for it in made];"
        "print([(it.plain.etag, it.small.etag, it.small.body) for it in kept])"
    )
    address = s.database.url.render_as_string(hide_password=False)
    feed_id = feed_of(s, registration_id).id

    said = {
        elsewhere(program, address, s.show_id, feed_id, (s.clock.now() + timedelta(days=days)).isoformat(), seed=seed)
        for days, seed in enumerate(SEEDS)
    }

    assert len(said) == 1
    [kept] = said
    assert kept.count(b'-gz"') == 2


def test_case_18_feeds_of_three_guests_and_forty_attendees_name_nobody(
    s: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    for number, guest in enumerate(("Dr. Ono", "Prof. Lind <lind@example.org>", "guest@example.net")):
        s.ask("guest", number, guest_name=guest)
    s.wait(minutes=11)
    ids = [s.register(Person(f"Listener {number}", f"l{number}@example.com", "UTC"), number % 8) for number in range(40)]
    with caplog.at_level(logging.DEBUG):
        s.write()

    feeds = [feed(s), *(personal(s, it).body for it in ids)]

    assert [it for one in feeds for it in check_feed(one)] == []
    assert [word for word in (b"ATTENDEE", b"ORGANIZER", b"Listener", b"mailto:") if any(word in it for it in feeds)] == []
    tokens = [LINKS.feed(feed_of(s, it).id).split("/")[4] for it in ids]
    unfolded = b"".join(feeds).replace(b"\r\n ", b"")
    assert [it for it in tokens if it.encode() in unfolded or it in caplog.text] == []


def test_case_20_other_persons_address_is_untouched_by_a_withdrawal(s: Studio) -> None:
    ann, bob = s.register(ANN), s.register(BOB)
    s.work()
    before = feed_of(s, bob)
    with s.database.transaction() as session:
        attendee = session.scalars(sa.select(Attendee).where(Attendee.email == "ann@example.com")).one()
        found = queries.feed_of(session, attendee.id)
        assert found is not None
        updating.rotate_feed(session, found, s.clock.now())

    assert (feed_of(s, ann).generation, feed_of(s, bob).generation, before.generation) == (1, 0, 0)


def test_case_21_request_request_cancel_and_nothing_older_when_a_mail_is_late(s: Studio) -> None:
    mail = told(s)
    s.register(BOB)
    s.work()
    s.clock.advance(days=1)
    mail.delayed = {"bob@example.com"}
    s.move("2026-10-15T09:00:00", zone=PACIFIC)
    s.until(s.clock.now() + timedelta(hours=5))
    mail.delayed = set()
    s.until(s.clock.now() + timedelta(hours=20))
    s.ask("cancel", reason="The line is dead.")
    s.until(s.clock.now() + timedelta(hours=14))

    said = [(it.method, it.entry("SEQUENCE")) for it in mail.letters if it.calendar]
    assert said == [("REQUEST", "0"), ("REQUEST", "1"), ("CANCEL", "2")]


def test_case_22_neither_of_two_attendees_is_named_to_the_other(s: Studio) -> None:
    s.register(ANN)
    s.register(CLEO)
    s.work()
    s.move("2026-10-15T09:00:00", zone=PACIFIC)
    s.until(s.clock.now() + timedelta(hours=14))

    to_ann, to_cleo = (
        [it.raw + (it.calendar or b"") for it in told(s).to(who)] for who in ("ann@example.com", "cleo@example.com")
    )
    assert (len(to_ann), len(to_cleo)) == (2, 2)
    assert [b"cleo" in it.lower() for it in to_ann] == [False, False]
    assert [b"ann@" in it or b"Ann Lee" in it for it in to_cleo] == [False, False]


def test_case_18_token_of_a_feed_stands_in_no_log_line_and_no_answer(
    s: Studio, series_clock: SetClock, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    registration_id = s.register(ANN)
    s.work()
    house = a_house(s.database, series_clock, keys, "https://calls.example")
    found = feed_of(s, registration_id)
    path = house.links.here.feed(found.id, found.generation)
    app = application(house, web.PAGES, registry=CollectorRegistry())

    with caplog.at_level(logging.DEBUG), Browser(app, house).client as browser:
        answers = [browser.get(path), browser.get(path), browser.head(path), browser.get(f"{path}?x"), browser.post(path)]

    token = path.split("/")[2]
    assert [it.status_code for it in answers] == [200, 200, 200, 200, 405]
    assert [token in f"{it.text}{it.headers}" for it in answers] == [False] * 5
    noted = [it.getMessage() for it in caplog.records if it.name.startswith("calls")]
    assert (len(noted) >= 5, [it for it in noted if token in it]) == (True, [])
