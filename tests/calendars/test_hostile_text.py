"""Whatever people type, a calendar has the same events, breaks no rule, and reads back as it was typed."""

from typing import Any

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.calendars import ical
from calls.calendars.properties import without_addresses
from calls.ground.text import clean, clean_line
from tests.calendars import readers
from tests.calendars.grammar import check_download, check_feed, check_mail_part
from tests.calendars.happenings import BEN, PAGE, SHOW, a_calendar, a_happening
from tests.calendars.lines import parsed, unescaped, unfolded

PIECES = [
    *("\r\nBEGIN:VEVENT\r\nUID:x", "\nEND:VCALENDAR", ";TZID=Asia/Tokyo", "\r\n X", "CANCELLED: ", "tara@example.org", "mailto:"),
    *("\\", "\\n", "\\N", "\\\\", ";", ",", ":", '"', "’", "^n", "^'", "%2C", " ", "\t", "😀", "字", "é"),
    *("\x00", "\x0b", "\x1c", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\ud800", "\u202e"),
]
ANYTHING = st.characters(codec=None)
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(ANYTHING, max_size=90)), max_size=8).map("".join)
NAMES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(ANYTHING, max_size=30)), max_size=4).map("".join)


def event_of(ics: bytes) -> icalendar.Component:
    """The one event that icalendar finds."""
    (event,) = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    return event


def name_of(ics: bytes) -> str:
    """The calendar's name; icalendar reads it as it stands, escapes and all."""
    calendar, _ = parsed(unfolded(ics)[0])
    return "" if calendar is None else unescaped(calendar.value("NAME"))


@settings(deadline=None)
@given(title=TEXTS, description=TEXTS, place=TEXTS, name=TEXTS, topics=st.lists(TEXTS, max_size=3))
def test_feed_holds_what_was_typed_and_no_more(title: str, description: str, place: str, name: str, topics: list[str]) -> None:
    calls = [
        a_happening("2026-10-14 16:00", summary=title, description=description, location=place, categories=tuple(topics)),
        a_happening("2026-10-21 16:00", summary=title, is_cancelled=True),
    ]

    ics = ical.feed(a_calendar(name=name, description=description), calls, alarm_minutes=15)

    assert check_feed(ics, with_alarms=True) == []
    shown = without_addresses(title)
    assert [seen.summary for seen in readers.by_icalendar(ics)] == [shown, f"CANCELLED: {shown}"]
    assert name_of(ics) == without_addresses(name)


@settings(deadline=None)
@given(title=TEXTS, description=TEXTS, name=NAMES)
def test_mail_part_holds_what_was_typed_and_no_more(title: str, description: str, name: str) -> None:
    call = a_happening(summary=without_addresses(title), description=description)
    attendee = ical.Person(without_addresses(name), BEN.address)

    request = ical.request(call, SHOW, attendee)
    cancel = ical.cancel(call, SHOW, attendee, withdrawn=True)

    assert check_mail_part(request) + check_mail_part(cancel) + check_download(ical.download(call)) == []
    event: Any = event_of(request)
    assert str(event["SUMMARY"]) == without_addresses(title)
    assert event["ATTENDEE"].params.get("CN", "") == clean_line(attendee.name).replace("\\", "/")
    assert str(event["DESCRIPTION"]).removesuffix(f"{PAGE}/2026-10-14").rstrip() == clean(description).rstrip()
    assert str(event_of(cancel).get("DESCRIPTION", "")) == clean(description).strip()


@settings(deadline=None)
@given(url=TEXTS)
def test_address_of_a_page_never_breaks_its_line(url: str) -> None:
    ics = ical.download(a_happening(url=f"https://calls.example/{url}", description="", location="x"))

    assert [fault for fault in check_download(ics) if "secret" not in fault] == []
