"""Make a backup: all rows, as one transaction sees them, written to one file that is there whole or not at all.

On SQLite this is a read transaction of its own: it sees one moment of the write-ahead log, as VACUUM INTO would, and its
connection never checkpoints. On PostgreSQL it is a REPEATABLE READ transaction. Neither keeps anybody from writing.
"""

import hashlib
import os
import secrets
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from calls import __version__
from calls.backups.archive import FORMAT, MANIFEST, SECRET, Manifest, Rows, mark, member, written
from calls.backups.rows import line
from calls.ground import zones
from calls.ground.database import Database
from calls.ground.refusals import Refused
from calls.migrations.running import STEPS_TABLE, revision

BATCH = 200

Progress = Callable[[int, int], None]


def make(database: Database, path: Path, *, secret: bytes, keeps_secret: bool, now: datetime, progress: Progress) -> Manifest:
    """Write a backup to `path`, which must not exist; `progress` is told how many rows of how many are written.

    `keeps_secret` says whether the secret goes into it, which it does where it was made in the data folder. Refuses to
    overwrite a file, and a database that has no tables or is damaged.
    """
    if path.exists():
        raise Refused(f"{path} is there already, and a backup never overwrites a file. Name another one.")
    with _snapshot(database) as connection, _arriving(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        at = _revision(connection)
        tables = _write_tables(connection, archive, progress)
        if keeps_secret:
            archive.writestr(SECRET, secret)
        manifest = Manifest(
            FORMAT, __version__, at, zones.VERSION, now.isoformat(), connection.dialect.name, mark(secret), tables
        )
        archive.writestr(MANIFEST, written(manifest))
    return manifest


def _revision(connection: Connection) -> str:
    at = revision(connection)
    if at is None:
        raise Refused("There is nothing to back up: this database has no tables of Calls. See CALLS_DATA and CALLS_DATABASE.")
    if connection.dialect.name == "sqlite":
        fault = connection.execute(sa.text("PRAGMA integrity_check(1)")).scalar()
        if fault != "ok":
            raise Refused(f"The database file is damaged ({fault}), so a backup of it would be too. Restore the last good one.")
    return at


def _write_tables(connection: Connection, archive: zipfile.ZipFile, progress: Progress) -> dict[str, Rows]:
    metadata = sa.MetaData()
    metadata.reflect(connection)
    tables = [table for table in metadata.sorted_tables if table.name != STEPS_TABLE]
    counting = _Counting(sum(connection.scalar(sa.select(sa.func.count()).select_from(it)) or 0 for it in tables), progress)
    return {table.name: _write_rows(connection, archive, table, counting) for table in tables}


def _write_rows(connection: Connection, archive: zipfile.ZipFile, table: sa.Table, counting: "_Counting") -> Rows:
    """The rows of one table in the order of their key, a batch at a time."""
    digest, before = hashlib.sha256(), counting.done
    found = connection.execution_options(yield_per=BATCH).execute(sa.select(table).order_by(*table.primary_key))
    with archive.open(member(table.name), "w", force_zip64=True) as lines:
        for batch in found.partitions():
            text = b"".join(line(row) for row in batch)
            lines.write(text)
            digest.update(text)
            counting.add(len(batch))
    return Rows([column.name for column in table.columns], counting.done - before, digest.hexdigest())


class _Counting:
    """How many rows of all are written, told after each batch."""

    def __init__(self, total: int, progress: Progress) -> None:
        self.done = 0
        self._total = total
        self._progress = progress

    def add(self, count: int) -> None:
        self.done += count
        self._progress(self.done, self._total)


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """A transaction that sees one moment of the database, and changes nothing."""
    with database.reader.connect() as connection:
        if not database.is_sqlite:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


@contextmanager
def _arriving(path: Path) -> Iterator[IO[bytes]]:
    """A file that its owner alone may read, and that has its name only once all of it is on the disk."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
