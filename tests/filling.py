"""Rows in every table of a database, whatever its step, and reading all of them back."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from calls.ground.database import Database
from calls.migrations.tables import METADATA
from tests.builders import NOW

SOME_ID = UUID("01a204cc-6f23-709c-b912-9b314e2c6846")
# A feed is an attendee's, a member's or a guest's; an entry is of a registration or of a booking, and that is of a call or a talk.
EMPTY = {("feeds", "member_id"), ("feeds", "guest_id"), ("entries", "booking_id"), ("bookings", "starts_at")}
CHECKED = {("invitations", "state"): "sent", ("invitations", "purpose"): "call", ("bookings", "state"): "confirmed"}


def fill(connection: sa.Connection) -> None:
    """One row in every table there is, by the types of its columns, whatever the models of today say."""
    tables = sa.MetaData()
    tables.reflect(connection)
    rows: dict[str, dict[str, Any]] = {}
    for table in tables.sorted_tables:
        if table.name != "alembic_version":
            row = {column.name: value(column, rows) for column in table.columns if (table.name, column.name) not in EMPTY}
            rows[table.name] = row
            connection.execute(table.insert(), row)


def value(column: sa.Column[Any], rows: dict[str, dict[str, Any]]) -> Any:
    """Something that fits the column: what it points at, else a plain value of its type. No row points at itself."""
    if (column.table.name, column.name) in CHECKED:
        return CHECKED[column.table.name, column.name]
    for key in column.foreign_keys:
        if key.column.table is column.table:
            return None
        return rows[key.column.table.name][key.column.name]
    facts = {"words": "ünïcode 🙂 \u202e", "number": 1.5, "nothing": None, "list": [True]}
    plain = {datetime: NOW, date: NOW.date(), time: NOW.time(), bytes: b"\0\xff", UUID: SOME_ID, object: facts, str: SOME_ID.hex}
    kind = column.type.python_type
    return plain[kind] if kind in plain else kind(0)


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the models, in the order of its key."""
    with database.reading() as session:
        return {
            name: [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key))]
            for name, table in METADATA.tables.items()
        }
