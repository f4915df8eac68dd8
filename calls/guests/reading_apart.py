"""Read somebody's calendar in a process of its own, which ends with it.

A calendar comes from anywhere, and a library works on it. Apart, it takes no time from those who wait for an answer, keeps no
memory, and whatever it is made of, it is stopped: after so much processor time, beyond so much memory, and at last by force.
"""

import json
import os
import subprocess
import sys
from base64 import b64encode
from datetime import datetime

from calls.guests.slots import Interval

SECONDS = 20.0  # on the wall, after which it is stopped by force: on a busy machine it may wait long for its turns
TOO_LONG = "The calendar takes too long to work out."


class NotUnderstood(Exception):
    """Nothing was learned from a calendar, in a sentence for the host."""


def read(raw: bytes, zone: str, since: datetime, until: datetime, seconds: float = SECONDS) -> list[Interval]:
    """The busy times in a calendar, as `busy_times` finds them. Raises NotUnderstood, and nothing else for what stands in it."""
    asked = {"raw": b64encode(raw).decode(), "zone": zone, "since": since.isoformat(), "until": until.isoformat()}
    command = [sys.executable, "-P", "-m", "calls.guests.working_out"]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(  # noqa: S603 -- our own program; what was fetched goes in as its input
            command, input=json.dumps(asked).encode(), capture_output=True, timeout=seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotUnderstood(TOO_LONG) from None
    return _answered(done)


def _answered(done: subprocess.CompletedProcess[bytes]) -> list[Interval]:
    if done.returncode < 0:
        raise NotUnderstood(TOO_LONG)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        raise NotUnderstood("The calendar at that address is too much to read.") from None
    if "fault" in said:
        raise NotUnderstood(said["fault"])
    return [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in said["busy"]]
