"""A process of its own that brings a database up, for tests that start several or kill one.

    python -m tests.migrating start ADDRESS    run the steps, print those that this process ran
    python -m tests.migrating kill ADDRESS     be killed at the first statement, the fifth …, until the last is reached;
                                               print for each kill what the next one found
"""

import json
import os
import signal
import sys
from typing import Any

import sqlalchemy as sa

from calls.ground.database import Database
from calls.migrations.running import standing, upgrade

EVERY = 4


def start(address: str) -> list[str]:
    database = Database(address)
    ran = upgrade(database)
    database.close()
    return ran


def start_and_die(address: str, statement: int) -> None:
    """Run the steps in a child, which kills itself before it sends the statement of this number."""
    database = Database(address)
    sent = iter(range(1, statement))

    @sa.event.listens_for(database.writer, "before_cursor_execute")
    def die(*_: Any) -> None:
        if next(sent, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    upgrade(database)
    os._exit(0)


def kill_at_each(address: str) -> list[str]:
    found: list[str] = []
    for statement in range(1, 10_000, EVERY):
        child = os.fork()
        if child == 0:
            start_and_die(address, statement)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
        database = Database(address)
        found.append(standing(database))
        database.close()
    return found


if __name__ == "__main__":
    print(json.dumps({"start": start, "kill": kill_at_each}[sys.argv[1]](sys.argv[2])))
