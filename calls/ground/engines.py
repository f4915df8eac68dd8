"""How each of the two databases is spoken to: pools, isolation, and what every connection is told first."""

import sqlite3

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, IsolationLevel

# A server that is gone without a word, with its whole machine, is noticed within half a minute and not after hours.
STAY_AWAKE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}


class _Reading(SQLiteDialect_pysqlite):
    """SQLite as SQLAlchemy speaks it, with transactions that really begin; a listener for that would slow every statement."""

    supports_statement_cache = True
    begin = "BEGIN"

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        dbapi_connection.cursor().execute(self.begin)


class _Writing(_Reading):
    """The same with transactions that may write from their beginning."""

    supports_statement_cache = True
    begin = "BEGIN IMMEDIATE"


registry.register("sqlite.reading", __name__, _Reading.__name__)
registry.register("sqlite.writing", __name__, _Writing.__name__)


def postgres_engine(url: sa.URL, size: int, isolation: IsolationLevel = "READ COMMITTED", *, is_tried: bool = True) -> sa.Engine:
    """Connections to a server, each tried before it is lent, since a server may have been away; that is a way there and back."""
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level=isolation,
        hide_parameters=True,
        pool_size=size,
        max_overflow=4,
        pool_pre_ping=is_tried,
        pool_recycle=1800,
        connect_args=STAY_AWAKE | {"options": "-c timezone=utc -c lock_timeout=20s", "connect_timeout": 10},
    )


def sqlite_engine(url: sa.URL, size: int, *, is_writing: bool, is_checkpointing: bool) -> sa.Engine:
    """Connections to a file, for transactions that write or for such as only read."""
    engine = sa.create_engine(
        url.set(drivername="sqlite+writing" if is_writing else "sqlite+reading"),
        hide_parameters=True,
        poolclass=sa.pool.QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=30,
        pool_use_lifo=True,  # the connections used last have their pages in memory; the others need none
        connect_args={"check_same_thread": False, "timeout": 10},
    )

    @sa.event.listens_for(engine, "connect")
    def settle(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            f"wal_autocheckpoint={1000 if is_checkpointing else 0}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _lower(text: str | None) -> str | None:
    """SQLite's own knows no letters but those of English."""
    return text if text is None else str(text).lower()
