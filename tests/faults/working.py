"""A worker in a process of its own, for tests that kill it.

python -m tests.faults.working DATABASE SMTP SECONDS    work with a clock that is so many seconds ahead, until killed
"""

import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from calls.gateways.mail import from_url
from calls.ground.database import Database
from calls.sender import Tools
from calls.worker import Worker
from tests.studio import DESK


class FastClock:
    """The machine's clock, so far ahead: a lease that a dead worker left behind has ended by then."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


def work(address: str, smtp: str, seconds: int) -> None:
    clock = FastClock(timedelta(seconds=seconds))
    worker = Worker(Tools(Database(address), clock, from_url(smtp, Path()), DESK))
    worker.start()
    threading.Event().wait()


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], int(sys.argv[3]))
