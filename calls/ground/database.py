"""The database: one engine, two kinds of transaction, and the columns that every table shares.

`transaction()` writes and `reading()` reads; both are opened and closed inside the function that needs them, so a
failed commit is an error there and nowhere else. On SQLite writers begin IMMEDIATE and queue in the order they came,
because writers that race for SQLite's own lock wait a second and more, and a deferred begin that turns into a write
fails at once with "database is locked".
"""

import copy
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from uuid_utils.compat import uuid7

from calls.ground.engines import postgres_engine, sqlite_engine
from calls.ground.turns import FairLock

Listener = Callable[[frozenset[str]], None]
CHANNEL = "calls"
EVERYTHING = "everything"  # the tag of what nobody can say what it touched
READERS = 16
FEW = 3
# What a database raises when it is away, locked, full or out of connections: it concerns no one row, and passes.
TROUBLE = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)


def notifying(notice: sa.ColumnElement[str]) -> sa.Function[Any]:
    """What tells other processes, once it is committed: the name under which this one speaks, and the tags (PostgreSQL)."""
    return sa.func.pg_notify(CHANNEL, notice)


_NOTIFY = sa.select(notifying(sa.bindparam("notice", type_=sa.Text())))


def new_id() -> UUID:
    """An identifier that sorts by the time it was made (UUID version 7, RFC 9562 section 5.7)."""
    return uuid7()


class UtcTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC; a naive value is a fault of the caller and refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """SQLite is handed its text at once, since SQLAlchemy's own way of writing the same takes thrice as long."""
        return _in_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(UTC)


def _in_text(moment: datetime | None) -> str | None:
    return None if moment is None else _written(_in_utc(moment))


@lru_cache(maxsize=64)
def _written(moment: datetime) -> str:
    """A moment in UTC as SQLite keeps it. A deed writes the moment it is done at into every row that it makes."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


class Table(DeclarativeBase):
    """What every table of the house stands on."""

    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it as a plain class attribute
        datetime: UtcTime(),
        str: sa.Text(),
        dict[str, Any]: sa.JSON(),
        UUID: sa.Uuid(),
    }
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Identified:
    """A row with an identifier of its own and the moment it was made."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime]


def touch(session: Session, *tags: str) -> None:
    """Note what this transaction changes; whoever listens hears of it once it is committed."""
    session.info.setdefault("touched", set()).update(tags)


@contextmanager
def rehearsing(session: Session) -> Iterator[None]:
    """Let the block do something, and take all of it back when it ends: rows, and the note of what was touched."""
    touched = set(session.info.get("touched", ()))
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expire_all()
        session.info["touched"] = touched


class Voice:
    """The name under which a process tells others of its changes, by which it passes over its own word.

    After a commit that may or may not have been done it speaks under another, so that its word of that one is heard.
    """

    def __init__(self) -> None:
        self.change()

    def change(self) -> None:
        self.name = secrets.token_hex(8)


class Database:
    """The one door to the rows: `sqlite:///path` or `postgresql://…`.

    `is_serving` is true in the one process that may checkpoint SQLite's log; releases of SQLite before 3.51.3 can
    corrupt it when two connections checkpoint at once.
    """

    def __init__(self, url: str, *, is_serving: bool = True, readers: int = READERS) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._listeners: list[Listener] = []
        self.voice = Voice()
        self._turn = FairLock()
        self._wait: Callable[[], None] | None = None
        if self.is_sqlite:
            self.writer = sqlite_engine(self.url, 1, is_writing=True, is_checkpointing=is_serving)
            self.reader = sqlite_engine(self.url, readers, is_writing=False, is_checkpointing=False)
        else:
            self.writer = postgres_engine(self.url, readers)
            self.alone = postgres_engine(self.url, FEW, "AUTOCOMMIT", is_tried=False)
            self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ")

    def on_commit(self, listener: Listener) -> None:
        """Have `listener` called with the tags of every transaction committed in this process."""
        self._listeners.append(listener)

    def tell(self, tags: frozenset[str]) -> None:
        """Tell this process's listeners what was changed."""
        for listener in self._listeners:
            listener(tags)

    def for_later(self, wait: Callable[[], None]) -> "Database":
        """This very database for work that can wait: it does, by calling `wait`, before it reads or writes."""
        same = copy.copy(self)
        same._wait = wait
        return same

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Write: committed when the block ends, rolled back when it raises."""
        if self._wait:
            self._wait()
        with self._telling() as tags, self._turn if self.is_sqlite else _nothing(), self.writer.begin() as connection:
            session = Session(connection, expire_on_commit=False, autoflush=True)
            try:
                yield session
                session.flush()
                tags.update(session.info.get("touched", ()))
                if tags and not self.is_sqlite:
                    connection.execute(_NOTIFY, {"notice": _payload(self.voice, tags)})
                if session.in_transaction():  # what was written straight is committed with the connection
                    session.commit()
            finally:
                session.close()

    @contextmanager
    def single(self) -> Iterator[Session]:
        """Write in one statement. On SQLite this is a `transaction()`.

        On PostgreSQL the statement is a transaction by itself, and notifies others by itself: the name to speak under is in
        `session.info`. In this process what was touched is told once the block has ended. The connection is not tried
        beforehand: where the server has hung up since (`is_away`), do the same in a `transaction()`.
        """
        if self.is_sqlite:
            with self.transaction() as session:
                yield session
            return
        with self._telling() as tags, self.alone.connect() as connection, Session(connection, expire_on_commit=False) as session:
            session.info["voice"] = self.voice
            yield session
            tags.update(session.info.get("touched", ()))

    @contextmanager
    def _telling(self) -> Iterator[set[str]]:
        """Tell of the tags that the block puts in, once it is done. After trouble nobody knows whether it was."""
        tags: set[str] = set()
        try:
            yield tags
        except TROUBLE:
            self.voice.change()
            raise
        if tags:
            self.tell(frozenset(tags))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read one state of the database; what is written here is thrown away."""
        if self._wait:
            self._wait()
        session = Session(self.reader, expire_on_commit=False, autoflush=False)
        try:
            yield session
        finally:
            session.close()

    def close(self) -> None:
        self.reader.dispose()
        self.writer.dispose()
        if not self.is_sqlite:
            self.alone.dispose()


def straight(session: Session) -> Connection:
    """The session's own connection, for statements on tables, which need nothing of what a session does for objects."""
    bind = session.get_bind()
    return bind if isinstance(bind, Connection) else session.connection()


def insert_once(session: Session, table: sa.Table, rows: list[dict[str, Any]]) -> int:
    """Insert rows, passing over those that a unique key says are there already; returns how many were new."""
    if not rows:
        return 0
    connection = straight(session)
    return connection.execute(_once(connection.dialect.name, table), rows[0] if len(rows) == 1 else rows).rowcount


def _payload(voice: Voice, tags: set[str]) -> str:
    """Who tells, and the tags, as PostgreSQL passes them on; too many for one notice (8,000 bytes) are told as everything."""
    payload = " ".join(sorted(tags))
    return f"{voice.name} {payload if len(payload) < 7900 else EVERYTHING}"


@cache
def _once(dialect: str, table: sa.Table) -> sa.Insert:
    """The statement, made once: making it anew would cost more than running it."""
    insert = sqlite_insert if dialect == "sqlite" else postgres_insert
    return insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def is_away(fault: Exception | None) -> bool:
    """Whether the database itself could not be reached or hung up, so that no statement and no row is to blame."""
    if isinstance(fault, sa.exc.TimeoutError):
        return True
    return isinstance(fault, sa.exc.DBAPIError) and (fault.connection_invalidated or fault.statement is None)


def cause(trouble: Exception) -> str:
    """What the driver said, on one line, without the statement and the values that were in it."""
    said = str(getattr(trouble, "orig", None) or "no connection was free").strip() or "nothing"
    return f"{type(trouble).__name__}: {said.splitlines()[0]}"


@contextmanager
def _nothing() -> Iterator[None]:
    yield
