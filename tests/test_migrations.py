"""The steps make what the models say, on both databases, however the starts fall over each other."""

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from calls.ground.database import Database
from calls.ground.refusals import Refused
from calls.migrations.running import locked, run, standing, steps, upgrade
from calls.migrations.stepping import HERE, migration_config
from calls.migrations.tables import METADATA
from tests.builders import a_show
from tests.conftest import NewAddress
from tests.filling import SOME_ID, fill
from tests.migrating import EVERY

OLDER_INDEXES = (
    ("changes_call_id", "changes", "call_id"),
    ("changes_show_id", "changes", "show_id"),
    ("registrations_pass_id", "registrations", "pass_id"),
)


@pytest.fixture
def empty(new_address: str) -> Iterator[Database]:
    """A database without any table."""
    database = Database(new_address)
    yield database
    database.close()


@pytest.fixture
def as_modelled(request: pytest.FixtureRequest, empty: Database) -> Iterator[Database]:
    """Another database, made straight from the models."""
    make: NewAddress = request.getfixturevalue("new_sqlite" if empty.is_sqlite else "new_postgres")
    database = Database(make())
    METADATA.create_all(database.writer)
    yield database
    database.close()


def test_steps_are_numbered_in_one_line_and_named_as_their_files() -> None:
    script = ScriptDirectory.from_config(migration_config())

    line = [(step.revision, Path(step.path).stem, step.down_revision) for step in reversed(list(script.walk_revisions()))]

    files = sorted(path.stem for path in (HERE / "versions").glob("*.py"))
    assert line == [(name, name, before) for name, before in zip(files, [None, *files], strict=False)]
    assert [name[:5] for name in files] == [f"{number:04}_" for number in range(1, len(files) + 1)]
    assert [name for name in files if len(name) > 32] == []


def test_upgrade_of_an_empty_database_gives_the_models(empty: Database, as_modelled: Database) -> None:
    ran = upgrade(empty)

    assert ran == list(steps())
    assert differences(empty) == []
    assert shape(empty) == shape(as_modelled)


def test_upgrade_of_a_filled_database_gives_the_models_and_keeps_the_rows(empty: Database, as_modelled: Database) -> None:
    with locked(empty) as connection:
        run(connection, steps()[0])
        fill(connection)
    before = counts(empty)

    ran = upgrade(empty)

    assert ran == list(steps()[1:])
    assert set(before.values()) == {1}
    assert {table: count for table, count in counts(empty).items() if table in before} == before
    assert differences(empty) == []
    assert shape(empty) == shape(as_modelled)


def test_upgrade_of_a_current_database_does_nothing(database: Database) -> None:
    told: list[str] = []

    ran = upgrade(database, told.append)

    assert (ran, told, standing(database)) == ([], [], "current")


def test_standing_tells_an_empty_database_from_a_current_one(empty: Database) -> None:
    before = standing(empty)

    upgrade(empty)

    assert (before, standing(empty)) == ("behind", "current")


def test_upgrade_refuses_a_database_that_a_newer_release_brought_further(empty: Database) -> None:
    upgrade(empty)
    with empty.transaction() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999_from_a_later_time'"))

    with pytest.raises(Refused, match="“9999_from_a_later_time”, which this release of Calls does not know"):
        upgrade(empty)

    assert standing(empty) == "unknown"


def test_upgrade_leaves_foreign_keys_on(empty: Database) -> None:
    upgrade(empty)

    with pytest.raises(sa.exc.IntegrityError), empty.transaction() as session:
        a_show(session, account_id=SOME_ID)


def test_upgrade_of_what_an_older_first_step_made_gives_the_models(empty: Database, as_modelled: Database) -> None:
    with locked(empty) as connection:
        run(connection, steps()[0])
        for name, table, column in OLDER_INDEXES:
            connection.execute(sa.text(f"DROP INDEX IF EXISTS ix_{name}"))
            connection.execute(sa.text(f"CREATE INDEX ix_{name} ON {table} ({column})"))
        connection.execute(sa.text("DROP INDEX ix_changes_story"))

    upgrade(empty)

    assert shape(empty) == shape(as_modelled)


def test_upgrade_by_four_processes_at_once_runs_each_step_once(new_address: str) -> None:
    processes = [subprocess.Popen(command("start", new_address), stdout=subprocess.PIPE, text=True) for _ in range(4)]

    ran = [json.loads(process.communicate(timeout=120)[0]) for process in processes]

    assert sorted(chain(*ran)) == list(steps())


def test_upgrade_killed_in_the_middle_is_completed_by_the_next_start(new_address: str) -> None:
    done = subprocess.run(command("kill", new_address), stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    found = json.loads(done.stdout)

    database = Database(new_address)
    assert len(found) > len(METADATA.tables) / EVERY
    assert set(found) <= {"behind", "current"}
    assert (standing(database), differences(database)) == ("current", [])
    database.close()


def command(deed: str, address: str) -> list[str]:
    return [sys.executable, "-m", "tests.migrating", deed, address]


def differences(database: Database) -> list[Any]:
    """What Alembic would change to come from the database to the models."""
    with database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, METADATA))


def shape(database: Database) -> dict[str, Any]:
    """Columns, keys, checks and indexes of every table, as the database itself tells them."""
    inspector = sa.inspect(database.reader)
    return {
        table: {
            "columns": {it["name"]: (str(it["type"]), it["nullable"], it["default"]) for it in inspector.get_columns(table)},
            "key": inspector.get_pk_constraint(table),
            "references": by_name(inspector.get_foreign_keys(table)),
            "unique": by_name(inspector.get_unique_constraints(table)),
            "checks": by_name(inspector.get_check_constraints(table)),
            "indexes": by_name(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def by_name(things: Any) -> dict[str, str]:
    """Things by their names, each as text: a condition of an index is equal to nothing but itself."""
    return {thing["name"]: as_text(thing) for thing in things}


def as_text(thing: Any) -> str:
    return str({key: as_text(inner) for key, inner in sorted(thing.items())}) if isinstance(thing, dict) else str(thing)


def counts(database: Database) -> dict[str, int]:
    with database.reader.connect() as connection:
        tables = [table for table in sa.inspect(connection).get_table_names() if table != "alembic_version"]
        return {table: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0 for table in tables}
