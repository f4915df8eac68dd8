"""Measure two things in turns, so that what else the machine does falls on both alike."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench.processes import Server, load


@dataclass(frozen=True)
class Effort:
    """How long to measure: so many rounds of so many seconds; `many` scales counts of people and letters."""

    rounds: int
    seconds: float
    many: float

    def count(self, whole: int) -> int:
        return max(20, int(whole * self.many))

    @property
    def of_writes(self) -> "Effort":
        """Shorter rounds, for what has to be caught up with after each; no fewer, for the disk is a moody thing."""
        return Effort(self.rounds, min(self.seconds, 2.0), self.many)


SHORT = Effort(1, 0.4, 0.01)
WHOLE = Effort(5, 3.0, 1.0)


@dataclass(frozen=True)
class Round:
    """What one side did in one round: answers a second, processor time of the server an answer, and all that was told."""

    pace: float
    cpu: float
    told: dict[str, Any]


@dataclass(frozen=True)
class Compared:
    """Both sides over all rounds. Ratios are taken round by round, then their median."""

    ours: list[Round]
    other: list[Round]

    @property
    def pace(self) -> float:
        return median(it.pace for it in self.ours)

    @property
    def other_pace(self) -> float:
        return median(it.pace for it in self.other)

    @property
    def ratio(self) -> float:
        return median(ours.pace / other.pace for ours, other in zip(self.ours, self.other, strict=True))

    @property
    def cpu(self) -> tuple[float, float]:
        """Microseconds of processor time an answer, ours and the other's."""
        return median(it.cpu for it in self.ours) * 1e6, median(it.cpu for it in self.other) * 1e6


def in_turns(ours: Callable[[], Round], other: Callable[[], Round], rounds: int) -> Compared:
    """So many rounds of each, one after the other, each side going first in every second one."""
    compared = Compared([], [])
    for number in range(rounds):
        if number % 2:
            compared.other.append(other())
            compared.ours.append(ours())
        else:
            compared.ours.append(ours())
            compared.other.append(other())
    return compared


def measured(server: Server, plan: dict[str, Any], *expected: int) -> Round:
    """One round of load."""
    before = server.cpu_seconds()
    told = load(server, plan, *expected)
    return Round(told["count"] / told["seconds"], (server.cpu_seconds() - before) / told["count"], told)


def closed(requests: list[str], connections: int, seconds: float, *, is_repeated: bool = True) -> dict[str, Any]:
    """As many connections, each asking again as soon as it is answered."""
    return {"shared": requests, "is_repeated": is_repeated, "connections": connections, "seconds": seconds}


def request(server: Server, path: str, **headers: str) -> str:
    """A GET as a browser sends it."""
    return _spelt("GET", server, path, {"accept-encoding": "gzip", **headers})


def form(server: Server, path: str, body: str, **headers: str) -> str:
    """A form as a browser posts it."""
    kind = {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
    return _spelt("POST", server, path, {**kind, "sec-fetch-site": "same-origin", **headers}) + body


def from_network(number: int) -> str:
    """The address of somebody in a network of its own, for limits count by network."""
    return f"{11 + number // 65_536 % 80}.{number // 256 % 256}.{number % 256}.7"


def _spelt(method: str, server: Server, path: str, headers: dict[str, str]) -> str:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{server.port}\r\n{lines}\r\n"
