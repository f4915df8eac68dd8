"""What is noted of each request: one line in the log and one figure, by the route and never by the path.

A path may hold a secret and a line may outlive the person, so neither paths nor addresses of people are written.
"""

import logging
from itertools import count
from secrets import token_hex

from prometheus_client import CollectorRegistry, Histogram

logger = logging.getLogger("calls.access")

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Numbers:
    """The numbers of requests: unlike those of any other process, and of no meaning."""

    def __init__(self) -> None:
        self._start = token_hex(4)
        self._count = count(1)

    def next(self) -> str:
        return f"{self._start}-{next(self._count):x}"


class Timing:
    """The time that requests take, by method, route and status."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._histogram = Histogram(
            "calls_request_seconds",
            "Time to answer a request, by route",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=registry,
        )
        self._lines: dict[tuple[str, str, int], Histogram] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        line = self._lines.get((method, route, status))
        if line is None:
            line = self._lines[method, route, status] = self._histogram.labels(method, route, str(status))
        line.observe(seconds)


def note(timing: Timing, method: str, route: str, status: int, seconds: float, number: str) -> None:
    """Note one answered request."""
    method = method if method in METHODS else "other"
    timing.observe(method, route, status, seconds)
    if logger.isEnabledFor(logging.INFO):
        facts = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 2), "request": number}
        logger.info("%s %s %s %.2f ms %s", method, route, status, seconds * 1000, number, extra={"facts": facts})
