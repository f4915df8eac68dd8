"""Mails that nobody means well with, or that nobody wrote to be read: each by its name."""

import base64

from tests.inbound.mails import ANN, PASSED, UID, crlf, google, mail, outlook_counter, reply, several

OUT_OF_OFFICE = mail(
    "I am away until Monday.\n",
    "text/plain; charset=utf-8",
    subject="Automatic reply: Ask Tara",
    more="Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\nPrecedence: auto_reply",
)
OUR_OWN = several(
    ("text/plain", "You are registered.\n"),
    ("text/calendar; method=REQUEST", reply("NEEDS-ACTION", method="METHOD:REQUEST")),
    sender="Ask Tara <shows@calls.example>",
    more="Auto-Submitted: auto-generated",
)


def nested(depth: int) -> bytes:
    """An answer at the bottom of so many multiparts."""
    head = "".join(f"--b{it}\nContent-Type: multipart/mixed; boundary=b{it + 1}\n\n" for it in range(depth))
    return mail(f"{head}--b{depth}\nContent-Type: text/calendar; method=REPLY\n\n{reply()}", 'multipart/mixed; boundary="b0"')


def parts_of(number: int, kind: str, body: str) -> bytes:
    return several(*((kind, body) for _ in range(number)))


def many_lines() -> str:
    return reply(more="\n".join("X-A:b" for _ in range(150_000)))


def of_slow_zones(number: int) -> bytes:
    """So many proposals, each in a zone of thirty rules, most of which never come to pass but once."""
    rule = "BEGIN:STANDARD\nDTSTART:19000101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n{}END:STANDARD\n"
    rules = [rule.format(f"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY={it}\n") for it in (*range(28, 32), *[31] * 26)]
    zone = f"BEGIN:VTIMEZONE\nTZID:Q\n{''.join(rules)}END:VTIMEZONE\n"
    event = "BEGIN:VEVENT\nUID:inv-{}\nDTSTART;TZID=Q:21990101T000000\nDTEND;TZID=Q:21990101T010000\nEND:VEVENT\n"
    events = "".join(event.format(it) for it in range(number))
    return mail(f"BEGIN:VCALENDAR\nMETHOD:COUNTER\n{zone}{events}END:VCALENDAR\n")


UNDATED = mail(reply(uid="inv-nobody", stamp=""))
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "line ends": b"\r\n" * 100,
    "NULs": b"\0" * 10_000,
    "no headers": reply().encode(),
    "no blank line": b"From: a@example.com\r\nSubject: x",
    "UID with a NUL": mail(reply(uid="inv-\0abc")),
    "UID of nobody": mail(reply(uid="inv-nobody")),
    "UID too long": mail(reply(uid="x" * 5000)),
    "NULs everywhere": mail(reply(more="COMMENT:a\0b"), subject="a\0b", sender="A\0nn <ann\0@example.com>"),
    "forged sender": mail(reply(uid="inv-nobody"), results=("mx.evil.example; dmarc=pass header.from=example.com",)),
    "sender that is none": mail(reply(uid="inv-nobody"), sender="<<<>>>,,;@@"),
    "out of office": OUT_OF_OFFICE,
    "our own mail": OUR_OWN,
    "part of nearly 1 MB": mail(many_lines()),
    "part of more than 1 MB": mail(many_lines() + "X" * 400_000),
    "part of 4 MB": mail(reply(more=f"COMMENT:{'x' * 4_000_000}")),
    "mail of 6 MB": mail(reply(more=f"COMMENT:{'x' * 6_000_000}")),
    "one line of 900 kB": mail(reply(more=f"COMMENT:{'x' * 900_000}")),
    "fold upon fold": mail(reply(more="COMMENT:x" + "\n " * 200_000)),
    "200 parts": parts_of(200, "text/calendar; method=REPLY", reply(uid="inv-nobody")),
    "200 parts of another kind": parts_of(200, "text/plain", "hello\n"),
    "20 parts of 200 kB": parts_of(20, "text/calendar; method=REPLY", "BEGIN:VCALENDAR\n" + "A:b\n" * 50_000),
    "100,000 parts": parts_of(100_000, "text/plain", ""),
    "10 deep, and cut off": nested(10),
    "2,000 deep": nested(2000),
    "one boundary in itself": mail("--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 3000, "multipart/mixed; boundary=b"),
    "boundary of letters with a meaning": mail("--(.*)+\n\nx\n--(.*)+--\n", 'multipart/mixed; boundary="(.*)+"'),
    "no boundary": mail("--\n\nx\n", "multipart/mixed"),
    "2,000 components deep": mail("BEGIN:VCALENDAR\nMETHOD:REPLY\n" + "BEGIN:VEVENT\n" * 2000),
    "ends without beginnings": mail("END:VEVENT\n" * 2000 + reply(uid="inv-nobody")),
    "5,000 events": mail("".join(reply(uid=f"inv-{it}") for it in range(5000))),
    "broken base64": mail("====QkVHSU4\x01!!", encoding="base64").replace(b"\r\n\r\n", b"\r\n\r\n=A=B"),
    "base64 of nonsense": several(("text/calendar; method=REPLY\nContent-Transfer-Encoding: base64", "A" * 9999)),
    "unknown encoding": several(("text/calendar; method=REPLY\nContent-Transfer-Encoding: x-uuencode", "begin 644 a")),
    "unknown charset": mail(reply(uid="inv-nobody"), "text/calendar; method=REPLY; charset=klingon"),
    "charset that unpacks": mail(reply(uid="inv-nobody"), "text/calendar; method=REPLY; charset=zip"),
    "charset that is slow": mail(reply(more="COMMENT:" + "ä" * 100_000), "text/calendar; charset=punycode"),
    "wrong charset": mail(reply(uid="inv-nobody"), "text/calendar; method=REPLY; charset=utf-16"),
    "two methods": mail(reply(uid="inv-nobody", method="METHOD:REPLY\nMETHOD:COUNTER")),
    "date of no day": UNDATED.replace(b"22 Nov 2026 12", b"99 Nov 99999 99"),
    "date of long ago": UNDATED.replace(b"22 Nov 2026 12:00:00 +0100", b"01 Jan 0001 00:00:00 +2359"),
    "subject without an end": mail(reply(uid="inv-nobody"), subject="=?utf-8?b?" + "A" * 200_000),
    "subject of broken words": mail(reply(uid="inv-nobody"), subject="=?klingon?q?=XX=?= =?utf-8?b?A?= \x85\x1b[2J"),
    "brackets without an end": mail(reply(uid="inv-nobody"), results=(PASSED.replace("(", "(" * 5000),)),
    "counter of a hostile zone": outlook_counter().replace(UID.encode(), b"inv-nobody").replace(b"FREQ=YEARLY", b"FREQ=SECONDLY"),
    "counters of slow zones": of_slow_zones(5000),
    "counter of the year 0": outlook_counter(start="00000101T000000").replace(UID.encode(), b"inv-nobody"),
    "an answer as an answer's name": google().replace(UID.encode(), b"inv-nobody"),
    "report of nothing": several(kind="multipart/report; report-type=delivery-status"),
    "report of a stranger": several(
        ("message/delivery-status", f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; {ANN}\nAction: failed\nStatus: 5.1.1\n"),
        ("text/rfc822-headers", "Message-ID: <0123456789abcdef0123456789abcdef@calls.example>\n"),
        kind="multipart/report; report-type=delivery-status",
    ),
    "zip bomb": several(("application/zip\nContent-Transfer-Encoding: base64", base64.encodebytes(b"PK" * 100_000).decode())),
    "latin without saying so": crlf("From: Jörg <j@example.com>\nSubject: Größe\n\nhä\n").encode("latin-1"),
}
