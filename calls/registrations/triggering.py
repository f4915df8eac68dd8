"""On SQLite, let one statement register a newcomer: it goes to a view whose trigger takes the seat and writes the rows.

There a statement costs more on its way through the program than in the database, and everybody else waits for the one pen:
so it is handed to the driver itself.
The view and its trigger are the connection's own: made when they are first wanted, holding nothing, known to no migration.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.types import TypeEngine

from calls.ground.database import UtcTime
from calls.history.models import Change
from calls.registrations.models import Attendee, Registration
from calls.registrations.seating import Recounted

TABLES = {it.__tablename__: cast(sa.Table, it.__table__) for it in (Attendee, Registration, Change)}
PLACES = {
    "attendees": {"account_id": "shows.account_id"},
    "registrations": {"call_id": "calls.id"},
    "changes": {"account_id": "shows.account_id", "show_id": "shows.id", "call_id": "calls.id"},
}
WANTED: dict[str, TypeEngine[Any]] = {"slug": sa.Text(), "address": sa.Text(), "now": UtcTime(), "whole_now": UtcTime()}
VIEW = "newcomers"
_SHOW = f"(SELECT id FROM shows WHERE shows.slug = {VIEW}.slug)"  # returned unless the trigger ignored the row
_THE_CALL = "FROM calls JOIN shows ON shows.id = calls.show_id WHERE shows.slug = NEW.slug AND calls.address = NEW.address"

# The pen is held, so whatever was so when the seat was taken is so until the end.
_SEAT = f"""
    UPDATE calls SET taken = taken + 1, counted_at = {{counted_at}}
    WHERE taken < capacity AND cancelled_at IS NULL AND ends_at > NEW.now AND id = (
        SELECT calls.id {_THE_CALL} AND shows.published_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM attendees WHERE attendees.account_id = shows.account_id AND attendees.email = NEW.attendees_email));
    SELECT RAISE(IGNORE) WHERE changes() = 0;"""

Rows = dict[str, dict[str, Any]]
Processor = Callable[[Any], Any]


@dataclass(frozen=True)
class _Prepared:
    """The view, its trigger, the statement that sets it off, and how each value is written."""

    view: str
    trigger: str
    insert: str
    processors: tuple[Processor | None, ...]


def insert(connection: Connection, rows: Rows, slug: str, address: str, now: datetime) -> UUID | None:
    """Write these rows for the call at /{slug}/{address}, and take a seat there; returns its show.

    None, and nothing is written, when there is no such call to come to, no seat in it, or somebody with that address.
    """
    prepared = _prepared(connection.dialect, tuple((table, tuple(row)) for table, row in rows.items()))
    values = [*(value for row in rows.values() for value in row.values()), slug, address, now, now.replace(microsecond=0)]
    bound = tuple(process(value) if process else value for process, value in zip(prepared.processors, values, strict=True))
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    try:
        for made_once in (prepared.view, prepared.trigger):
            driver.execute(made_once)  # again each time, which costs nothing: what was rolled back is gone
        found = driver.execute(prepared.insert, bound).fetchall()
    except sqlite3.OperationalError as trouble:
        raise sa.exc.OperationalError(prepared.insert, None, trouble) from trouble  # as whoever hears of it knows it
    return UUID(found[0][0]) if found else None


@cache
def _prepared(dialect: Dialect, columns: tuple[tuple[str, tuple[str, ...]], ...]) -> _Prepared:
    types = {f"{table}_{name}": TABLES[table].c[name].type for table, names in columns for name in names} | WANTED
    seat = _SEAT.format(counted_at=Recounted(sa.literal_column("NEW.whole_now")).compile(dialect=dialect))
    writes = " ".join(_write(table, names) for table, names in columns)
    return _Prepared(
        f"CREATE TEMP VIEW IF NOT EXISTS {VIEW} AS SELECT {', '.join(f'NULL AS {name}' for name in types)}",
        f"CREATE TEMP TRIGGER IF NOT EXISTS welcome INSTEAD OF INSERT ON {VIEW} BEGIN {seat} {writes} END",
        f"INSERT INTO {VIEW} VALUES ({', '.join('?' for _ in types)}) RETURNING {_SHOW}",
        tuple(type_.dialect_impl(dialect).bind_processor(dialect) for type_ in types.values()),
    )


def _write(table: str, names: tuple[str, ...]) -> str:
    values = {name: f"NEW.{table}_{name}" for name in names} | PLACES[table]
    return f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} {_THE_CALL};"
