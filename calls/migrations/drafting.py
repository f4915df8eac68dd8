"""Draft the next step from what the models have and the steps before it do not: for developers, in a checkout.

    python -m calls.migrations.drafting 0002_add_waiting_list "A waiting list for calls that are full."

Then `ruff format calls/migrations/versions`. A draft is a start: read it by the rules at its top, the template's.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from calls.ground.database import Database
from calls.migrations.running import locked, upgrade
from calls.migrations.stepping import HERE, migration_config


def draft(name: str, sentence: str) -> None:
    """Write `versions/{name}.py`, from a database that is empty but for the steps there are."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'draft.sqlite3'}")
        upgrade(database)
        with locked(database) as connection:
            command.revision(migration_config(connection), sentence, autogenerate=True, rev_id=name)
        database.close()
    path = HERE / "versions" / f"{name}.py"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ###" not in line), encoding="utf-8")


if __name__ == "__main__":
    draft(*sys.argv[1:])
