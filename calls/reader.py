"""The reading half of the worker: each mail that came into the mailbox is taken in a transaction of its own, and then marked.

Several workers may read one mailbox: a mail that two of them fetch is taken once, by its digest, as is one that was taken by a
process that died before it marked it.
"""

import logging
import threading

from calls.gateways.mailbox import Mailbox, MailboxAway
from calls.ground.database import TROUBLE
from calls.inbound import reading, taking
from calls.inbound.reading import Mail
from calls.sender import Attempt, Tools

logger = logging.getLogger("calls.worker")

PAUSES = (5, 15, 60, 300, 600)  # seconds to wait for a mail server that is away; the last again and again


class Reader:
    """Reads one mailbox, mail by mail. `attempt` does something and returns its fault; `stop` ends the reading."""

    def __init__(self, tools: Tools, mailbox: Mailbox, attempt: Attempt, stop: threading.Event) -> None:
        self.tools = tools
        self.mailbox = mailbox
        self.pauses: tuple[int, ...] = PAUSES
        self._attempt = attempt
        self._stop = stop
        self._times_away = 0

    def read(self) -> None:
        """Take what has come and wait for more, until the worker ends; wait with growing pauses while the mail server is away."""
        try:
            while not self._stop.is_set():
                self._read_on()
        finally:
            self.mailbox.close()

    def _read_on(self) -> None:
        try:
            is_done = self.mailbox.read(self._take)
            if self._times_away:
                logger.info("the mailbox is read again")
                self._times_away = 0
            if is_done:
                self.mailbox.wait(self._stop)
            else:
                self._stop.wait(self.pauses[0])  # for the database
        except MailboxAway as away:
            if not self._times_away:
                logger.warning("the mailbox can't be read, and is tried again and again: %s", away)
            self._stop.wait(self.pauses[min(self._times_away, len(self.pauses) - 1)])
            self._times_away += 1

    def _take(self, raw: bytes, is_whole: bool) -> bool:
        """Take one mail; False where it stays for later, since the worker ends or the database takes nothing now."""
        if self._stop.is_set():
            return False
        mail = reading.read(raw, authserv=self.tools.authserv, now=self.tools.clock.now(), is_whole=is_whole)
        fault = self._attempt("taking a mail", lambda: self._keep(mail))
        if fault is None or isinstance(fault, TROUBLE):
            return fault is None
        return self._attempt("keeping a mail aside", lambda: self._keep_aside(mail)) is None

    def _keep(self, mail: Mail) -> None:
        with self.tools.database.transaction() as session:
            taking.take(session, mail, now=self.tools.clock.now())

    def _keep_aside(self, mail: Mail) -> None:
        with self.tools.database.transaction() as session:
            taking.keep_aside(session, mail, now=self.tools.clock.now())
