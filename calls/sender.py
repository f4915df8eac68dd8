"""The sending half of the worker: claim what is due, write the letters, hand them over, tell the database what became of each.

Nothing is claimed before all that was sent is noted, so no letter goes twice because the database was away when it went.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic
from uuid import UUID

from calls.gateways.fetching import Web
from calls.gateways.mail import MailGateway
from calls.gateways.mailbox import Mailbox
from calls.ground.clock import Clock
from calls.ground.database import TROUBLE, Database, is_away
from calls.messages import sending
from calls.messages.composing import Composed
from calls.messages.desk import Desk

logger = logging.getLogger("calls.worker")

PIECE = 5  # letters written between two chances to step aside
MAIL_RESTS = 30.0

Attempt = Callable[[str, Callable[[], object]], Exception | None]


@dataclass(frozen=True)
class Tools:
    """What a worker works with. A mailbox is read where there is one, and `authserv` believed in what it says of senders.

    Busy calendars are read where there is a web to fetch them from.
    """

    database: Database
    clock: Clock
    mail: MailGateway
    desk: Desk
    mailbox: Mailbox | None = None
    authserv: str = ""
    web: Web | None = None


class Sender:
    """Sends what is due, one batch after the other. `attempt` does something and returns its fault; `stop` ends the sending."""

    def __init__(self, tools: Tools, attempt: Attempt, stop: threading.Event) -> None:
        self.tools = tools
        self._attempt = attempt
        self._stop = stop
        self._mail_rests_until = 0.0
        self._claimed_until: datetime | None = None  # by which the rows of the last claim are known
        self._owed: list[sending.Note] = []  # what became of letters, as far as the database could not be told yet

    def send(self) -> None:
        """Send all that is due; rest for a while when the mail server takes nothing."""
        if not self._note() or monotonic() < self._mail_rests_until:
            return
        while not self._stop.is_set():
            with self.tools.database.reading() as session:
                if not sending.is_any_due(session, self.tools.clock.now()):
                    return
            ids = self._claim()
            if not ids or not self._send_all(self._prepared(ids)):
                return

    def try_now(self) -> None:
        """Send what is due even if the mail server took nothing a moment ago."""
        self._mail_rests_until = 0.0
        self.send()

    def end(self) -> None:
        """Tell the database what it has not been told yet, and let go of the mail server."""
        self._note()
        self.tools.mail.close()

    def _claim(self) -> Sequence[UUID]:
        """A batch for this process alone. Where the database went away in the middle, the claim may stand, and is given back."""
        ids: Sequence[UUID] = ()
        now = self.tools.clock.now()
        self._claimed_until = now + sending.LEASE
        try:
            with self.tools.database.transaction() as session:
                ids = sending.claim(session, now)
        except TROUBLE:
            self._owe_back(ids)
            raise
        return ids

    def _prepared(self, ids: Sequence[UUID]) -> list[tuple[UUID, Composed]]:
        """The letters of what was claimed. One that cannot be written is given up, and all others go."""
        ready: list[tuple[UUID, Composed]] = []
        fault = self._attempt("writing letters", lambda: ready.extend(self._prepare(ids)))
        if is_away(fault):
            self._owe_back(ids)
        return self._prepared_singly(ids) if fault and not is_away(fault) else ready

    def _prepared_singly(self, ids: Sequence[UUID]) -> list[tuple[UUID, Composed]]:
        """The letters of what was claimed, one by one, to find those that are the trouble."""
        ready: list[tuple[UUID, Composed]] = []
        suspect: tuple[UUID, Exception] | None = None  # the database's fault, or this letter's: the next one tells
        for place, message_id in enumerate(ids):
            fault = self._attempt("writing one letter", lambda message_id=message_id: ready.extend(self._prepare([message_id])))  # type: ignore[misc]
            if is_away(fault) or (suspect and isinstance(fault, TROUBLE)):
                self._owe_back([*([suspect[0]] if suspect else []), *ids[place:]])
                return ready
            if suspect:
                self._owed.append(self._given_up(*suspect))
            suspect = (message_id, fault) if isinstance(fault, TROUBLE) else None
            if fault and not suspect:
                self._owed.append(self._given_up(message_id, fault))
        if suspect:
            self._owed.append(self._given_up(*suspect))
        return ready

    def _prepare(self, ids: Sequence[UUID]) -> list[tuple[UUID, Composed]]:
        outcomes: list[tuple[UUID, sending.Outcome]] = []
        for place in range(0, len(ids), PIECE):
            with self.tools.database.reading() as session:
                outcomes += sending.prepare(session, ids[place : place + PIECE], self.tools.desk, self.tools.clock.now())
        with self.tools.database.transaction() as session:
            return sending.keep(session, outcomes)

    def _given_up(self, message_id: UUID, fault: Exception) -> sending.Note:
        now = self.tools.clock.now()
        if isinstance(fault, TROUBLE):
            return partial(sending.postpone, message_id=message_id, fault=in_words(fault), now=now)
        return partial(sending.fail, message_id=message_id, fault=f"The letter can't be written: {in_words(fault)}", now=now)

    def _send_all(self, ready: Sequence[tuple[UUID, Composed]]) -> bool:
        """Hand the letters over one by one. False when the rest goes later: the worker ends, or something takes nothing."""
        began = self.tools.clock.now()
        for place, (message_id, composed) in enumerate(ready):
            rest = [it for it, _ in ready[place:]]
            if self._stop.is_set() or self.tools.clock.now() - began > sending.FRESH:
                return self._put_back(rest) and not self._stop.is_set()
            became = sending.hand_over(self.tools.mail, message_id, composed, self.tools.clock)
            if became is None:
                self._mail_rests_until = monotonic() + MAIL_RESTS
                logger.warning("the mail server takes nothing; trying again in %d seconds", MAIL_RESTS)
                self._put_back(rest)
                return False
            self._owed.append(became)
            if not self._note():
                self._put_back(rest[1:])
                return False
        return self._note()

    def _put_back(self, ids: Sequence[UUID]) -> bool:
        """Let others have what was claimed and not sent; False while the database cannot be told."""
        self._owe_back(ids)
        return self._note()

    def _owe_back(self, ids: Sequence[UUID]) -> None:
        self._owed.append(partial(sending.put_back, ids=list(ids), claimed_until=self._claimed_until))

    def _note(self) -> bool:
        """Tell the database what became of letters; False while it takes nothing."""
        while self._owed:
            if isinstance(self._attempt("noting what became of a letter", self._note_next), TROUBLE):
                return False
            self._owed.pop(0)
        return True

    def _note_next(self) -> None:
        with self.tools.database.transaction() as session:
            self._owed[0](session)


def in_words(fault: Exception) -> str:
    """A fault as it is kept beside the row that it befell."""
    return f"{type(fault).__name__}: {fault}"
