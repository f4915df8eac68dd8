"""Mail parts to one person: whole and letter by letter, and what is refused."""

import pytest

from calls.calendars import ical
from calls.ground.refusals import Refused
from tests.calendars.grammar import check_mail_part
from tests.calendars.happenings import BEN, CLEO, SHOW, a_happening

HEAD = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Calls//Calls//EN
CALSCALE:GREGORIAN
METHOD:{method}
BEGIN:VEVENT
UID:inv-ben@calls.example
SEQUENCE:1
DTSTAMP:20261001T090000Z
LAST-MODIFIED:20261001T090000Z
CREATED:20261001T090000Z
DTSTART:20261014T160000Z
DTEND:20261014T170000Z
"""
PLACE = """\
CLASS:PUBLIC
LOCATION:+1 555 0100\\, code 482#
URL:https://calls.example/ask-tara/2026-10-14
"""
TAIL = """\
END:VEVENT
END:VCALENDAR
"""
DESCRIPTION = """\
DESCRIPTION:What to plant now.\\n09:00 Los Angeles time\\n\\nhttps://calls.exa
 mple/ask-tara/2026-10-14
"""
ORGANIZER = """\
ORGANIZER;CN="Ask Tara":mailto:ask-tara@calls.example
"""

CALL = a_happening(uid="inv-ben@calls.example", sequence=1, location="+1 555 0100, code 482#")


def lines(ics: bytes) -> str:
    return ics.decode().replace("\r\n", "\n")


def test_request_to_an_attendee_is_written_letter_by_letter() -> None:
    ics = ical.request(CALL, SHOW, BEN)

    assert lines(ics) == (
        HEAD.format(method="REQUEST")
        + "SUMMARY:Ask Tara: G1\nSTATUS:CONFIRMED\nTRANSP:OPAQUE\n"
        + PLACE
        + DESCRIPTION
        + ORGANIZER
        + "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=\n"
        + ' TRUE;CN="Ben Ōno":mailto:ben@listeners.example\n'
        + "X-MICROSOFT-DISALLOW-COUNTER:TRUE\n"
        + TAIL
    )
    assert check_mail_part(ics) == []


def test_request_to_a_guest_is_written_letter_by_letter() -> None:
    ics = ical.request(CALL, SHOW, BEN, is_guest=True, partstat="TENTATIVE", rsvp=False)

    assert lines(ics) == (
        HEAD.format(method="REQUEST")
        + "SUMMARY:Ask Tara: G1\nSTATUS:CONFIRMED\nTRANSP:OPAQUE\n"
        + PLACE
        + DESCRIPTION
        + ORGANIZER
        + "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=TENTATIVE;RSVP=FAL\n"
        + ' SE;CN="Ben Ōno":mailto:ben@listeners.example\n'
        + TAIL
    )
    assert check_mail_part(ics) == []


@pytest.mark.parametrize(("withdrawn", "status"), [(False, "STATUS:CANCELLED\n"), (True, "")])
def test_cancel_is_written_letter_by_letter_and_has_no_status_where_the_call_goes_on(withdrawn: bool, status: str) -> None:
    ics = ical.cancel(CALL, SHOW, BEN, withdrawn=withdrawn)

    assert lines(ics) == (
        HEAD.format(method="CANCEL")
        + f"SUMMARY:Cancelled: Ask Tara: G1\n{status}TRANSP:TRANSPARENT\n"
        + PLACE
        + "DESCRIPTION:What to plant now.\\n09:00 Los Angeles time\n"
        + ORGANIZER
        + 'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;CN="B\n'
        + ' en Ōno":mailto:ben@listeners.example\n'
        + TAIL
    )
    assert check_mail_part(ics) == []


def test_cancel_for_a_guest_keeps_her_role_and_no_reason_is_no_line() -> None:
    ics = ical.cancel(a_happening(description=" \n", is_cancelled=True), SHOW, BEN, withdrawn=False, is_guest=True)

    assert (b"ROLE=REQ-PARTICIPANT" in ics, b"DESCRIPTION" in ics, ics.count(b"Cancelled: ")) == (True, False, 1)
    assert check_mail_part(ics) == []


def test_refusal_of_another_time_is_written_letter_by_letter() -> None:
    ics = ical.decline_counter(CALL, SHOW, BEN, "The call stays at its time: 09:00, Los Angeles; sorry.\x07")

    assert lines(ics) == (
        HEAD.format(method="DECLINECOUNTER")
        + "SUMMARY:Ask Tara: G1\n"
        + "COMMENT:The call stays at its time: 09:00\\, Los Angeles\\; sorry.\n"
        + ORGANIZER
        + 'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;CN="B\n'
        + ' en Ōno":mailto:ben@listeners.example\n'
        + TAIL
    )
    assert check_mail_part(ics) == []


def test_refusal_of_another_time_tells_no_address_that_stands_in_the_title() -> None:
    ics = ical.decline_counter(a_happening(summary="Write to tara@example.com"), SHOW, BEN, "")

    assert "SUMMARY:Write to tara at example.com\n" in lines(ics)


def test_person_is_named_by_the_address_that_the_mail_goes_to() -> None:
    """A URI is ASCII (RFC 3986), and a calendar looks for the address of To among the attendees."""
    ics = ical.request(CALL, SHOW, ical.Person("", "jorg@bücher.example"))

    assert "mailto:jorg@xn--bcher-kva.example\n" in lines(ics).replace("\n ", "")


def test_case_22_neither_of_two_attendees_is_named_to_the_other() -> None:
    to_ben = ical.request(a_happening(uid="inv-ben@calls.example"), SHOW, BEN)
    to_cleo = ical.request(a_happening(uid="inv-cleo@calls.example"), SHOW, CLEO)

    assert [word in to_ben for word in (b"cleo", b"Cleo")] == [False, False]
    assert [word in to_cleo for word in (b"ben@", b"Ben ")] == [False, False]
    assert to_ben.replace(b"inv-ben", b"inv-cleo") != to_cleo
    assert check_mail_part(to_ben) + check_mail_part(to_cleo) == []


@pytest.mark.parametrize("address", ["ask-tara@calls.example", "ASK-Tara@Calls.Example"])
def test_nobody_is_asked_at_the_address_that_asks(address: str) -> None:
    with pytest.raises(Refused, match="an invitation cannot go to it"):
        ical.request(CALL, SHOW, ical.Person("Tara", address))
    with pytest.raises(Refused, match="an invitation cannot go to it"):
        ical.cancel(CALL, SHOW, ical.Person("Tara", address), withdrawn=True)


def test_nobody_is_asked_to_a_cancelled_call() -> None:
    with pytest.raises(Refused, match="nobody can be asked"):
        ical.request(a_happening(is_cancelled=True), SHOW, BEN)


@pytest.mark.parametrize(
    "address",
    [
        *("", "ben", "ben@x\r\nATTENDEE:mailto:cleo@x", "ben@x\x00", "ben b@x", "ben@x@y", "<ben@x>"),
        *("ben@x\u2028", "ben@x\ud800", f"ben@{'ü' * 70}.example"),
    ],
)
def test_address_that_could_break_its_line_or_is_none_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="needs a mail address"):
        ical.request(CALL, SHOW, ical.Person("Ben", address))


def test_person_without_a_name_has_none() -> None:
    assert b"CN=" not in ical.request(CALL, ical.Person("", SHOW.address), ical.Person(" \x00\n", BEN.address))
