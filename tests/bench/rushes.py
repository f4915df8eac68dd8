"""Three rushes: for the last seats, to the call within ten seconds, and of reminders within one minute."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from calls.ground.links import JOIN
from calls.ground.tokens import Keys
from tests.bench.processes import SECRET, Server, Sink, load, ours, sink, wait_until
from tests.bench.registrations import people_registering
from tests.bench.table import Row, at_most
from tests.bench.turns import Effort, form, from_network, request
from tests.bench.worlds import SLUG, limit, remind, tonight, world

COMING_IN = 600
TEN_SECONDS = 10.0
LETTERS = 5_000
MINUTE = 60.0
ENOUGH = 600.0
REGISTERING_A_SECOND = 10
WISHES, SEATS = 200, 20
REGISTERING_FOR = 30.0


def last_seats(server: str, folder: Path, effort: Effort) -> Iterator[Row]:
    """Two hundred people want the last twenty seats at the same moment: how long the one waits who waits longest."""
    with ExitStack() as stack:
        place = stack.enter_context(world(server, folder))
        limit(place, SEATS)
        mail = stack.enter_context(sink())
        own = stack.enter_context(ours(folder, place.address, mail=mail.port))
        wishes = people_registering(own, f"/{SLUG}/{place.dates[0]}", WISHES)
        told = load(own, {"visits": [[0.0, [one]] for one in wishes]}, 303, 409)
        if told["statuses"] != {"303": SEATS, "409": WISHES - SEATS}:
            raise RuntimeError(f"{SEATS} seats, and the answers were {told['statuses']}")
        what = f"{WISHES} at once for the last {SEATS} seats, the longest wait"
        yield at_most(what, place.kind, told["ms"]["POST"]["most"] / 1000, 2.0, "{:.2f} s")


def coming_in(server: str, folder: Path, effort: Effort) -> Iterator[Row]:
    """So many people open their link and press the button, evenly over ten seconds, each on a connection of her own."""
    people = effort.count(COMING_IN)
    seconds = TEN_SECONDS * people / COMING_IN
    with ExitStack() as stack:
        place = stack.enter_context(world(server, folder))
        registrations = tonight(place, people)
        own = stack.enter_context(ours(folder, place.address))
        keys = Keys(SECRET.encode())
        paths = [f"/j/{keys.token(JOIN, it, 0)}" for it in registrations]
        visits = [[seconds * number / people, _one_coming_in(own, path, number)] for number, path in enumerate(paths)]
        spread = load(own, {"visits": visits}, 200, 303)["ms"]
        what = f"/j/…, {people} people in {seconds:.0f} seconds"
        yield Row(f"{what}, looking", place.kind, _spread(spread["GET"]))
        yield Row(f"{what}, coming in", place.kind, _spread(spread["POST"]))


def reminding(server: str, folder: Path, effort: Effort) -> Iterator[Row]:
    """So many letters fall due at one moment; people go on registering meanwhile."""
    people = effort.count(LETTERS)
    with ExitStack() as stack:
        place = stack.enter_context(world(server, folder))
        mail = stack.enter_context(sink())
        own = stack.enter_context(ours(folder, place.address, mail=mail.port))
        due_at = remind(place, people)
        pool = stack.enter_context(ThreadPoolExecutor(1))
        meanwhile = pool.submit(_registering, own, f"/{SLUG}/{place.dates[0]}", effort)
        seconds = _until_all_arrived(mail, people, due_at.timestamp())
        spread = meanwhile.result()
        row = at_most(
            f"{people:,} reminders due at once, until the last one is delivered", place.kind, seconds, MINUTE, "{:.1f} s"
        )
        yield row
        yield Row(f"registrations meanwhile, {REGISTERING_A_SECOND} a second", place.kind, _spread(spread))


def _one_coming_in(own: Server, path: str, number: int) -> list[str]:
    """Half of them come in by phone, which shows number and code, half in the browser, which leads on."""
    here = {"x_forwarded_for": from_network(number)}
    return [request(own, path, **here), form(own, path, f"way={'web' if number % 2 else 'phone'}", **here)]


def _registering(own: Server, path: str, effort: Effort) -> dict[str, float]:
    people = effort.count(int(REGISTERING_FOR * REGISTERING_A_SECOND))
    requests = people_registering(own, path, people)
    visits = [[number / REGISTERING_A_SECOND, [one]] for number, one in enumerate(requests)]
    spread: dict[str, float] = load(own, {"visits": visits}, 303)["ms"]["POST"]
    return spread


def _until_all_arrived(mail: Sink, people: int, due_at: float) -> float:
    if not wait_until(lambda: mail.arrived("reminded.example")[0] >= people, ENOUGH, 0.5):
        raise TimeoutError(
            f"only {mail.arrived('reminded.example')[0]} of {people} letters came within {time.time() - due_at:.0f} s"
        )
    return mail.arrived("reminded.example")[1] - due_at


def _spread(spread: Any) -> str:
    return f"p50 {spread['p50']:.0f} ms, p99 {spread['p99']:.0f} ms"
