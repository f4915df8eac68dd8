"""The part of the worker that reads busy calendars: one after the other, in a thread of its own, since others are slow to answer.

Several workers may do so at once; each claims what it reads.
"""

import threading

from calls.gateways.fetching import Web
from calls.guests import reading_busy
from calls.guests.reading_busy import Due
from calls.sender import Attempt, Tools


class BusyReader:
    """Reads what is due. `attempt` does something and returns its fault; `stop` ends the reading."""

    def __init__(self, tools: Tools, web: Web, attempt: Attempt, stop: threading.Event) -> None:
        self.tools = tools
        self.web = web
        self._attempt = attempt
        self._stop = stop

    def read(self) -> None:
        """Read all that is due now. One whose reading fails for a reason of ours is due again after its lease."""
        while not self._stop.is_set():
            due = self._claim()
            if due is None or self._attempt("reading a busy calendar", lambda due=due: self._read(due)):  # type: ignore[misc]
                return

    def _claim(self) -> Due | None:
        now = self.tools.clock.now()
        with self.tools.database.reading() as session:
            if not reading_busy.is_any_due(session, now):
                return None
        with self.tools.database.transaction() as session:
            return reading_busy.claim(session, now)

    def _read(self, due: Due) -> None:
        outcome = reading_busy.read(self.web, due, self.tools.clock.now())
        with self.tools.database.transaction() as session:
            reading_busy.note(session, due, outcome, self.tools.clock.now())
