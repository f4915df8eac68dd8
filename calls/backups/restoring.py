"""Restore a backup: check it whole, then bring everything back in one transaction, or nothing."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from calls.backups import quieting
from calls.backups.archive import Archive
from calls.backups.quieting import Quieted
from calls.backups.rows import reader, table_here
from calls.ground.database import Database
from calls.ground.refusals import Refused
from calls.migrations.running import STEPS_TABLE, check_known, locked, missing, revision, run, steps
from calls.migrations.tables import METADATA

BATCH = 200

Progress = Callable[[int, int], None]


def restore(database: Database, archive: Archive, *, is_moving: bool, now: datetime, progress: Progress) -> Quieted | None:
    """Bring a backup's rows back, in whichever database, and up to this release's tables.

    `is_moving` says that the old server was stopped before the backup was made; then everything goes on from there.
    Otherwise what the old server may have sent meanwhile is put to rest, and counted in the answer. Refuses a database
    that holds any row, and a file that is damaged or of a newer release.
    """
    if archive.manifest.revision not in steps():
        raise Refused(f"This backup was made by a newer release of Calls ({archive.manifest.calls}); restore it with that one.")
    archive.check()
    with locked(database) as connection:
        _make_room(connection)
        run(connection, archive.manifest.revision)
        _load(connection, archive, progress)
        for step in missing(connection):
            run(connection, step)
        return None if is_moving else quieting.quiet(connection, now)


def check_empty(database: Database) -> None:
    """Refuse a database that holds any row, before anything is asked or read."""
    with database.reader.connect() as connection:
        _refuse_rows(connection)


def _make_room(connection: Connection) -> None:
    """Take away tables that hold nothing, as a first `calls serve` leaves them, so that the backup's own can be made."""
    check_known(connection)
    _refuse_rows(connection)
    if revision(connection) is None:
        return
    for step in missing(connection):
        run(connection, step)
    METADATA.drop_all(connection)
    connection.execute(sa.text(f"DROP TABLE {STEPS_TABLE}"))


def _refuse_rows(connection: Connection) -> None:
    for name in sa.inspect(connection).get_table_names():
        if name != STEPS_TABLE and connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first():
            raise Refused(
                f"The database already holds something (in “{name}”), and a restore never overwrites. "
                "Name an empty one in CALLS_DATABASE, or a new folder in CALLS_DATA."
            )


def _load(connection: Connection, archive: Archive, progress: Progress) -> None:
    metadata = sa.MetaData()
    metadata.reflect(connection)
    tables = {table.name: table for table in metadata.sorted_tables if table.name != STEPS_TABLE}
    said = archive.manifest.tables
    if set(tables) != set(said):
        raise Refused("The backup is damaged: its tables are not those of its release. Take another one.")
    done = 0
    for name, table in tables.items():
        columns = table_here(table, said[name].columns)
        read = reader(columns)
        for batch in _batches(archive.lines(name)):
            connection.execute(table.insert(), [read(line) for line in batch])
            done += len(batch)
            progress(done, archive.manifest.count)


def _batches(lines: Iterator[bytes]) -> Iterator[Sequence[bytes]]:
    batch: list[bytes] = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
