"""A load client in a process of its own: many connections that stay open, requests made beforehand, one selector.

It reads one JSON object from standard input and writes one to standard output. `visits` are connections, each with the
second it begins at and its requests in order; or `shared` requests are taken in turn by so many `connections` until
`seconds` are over. It costs a fraction of what any server spends on an answer, so that it is the server that is measured.
"""

import json
import selectors
import socket
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from heapq import heapify, heappop
from itertools import cycle
from statistics import quantiles
from time import perf_counter, sleep
from typing import Any

SILENCE = 60.0
WITHOUT_BODY = {204, 304}


class Visit:
    """One connection, and what it asks one after the other."""

    def __init__(self, begins_at: float, requests: Iterator[bytes]) -> None:
        self.begins_at = begins_at
        self.requests = requests
        self.connection = socket.socket()
        self.asked = b""
        self.asked_at = begins_at
        self.arrived = b""

    def begin(self, address: tuple[str, int]) -> bool:
        """Open the connection and ask the first thing. The time counts from when it should have begun."""
        first = next(self.requests, None)
        if first is None:
            return False
        self.connection.connect(address)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._send(first)
        return True

    def ask(self) -> bool:
        """Ask the next thing; False when there is none."""
        following = next(self.requests, None)
        if following is None:
            self.connection.close()
            return False
        self.asked_at = perf_counter()
        self._send(following)
        return True

    def hear(self) -> int:
        """Read what has come; the status once the answer is whole, else 0."""
        more = self.connection.recv(262_144)
        if not more:
            raise ConnectionError("the server hung up in the middle of an answer")
        self.arrived += more
        end = self.arrived.find(b"\r\n\r\n")
        if end < 0:
            return 0
        status = int(self.arrived[9:12])
        if len(self.arrived) < end + 4 + _length(status, self.arrived[:end]):
            return 0
        self.arrived = b""
        return status

    def _send(self, request: bytes) -> None:
        self.asked = request[:4].strip()
        self.connection.sendall(request)


class Tally:
    """What came back: how often which status, and how long each took, by method."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.first: float | None = None
        self.last_at = 0.0

    def note(self, method: bytes, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        self.times[method.decode()].append(seconds)
        if self.first is None:
            self.first = seconds

    def told(self, seconds: float) -> dict[str, Any]:
        return {
            "seconds": seconds,
            "count": self.statuses.total(),
            "statuses": {str(status): number for status, number in self.statuses.items()},
            "first_ms": (self.first or 0.0) * 1000,
            "ms": {method: _spread(times) for method, times in self.times.items()},
        }


def run(address: tuple[str, int], visits: list[Visit], end: float) -> dict[str, Any]:
    """Let all visits come and go. What was asked before `end` is waited for, and counted where it came in time.

    The first answer always counts, however late it is.
    """
    tally, started_at = Tally(), perf_counter()
    coming = [(visit.begins_at, number, visit) for number, visit in enumerate(visits)]
    heapify(coming)
    with selectors.DefaultSelector() as open_ones:
        while coming or open_ones.get_map():
            while coming and coming[0][0] <= perf_counter():
                visit = heappop(coming)[2]
                if visit.begin(address):
                    open_ones.register(visit.connection, selectors.EVENT_READ, visit)
            pause = coming[0][0] - perf_counter() if coming else SILENCE
            if not open_ones.get_map():
                sleep(max(0.0, pause))
                continue
            heard = open_ones.select(max(0.0, pause))
            if not heard and pause == SILENCE:
                raise TimeoutError("the server fell silent")
            for key, _ in heard:
                _go_on(open_ones, key.data, tally, end)
    return tally.told(max(min(perf_counter(), end), tally.last_at) - started_at)


def _go_on(open_ones: selectors.BaseSelector, visit: Visit, tally: Tally, end: float) -> None:
    status = visit.hear()
    if not status:
        return
    now = perf_counter()
    if now <= end or tally.first is None:
        tally.note(visit.asked, status, now - visit.asked_at)
        tally.last_at = now
    connection = visit.connection
    if not visit.ask():
        open_ones.unregister(connection)


def _length(status: int, head: bytes) -> int:
    """How many bytes of body follow these header lines (RFC 9112 section 6.3)."""
    if status in WITHOUT_BODY:
        return 0
    _, found, rest = head.lower().partition(b"content-length:")
    if not found:
        raise ValueError("an answer does not say how long it is")
    return int(rest.partition(b"\r\n")[0])


def _spread(times: list[float]) -> dict[str, float]:
    steps = quantiles(times, n=100) if len(times) > 1 else times * 99
    return {"p50": steps[49] * 1000, "p99": steps[98] * 1000, "most": max(times) * 1000}


def _until(requests: Iterable[bytes], end: float) -> Iterator[bytes]:
    for request in requests:
        if perf_counter() >= end:
            return
        yield request


def _visits(plan: dict[str, Any], now: float) -> tuple[list[Visit], float]:
    """The visits of a plan, and when it ends."""
    if "visits" in plan:
        return [Visit(now + at, iter([it.encode("latin-1") for it in asked])) for at, asked in plan["visits"]], float("inf")
    end = now + plan["seconds"]
    requests = [it.encode("latin-1") for it in plan["shared"]]
    shared = _until(cycle(requests) if plan["is_repeated"] else requests, end)
    return [Visit(now, shared) for _ in range(plan["connections"])], end


def main() -> None:
    plan = json.load(sys.stdin)
    visits, end = _visits(plan, perf_counter())
    json.dump(run((plan["host"], plan["port"]), visits, end), sys.stdout)


if __name__ == "__main__":
    main()
