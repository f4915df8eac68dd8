"""The process in which a calendar is read: `reading_apart` starts it, and nobody else imports it, nor the library behind it."""

import json
import resource
import signal
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from time import process_time

from calls.guests.busy_times import TakesTooLong, Unreadable, busy_times
from calls.guests.reading_apart import TOO_LONG

PROCESSOR_SECONDS = 3.0
SECONDS_AN_ENTRY = 0.5
MEMORY = 400_000_000  # bytes


class Patience:
    """So much processor time in all, and so much for each entry."""

    def __init__(self) -> None:
        self._is_armed = False
        signal.signal(signal.SIGPROF, self._ring)

    def _ring(self, number: int, frame: object) -> None:
        if self._is_armed:
            raise TakesTooLong

    @contextmanager
    def within(self) -> Iterator[None]:
        """What is done inside is stopped by TakesTooLong when it lasts. Raises Unreadable once all the time is used up."""
        left = PROCESSOR_SECONDS - process_time()
        if left <= 0:
            raise Unreadable(TOO_LONG)
        self._is_armed = True
        signal.setitimer(signal.ITIMER_PROF, min(SECONDS_AN_ENTRY, left))
        try:
            yield
        finally:
            self._is_armed = False
            signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> None:
    """The process itself: what is asked comes in as JSON, and what was found goes out so."""
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, int(PROCESSOR_SECONDS) + 2)):
        with suppress(ValueError, OSError):  # where a system knows no such limit, the others still hold
            resource.setrlimit(kind, (most, most))
    asked = json.load(sys.stdin)
    since, until = (datetime.fromisoformat(asked[it]) for it in ("since", "until"))
    try:
        found = busy_times(b64decode(asked["raw"]), asked["zone"], since, until, Patience().within)
    except Unreadable as fault:
        json.dump({"fault": str(fault)}, sys.stdout)
        return
    busy = [[it.astimezone(UTC).isoformat() for it in interval] for interval in found]
    json.dump({"busy": busy}, sys.stdout)


if __name__ == "__main__":
    main()
