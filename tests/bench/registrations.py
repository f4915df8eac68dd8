"""Registering beside a bare handler that takes a seat and writes a row; and memory after many of them."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.processes import Server, bare, ours, sink
from tests.bench.table import Row, at_least, at_most
from tests.bench.turns import Compared, Effort, Round, closed, form, from_network, in_turns, measured
from tests.bench.worlds import SLUG, World, a_database, world

CONNECTIONS = (1, 16, 64)
MOST_A_SECOND = 2_500
PEOPLE = 10_000
CATCHING_UP = 300.0

_numbers = count()


def measure(server: str, folder: Path, effort: Effort) -> Iterator[Row]:
    """Registering at three loads, with the worker beside the pages as `calls serve` runs it."""
    with ExitStack() as stack:
        place = stack.enter_context(world(server, folder, registered=effort.count(1000)))
        beside = stack.enter_context(a_database(server, folder / "bare"))
        mail = stack.enter_context(sink())
        own = stack.enter_context(ours(folder, place.address, mail=mail.port))
        other = stack.enter_context(bare(folder, [], beside))
        for connections in CONNECTIONS:
            compared = in_turns(
                lambda: registering(own, f"/{SLUG}/{place.dates[0]}", connections, effort.of_writes, has_worker=True),  # noqa: B023 -- done at once
                lambda: registering(other, "/register", connections, effort.of_writes, has_worker=False),  # noqa: B023
                effort.of_writes.rounds,
            )
            yield _row(place, compared, connections)


def memory(server: str, folder: Path, effort: Effort) -> Iterator[Row]:
    """Megabytes of `calls serve` once so many people have registered and all their mails have gone."""
    people = effort.count(PEOPLE)
    with ExitStack() as stack:
        place = stack.enter_context(world(server, folder))
        mail = stack.enter_context(sink())
        own = stack.enter_context(ours(folder, place.address, mail=mail.port))
        requests = people_registering(own, f"/{SLUG}/{place.dates[0]}", people)
        measured(own, closed(requests, 16, 600.0, is_repeated=False), 303)
        own.rest(CATCHING_UP)
        own.ask(f"/{SLUG}")
        now, most = own.resident()
        words = f"memory of `calls serve` after {people:,} registrations"
        yield at_most(words, place.kind, now, 130, "{:.0f} MB")
        yield Row(f"{words}, the most it ever was", place.kind, f"{most:.0f} MB")


def registering(server: Server, path: str, connections: int, effort: Effort, *, has_worker: bool) -> Round:
    """One round; what it brought about is caught up with before the next, so that it burdens nobody else's round."""
    requests = people_registering(server, path, int(MOST_A_SECOND * effort.seconds))
    round = measured(server, closed(requests, connections, effort.seconds, is_repeated=False), 303)
    if has_worker:
        server.rest(CATCHING_UP)
    return round


def people_registering(server: Server, path: str, people: int) -> list[str]:
    """The forms of so many people nobody knows yet, each from a network of her own."""
    return [_filled(server, path, number) for number in (next(_numbers) for _ in range(people))]


def _filled(server: Server, path: str, number: int) -> str:
    fields = {"name": f"Ann Example {number}", "email": f"ann{number}@people.example", "zone": "Europe/Berlin", "website": ""}
    return form(server, path, urlencode(fields), x_forwarded_for=from_network(number))


def _row(place: World, compared: Compared, connections: int) -> Row:
    what = f"registration, {connections} at once" if connections > 1 else "registration, one after the other"
    p99 = [max(it.told["ms"]["POST"]["p99"] for it in side) for side in (compared.ours, compared.other)]
    row = at_least(what, place.kind, compared.pace, compared.other_pace, compared.ratio, 0.5, "/s")
    return replace(row, ours=f"{row.ours}, p99 {p99[0]:.0f} ms", bare=f"{row.bare}, p99 {p99[1]:.0f} ms")
