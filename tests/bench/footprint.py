"""How soon `calls serve` answers on a database that is there already."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench.processes import ours
from tests.bench.table import Row, at_most
from tests.bench.turns import Effort
from tests.bench.worlds import SLUG, world


def starting(server: str, folder: Path, effort: Effort) -> Iterator[Row]:
    """Seconds from the start of the process to its first public page."""
    with world(server, folder, registered=effort.count(1000)) as place:
        taken = []
        for _ in range(effort.rounds):
            began_at = time.monotonic()
            with ours(folder, place.address) as own:
                own.ask(f"/{SLUG}")
                taken.append(time.monotonic() - began_at)
        yield at_most("start to the first page", place.kind, median(taken), 2, "{:.1f} s")
