"""Rows of a table as lines of text, the same from either database, and back into what a database's own columns take."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from calls.ground.refusals import Refused

Row = Sequence[Any]


def line(row: Row) -> bytes:
    """One row as one line of JSON: moments in UTC without a zone, identifiers in hexadecimal, bytes in base64."""
    return json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def reader(columns: Sequence[sa.Column[Any]]) -> Callable[[bytes], dict[str, Any]]:
    """How to turn a line back into a row of these columns. Raises Refused for a line that is none."""
    takes = [(column.name, _taker(column.type)) for column in columns]

    def read(text: bytes) -> dict[str, Any]:
        values = json.loads(text)
        if len(values) != len(takes):
            raise Refused("The backup is damaged: a row in it has too many values or too few.")
        return {name: None if value is None else take(value) for (name, take), value in zip(takes, values, strict=True)}

    return read


def table_here(table: sa.Table, names: Iterable[str]) -> list[sa.Column[Any]]:
    """The table's columns of these names, in their order. NULL in a JSON column stays NULL, rather than JSON's null."""
    columns = [table.columns[name] for name in names]
    for column in columns:
        if isinstance(column.type, sa.JSON):
            column.type.none_as_null = True
    return columns


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None).isoformat()
        case date() | time():
            return value.isoformat()
        case UUID():
            return value.hex
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case _:
            return value


def _taker(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any]:
    match kind:
        case sa.DateTime():
            return _moment if kind.timezone else datetime.fromisoformat
        case sa.Date():
            return date.fromisoformat
        case sa.Time():
            return time.fromisoformat
        case sa.Uuid():
            return UUID
        case sa.LargeBinary():
            return base64.b64decode
        case sa.Boolean():
            return bool
        case _:
            return lambda value: value


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
