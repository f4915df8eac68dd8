"""The feeds of real rows keep the rules F1 to F23, and the acceptance cases that need rows."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa

from calls.calendars import publishing, queries, updating
from calls.calendars.models import Feed
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.joining.rooms import WayIn
from calls.registrations.attending import Person
from calls.registrations.models import Attendee
from calls.shows import planning
from calls.shows.models import Call, Show
from tests.calendars.conftest import S
from tests.calendars.feeds import HOSTILE_TITLE, describe, feed_of, personal, public, told
from tests.calendars.grammar import check_feed, check_mail_part
from tests.calendars.happenings import utc, vevents
from tests.calendars.lines import unescaped
from tests.calendars.readers import by_icalendar
from tests.fakes import FakeMail
from tests.studio import ANN, BOB, CLEO, LINKS, Studio, a_studio, facts_of


def starts(ics: bytes) -> list[datetime]:
    return [it.starts_at for it in by_icalendar(ics)]


def test_case_2_call_skipped_before_publication_is_absent(database: Database, series_clock: SetClock) -> None:
    studio = a_studio(database, series_clock, FakeMail(series_clock), plan=replace(S, is_published=False))
    studio.ask("skip", 6)

    with database.transaction() as session:
        planning.publish(session, studio.show(session), by=studio.by, now=series_clock.now())

    days = [it.date() for it in starts(public(studio).body)]
    assert days.count(date(2026, 11, 25)) == 0
    assert len(days) == 7


def test_case_3_call_skipped_after_publication_stands_cancelled_for_thirty_days(series: Studio) -> None:
    before = by_icalendar(public(series).body)[6]
    assert series.ask("skip", 6) is None

    after = by_icalendar(public(series).body)
    assert len(after) == 8
    assert (after[6].uid, after[6].status, after[6].summary, after[6].sequence) == (
        before.uid,
        "CANCELLED",
        "CANCELLED: Ask Tara",
        1,
    )
    assert check_feed(public(series).body) == []
    series.clock.set(utc("2026-12-25 17:59"))
    assert [it.uid for it in by_icalendar(public(series).body)].count(before.uid) == 1
    series.clock.set(utc("2026-12-26 00:00"))
    assert [it.uid for it in by_icalendar(public(series).body)].count(before.uid) == 0


def test_case_16_hostile_title_reads_back_on_one_line_and_adds_no_event(database: Database, series_clock: SetClock) -> None:
    plan = replace(S, name="Ask\r\nBEGIN:VEVENT\x00 Tara")
    studio = a_studio(database, series_clock, FakeMail(series_clock), plan=plan)
    describe(studio, 0, HOSTILE_TITLE + "\x00", f"{HOSTILE_TITLE}\r\nEND:VCALENDAR")

    feed = public(studio).body

    assert by_icalendar(feed)[0].summary == 'Ask BEGIN:VEVENT Tara: Q&A, part 1; "live" \\ 50% line2 😀'
    assert feed.count(b"\r\nBEGIN:VEVENT\r\n") == 8
    assert check_feed(feed) == []


def test_case_18_feeds_name_nobody_and_hold_no_secret(series: Studio) -> None:
    with series.database.transaction() as session:
        show = series.show(session)
        details = planning.Details("Ask tara@example.com", "Write to <ann@example.com>.", "Tara", show.capacity)
        planning.change(session, show, details, by=series.by, now=series.clock.now())
    ids = [series.register(Person(f"Listener {number}", f"l{number}@example.com", "UTC")) for number in range(40)]
    describe(series, 0, "For guest@example.com", "Ask bob@example.com")
    series.work()

    feeds = [public(series).body, personal(series, ids[0]).body]

    assert [check_feed(it) for it in feeds] == [[], []]
    assert [b"ATTENDEE" in it or b"ORGANIZER" in it or b"Listener" in it for it in feeds] == [False, False]
    token = LINKS.feed(feed_of(series, ids[0]).id).split("/")[4].encode()
    assert [token in it.replace(b"\r\n ", b"") for it in feeds] == [False, False]


@pytest.mark.parametrize("broken", ["end", "sequence"])
def test_case_19_call_that_cannot_be_written_is_left_out_and_reported(
    series: Studio, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    with series.database.reading() as session:
        call = series.call(session, 1)
    values: dict[str, Any] = {"ends_at": call.starts_at} if broken == "end" else {"sequence": -4}
    series.update(Call, call.id, **values)

    with caplog.at_level(logging.ERROR, "calls.calendars"):
        feed = public(series)

    assert len(by_icalendar(feed.body)) == 7
    assert not feed.is_whole
    assert [it.getMessage() for it in caplog.records] == [f"call {call.uid} cannot be written into a calendar: ValueError"]
    assert check_feed(feed.body) == []


def test_case_20_withdrawn_feed_shows_one_notice_and_the_new_address_works(series: Studio) -> None:
    registration_id = series.register(ANN)
    series.work()
    feed = feed_of(series, registration_id)
    with series.database.transaction() as session:
        withdrawn = session.get_one(Feed, feed.id)
        updating.rotate_feed(session, withdrawn, series.clock.now())
        ended_at = cast(datetime, withdrawn.withdrawn_at)
        notice = publishing.withdrawn_feed(withdrawn, LINKS, ended_at)
        again = publishing.withdrawn_feed(withdrawn, LINKS, ended_at)

    [seen] = by_icalendar(notice.body)
    assert seen.summary == "This calendar link was withdrawn"
    assert notice.body == again.body
    assert check_feed(notice.body) == []
    assert LINKS.feed(feed.id, feed.generation) != LINKS.feed(feed.id, withdrawn.generation)
    assert len(by_icalendar(personal(series, registration_id).body)) == 1
    days = [queries.is_just_withdrawn(ended_at, series.clock.now() + timedelta(days=it)) for it in (0, 29, 30)]
    assert days == [True, True, False]


def test_case_21_request_request_and_cancel_rise(series: Studio) -> None:
    series.register(BOB)
    series.work()
    series.clock.advance(days=1)
    series.move("2026-10-15T09:00:00", zone="America/Los_Angeles")
    series.until(series.clock.now() + timedelta(hours=14))
    series.ask("cancel", reason="The line is dead.")
    series.until(series.clock.now() + timedelta(hours=14))

    letters = [it for it in told(series).letters if it.calendar]
    assert [(it.method, it.entry("SEQUENCE")) for it in letters] == [("REQUEST", "0"), ("REQUEST", "1"), ("CANCEL", "2")]
    assert len({it.entry("UID") for it in letters}) == 1
    assert [check_mail_part(cast(bytes, it.calendar)) for it in letters] == [[], [], []]
    assert letters[2].entry("STATUS") == "CANCELLED"
    stamps = [it.entry("DTSTAMP") for it in letters]
    assert stamps == sorted(set(stamps))


def test_case_22_two_attendees_have_entries_of_their_own(series: Studio) -> None:
    series.register(ANN)
    series.register(CLEO)
    series.work()

    [ann, cleo] = told(series).letters
    assert ann.entry("UID") != cleo.entry("UID")
    assert ann.entry("ATTENDEE") == "mailto:ann@example.com"
    assert (b"cleo" in ann.raw.lower(), b"ann@" in cleo.raw.lower()) == (False, False)


def test_entry_of_an_invitation_is_the_one_of_the_feed(series: Studio) -> None:
    registration_id = series.register(ANN)
    series.work()
    series.ask("way_in", 0, **facts_of(WayIn("+1 555 010 0177", "900")))
    series.until(series.clock.now() + timedelta(hours=1))

    [seen] = by_icalendar(personal(series, registration_id).body)

    last = told(series).letters[-1]
    assert (seen.uid, str(seen.sequence)) == (last.entry("UID"), last.entry("SEQUENCE"))
    assert unescaped(last.entry("LOCATION")) == "+1 555 010 0177, code 900"
    assert b"LOCATION:+1 555 010 0177\\, code 900\r\n" in personal(series, registration_id).body
    assert b"0177" not in public(series).body


def test_way_in_of_page_only_stands_in_no_calendar(database: Database, series_clock: SetClock) -> None:
    room = WayIn("+1 555 010 0100", "48213", "https://meet.example/tara", is_page_only=True)
    studio = a_studio(database, series_clock, FakeMail(series_clock), plan=S, room=room)
    registration_id = studio.register(ANN)
    studio.work()

    feed, letter = personal(studio, registration_id).body, told(studio).letters[0]

    assert [b"48213" in it.replace(b"\r\n ", b"") for it in (feed, letter.calendar or b"", public(studio).body)] == [False] * 3
    assert "48213" in letter.text
    assert letter.entry("LOCATION") == f"https://calls.example/{studio_slug(studio)}/2026-10-14"


def studio_slug(studio: Studio) -> str:
    with studio.database.reading() as session:
        return studio.show(session).slug


def test_every_published_change_raises_last_modified_of_its_call_alone(series: Studio) -> None:
    deeds: dict[str, Callable[[], object]] = {
        "move": lambda: series.move("2026-10-22T09:00:00", 1, zone="America/Los_Angeles"),
        "guest": lambda: series.ask("guest", 1, guest_name="Dr. Ono"),
        "words": lambda: describe(series, 1, "", "Other words"),
        "title": lambda: describe(series, 1, "Roses", "Other words"),
        "way_in": lambda: series.ask("way_in", 1, **facts_of(WayIn("+1 555 010 0177", "900"))),
        "cancel": lambda: series.ask("cancel", 1, reason="Rain"),
        "restore": lambda: series.ask("restore", 1),
    }
    with series.database.reading() as session:
        uid = series.call(session, 1).uid

    rises = {}
    for name, deed in deeds.items():
        before = vevents(public(series).body)
        deed()  # all in one and the same second
        after = vevents(public(series).body)
        assert [it for it in before if before[it] != after[it]] == [uid], name
        rises[name] = (revision(after[uid]) > revision(before[uid]), sequence(after[uid]) - sequence(before[uid]))

    assert rises == {
        "move": (True, 1),
        "guest": (True, 1),
        "words": (True, 0),
        "title": (True, 1),
        "way_in": (True, 1),
        "cancel": (True, 1),
        "restore": (True, 1),
    }


@pytest.mark.parametrize("field", ["name", "description"])
def test_change_of_the_show_raises_last_modified_of_every_call_that_shows_it(series: Studio, field: str) -> None:
    before = vevents(public(series).body)
    with series.database.transaction() as session:
        show: Show = series.show(session)
        known = {"name": show.name, "description": show.description}
        details = planning.Details(**known | {field: "Something else"}, host_name="Tara", capacity=show.capacity)
        planning.change(session, show, details, by=series.by, now=series.clock.now())

    after = vevents(public(series).body)

    changed = [uid for uid in before if before[uid] != after[uid]]
    assert len(changed) == 8
    assert [revision(after[uid]) > revision(before[uid]) for uid in changed] == [True] * 8


def revision(vevent: bytes) -> bytes:
    return vevent.partition(b"LAST-MODIFIED:")[2].partition(b"\r\n")[0]


def sequence(vevent: bytes) -> int:
    return int(vevent.partition(b"SEQUENCE:")[2].partition(b"\r\n")[0])


def test_feed_holds_ninety_days_back_and_all_that_is_laid_out(series: Studio) -> None:
    series.clock.set(utc("2027-01-12 16:59"))
    assert starts(public(series).body)[0] == utc("2026-10-14 16:00")

    series.clock.set(utc("2027-01-12 17:00"))

    assert starts(public(series).body)[0] == utc("2026-10-21 16:00")


def test_feed_without_calls_shows_a_notice(series: Studio) -> None:
    series.clock.set(utc("2028-01-01 00:00"))

    feed = public(series).body

    assert [it.summary for it in by_icalendar(feed)] == ["No calls are planned at the moment"]
    assert check_feed(feed) == []


def test_registration_that_ended_is_in_no_feed(series: Studio) -> None:
    registration_id = series.register(ANN)
    series.register(ANN, 1)
    series.work()
    series.cancel_registration(registration_id)
    series.work()

    assert starts(personal(series, registration_id).body) == [utc("2026-10-21 16:00")]


def test_zone_of_a_person_changes_no_byte_of_her_feed(series: Studio) -> None:
    registration_id = series.register(ANN)
    series.work()
    before = personal(series, registration_id).body
    with series.database.transaction() as session:
        session.execute(sa.update(Attendee).values(zone="Pacific/Kiritimati"))

    assert personal(series, registration_id).body == before


def test_calls_of_a_broken_zone_are_left_out_of_a_personal_feed(series: Studio, caplog: pytest.LogCaptureFixture) -> None:
    registration_id = series.register(ANN)
    series.register(ANN, 1)
    series.work()
    with series.database.reading() as session:
        broken = series.call(session, 0)
    series.update(Call, broken.id, zone="Atlantis/Capital")

    feed = personal(series, registration_id)

    assert starts(feed.body) == [utc("2026-10-21 16:00")]
    assert not feed.is_whole
    assert [it.getMessage() for it in caplog.records if it.name == "calls.calendars"] == [
        f"call {broken.id} cannot be written into a calendar: Invalid"
    ]
