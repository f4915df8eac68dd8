"""Stand-ins for the world outside: the same methods, and what they were given is kept in lists."""

import email
import email.policy
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from functools import cached_property

from calls.gateways.fetching import Fetched, NotFetched
from calls.gateways.mail import MailDelayed, MailRefused
from calls.gateways.mailbox import MailboxAway
from calls.ground.clock import Clock
from tests.calendars.judging import JUDGE


@dataclass(frozen=True)
class Letter:
    """One message that went out, read as its receiver's program reads it."""

    at: datetime
    sender: str
    to: str
    raw: bytes

    @cached_property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"])

    @property
    def id(self) -> str:
        return str(self.mail["Message-ID"])

    @property
    def text(self) -> str:
        """The plain text."""
        return self._content("plain")

    @property
    def html(self) -> str:
        return self._content("html")

    @cached_property
    def calendar(self) -> bytes | None:
        """The calendar part, as it stands."""
        for part in self.mail.walk():
            if part.get_content_type() == "text/calendar":
                return bytes(part.get_payload(decode=True))
        return None

    @property
    def method(self) -> str:
        """What the calendar part asks for: REQUEST, CANCEL, or nothing where there is none."""
        return self.entry("METHOD")

    def entry(self, name: str) -> str:
        """One property of the calendar part, as it stands."""
        lines = (self.calendar or b"").decode().replace("\r\n ", "").split("\r\n")
        return next((line.partition(":")[2] for line in lines if line.partition(":")[0].partition(";")[0] == name), "")

    def _content(self, kind: str) -> str:
        part = self.mail.get_body((kind,))
        assert part is not None
        return str(part.get_content())


def _nothing(letter: Letter) -> None:
    """What happens after a letter: nothing."""


@dataclass
class FakeMail:
    """A mail server that keeps what it takes. It may be down, refuse some receivers for good, or put some off."""

    clock: Clock
    letters: list[Letter] = field(default_factory=list)
    is_down: bool = False
    refused: set[str] = field(default_factory=set)
    delayed: set[str] = field(default_factory=set)
    tried: int = 0
    is_closed: bool = False
    after_each: Callable[[Letter], None] = _nothing

    def send(self, envelope_from: str, to: str, message: bytes) -> None:
        self.tried += 1
        if self.is_down:
            raise MailDelayed("The mail server could not be used: it is down")
        if to in self.refused:
            raise MailRefused("The mail server answered 550: no such mailbox")
        if to in self.delayed:
            raise MailDelayed("The mail server answered 450: come back later")
        letter = Letter(self.clock.now(), envelope_from, to, message)
        self.letters.append(letter)
        JUDGE.mail(message)
        self.after_each(letter)

    def probe(self) -> None:
        if self.is_down:
            raise MailDelayed("The mail server could not be used: it is down")

    def close(self) -> None:
        self.is_closed = True

    def to(self, address: str) -> list[Letter]:
        return [it for it in self.letters if it.to == address]


@dataclass
class FakeMailbox:
    """A mailbox that keeps mails and whether each was seen. It raises its faults first, and is read so many times at most."""

    mails: list[bytes]
    rounds: int
    faults: list[MailboxAway] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    is_closed: bool = False

    def __post_init__(self) -> None:
        self.seen = [False] * len(self.mails)

    def read(self, take: Callable[[bytes, bool], bool]) -> bool:
        self.rounds -= 1
        if self.rounds <= 0:
            self.stop.set()
        if self.faults:
            raise self.faults.pop(0)
        for place, raw in enumerate(self.mails):
            if not self.seen[place]:
                self.seen[place] = take(raw, True)
        if all(self.seen):
            self.stop.set()
        return all(self.seen)

    def wait(self, stop: threading.Event) -> None:
        """There is nothing to wait for."""

    def probe(self) -> None:
        """It is there."""

    def close(self) -> None:
        self.is_closed = True


@dataclass
class FakeWeb:
    """The web as a few addresses at which something lies, each state of it with a tag of its own. It may be down."""

    content: dict[str, bytes] = field(default_factory=dict)
    is_down: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    on_asking: Callable[[], None] = lambda: None

    def put(self, address: str, content: str) -> None:
        self.content[address] = content.encode()

    def fetch(self, address: str, etag: str = "") -> Fetched:
        self.asked.append((address, etag))
        self.on_asking()
        if self.is_down:
            raise NotFetched("calendar.example could not be reached.")
        if address not in self.content:
            raise NotFetched("There is nothing at that address of calendar.example (404).")
        body = self.content[address]
        own = f'"{hash(body)}"'
        return Fetched(None, etag) if etag == own else Fetched(body, own)
