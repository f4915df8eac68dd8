"""A letter as the bytes that go over the wire (RFC 5322, 2045 to 2047; with a calendar part RFC 6047, calendars.md M3).

The same letter is always the same bytes. No Cc, no Bcc: one letter goes to one person.
"""

import base64
import binascii
import hashlib
import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Protocol

from calls.ground.addresses import ascii_address, email_problem
from calls.ground.refusals import Refused
from calls.ground.text import clean, clean_line, excerpt

_LONGEST_NAME = 120
_LONGEST_SUBJECT = 200
_LINE = 70
# RFC 2047 allows 76 characters on a line with an encoded word; 39 bytes become 64 of them, and the longest name before takes 10.
_BYTES_IN_A_WORD = 39
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_WITHOUT_BLANKS = re.compile(r"[!-;=?-~]+")
_MESSAGE_ID = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")
_METHOD = re.compile(r"[A-Z]+")

Header = tuple[str, str]


class Correspondent(Protocol):
    """Who writes or is written to. The name may be empty."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str: ...


@dataclass(frozen=True)
class Letter:
    """One mail to one person. The ids are written without their angle brackets.

    `unsubscribe` is the address that stops such mails by one POST (RFC 8058). `calendar` goes with `calendar_method`,
    which must be the METHOD inside it.
    """

    sender: Correspondent
    receiver: Correspondent
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    reply_to: str | None = None
    in_reply_to: str | None = None
    unsubscribe: str | None = None
    calendar: bytes | None = None
    calendar_method: str | None = None
    auto_submitted: str = "auto-generated"


@dataclass(frozen=True)
class _Part:
    headers: tuple[Header, ...]
    content: bytes


def to_bytes(letter: Letter) -> bytes:
    """The message with CRLF line ends, all of it ASCII. Refused when an address is none that mail can be sent to."""
    words = (_quoted_printable("text/plain", letter.text), _quoted_printable("text/html", letter.html))
    if letter.calendar is None:
        whole = _multipart("alternative", letter.message_id, words)
    else:
        asked = _calendar_part(letter.calendar, letter.calendar_method or "")
        readings = _multipart("alternative", letter.message_id, (*words, asked))
        whole = _multipart("mixed", letter.message_id, (readings, _attachment(letter.calendar)))
    return _written(_Part((*_headers(letter), ("MIME-Version", "1.0"), *whole.headers), whole.content))


def _headers(letter: Letter) -> list[Header]:
    headers = [
        ("From", _mailbox(letter.sender)),
        ("To", _mailbox(letter.receiver)),
        ("Subject", _unstructured(excerpt(letter.subject, _LONGEST_SUBJECT))),
        ("Date", format_datetime(letter.date)),
        ("Message-ID", _id(letter.message_id)),
    ]
    if letter.reply_to:
        headers.append(("Reply-To", _wire_address(letter.reply_to)))
    if letter.in_reply_to:
        headers += [("In-Reply-To", _id(letter.in_reply_to)), ("References", _id(letter.in_reply_to))]
    if letter.unsubscribe:
        address = _fitting(_WITHOUT_BLANKS, letter.unsubscribe)
        headers += [("List-Unsubscribe", f"<{address}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
    return [*headers, ("Auto-Submitted", _fitting(_WITHOUT_BLANKS, letter.auto_submitted))]


def _mailbox(person: Correspondent) -> str:
    name, address = excerpt(person.name, _LONGEST_NAME), _wire_address(person.address)
    if not name:
        return address
    phrase = _phrase(name)
    return f"{phrase} <{address}>" if len(phrase) + len(address) < _LINE else f"{phrase}\r\n <{address}>"


def _wire_address(address: str) -> str:
    problem = email_problem(address)
    if problem:
        raise Refused(problem)
    return ascii_address(address)


def _phrase(name: str) -> str:
    """A name before an address: as it is, between quotation marks, or encoded (RFC 5322 3.2.5, RFC 2047)."""
    if not _is_plain(name):
        return _encoded(name)
    if _PLAIN_PHRASE.fullmatch(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unstructured(line: str) -> str:
    if not _is_plain(line):
        return _encoded(line)
    return "\r\n ".join(textwrap.wrap(line, _LINE, break_long_words=False, break_on_hyphens=False))


def _is_plain(line: str) -> bool:
    """Whether a reader shows the line as it stands. What looks like an encoded word would be decoded."""
    return line.isascii() and line.isprintable() and "=?" not in line


def _encoded(line: str) -> str:
    """The line as encoded words of whole characters (RFC 2047)."""
    words = [b""]
    for letter in clean_line(line):
        piece = letter.encode()
        if len(words[-1]) + len(piece) > _BYTES_IN_A_WORD:
            words.append(b"")
        words[-1] += piece
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


def _id(message_id: str) -> str:
    return f"<{_fitting(_MESSAGE_ID, message_id)}>"


def _fitting(shape: re.Pattern[str], value: str) -> str:
    """A header's value that the house itself made: if it does not fit, the house is wrong, and the letter must not go."""
    if not shape.fullmatch(value):
        raise ValueError(f"A mail header cannot hold {value!r}.")
    return value


def _quoted_printable(kind: str, text: str) -> _Part:
    lines = clean(text).rstrip("\n").replace("\n", "\r\n") + "\r\n"
    encoded = binascii.b2a_qp(lines.encode(), istext=True)
    return _Part((("Content-Type", f"{kind}; charset=utf-8"), ("Content-Transfer-Encoding", "quoted-printable")), encoded)


def _calendar_part(calendar: bytes, method: str) -> _Part:
    # Without Content-Disposition and last: only so does Outlook show its buttons.
    kind = f"text/calendar; method={_fitting(_METHOD, method)}; charset=UTF-8"
    return _Part((("Content-Type", kind), ("Content-Transfer-Encoding", "base64")), _base64(calendar))


def _attachment(calendar: bytes) -> _Part:
    headers = (
        ("Content-Type", 'application/ics; name="invite.ics"'),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", 'attachment; filename="invite.ics"'),
    )
    return _Part(headers, _base64(calendar))


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _multipart(kind: str, message_id: str, parts: tuple[_Part, ...]) -> _Part:
    # "=_" stands in neither encoding of the parts, so the boundary cannot either.
    boundary = f"=_{kind}_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"
    inner = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), _written(part)) for part in parts)
    return _Part((("Content-Type", f'multipart/{kind};\r\n boundary="{boundary}"'),), inner + f"--{boundary}--\r\n".encode())


def _written(part: _Part) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in part.headers)
    return head.encode("ascii") + b"\r\n" + part.content
