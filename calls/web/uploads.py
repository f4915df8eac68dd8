"""Forms that bring a file (multipart/form-data, RFC 7578): taken only at addresses that ask for one, read as they arrive.

Everywhere else a body keeps its small limit. A file that is too large is let pass by and forgotten, up to a bound, so that the
page can say so beside the field and keep what was typed; and only so many files arrive at once, for each is held in memory.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from litestar.handlers import HTTPRouteHandler
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from calls.ground.text import clean
from calls.web import bodies
from calls.web.asgi import Receive
from calls.web.forms import MOST_FIELDS, File, Form

MULTIPART = "multipart/form-data"
TAKES_FILE = "calls.takes_file"
PASSED_BY = 40_000_000  # bytes of a body that is read to its end, whatever of it is kept
SECONDS = 120
AT_ONCE = 12


class TooManyAtOnce(Exception):
    """As many files arrive already as there is memory for."""


class Uploads:
    """The addresses that ask for a file, and the files that arrive at this moment."""

    def __init__(self, handlers: Sequence[HTTPRouteHandler], at_once: int = AT_ONCE) -> None:
        self._takers = [(_pattern(path), most) for it in handlers if (most := it.opt.get(TAKES_FILE, 0)) for path in it.paths]
        self._free = at_once

    def most(self, path: str, content_type: str) -> int:
        """The largest file in bytes that a form of this type may bring to this address; 0 where none is asked for."""
        if content_type.partition(";")[0].strip().lower() != MULTIPART:
            return 0
        return next((most for pattern, most in self._takers if pattern.fullmatch(path)), 0)

    async def read(self, receive: Receive, length: bytes, content_type: str, most: int, seconds: float = SECONDS) -> Form:
        """The form with its files. Raises as `bodies.read_body` does, or Unreadable."""
        arriving = Arriving(content_type, most)
        async for piece in bodies.pieces(receive, length, PASSED_BY, seconds):
            arriving.take(piece)
        return arriving.form()

    @contextmanager
    def place(self, most: int) -> Iterator[None]:
        """Room in memory until the form is answered. Raises TooManyAtOnce where there is none for a file."""
        if most == 0:
            yield
            return
        if self._free < 1:
            raise TooManyAtOnce
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


class Arriving:
    """A form as it arrives: its fields whole, its files up to so many bytes each time."""

    def __init__(self, content_type: str, most: int) -> None:
        _, options = parse_options_header(content_type)
        try:
            self._parser = PushMultipartParser(options.get("boundary", ""), max_segment_count=MOST_FIELDS)
        except MultipartError as fault:
            raise bodies.Unreadable from fault
        self._most = most
        self._fields: list[tuple[str, str]] = []
        self._files: dict[str, File] = {}
        self._typed = 0
        self._part: MultipartSegment | None = None
        self._held = bytearray()

    def take(self, piece: bytes) -> None:
        """Take the next piece of the body. Raises Unreadable, or TooLarge when more was typed than a form can hold."""
        try:
            for event in self._parser.parse(piece) if piece else ():
                if isinstance(event, MultipartSegment):
                    self._part, self._held = event, bytearray()
                elif event is None:
                    self._finish()
                else:
                    self._hold(event)
        except MultipartError as fault:
            raise bodies.Unreadable from fault

    def form(self) -> Form:
        """What came, once everything has. Raises Unreadable when something is missing."""
        try:
            self._parser.close()
        except MultipartError as fault:
            raise bodies.Unreadable from fault
        return Form(self._fields, files=self._files)

    @property
    def _is_file(self) -> bool:
        return self._part is not None and self._part.filename is not None

    def _hold(self, piece: bytes) -> None:
        if not self._is_file:
            self._typed += len(piece)
            if self._typed > bodies.LARGEST:
                raise bodies.TooLarge
        elif len(self._held) > self._most:
            return
        self._held += piece

    def _finish(self) -> None:
        """A part has come whole. A field for a file in which none was chosen brings one without name and content."""
        if self._part is None:
            return
        name = clean(self._part.name or "")
        if not self._is_file:
            self._fields.append((name, clean(self._held.decode("utf-8", "replace"))))
        elif self._held and name not in self._files:
            content = bytes(self._held) if len(self._held) <= self._most else None
            self._files[name] = File(content, self._most)
        self._part, self._held = None, bytearray()


def _pattern(path: str) -> re.Pattern[str]:
    """An address with its parameters open: `/g/{token:str}/picture`."""
    return re.compile("/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/")))
