"""kill -9 of `calls serve` while people register: who was told that she is registered is, and hears so once.

`CALLS_TESTS_LONG=1` makes each of the six lives long enough for at least 2,000 acknowledged registrations on each database.
"""

import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.messages.models import SENDING, Message
from tests.faults.crowd import ANSWERED_NOT, Crowd, pages_of_calls, registered, seats_taken
from tests.served import Served, plan_a_show, wait_for

KILLS = 6
IS_LONG = os.environ.get("CALLS_TESTS_LONG") == "1"
PATIENCE = 900 if IS_LONG else 60
IN_ONE_LIFE = 350 if IS_LONG else 12  # acknowledged, before it ends


@pytest.fixture
def served(address: str, tmp_path: Path, servers: list[Served]) -> Served:
    with closing(Database(address, is_serving=False)) as database:
        plan_a_show(database, datetime.now(UTC), capacity=100_000)
    served = Served(tmp_path / "served", CALLS_DATABASE=address)
    servers.append(served)
    return served.start()


def test_kills_lose_nobody_and_double_only_what_was_in_flight(served: Served, address: str) -> None:
    crowd = Crowd(served, pages_of_calls(address)[0])

    with crowd.coming():
        for _ in range(KILLS):
            so_far = len(crowd.acknowledged)
            wait_for(lambda so_far=so_far: len(crowd.acknowledged) >= so_far + IN_ONE_LIFE, "people register")  # type: ignore[misc]
            served.kill()
            let_leases_end(address)
            served.start()

    there = registered(address)
    wait_for(lambda: set(served.readers()) >= set(there), "everybody has her confirmation", seconds=PATIENCE)
    assert served.stop() == 0
    assert set(crowd.statuses) <= {303, 503, ANSWERED_NOT}
    assert len(crowd.acknowledged) >= KILLS * IN_ONE_LIFE
    assert set(crowd.acknowledged) - set(there) == set()
    assert seats_taken(address) == len(there) == len(set(there))
    assert sorted({reader for reader, _ in numbered(served)}) == there
    assert len({number for _, number in numbered(served)}) == len(there)  # one that came twice has the same Message-ID
    assert len(numbered(served)) - len(there) <= KILLS


def let_leases_end(address: str) -> None:
    """What the dead process had claimed is free after ten minutes, or on SQLite at once; as if they were over."""
    with closing(Database(address, is_serving=False)) as database, database.transaction() as session:
        session.execute(sa.update(Message).where(Message.state == SENDING).values(claimed_until=datetime.now(UTC) - timedelta(1)))


def numbered(served: Served) -> list[tuple[str, str]]:
    """Reader and Message-ID of each mail."""
    return list(zip(served.readers(), (str(it["message-id"]) for it in served.letters()), strict=True))
