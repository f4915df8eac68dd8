"""migrate, backup and restore, from one machine to another."""

import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from calls.cli.opening import alone
from calls.ground.database import Database
from calls.messages.models import Message
from calls.migrations.running import standing, steps
from calls.settings import read
from calls.shows.models import Show
from tests.builders import NOW, a_show
from tests.cli.conftest import Operator
from tests.conftest import NewAddress

OWN_SECRET = "an operator's own secret, long enough"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monday.calls"


@pytest.fixture
def second(operator: Operator, tmp_path: Path) -> Operator:
    """The operator of another machine, on SQLite."""
    return Operator({"CALLS_DATA": str(tmp_path / "elsewhere")})


def test_migrate_brings_an_empty_database_up_and_a_second_time_does_nothing(operator_of_either: Operator) -> None:
    first, again = operator_of_either.run("migrate"), operator_of_either.run("migrate")

    assert (first.exit_code, first.stdout) == (0, f"The database was brought to {steps()[-1]}.\n")
    assert (again.exit_code, again.stdout) == (0, "The database is current; nothing was to be done.\n")
    assert standing(Database(operator_of_either.settings["CALLS_DATABASE"])) == "current"


def test_migrate_refuses_the_database_of_a_newer_release(operator_of_either: Operator) -> None:
    operator_of_either.run("migrate")
    with Database(operator_of_either.settings["CALLS_DATABASE"]).transaction() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999_later'"))

    done = operator_of_either.run("migrate")

    assert done.exit_code == 1
    assert done.output.startswith("Error: The database is at step “9999_later”, which this release of Calls does not know")


def test_data_is_for_its_owner_alone(operator: Operator) -> None:
    operator.run("migrate")

    data = Path(operator.settings["CALLS_DATA"])
    assert {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (data, *data.iterdir())} == {
        "data": 0,
        "calls.sqlite3": 0,
        "secret": 0,
    }


def test_backup_is_restored_elsewhere_with_its_secret(operator_of_either: Operator, second: Operator, file: Path) -> None:
    fill(operator_of_either)

    backed_up = operator_of_either.run("backup", file)
    restored = second.run("restore", file)

    assert (backed_up.exit_code, backed_up.stdout.split(" to ")[0]) == (0, "3 rows written")
    assert (restored.exit_code, restored.stdout.split(" of ")[0]) == (0, "3 rows")
    assert secret(second) == secret(operator_of_either)
    with database(second).reading() as session:
        assert session.scalars(sa.select(Show.name)).all() == ["Ask Tara"]


def test_restore_counts_what_it_does_not_send_again(operator: Operator, second: Operator, file: Path) -> None:
    fill(operator)
    operator.run("backup", file)

    restored = second.run("restore", file)

    assert restored.stdout.splitlines()[1:] == ["Messages that have come due since, and are not sent: 1."]
    assert states(second) == ["dropped"]


def test_restore_when_moving_leaves_everything_as_it_was(operator: Operator, second: Operator, file: Path) -> None:
    fill(operator)
    operator.run("backup", file)

    restored = second.run("restore", "--moving", file)

    assert len(restored.stdout.splitlines()) == 1
    assert states(second) == ["waiting"]


def test_restore_asks_for_a_secret_that_is_not_in_the_backup(operator: Operator, second: Operator, file: Path) -> None:
    fill(operator, CALLS_SECRET=OWN_SECRET)
    backed_up = operator.run("backup", file, CALLS_SECRET=OWN_SECRET)

    without = second.run("restore", file)
    with_another = second.run("restore", file, CALLS_SECRET=OWN_SECRET + "?")
    with_it = second.run("restore", file, CALLS_SECRET=OWN_SECRET)

    assert "CALLS_SECRET is not in it" in backed_up.stderr
    assert [done.exit_code for done in (without, with_another, with_it)] == [1, 1, 0]
    assert without.stderr.startswith("Error: This backup was made with a CALLS_SECRET of your own, which is not in it.")
    assert OWN_SECRET.encode() not in file.read_bytes()


def test_restore_refuses_another_secret_than_the_one_inside(operator: Operator, second: Operator, file: Path) -> None:
    fill(operator)
    operator.run("backup", file)

    done = second.run("restore", file, CALLS_SECRET=OWN_SECRET)

    assert done.exit_code == 1
    assert done.stderr.startswith("Error: CALLS_SECRET is set to another value than this backup's own.")


def test_restore_never_overwrites_rows_nor_their_secret(operator: Operator, second: Operator, file: Path) -> None:
    fill(operator)
    operator.run("backup", file)
    fill(second)
    before = secret(second)

    done = second.run("restore", file)

    assert done.exit_code == 1
    assert "a restore never overwrites" in done.stderr
    assert secret(second) == before


def test_restore_refuses_a_file_that_is_served(operator: Operator, file: Path) -> None:
    operator.run("migrate")
    operator.run("backup", file)

    with alone(read(operator.settings)):
        done = operator.run("restore", file)

    assert (done.exit_code, done.stderr.split("Error: ")[1][:28]) == (1, "`calls serve` is running on ")


def test_backup_of_what_is_not_there_is_refused_and_makes_nothing(operator: Operator, file: Path) -> None:
    done = operator.run("backup", file)

    assert (done.exit_code, done.stderr[:34]) == (1, "Error: There is nothing to back up")
    assert [path.name for path in Path(operator.settings["CALLS_DATA"]).iterdir()] == ["secret"]


def test_backup_overwrites_no_file(operator: Operator, file: Path) -> None:
    operator.run("migrate")
    file.write_text("mine")

    done = operator.run("backup", file)

    assert (done.exit_code, file.read_text()) == (1, "mine")


def test_backup_moves_from_sqlite_to_postgres(operator: Operator, new_postgres: NewAddress, file: Path) -> None:
    fill(operator)
    operator.run("backup", file)
    address = new_postgres()

    done = operator.run("restore", "--moving", file, CALLS_DATABASE=address)

    assert done.exit_code == 0
    with Database(address).reading() as session:
        assert session.scalars(sa.select(Show.name)).all() == ["Ask Tara"]


def fill(operator: Operator, **settings: str) -> None:
    """A show, its account, and a mail that waits."""
    operator.run("migrate", **settings)
    with database(operator).transaction() as session:
        a_show(session)
        session.add(Message(key="1", kind="reminder", facts={}, due_at=NOW, created_at=NOW))


def database(operator: Operator) -> Database:
    return Database(read(operator.settings).database)


def secret(operator: Operator) -> str:
    return (Path(operator.settings["CALLS_DATA"]) / "secret").read_text().strip()


def states(operator: Operator) -> list[str]:
    with database(operator).reading() as session:
        return list(session.scalars(sa.select(Message.state)))
