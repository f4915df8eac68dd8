"""Read somebody's calendar in a process of its own, which ends with it.

A calendar comes from anywhere, and a library works on it. Apart, it takes no time from those who wait for an answer, keeps no
memory, and whatever it is made of, it is stopped: after so much processor time, beyond so much memory, and at last by force.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from time import process_time

from calls.guests.busy_times import TakesTooLong, Unreadable, busy_times
from calls.guests.slots import Interval

SECONDS = 20.0  # on the wall, after which it is stopped by force: on a busy machine it may wait long for its turns
PROCESSOR_SECONDS = 3.0
SECONDS_AN_ENTRY = 0.5
MEMORY = 400_000_000  # bytes
_TOO_LONG = "The calendar takes too long to work out."


def read(raw: bytes, zone: str, since: datetime, until: datetime) -> list[Interval]:
    """The busy times in a calendar, as `busy_times` finds them. Raises Unreadable, and nothing else for what stands in it."""
    asked = {"raw": b64encode(raw).decode(), "zone": zone, "since": since.isoformat(), "until": until.isoformat()}
    command = [sys.executable, "-P", "-m", "calls.guests.reading_apart"]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "0"}
    try:
        done = subprocess.run(  # noqa: S603 -- our own program; what was fetched goes in as its input
            command, input=json.dumps(asked).encode(), capture_output=True, timeout=SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(_TOO_LONG) from None
    return _answered(done)


def _answered(done: subprocess.CompletedProcess[bytes]) -> list[Interval]:
    if done.returncode < 0:
        raise Unreadable(_TOO_LONG)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        raise Unreadable("The calendar at that address is too much to read.") from None
    if "fault" in said:
        raise Unreadable(said["fault"])
    return [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in said["busy"]]


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
            raise Unreadable(_TOO_LONG)
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
