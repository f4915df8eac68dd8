"""What every test may ask for: a migrated database of its own on SQLite and on PostgreSQL, a clock, keys and links.

PostgreSQL is named by CALLS_TESTS_POSTGRES, the address of a superuser. Without it those tests are skipped and say so,
unless CALLS_TESTS_REQUIRE asks for `postgres`. Each process of pytest-xdist has a PostgreSQL database of its own, emptied
before each test; on SQLite each test has a fresh copy of one migrated file.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import hypothesis
import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from psycopg import sql

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.links import Links
from calls.ground.tokens import Keys
from calls.migrations.stepping import migration_config
from calls.migrations.tables import METADATA
from tests.builders import NOW
from tests.calendars.judging import Judge, judged
from tests.served import Served, stopped_after

# A machine that is busy with other tests is slow, which says nothing about what is tested. The same examples each time, so
# that a run that was green stays green; with CALLS_TESTS_EXAMPLES set they are new ones.
hypothesis.settings.register_profile(
    "calls",
    deadline=None,
    derandomize="CALLS_TESTS_EXAMPLES" not in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("calls")

NewAddress = Callable[[], str]


@pytest.fixture(autouse=True)
def judge() -> Iterator[Judge]:
    """Every calendar that a test is handed, whatever the test is about, is read by the grammar checker."""
    with judged() as judge:
        yield judge


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at noon UTC on Sunday, 22 November 2026."""
    return SetClock(NOW)


@pytest.fixture
def keys() -> Keys:
    return Keys(b"the secret of the tests")


@pytest.fixture
def links(keys: Keys) -> Links:
    return Links("https://calls.example", keys)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, migrated database; each test that asks for it runs on SQLite and on PostgreSQL."""
    address = request.getfixturevalue(f"{request.param}_address")
    database = Database(address)
    yield database
    database.close()


@pytest.fixture
def servers() -> Iterator[list[Served]]:
    """Servers that are stopped after the test; put in what you start."""
    with stopped_after() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database that the test itself does not open, on SQLite and on PostgreSQL."""
    made: str = request.getfixturevalue(f"{request.param}_address")
    return made


@pytest.fixture
def sqlite_address(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite file of this test."""
    path = tmp_path / "calls.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "calls.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgres_address(postgres_of_process: str) -> str:
    """The PostgreSQL database of this process, migrated and empty."""
    tables = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in METADATA.tables)
    with psycopg.connect(postgres_of_process) as connection:
        connection.execute("SET session_replication_role = replica")  # foreign keys rest, so the order is free
        connection.execute(tables)
    return postgres_of_process


@pytest.fixture(scope="session")
def postgres_of_process(postgres_server: str) -> Iterator[str]:
    with fresh_postgres(postgres_server) as address:
        _migrate(address)
        yield address


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a superuser on a PostgreSQL server that tests may make databases on."""
    return need("postgres", os.environ.get("CALLS_TESTS_POSTGRES"), "CALLS_TESTS_POSTGRES names no PostgreSQL server")


@pytest.fixture(params=["sqlite", "postgres"])
def new_address(request: pytest.FixtureRequest) -> str:
    """The address of a database without any table, on SQLite and on PostgreSQL."""
    make: NewAddress = request.getfixturevalue(f"new_{request.param}")
    return make()


@pytest.fixture
def new_sqlite(tmp_path: Path) -> NewAddress:
    """Makes addresses of SQLite files that do not exist yet."""
    return lambda: f"sqlite:///{tmp_path / secrets.token_hex(4)}.sqlite3"


@pytest.fixture
def new_postgres(postgres_server: str) -> Iterator[NewAddress]:
    """Makes PostgreSQL databases without any table, dropped after the test."""
    with ExitStack() as open_ones:
        yield lambda: open_ones.enter_context(fresh_postgres(postgres_server))


def need(thing: str, value: str | None, lack: str) -> str:
    """The value; or, where a machine lacks it, skip with the reason; or fail where CALLS_TESTS_REQUIRE names the thing."""
    if value:
        return value
    if thing in os.environ.get("CALLS_TESTS_REQUIRE", "").split(","):
        pytest.fail(f"{thing} is required here, but {lack}")
    pytest.skip(lack)


@contextmanager
def fresh_postgres(server: str) -> Iterator[str]:
    """The address of a new, empty database on a PostgreSQL server, dropped when the block ends."""
    name = f"calls_tests_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _migrate(address: str) -> None:
    """Make the tables straight from the models, which is quick; `test_migrations` holds that the steps make the same."""
    database = Database(address)
    METADATA.create_all(database.writer)
    with database.writer.begin() as connection:
        command.stamp(migration_config(connection), "head")
    database.close()
