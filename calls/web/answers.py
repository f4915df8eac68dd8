"""An answer as a page function gives it, and the same answer made ready to be sent many times."""

import gzip
import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime

from calls.web.negotiating import is_unchanged, takes_gzip

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
WORTH_COMPRESSING = 300
COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml")

Header = tuple[bytes, bytes]
Reply = tuple[int, list[Header], bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a body and what is said about it."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    cache_control: str = "no-store"
    last_modified: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    prepared: "Prepared | None" = field(default=None, compare=False, repr=False)

    def with_header(self, name: str, value: str) -> "Answer":
        return replace(self, headers=(*self.headers, (name, value)), prepared=None)

    def with_status(self, status: int) -> "Answer":
        return replace(self, status=status, prepared=None)

    def has_header(self, name: str) -> bool:
        return any(own.lower() == name.lower() for own, _ in self.headers)

    def lines(self) -> list[tuple[str, str]]:
        """The header lines, without those that the body's length decides."""
        lines = [("content-type", self.content_type), ("cache-control", self.cache_control), *self.headers]
        if self.last_modified is not None:
            lines.append(("last-modified", format_datetime(self.last_modified, usegmt=True)))
        return lines


class Variant:
    """One spelling of a body (as it is, or compressed) with its own strong ETag (RFC 9110 section 8.8.3)."""

    __slots__ = ("body", "etag", "full", "unchanged")

    def __init__(self, answer: Answer, body: bytes, mark: str, coding: list[Header], varies: list[Header]) -> None:
        self.body = body
        self.etag = f'"{mark}"'.encode()
        lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.lines()]
        about = [line for line in lines if line[0] != b"content-type"]
        self.unchanged = [*about, *varies, (b"etag", self.etag)]
        self.full = [*lines, *coding, *varies, (b"etag", self.etag), (b"content-length", str(len(body)).encode())]


class Prepared:
    """An answer with everything worked out that does not depend on who asks: ETags, compression, header bytes."""

    __slots__ = ("answer", "plain", "route", "size", "small")

    def __init__(self, answer: Answer, route: str) -> None:
        self.answer = answer
        self.route = route
        mark = hashlib.sha256(answer.body).hexdigest()[:32]
        small = _compressed(answer)
        varies = [] if small is None else [(b"vary", b"Accept-Encoding")]
        self.plain = Variant(answer, answer.body, mark, [], varies)
        self.small = None
        if small is not None:
            self.small = Variant(answer, small, f"{mark}-gz", [(b"content-encoding", b"gzip")], varies)
        self.size = len(answer.body) + len(small or b"")

    def reply(self, method: str, encoding: bytes, match: bytes, since: bytes) -> Reply:
        """Status, headers and body for these headers of the request: Accept-Encoding, If-None-Match, If-Modified-Since."""
        variant = self.plain
        if self.small is not None and encoding and takes_gzip(encoding):
            variant = self.small
        if (match or since) and is_unchanged(variant.etag, self.answer.last_modified, match, since):
            return 304, variant.unchanged, b""
        return 200, variant.full, b"" if method == "HEAD" else variant.body


def _compressed(answer: Answer) -> bytes | None:
    """The body in gzip where that helps. Without a time stamp, so that equal bodies stay equal byte for byte."""
    if len(answer.body) < WORTH_COMPRESSING or not answer.content_type.startswith(COMPRESSIBLE):
        return None
    small = gzip.compress(answer.body, compresslevel=6, mtime=0)
    return small if len(small) < len(answer.body) else None
