"""Mails as other people's programs write them, after M16 to M22 of calendars.md: each a function that says what it differs in.

Our own mail server is mx.calls.example: it writes its Authentication-Results at the top of what it takes.
"""

import base64
from collections.abc import Sequence
from textwrap import dedent

AUTHSERV = "mx.calls.example"
UID = "inv-abcdefghijklmnopqrstuvwxyz"
ANN = "ann@example.com"
PASSED = f"{AUTHSERV}; dkim=pass header.d=example.com; dmarc=pass (p=reject) header.from=example.com"


def mail(
    body: str,
    kind: str = 'text/calendar; method=REPLY; charset="utf-8"',
    *,
    sender: str = f"Ann Lee <{ANN}>",
    results: Sequence[str] = (PASSED,),
    more: str = "",
    subject: str = "Accepted: Ask Tara",
    encoding: str = "8bit",
) -> bytes:
    """One mail of one part, as the mailbox holds it."""
    content = body.encode() if encoding != "base64" else base64.encodebytes(body.encode())
    heads = [
        *(f"Authentication-Results: {it}" for it in results),
        "Received: from out.example.com by mx.calls.example; Sun, 22 Nov 2026 11:00:02 +0000",
        f"From: {sender}",
        "To: Ask Tara <shows@calls.example>",
        f"Subject: {subject}",
        "Date: Sun, 22 Nov 2026 12:00:00 +0100",
        "Message-ID: <1@example.com>",
        "MIME-Version: 1.0",
        *more.splitlines(),
        f"Content-Type: {kind}",
        f"Content-Transfer-Encoding: {encoding}",
    ]
    return crlf("\n".join(heads) + "\n\n").encode() + crlf(content.decode()).encode()


def several(*parts: tuple[str, str], kind: str = "multipart/mixed", **facts: object) -> bytes:
    """A mail of several parts, each a content type and a body."""
    pieces = "".join(f"--b1\nContent-Type: {it}\n\n{body}\n" for it, body in parts)
    return mail(f"{pieces}--b1--\n", f'{kind}; boundary="b1"', **facts)  # type: ignore[arg-type]


def crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def lines(text: str) -> str:
    return crlf(dedent(text).strip() + "\n")


def reply(
    answer: str = "ACCEPTED",
    *,
    attendee: str = f"mailto:{ANN}",
    uid: str = UID,
    stamp: str = "DTSTAMP:20261122T105959Z",
    sequence: str = "SEQUENCE:0",
    more: str = "",
    method: str = "METHOD:REPLY",
) -> str:
    """A REPLY of the plainest kind."""
    within = "\n".join(it for it in (stamp, sequence, more) if it)
    return crlf(
        f"BEGIN:VCALENDAR\nPRODID:-//Somebody//EN\nVERSION:2.0\n{method}\nBEGIN:VEVENT\nUID:{uid}\n"
        f"ATTENDEE;PARTSTAT={answer}:{attendee}\n{within}\nEND:VEVENT\nEND:VCALENDAR\n"
    )


def exchange(answer: str = "ACCEPTED") -> bytes:
    """Exchange and outlook.com: no ORGANIZER, a Windows zone with its VTIMEZONE, the part base64 beside the text."""
    calendar = lines(
        f"""
        BEGIN:VCALENDAR
        METHOD:REPLY
        PRODID:Microsoft Exchange Server 2010
        VERSION:2.0
        BEGIN:VTIMEZONE
        TZID:Pacific Standard Time
        BEGIN:STANDARD
        DTSTART:16010101T020000
        TZOFFSETFROM:-0700
        TZOFFSETTO:-0800
        RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:16010101T020000
        TZOFFSETFROM:-0800
        TZOFFSETTO:-0700
        RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
        END:DAYLIGHT
        END:VTIMEZONE
        BEGIN:VEVENT
        ATTENDEE;PARTSTAT={answer};CN=Ann Lee:MAILTO:Ann@Example.com
        COMMENT;LANGUAGE=en-US:See you\\, Tara.\\n
        UID:{UID}
        SUMMARY;LANGUAGE=en-US:Accepted: Ask Tara
        DTSTART;TZID=Pacific Standard Time:20261124T160000
        DTEND;TZID=Pacific Standard Time:20261124T170000
        CLASS:PUBLIC
        PRIORITY:5
        DTSTAMP:20261122T105500Z
        TRANSP:OPAQUE
        STATUS:CONFIRMED
        SEQUENCE:0
        X-MICROSOFT-CDO-APPT-SEQUENCE:0
        X-MICROSOFT-CDO-BUSYSTATUS:BUSY
        END:VEVENT
        END:VCALENDAR
        """
    )
    parts = (
        ('text/plain; charset="utf-8"', "See you, Tara.\n"),
        (
            'text/calendar; charset="utf-8"; method=REPLY\nContent-Transfer-Encoding: base64',
            base64.encodebytes(calendar.encode()).decode(),
        ),
    )
    return several(*parts, kind="multipart/alternative", more="X-MS-Has-Attach:\nX-Auto-Response-Suppress: DR, OOF, AutoReply")


def google_calendar(answer: str = "DECLINED") -> str:
    return lines(
        f"""
        BEGIN:VCALENDAR
        PRODID:-//Google Inc//Google Calendar 70.9054//EN
        VERSION:2.0
        CALSCALE:GREGORIAN
        METHOD:REPLY
        BEGIN:VEVENT
        DTSTART:20261125T000000Z
        DTEND:20261125T010000Z
        DTSTAMP:20261122T105800Z
        ORGANIZER;CN=Ask Tara:mailto:shows@calls.example
        UID:{UID}
        ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT={answer};CN=Ann
          Lee;X-NUM-GUESTS=0:mailto:{ANN}
        CREATED:20261120T090000Z
        DESCRIPTION:
        LAST-MODIFIED:20261122T105800Z
        LOCATION:
        SEQUENCE:0
        STATUS:CONFIRMED
        SUMMARY:Ask Tara
        TRANSP:OPAQUE
        END:VEVENT
        END:VCALENDAR
        """
    )


def google(answer: str = "DECLINED", *, by_itself: bool = False) -> bytes:
    """Google, which holds the part twice and says that a machine wrote it; `by_itself` is its newer form (M18)."""
    calendar = google_calendar(answer)
    parts = (
        ('text/plain; charset="UTF-8"; format=flowed', f"{ANN} has declined this invitation.\n"),
        ('text/calendar; charset="UTF-8"; method=REPLY', calendar),
        ('application/ics; name="invite.ics"\nContent-Disposition: attachment; filename="invite.ics"', calendar),
    )
    if not by_itself:
        return several(*parts, more="Auto-Submitted: auto-generated\nSender: Google Calendar <calendar-notification@google.com>")
    signed = f"{AUTHSERV};\n dkim=pass (2048-bit key) header.d=google.com header.i=@google.com header.s=20230601"
    return several(
        *parts,
        sender='"Ann Lee (Google Calendar)" <calendar-notification@google.com>',
        results=(signed,),
        more=f"Reply-To: Ann Lee <{ANN}>\nAuto-Submitted: auto-generated",
    )


def apple(answer: str = "TENTATIVE") -> bytes:
    """Apple: without DTSTART and SEQUENCE, the answer as an attachment; ATTENDEE with a name in quotation marks."""
    calendar = lines(
        f"""
        BEGIN:VCALENDAR
        CALSCALE:GREGORIAN
        METHOD:REPLY
        PRODID:-//Apple Inc.//macOS 15.1//EN
        VERSION:2.0
        BEGIN:VEVENT
        ATTENDEE;CN="Lee; Ann";CUTYPE=INDIVIDUAL;EMAIL="{ANN}";PARTSTAT={answer}:
         mailto:{ANN}
        DTSTAMP:20261122T105700Z
        ORGANIZER;CN="Ask Tara":mailto:shows@calls.example
        UID:{UID}
        END:VEVENT
        END:VCALENDAR
        """
    )
    parts = (
        ("text/plain; charset=us-ascii", "Ann Lee has tentatively accepted your invitation.\n"),
        ("text/calendar; method=REPLY; name=iCal-20261122-115700.ics; charset=utf-8", calendar),
    )
    return several(*parts)


def thunderbird(answer: str = "ACCEPTED") -> bytes:
    """Thunderbird: the part alone in an alternative, with the X-properties that it keeps."""
    calendar = lines(
        f"""
        BEGIN:VCALENDAR
        PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
        VERSION:2.0
        METHOD:REPLY
        BEGIN:VEVENT
        CREATED:20261120T090000Z
        LAST-MODIFIED:20261122T105600Z
        DTSTAMP:20261122T105600Z
        UID:{UID}
        SUMMARY:Ask Tara
        ORGANIZER;CN=Ask Tara:mailto:shows@calls.example
        ATTENDEE;RSVP=TRUE;CN=Ann Lee;PARTSTAT={answer};CUTYPE=INDIVIDUAL;ROLE=OPT
         -PARTICIPANT:mailto:{ANN}
        X-MOZ-RECEIVED-SEQUENCE:2
        X-MOZ-RECEIVED-DTSTAMP:20261120T090000Z
        DTSTART:20261125T000000Z
        DTEND:20261125T010000Z
        SEQUENCE:2
        END:VEVENT
        END:VCALENDAR
        """
    )
    parts = (
        ("text/plain; charset=UTF-8", "Ann Lee has accepted your invitation.\n"),
        ("text/calendar; charset=UTF-8; method=REPLY", calendar),
    )
    return several(*parts, kind="multipart/alternative")


def outlook_counter(
    *, zone: str = "Pacific Standard Time", described: bool = True, start: str = "20261028T110000", end: str = "20261028T120000"
) -> bytes:
    """Outlook's "New Time Proposed": the old time in X-MS-OLK-ORIGINALSTART (M22)."""
    rules = "\n".join(
        (
            f"BEGIN:VTIMEZONE\nTZID:{zone}",
            "BEGIN:STANDARD\nDTSTART:16010101T020000\nTZOFFSETFROM:-0700\nTZOFFSETTO:-0800",
            "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\nEND:STANDARD",
            "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:-0800\nTZOFFSETTO:-0700",
            "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE",
        )
    )
    head = "BEGIN:VCALENDAR\nMETHOD:COUNTER\nPRODID:Microsoft Exchange Server 2010\nVERSION:2.0"
    event = "\n".join(
        (
            f"BEGIN:VEVENT\nATTENDEE;PARTSTAT=TENTATIVE;CN=Ann Lee:mailto:{ANN}",
            f"COMMENT;LANGUAGE=en-US:An hour later?\\n\nUID:{UID}",
            "SUMMARY;LANGUAGE=en-US:New Time Proposed: Ask Tara",
            f"DTSTART;TZID={zone}:{start}\nDTEND;TZID={zone}:{end}",
            "DTSTAMP:20261122T105500Z\nSEQUENCE:0",
            f"X-MS-OLK-ORIGINALSTART;TZID={zone}:20261028T090000\nX-MS-OLK-ORIGINALEND;TZID={zone}:20261028T100000",
            "BEGIN:VALARM\nDESCRIPTION:REMINDER\nTRIGGER;RELATED=START:-PT15M\nACTION:DISPLAY\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n",
        )
    )
    calendar = crlf("\n".join([head, *([rules] if described else []), event]))
    words = ("text/plain; charset=utf-8", "An hour later?\n")
    return several(words, ('text/calendar; charset="utf-8"; method=COUNTER', calendar))


def bounced(
    message_id: str,
    address: str = ANN,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 <ann@example.com> no such user here",
    returned: str = "message/rfc822",
) -> bytes:
    """A mail server's report of a letter that it could not deliver (RFC 3464), as Postfix writes it."""
    report = lines(
        f"""
        Reporting-MTA: dns; mx.example.com
        Arrival-Date: Sun, 22 Nov 2026 10:00:00 +0000

        Final-Recipient: rfc822; {address}
        Original-Recipient: rfc822;{address}
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mx.example.com
        Diagnostic-Code: {diagnostic}
        """
    )
    letter = f"From: shows@calls.example\nTo: {address}\nSubject: You are registered\nMessage-ID: <{message_id}>\n\nHello\n"
    parts = (
        ("text/plain; charset=us-ascii", "I'm sorry to have to inform you …\n"),
        ("message/delivery-status", report),
        (returned, letter),
    )
    return several(
        *parts,
        kind="multipart/report; report-type=delivery-status",
        sender="Mail Delivery System <MAILER-DAEMON@example.com>",
        subject="Undelivered Mail Returned to Sender",
        more="Auto-Submitted: auto-replied",
    )
