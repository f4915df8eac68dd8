"""The judge itself: it passes what is right, and names each fault that is planted."""

import pytest

from calls.calendars import ical
from tests.calendars.grammar import check_download, check_feed, check_mail_part
from tests.calendars.happenings import BEN, SHOW, a_calendar, a_happening

FEED = ical.feed(a_calendar(), [a_happening("2026-10-14 16:00"), a_happening("2026-10-21 16:00", is_cancelled=True)])
PERSONAL = ical.feed(a_calendar(source=None), [a_happening()], alarm_minutes=15)
REQUEST = ical.request(a_happening(), SHOW, BEN)
GUEST_REQUEST = ical.request(a_happening(), SHOW, BEN, is_guest=True)
CANCEL = ical.cancel(a_happening(sequence=1), SHOW, BEN, withdrawn=False)
FILE = ical.download(a_happening())

DATED = b"DTSTART:20261014T160000Z\r\nDTEND:20261014T170000Z"
FIRST_UID = b"UID:occ-2026-10-14@calls.example"
FIRST_SUMMARY = b"SUMMARY:Ask Tara: G1"

FEED_FAULTS = [
    (b"END:VCALENDAR\r\n", b"END:VCALENDAR", ["the text does not end with CRLF"]),
    (
        b"VERSION:2.0\r\n",
        b"VERSION:2.0\n",
        [
            "a line ends with something else than CRLF",
            "content line 2 breaks the grammar: 'VERSION:2.0\\nPRODID:-//Calls//Calls//EN'",
            "VCALENDAR has no VERSION",
            "VCALENDAR has no PRODID",
        ],
    ),
    (b"COLOR:teal", b"COLOR:" + b"t" * 70, ["line 12 has 76 octets"]),
    (
        b"COLOR:teal",
        b"COLOR:t\xc3\r\n \xa9",
        ["line 12 is not UTF-8, or is folded inside a character", "line 13 is not UTF-8, or is folded inside a character"],
    ),
    (b"COLOR:teal", b"COLOR:te\\\r\n \\al", ["line 13 is folded inside an escape"]),
    (
        b"BEGIN:VCALENDAR",
        b" BEGIN:VCALENDAR",
        ["the text begins with a folded line", "END:VCALENDAR closes nothing that is open"],
    ),
    (b"COLOR:teal", b"COLOR teal", ["content line 12 breaks the grammar: 'COLOR teal'"]),
    (b"COLOR:teal", b"color:teal", ["content line 12 breaks the grammar: 'color:teal'"]),
    (b"COLOR:teal", b"\r\nCOLOR:teal", ["content line 12 breaks the grammar: ''"]),
    (b"COLOR:teal", b'COLOR;X-A="b:teal', ["content line 12 breaks the grammar: 'COLOR;X-A=\"b:teal'"]),
    (b"COLOR:teal", b"COLOR;X-A=b;X-A=c:teal", ["content line 12 breaks the grammar: 'COLOR;X-A=b;X-A=c:teal'"]),
    (b"COLOR:teal", b"COLOR:te\x00al", ["content line 12 breaks the grammar: 'COLOR:te\\x00al'"]),
    (b"COLOR:teal", b"COLOR:te\xe2\x80\xa8al", ["content line 12 breaks the grammar: 'COLOR:te\\u2028al'"]),
    (
        b"BEGIN:VCALENDAR",
        b"\xef\xbb\xbfBEGIN:VCALENDAR",
        ["content line 1 breaks the grammar: '\\ufeffBEGIN:VCALENDAR'", "END:VCALENDAR closes nothing that is open"],
    ),
    (b"END:VEVENT\r\n", b"", ["END:VCALENDAR closes nothing that is open"]),
    (b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\nBEGIN:VCALENDAR\r\n", ["VCALENDAR is not closed"]),
    (b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\nX-A:b\r\n", ["X-A stands after a component"]),
    (b"END:VCALENDAR\r\n", b"COLOR:red\r\nEND:VCALENDAR\r\n", ["COLOR stands after a component"]),
    (b"VERSION:2.0", b"VERSION:1.0", ["VERSION cannot be '1.0'"]),
    (b"PRODID:-//Calls//Calls//EN\r\n", b"", ["VCALENDAR has no PRODID"]),
    (b"COLOR:teal\r\n", b"COLOR:teal\r\nCOLOR:teal\r\n", ["VCALENDAR has COLOR 2 times"]),
    (b"COLOR:teal", b"UID:feed@calls.example", ["VCALENDAR may not have UID"]),
    (b"COLOR:teal", b"METHOD:REQUEST", ["VCALENDAR may not have METHOD"]),
    (b"COLOR:teal", b"X-WR-TIMEZONE:UTC", ["VCALENDAR may not have X-WR-TIMEZONE"]),
    (
        b"BEGIN:VEVENT\r\n",
        b"BEGIN:VTIMEZONE\r\nTZID:UTC\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n",
        ["VTIMEZONE has no place here"],
    ),
    (b"REFRESH-INTERVAL;VALUE=DURATION:", b"REFRESH-INTERVAL:", ["REFRESH-INTERVAL says VALUE=None, not DURATION"]),
    (b"SOURCE;VALUE=URI:", b"SOURCE:", ["SOURCE says VALUE=None, not URI"]),
    (b"X-PUBLISHED-TTL:PT1H", b"X-PUBLISHED-TTL:1 hour", ["X-PUBLISHED-TTL cannot be '1 hour'"]),
    (b"\r\nNAME:Ask Tara", b"\r\nNAME:Ask Ben", ["NAME is not X-WR-CALNAME"]),
    (b"X-WR-CALDESC:Later", b"X-WR-CALDESC:No later", ["DESCRIPTION is not X-WR-CALDESC"]),
    (FIRST_UID, b"UID:occ-2026-10-21@calls.example", ["occ-2026-10-21@calls.example stands there 2 times"]),
    (FIRST_UID + b"\r\n", b"", ["VEVENT has no UID"]),
    (FIRST_SUMMARY, b"SUMMARY:Ask, Tara", ["SUMMARY cannot be 'Ask, Tara'"]),
    (FIRST_SUMMARY, b"SUMMARY:Ask; Tara", ["SUMMARY cannot be 'Ask; Tara'"]),
    (FIRST_SUMMARY, b"SUMMARY:Ask \\Tara", ["SUMMARY cannot be 'Ask \\\\Tara'"]),
    (FIRST_SUMMARY, b"SUMMARY:Ask tara@calls.example", ["SUMMARY holds a mail address"]),
    (FIRST_SUMMARY, b"SUMMARY;X-BY=tara@calls.example:Ask", ["SUMMARY holds a mail address"]),
    (FIRST_SUMMARY, b"SUMMARY:Join at https://calls.example/j/abcdefghijklmnopq", ["SUMMARY holds a link with a secret"]),
    (
        FIRST_SUMMARY,
        FIRST_SUMMARY + b"\r\nORGANIZER:mailto:tara@calls.example",
        ["VEVENT may not have ORGANIZER", "ORGANIZER holds a mail address"],
    ),
    (
        FIRST_SUMMARY,
        FIRST_SUMMARY + b"\r\nATTENDEE:mailto:ben@calls.example",
        ["VEVENT may not have ATTENDEE", "ATTENDEE holds a mail address"],
    ),
    (FIRST_SUMMARY, FIRST_SUMMARY + b"\r\nRRULE:FREQ=WEEKLY", ["VEVENT may not have RRULE"]),
    (FIRST_SUMMARY, FIRST_SUMMARY + b"\r\nRECURRENCE-ID:20261014T160000Z", ["VEVENT may not have RECURRENCE-ID"]),
    (
        DATED,
        b"DTSTART:20261014T160000Z\r\nDTEND:20261014T160000Z",
        ["an event ends at 20261014T160000Z that starts at 20261014T160000Z"],
    ),
    (DATED, b"DTSTART:20261014T160000Z", ["VEVENT has no DTEND"]),
    (
        DATED,
        b"DTSTART:20261014T160000\r\nDTEND:20261014T170000",
        ["DTSTART cannot be '20261014T160000'", "DTEND cannot be '20261014T170000'"],
    ),
    (DATED, b"DTSTART;TZID=Asia/Tokyo:20261014T160000Z\r\nDTEND:20261014T170000Z", ["DTSTART names a zone"]),
    (
        DATED,
        b"DTSTART:20261314T160000Z\r\nDTEND:20261314T170000Z",
        [
            "DTSTART cannot be '20261314T160000Z'",
            "DTEND cannot be '20261314T170000Z'",
            "the events are not in order of start and UID",
        ],
    ),
    (DATED, b"DTSTART:20261014T240000Z\r\nDTEND:20261015T010000Z", ["DTSTART cannot be '20261014T240000Z'"]),
    (
        DATED,
        b"DTSTART:20261014\r\nDTEND:20261015",
        ["DTSTART says VALUE=None, not DATE", "DTEND says VALUE=None, not DATE", "an all-day notice takes up time"],
    ),
    (DATED, b"DTSTART:20261114T160000Z\r\nDTEND:20261114T170000Z", ["the events are not in order of start and UID"]),
    (b"SEQUENCE:0", b"SEQUENCE:-1", ["SEQUENCE cannot be '-1'"]),
    (b"DTSTAMP:20261001T090000Z", b"DTSTAMP:20261122T090000Z", ["DTSTAMP is not LAST-MODIFIED"]),
    (b"CREATED:20261001T090000Z", b"CREATED:20261001", ["CREATED cannot be '20261001'"]),
    (b"STATUS:CONFIRMED", b"STATUS:BOGUS", ["STATUS cannot be 'BOGUS'"]),
    (b"STATUS:CONFIRMED\r\n", b"", ["VEVENT has no STATUS"]),
    (b"SUMMARY:CANCELLED: ", b"SUMMARY:", ["a cancelled event does not say so in its SUMMARY"]),
    (b"TRANSP:TRANSPARENT", b"TRANSP:OPAQUE", ["a cancelled event takes up time"]),
    (b"URL:https://calls.example/ask-tara/2026-10-14", b"URL:calls example", ["URL cannot be 'calls example'"]),
]

MAIL_FAULTS = [
    (REQUEST, b"METHOD:REQUEST\r\n", b"", ["VCALENDAR has no METHOD"]),
    (REQUEST, b"METHOD:REQUEST", b"METHOD:PUBLISH", ["METHOD cannot be 'PUBLISH'"]),
    (REQUEST, b"METHOD:REQUEST\r\n", b"METHOD:REQUEST\r\nX-WR-CALNAME:Ask Tara\r\n", ["VCALENDAR may not have X-WR-CALNAME"]),
    (REQUEST, b"END:VCALENDAR", b"BEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR", ["there is not exactly one event"]),
    (REQUEST, b"END:VEVENT", b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT", ["VALARM in a single event"]),
    (
        REQUEST,
        b"STATUS:CONFIRMED\r\nTRANSP:OPAQUE",
        b"STATUS:CANCELLED\r\nTRANSP:TRANSPARENT",
        ["a REQUEST for a cancelled event"],
    ),
    (REQUEST, b'ORGANIZER;CN="Ask Tara":mailto:ask-tara@calls.example\r\n', b"", ["VEVENT has no ORGANIZER"]),
    (REQUEST, b"mailto:ask-tara@calls.example", b"mailto:BEN@listeners.example", ["the attendee is the organizer"]),
    (REQUEST, b"mailto:ask-tara@calls.example", b"ask-tara@calls.example", ["ORGANIZER cannot be 'ask-tara@calls.example'"]),
    (REQUEST, b"PARTSTAT=NEEDS-ACTION;", b"", ["ATTENDEE carries CUTYPE, ROLE, RSVP, CN"]),
    (REQUEST, b"X-MICROSOFT-DISALLOW-COUNTER:TRUE\r\n", b"", ["a guest may propose another time, an attendee may not"]),
    (REQUEST, FIRST_SUMMARY, b"SUMMARY:With cleo@listeners.example", ["SUMMARY names somebody"]),
    (REQUEST, FIRST_SUMMARY, b"SUMMARY;X-WITH=cleo@listeners.example:Ask", ["SUMMARY names somebody"]),
    (REQUEST, DATED, b"DTSTART;VALUE=DATE:20261014\r\nDTEND;VALUE=DATE:20261015", ["a call lasts all day"]),
    (CANCEL, b"STATUS:CANCELLED", b"STATUS:CONFIRMED", ["a CANCEL leaves the event standing"]),
    (CANCEL, b"PARTSTAT=NEEDS-ACTION", b"RSVP=TRUE", ["ATTENDEE carries CUTYPE, ROLE, RSVP, CN"]),
    (
        GUEST_REQUEST,
        b"END:VEVENT",
        b"X-MICROSOFT-DISALLOW-COUNTER:TRUE\r\nEND:VEVENT",
        ["a guest may propose another time, an attendee may not"],
    ),
]


def planted(ics: bytes, right: bytes, wrong: bytes) -> bytes:
    """The text with one fault in it. What is to be replaced must be there, or the test would plant nothing."""
    assert right in ics
    return ics.replace(right, wrong, 1)


@pytest.mark.parametrize(("right", "wrong", "faults"), FEED_FAULTS, ids=lambda value: str(value)[:40])
def test_fault_in_a_feed_is_found(right: bytes, wrong: bytes, faults: list[str]) -> None:
    assert check_feed(planted(FEED, right, wrong)) == faults


@pytest.mark.parametrize(("part", "right", "wrong", "faults"), MAIL_FAULTS, ids=lambda value: str(value)[:40])
def test_fault_in_a_mail_part_is_found(part: bytes, right: bytes, wrong: bytes, faults: list[str]) -> None:
    assert check_mail_part(planted(part, right, wrong)) == faults


def test_second_attendee_is_found() -> None:
    cleo = (
        b"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP\r\n =TRUE:mailto:cleo@listeners.example\r\n"
    )

    faults = check_mail_part(REQUEST.replace(b"X-MICROSOFT", cleo + b"X-MICROSOFT"))

    assert faults == ["VEVENT has ATTENDEE 2 times"]


def test_other_text_than_one_calendar_is_found() -> None:
    fault = ["the text is not exactly one VCALENDAR"]

    assert check_feed(FEED.replace(b"VCALENDAR", b"VCARD")) == fault
    assert check_feed(FEED + FEED) == fault
    assert check_feed(b"<html>\r\n") == ["content line 1 breaks the grammar: '<html>'", *fault]
    assert check_feed(b"") == ["the text does not end with CRLF", "content line 1 breaks the grammar: ''", *fault]


def test_feed_without_events_is_found() -> None:
    assert check_feed(FEED.partition(b"BEGIN:VEVENT")[0] + b"END:VCALENDAR\r\n") == ["a feed without events"]


def test_alarm_is_a_fault_where_nobody_asked_for_it() -> None:
    assert check_feed(PERSONAL) == ["an alarm that nobody asked for"]
    assert check_feed(PERSONAL, with_alarms=True) == []


def test_people_and_method_in_a_download_are_found() -> None:
    assert check_download(REQUEST) == [
        "VCALENDAR may not have METHOD",
        "VEVENT may not have ATTENDEE",
        "VEVENT may not have ORGANIZER",
        "VEVENT may not have X-MICROSOFT-DISALLOW-COUNTER",
    ]


def test_what_is_right_passes() -> None:
    judged = [
        check_feed(FEED),
        check_mail_part(REQUEST),
        check_mail_part(GUEST_REQUEST),
        check_mail_part(CANCEL),
        check_download(FILE),
    ]

    assert judged == [[], [], [], [], []]
