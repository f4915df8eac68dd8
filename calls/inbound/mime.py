"""A mail taken apart into headers and parts (RFC 2045 to 2047), whatever was done to it.

The standard library's parser takes time by the depth of a mail times its lines; this one is bounded in depth and in parts, and
finds boundaries in one go. What lies beyond the bounds is not looked at.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser

from calls.ground.text import clean, clean_line

LONGEST_HEAD = 100_000
LONGEST_VALUE = 10_000
MOST_PARTS = 500
DEEPEST = 12

_FOLD = re.compile(r"\r?\n[ \t]*")
# Those that mail is written in. Some of Python's others take time by the square of the length, or are no text.
_CHARSET = re.compile(
    r"utf-?(8|16|16le|16be)|(us-)?ascii|latin-?1|(iso-8859-|windows-|cp)[0-9]{1,4}|gb2312|gbk|gb18030|big5"
    r"|shift[_-]jis|iso-2022-jp|euc-(jp|kr)|koi8-[ru]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """One part with its headers in the order they stand in; `body` as it was encoded."""

    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def kind(self) -> str:
        """The content type in small letters, without its parameters."""
        return self._typed().get_content_type()

    def parameter(self, name: str) -> str:
        """A parameter of the content type; empty where there is none."""
        value = self._typed().get_param(name, "")
        return value if isinstance(value, str) else value[2]

    def all(self, name: str) -> list[str]:
        """Every header of this name, unfolded and as it was encoded, the topmost first."""
        return [value for there, value in self.headers if there == name.lower()]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def words(self, name: str) -> str:
        """A header as people read it, on one line."""
        return clean_line(_words(self.first(name)))

    def content(self, most: int) -> bytes | None:
        """The body as it was before it was encoded; None where that is longer than `most`."""
        if len(self.body) > 2 * most:
            return None
        match self.first("content-transfer-encoding").strip().lower():
            case "base64":
                decoded = _from_base64(self.body)
            case "quoted-printable":
                decoded = binascii.a2b_qp(self.body)
            case _:
                decoded = self.body
        return decoded if len(decoded) <= most else None

    def text(self, most: int) -> str | None:
        """The body as text without controls; None where it is longer than `most` bytes."""
        content = self.content(most)
        return None if content is None else clean(_decoded(content, self.parameter("charset")))

    def _typed(self) -> Message:
        typed = Message()
        typed["Content-Type"] = self.first("content-type")
        return typed


def opened(raw: bytes) -> Part:
    """The mail as its outermost part."""
    head, _, body = b"\n".join((b"", raw.replace(b"\r\n", b"\n"))).partition(b"\n\n")
    text = head[1 : LONGEST_HEAD + 1].decode("utf-8", "replace")
    found = HeaderParser().parsestr(text)
    headers = tuple((name.lower(), _FOLD.sub(" ", str(value))[:LONGEST_VALUE]) for name, value in found.raw_items())
    return Part(headers, body)


def leaves(part: Part) -> Iterator[Part]:
    """The parts that are no multiparts, in their order, but for what lies too deep or comes too late.

    A mail enclosed in a mail is one part and not opened: nobody vouches for who sent it.
    """
    left = MOST_PARTS
    waiting = [(part, 0)]
    while waiting and left:
        here, depth = waiting.pop()
        left -= 1
        if not here.kind.startswith("multipart/"):
            yield here
        elif depth < DEEPEST:
            inner = [(opened(piece), depth + 1) for _, piece in zip(range(left), _pieces(here), strict=False)]
            waiting += reversed(inner)


def _pieces(part: Part) -> Iterator[bytes]:
    boundary = part.parameter("boundary").encode("utf-8", "replace").rstrip()
    if not boundary:
        return
    body = b"\n" + part.body
    begins = None
    for mark in re.finditer(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\n|\Z)", body):
        if begins is not None:
            yield body[begins : mark.start()]
        begins = mark.end() + 1
        if mark[1]:
            return
    if begins is not None:
        yield body[begins:]


def _from_base64(body: bytes) -> bytes:
    """What can be read of it: a broken end is left out."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body.partition(b"=")[0])
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _words(value: str) -> str:
    try:
        pieces = decode_header(value[:LONGEST_VALUE])
    except (HeaderParseError, ValueError):
        return value
    return "".join(it if isinstance(it, str) else _decoded(it, charset or "") for it, charset in pieces)


def _decoded(content: bytes, charset: str) -> str:
    """Text of this charset, or of UTF-8 where it is none that mail is written in."""
    known = charset.strip(" '\"") if _CHARSET.fullmatch(charset.strip(" '\"")) else "utf-8"
    try:
        return content.decode(known, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")
