"""People first: what can wait steps aside while somebody waits for an answer.

The worker beside the pages shares their interpreter and, on SQLite, their one pen. Left alone it would take every second
turn in a rush, and double everybody's wait for mails that may as well leave a moment later. It never stops, though: of
the time that a rush lasts its two loops keep a fortieth.
"""

from threading import local
from time import monotonic, sleep, thread_time
from types import TracebackType

SHARE = 0.0125  # of the time, for each of the threads that work, however many ask
QUIET = 0.003  # seconds without anybody waiting, after which it is quiet
LONGEST = 1.0  # seconds that work is held up at most, each time
GLANCE = 0.01


class _Pace(local):
    """How a thread that works has fared since it last stepped aside: when it went on, and the processor time it had."""

    def __init__(self) -> None:
        self.went_on_at = float("-inf")
        self.had = thread_time()


class Courtesy:
    """Counts who is being answered (`with courtesy:`, in one thread), and lets work of other threads step aside for them."""

    def __init__(self, quiet: float = QUIET) -> None:
        self._quiet = quiet
        self._asking = 0
        self._last_at = float("-inf")
        self._pace = _Pace()

    def __enter__(self) -> None:
        self._asking += 1

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._asking -= 1
        self._last_at = monotonic()

    def step_aside(self) -> None:
        """Wait until it is quiet, or until the work done since the last time was no more than its share of the time."""
        now, pace = monotonic(), self._pace
        worked = thread_time() - pace.had
        end = min(pace.went_on_at + worked / SHARE, now + LONGEST)
        while not self._is_quiet() and monotonic() < end:
            sleep(GLANCE)
        pace.went_on_at, pace.had = monotonic(), thread_time()

    def _is_quiet(self) -> bool:
        return not self._asking and monotonic() - self._last_at >= self._quiet
