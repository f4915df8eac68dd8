"""People first: what can wait steps aside while somebody waits for an answer.

The worker beside the pages shares their interpreter and, on SQLite, their one pen. Left alone it would take every second
turn in a rush, and double everybody's wait for mails that may as well leave a moment later.
"""

from time import monotonic, sleep
from types import TracebackType

QUIET = 0.02  # seconds without anybody waiting, after which it is quiet
LONGEST = 0.25  # seconds that work is held up at most, each time, so that a rush never stops it
GLANCE = 0.005


class Courtesy:
    """Counts who is being answered (`with courtesy:`, in one thread), and lets work of other threads step aside for them."""

    def __init__(self) -> None:
        self._asking = 0
        self._last_at = float("-inf")

    def __enter__(self) -> None:
        self._asking += 1

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._asking -= 1
        self._last_at = monotonic()

    def step_aside(self) -> None:
        """Wait until it is quiet, but not longer than LONGEST."""
        end = monotonic() + LONGEST
        while not self._is_quiet() and monotonic() < end:
            sleep(GLANCE)

    def _is_quiet(self) -> bool:
        return not self._asking and monotonic() - self._last_at >= QUIET
