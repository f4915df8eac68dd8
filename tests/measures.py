"""How much memory something takes at its height, as the machine counts it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STATUS = Path("/proc/self/status")


@dataclass
class Taken:
    """The most bytes by which the process grew."""

    bytes: int = 0


@contextmanager
def memory_taken() -> Iterator[Taken]:
    """Watch the process's memory (Linux) while the block runs."""
    taken, before, over = Taken(), _resident(), threading.Event()

    def watch() -> None:
        while not over.wait(0.002):
            taken.bytes = max(taken.bytes, _resident() - before)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield taken
    finally:
        over.set()
        watcher.join()


def _resident() -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
