"""The same page and the same registration with few and with very many registrations in the database."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.processes import Server, ours
from tests.bench.registrations import registering
from tests.bench.table import Row, at_least
from tests.bench.turns import Compared, Effort, closed, in_turns, measured, request
from tests.bench.worlds import SLUG, World, world

FEW, MANY = 10, 100_000
LEAST = 0.8
CONNECTIONS = 4


def measure(server: str, folder: Path, effort: Effort) -> Iterator[Row]:
    """What is not kept is asked for, so that each answer is rendered from the database; then people register."""
    many = effort.count(MANY)
    with ExitStack() as stack:
        large = stack.enter_context(world(server, folder / "large", registered=many))
        small = stack.enter_context(world(server, folder / "small", registered=FEW))
        own = stack.enter_context(ours(large.folder, large.address, words=["--no-worker"]))
        other = stack.enter_context(ours(small.folder, small.address, words=["--no-worker"]))
        rendered = in_turns(
            lambda: measured(own, _rendering(own, effort), 200),
            lambda: measured(other, _rendering(other, effort), 200),
            effort.rounds,
        )
        yield _row(f"public page rendered, {many:,} registrations instead of {FEW}", large, rendered)
        registered = in_turns(
            lambda: registering(own, f"/{SLUG}/{large.dates[0]}", CONNECTIONS, effort, has_worker=False),
            lambda: registering(other, f"/{SLUG}/{small.dates[0]}", CONNECTIONS, effort, has_worker=False),
            effort.rounds,
        )
        yield _row(f"registration, {many:,} registrations instead of {FEW}", large, registered)


def _rendering(server: Server, effort: Effort) -> dict[str, object]:
    return closed([request(server, f"/{SLUG}?fresh")], CONNECTIONS, effort.seconds)


def _row(what: str, place: World, compared: Compared) -> Row:
    return at_least(what, place.kind, compared.pace, compared.other_pace, compared.ratio, LEAST, "/s")
