"""Feeds, notices and downloads, whole and letter by letter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from calls.calendars import ical
from tests.calendars.grammar import check_download, check_feed
from tests.calendars.happenings import LATER, PAGE, PUBLISHED, a_calendar, a_happening, vevents

FEED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Calls//Calls//EN
CALSCALE:GREGORIAN
NAME:Ask Tara
X-WR-CALNAME:Ask Tara
DESCRIPTION:Later dates follow.
X-WR-CALDESC:Later dates follow.
URL:https://calls.example/ask-tara
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
COLOR:teal
SOURCE;VALUE=URI:https://calls.example/ask-tara/calendar.ics
LAST-MODIFIED:20261020T090000Z
BEGIN:VEVENT
UID:occ-2026-10-14@calls.example
SEQUENCE:0
DTSTAMP:20261001T090000Z
LAST-MODIFIED:20261001T090000Z
CREATED:20261001T090000Z
DTSTART:20261014T160000Z
DTEND:20261014T170000Z
SUMMARY:Ask Tara: G1
STATUS:CONFIRMED
TRANSP:OPAQUE
CLASS:PUBLIC
LOCATION:https://calls.example/ask-tara/2026-10-14
URL:https://calls.example/ask-tara/2026-10-14
DESCRIPTION:What to plant now.\\n09:00 Los Angeles time\\n\\nhttps://calls.exa
 mple/ask-tara/2026-10-14
CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:https://calls.example/ask-tara/202
 6-10-14
CATEGORIES:Roses\\, old,Weeds
END:VEVENT
BEGIN:VEVENT
UID:occ-2026-10-21@calls.example
SEQUENCE:1
DTSTAMP:20261020T090000Z
LAST-MODIFIED:20261020T090000Z
CREATED:20261001T090000Z
DTSTART:20261021T160000Z
DTEND:20261021T170000Z
SUMMARY:CANCELLED: Ask Tara: G1
STATUS:CANCELLED
TRANSP:TRANSPARENT
CLASS:PUBLIC
LOCATION:+1 555 0100\\, code 482#
URL:https://calls.example/ask-tara/2026-10-21
DESCRIPTION:What to plant now.\\n09:00 Los Angeles time\\n\\nhttps://calls.exa
 mple/ask-tara/2026-10-21
END:VEVENT
END:VCALENDAR
"""

NOTICE = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Calls//Calls//EN
CALSCALE:GREGORIAN
NAME:Your calls
X-WR-CALNAME:Your calls
URL:https://calls.example/ask-tara
REFRESH-INTERVAL;VALUE=DURATION:PT15M
X-PUBLISHED-TTL:PT15M
LAST-MODIFIED:20261001T090000Z
BEGIN:VEVENT
UID:gone@calls.example
SEQUENCE:739909
DTSTAMP:20261020T000000Z
LAST-MODIFIED:20261020T000000Z
CREATED:20261020T000000Z
DTSTART;VALUE=DATE:20261020
DTEND;VALUE=DATE:20261021
SUMMARY:This calendar link was withdrawn
STATUS:CONFIRMED
TRANSP:TRANSPARENT
CLASS:PUBLIC
LOCATION:https://calls.example/ask-tara
URL:https://calls.example/ask-tara
DESCRIPTION:https://calls.example/ask-tara
END:VEVENT
END:VCALENDAR
"""

DOWNLOAD = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Calls//Calls//EN
CALSCALE:GREGORIAN
BEGIN:VEVENT
UID:inv-abc@calls.example
SEQUENCE:3
DTSTAMP:20261001T090000Z
LAST-MODIFIED:20261001T090000Z
CREATED:20261001T090000Z
DTSTART:20261014T160000Z
DTEND:20261014T170000Z
SUMMARY:Ask Tara: G1
STATUS:CONFIRMED
TRANSP:OPAQUE
CLASS:PUBLIC
LOCATION:https://calls.example/ask-tara/2026-10-14
URL:https://calls.example/ask-tara/2026-10-14
DESCRIPTION:What to plant now.\\n09:00 Los Angeles time\\n\\nhttps://calls.exa
 mple/ask-tara/2026-10-14
END:VEVENT
END:VCALENDAR
"""


def test_feed_is_written_letter_by_letter() -> None:
    second = a_happening("2026-10-21 16:00", is_cancelled=True, sequence=1, revised_at=LATER, location="+1 555 0100, code 482#")
    first = a_happening(categories=("Roses, old", "Weeds"), conference=f"{PAGE}/2026-10-14")

    ics = ical.feed(a_calendar(), [second, first])

    assert ics.decode().replace("\r\n", "\n") == FEED
    assert check_feed(ics) == []


def test_notice_is_written_letter_by_letter() -> None:
    calendar = a_calendar(name="Your calls", description="", color="", refresh_minutes=15, source=None)

    ics = ical.notice(calendar, "This calendar link was withdrawn", date(2026, 10, 20), "gone@calls.example")

    assert ics.decode().replace("\r\n", "\n") == NOTICE
    assert check_feed(ics) == []


def test_download_is_written_letter_by_letter_and_has_the_uid_of_the_invitation() -> None:
    ics = ical.download(a_happening(uid="inv-abc@calls.example", sequence=3))

    assert ics.decode().replace("\r\n", "\n") == DOWNLOAD
    assert check_download(ics) == []


def test_feed_with_nothing_but_faults_is_still_a_feed() -> None:
    ics = ical.feed(a_calendar(), [a_happening(sequence=-1)])

    assert ics == ical.feed(a_calendar(), [])


def test_empty_feed_holds_one_notice_that_stays_the_same() -> None:
    ics = ical.feed(a_calendar(), [], empty_day=date(2026, 10, 20))

    assert ics == ical.notice(
        a_calendar(),
        "No calls are planned at the moment",
        date(2026, 10, 20),
        ical.notice_uid(PAGE, "No calls are planned at the moment"),
    )
    assert ical.notice_uid(PAGE, "No calls") == "notice-dsbqo3etvl4vafknyk4lhaaamd@calls.example"
    assert check_feed(ics) == []


def test_empty_feed_dates_its_notice_by_the_last_revision() -> None:
    assert ical.feed(a_calendar(), []) == ical.feed(a_calendar(), [], empty_day=PUBLISHED.date())


def test_alarm_stands_with_every_call_that_takes_place() -> None:
    calls = [a_happening(), a_happening("2026-10-21 16:00", is_cancelled=True)]

    ics = ical.feed(a_calendar(), calls, alarm_minutes=15)

    alarm = b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Ask Tara: G1\r\nEND:VALARM\r\n"
    assert [body.count(alarm) for body in vevents(ics).values()] == [1, 0]
    assert ics.count(b"VALARM") == 2
    assert check_feed(ics, with_alarms=True) == []


def test_moments_of_any_zone_are_written_in_utc_and_whole_seconds() -> None:
    tokyo = datetime.fromisoformat("2026-10-15T01:00:00.900000+09:00")
    call = a_happening(starts_at="2026-10-14 16:00")

    assert ical.feed(a_calendar(), [replace(call, starts_at=tokyo)]) == ical.feed(a_calendar(), [call])


def test_page_is_the_last_line_of_the_description_once() -> None:
    page = f"{PAGE}/2026-10-14"
    bare, with_page = a_happening(description="Roses\n"), a_happening(description=f"Roses\n\n{page}\n")

    assert ical.download(bare) == ical.download(with_page)
    assert b"\r\nDESCRIPTION:https://calls.example/ask-tara/2026-10-14\r\n" in ical.download(a_happening(description=""))


def test_call_without_a_page_has_no_empty_lines() -> None:
    ics = ical.download(a_happening(description="", url="", location=" "))

    assert [name for name in (b"\r\nDESCRIPTION", b"\r\nURL", b"\r\nLOCATION") if name in ics] == []


def test_feed_of_500_calls_is_quick() -> None:
    first = a_happening()
    days = [timedelta(days=day) for day in range(500)]
    calls = [replace(first, uid=f"{day.days}@x", starts_at=first.starts_at + day, ends_at=first.ends_at + day) for day in days]

    began = datetime.now(UTC)
    ics = ical.feed(a_calendar(), calls)
    took = datetime.now(UTC) - began

    assert ics.count(b"BEGIN:VEVENT") == 500
    assert took < timedelta(seconds=5)
