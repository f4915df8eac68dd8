"""The judge that sits beside every test: it is silent about what is right, and names each fault that is planted."""

from email.message import EmailMessage

import httpx
import pytest

from calls.calendars import ical
from calls.ground.clock import SetClock
from tests.builders import NOW
from tests.calendars.happenings import BEN, LATER, SHOW, a_calendar, a_happening
from tests.calendars.judging import Judge
from tests.fakes import FakeMail

FEED = ical.feed(a_calendar(), [a_happening()])
REQUEST = ical.request(a_happening(), SHOW, BEN)
MOVED = ical.request(a_happening(sequence=1, revised_at=LATER), SHOW, BEN)
CANCEL = ical.cancel(a_happening(sequence=2, revised_at=LATER), SHOW, BEN, withdrawn=False)
ABOUT = "the mail 'Ask Tara' to ben@listeners.example: "


def a_letter(ics: bytes = REQUEST, *, method: str = "REQUEST", attached: bytes = b"", **headers: str) -> bytes:
    """A mail with a calendar in it, put together here and not by the house."""
    letter = EmailMessage()
    known = {"Subject": "Ask Tara", "From": f"Ask Tara <{SHOW.address}>", "To": BEN.address} | headers
    for name, value in known.items():
        letter[name] = value
    letter.set_content("Ask Tara, on Wednesday.")
    letter.add_alternative("<p>Ask Tara, on Wednesday.</p>", subtype="html")
    letter.add_alternative(ics, "text", "calendar", cte="base64", params={"method": method, "charset": "UTF-8"})
    letter.add_attachment(attached or ics, "application", "ics", filename="invite.ics")
    return letter.as_bytes()


def judged(*letters: bytes) -> list[str]:
    judge = Judge()
    for letter in letters:
        judge.mail(letter)
    return [it.removeprefix(ABOUT) for it in judge.faults]


def answered(path: str, body: bytes, content_type: str = "text/calendar; charset=utf-8") -> list[str]:
    judge = Judge()
    request = httpx.Request("GET", f"https://calls.example{path}")
    judge.answer(httpx.Response(200, content=body, headers={"content-type": content_type}, request=request))
    return judge.faults


def test_what_is_right_passes() -> None:
    letters = [a_letter(), a_letter(MOVED), a_letter(MOVED), a_letter(CANCEL, method="CANCEL")]

    assert judged(*letters) == []
    assert answered("/ask-tara/calendar.ics", FEED) + answered("/feeds/x/calls.ics", FEED) == []
    assert answered("/r/x/2026-10-14.ics", ical.download(a_happening())) == []


@pytest.mark.parametrize(
    ("letter", "fault"),
    [
        (a_letter(REQUEST.replace(b"STATUS:CONFIRMED\r\n", b"")), "VEVENT has no STATUS"),
        (a_letter(REQUEST.replace(b"\r\n", b"\n")), "the text does not end with CRLF"),
        (a_letter(method="CANCEL"), "the part says method=CANCEL, its calendar REQUEST"),
        (a_letter(attached=MOVED), "the attached calendar is another one"),
        (a_letter(To="cleo@listeners.example"), "the attendee is not the receiver"),
        (a_letter(Cc="cleo@listeners.example"), "it goes to 2 people"),
        (a_letter(From="no-reply@calls.example"), "the organizer is not the sender"),
        (a_letter().replace(b"text/calendar", b"text/x-calendar"), "the calendar stands as application/ics"),
        (a_letter().replace(b'filename="invite.ics"', b'filename="meeting.ics"'), "the file is named meeting.ics"),
        (
            a_letter().replace(b"Content-Type: text/calendar", b"Content-Disposition: attachment\nContent-Type: text/calendar"),
            "the calendar part is sent as an attachment only",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_fault_of_a_mail_is_found(letter: bytes, fault: str) -> None:
    assert fault in {it.partition(": ")[2] if it.startswith("the mail") else it for it in judged(letter)}


def test_older_mail_after_a_newer_one_is_found() -> None:
    assert judged(a_letter(MOVED), a_letter()) == ["SEQUENCE 0 of 20261001T090000Z goes after 1 of 20261020T090000Z"]


def test_request_after_a_cancel_must_stand_above_it() -> None:
    again = ical.request(a_happening(sequence=2, revised_at=LATER), SHOW, BEN)
    above = ical.request(a_happening(sequence=3, revised_at=LATER), SHOW, BEN)

    assert judged(a_letter(CANCEL, method="CANCEL"), a_letter(again)) == ["REQUEST 2 does not stand above CANCEL 2"]
    assert judged(a_letter(CANCEL, method="CANCEL"), a_letter(above)) == []


@pytest.mark.parametrize("path", ["/ask-tara/calendar.ics", "/feeds/x/calls.ics"])
@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (b"COLOR:teal", b"METHOD:REQUEST", "VCALENDAR may not have METHOD"),
        (b"SUMMARY:Ask Tara: G1", b"SUMMARY:Ask ben@calls.example", "SUMMARY holds a mail address"),
        (b"SUMMARY:Ask Tara: G1", b"SUMMARY:Ask, Tara", "SUMMARY cannot be 'Ask, Tara'"),
    ],
)
def test_fault_of_a_feed_is_found(path: str, right: bytes, wrong: bytes, fault: str) -> None:
    assert answered(path, FEED.replace(right, wrong, 1)) == [f"the feed at {path}: {fault}"]


def test_page_in_the_place_of_a_feed_is_found() -> None:
    fault = "the feed at /ask-tara/calendar.ics is answered with text/html, which empties calendars"

    assert answered("/ask-tara/calendar.ics", b"<html>", "text/html") == [fault]
    assert len(answered("/ask-tara/calendar.ics", b"<html>")) == 3
    assert answered("/ask-tara", b"<html>", "text/html") == []


def test_file_is_judged_as_a_file() -> None:
    assert answered("/r/x/2026-10-14.ics", REQUEST)[0] == "the file at /r/x/2026-10-14.ics: VCALENDAR may not have METHOD"


def test_what_goes_through_the_stand_in_for_a_mail_server_is_seen(judge: Judge) -> None:
    FakeMail(SetClock(NOW)).send(SHOW.address, BEN.address, a_letter(To="cleo@listeners.example"))

    assert (judge.seen, [it.rpartition(": ")[2] for it in judge.faults]) == (1, ["the attendee is not the receiver"])
    judge.begin()  # it was planted
