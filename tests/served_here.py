"""The application served for real in a thread of the test's own process, by the clock that the test sets.

It is what `calls serve` serves, but for the worker: that works when the test says `settle()`, and has done all that is due
when this returns. Change things through `database`, so that the pages that are kept in memory hear of it on SQLite too.
"""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import uvicorn
from litestar.handlers import HTTPRouteHandler

from calls import settings
from calls.app import Built, build, create_app
from calls.cli import serving
from calls.cli.opening import bring_up, opened
from calls.ground.clock import SetClock
from calls.ground.database import Database
from tests.calendars.judging import JUDGE
from tests.gateways.mail_servers import Mailbox, MailServer
from tests.served import wait_for

More = Callable[[Built], Sequence[HTTPRouteHandler]]

LAST_WORD = 10.0  # seconds that answers under way get


def _nothing_more(_: Built) -> Sequence[HTTPRouteHandler]:
    return ()


class ServedHere:
    """An installation at an address of its own. `more` makes further pages for the test."""

    def __init__(self, folder: Path, clock: SetClock, *, more: More = _nothing_more, **given: str) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=serving.BACKLOG)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.clock = clock
        found = settings.read({"CALLS_URL": self.url, "CALLS_DATA": str(folder / "data"), **given})
        with opened(found) as database:
            bring_up(database, found)
        self.built = build(found, clock=clock)
        self._server = uvicorn.Server(serving.flags(lambda: create_app(self.built, has_worker=False, more=more(self.built))))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="server", daemon=True)

    @property
    def database(self) -> Database:
        return self.built.house.database

    def start(self) -> None:
        self._thread.start()
        wait_for(lambda: self._server.started or not self._thread.is_alive(), "the server has started")
        assert self._server.started

    def settle(self) -> None:
        """Have the worker do all that is due by the clock."""
        self.built.worker.settle()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=LAST_WORD)
        self._socket.close()
        JUDGE.outbox(self.built.settings.data / "outbox")
        self.built.mail.close()
        self.database.close()


@contextmanager
def served_here(folder: Path, clock: SetClock, *, more: More = _nothing_more, **given: str) -> Iterator[ServedHere]:
    """Serve until the block ends. Its mails lie in its outbox folder unless CALLS_SMTP is given."""
    served = ServedHere(folder, clock, more=more, **given)
    served.start()
    try:
        yield served
    finally:
        served.stop()


class Post:
    """A real mail server, and what it was sent."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self.server = MailServer(self.mailbox)

    @property
    def url(self) -> str:
        """What CALLS_SMTP says of it."""
        return f"smtp://127.0.0.1:{self.server.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """All mails to an address, oldest first."""
        return [_read(it.message) for it in self.mailbox.letters if it.receivers == [address]]


@contextmanager
def post_office() -> Iterator[Post]:
    post = Post()
    post.server.start()
    try:
        yield post
    finally:
        post.server.stop()


def _read(message: bytes) -> EmailMessage:
    return message_from_bytes(message, _class=EmailMessage, policy=policy.default)
