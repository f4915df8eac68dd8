"""A mailbox that is read: the contract, and the one that keeps it, a folder on an IMAP server (RFC 3501).

Nothing in it is ever deleted or moved: what was taken is marked as seen, and that is all. A mail may come twice, where the
connection breaks after it was taken and before it was marked; whoever takes it has to know it again.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from calls.gateways.imap import Imap, MailboxAway
from calls.gateways.mailbox_address import Address, address_of

__all__ = ["Address", "ImapMailbox", "Mailbox", "MailboxAway", "address_of"]

LARGEST = 5_000_000  # bytes of a mail that is fetched whole; of a larger one its headers are
LARGEST_HEAD = 100_000
IDLING = 25 * 60.0  # seconds; a server may hang up on who idles for half an hour (RFC 2177)
LOOKING = 60.0  # seconds between two looks where the server cannot tell

Take = Callable[[bytes, bool], bool]


class Mailbox(Protocol):
    """What mail is read from. Used by one thread."""

    def read(self, take: Take) -> bool:
        """Hand every mail that is unseen to `take`, with whether it is whole; those that it takes are marked as seen.

        One that the server does not hand out now stands in no other's way, and comes the next time.
        Ends at once after one that it does not take, and then returns False. Raises MailboxAway.
        """

    def wait(self, stop: threading.Event) -> None:
        """Return once there may be new mail, or when `stop` is set. Raises MailboxAway."""

    def probe(self) -> None:
        """Find out whether it can be read. Raises MailboxAway."""

    def close(self) -> None:
        """Let go of what is open; the next reading opens it again."""


class ImapMailbox:
    """Reads one folder of an IMAP server, over one connection that stays open."""

    def __init__(self, address: Address, *, looking: float = LOOKING) -> None:
        self._address = address
        self._looking = looking
        self._imap: Imap | None = None

    def read(self, take: Take) -> bool:
        with self._open() as imap:
            for uid in imap.unseen():
                found = imap.fetch(uid, LARGEST, LARGEST_HEAD)
                if found and not take(*found):
                    return False
                if found:
                    imap.mark_seen(uid)
        return True

    def wait(self, stop: threading.Event) -> None:
        with self._open() as imap:
            if imap.has_news():
                return
            if imap.can_idle:
                imap.idle(IDLING, stop)
            else:
                stop.wait(self._looking)

    def probe(self) -> None:
        with self._open() as imap:
            imap.check()

    def close(self) -> None:
        imap, self._imap = self._imap, None
        if imap:
            imap.close()

    @contextmanager
    def _open(self) -> Iterator[Imap]:
        """The open connection; after any trouble it is given up, and the next use opens another."""
        if self._imap is None:
            self._imap = Imap(self._address)
        try:
            yield self._imap
        except MailboxAway:
            self.close()
            raise
