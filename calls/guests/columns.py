"""Sheets of people: comma-separated values, as spreadsheets and address books export them (RFC 4180, and what is near it).

The first line names the columns; without one, what stands in a cell says what it is.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from calls.ground.text import clean_line
from calls.guests.person import Person, Row

# The columns of our own sheet, in its order, and what others call theirs.
NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "display name", "guest"),
    "email": ("e-mail", "email", "mail", "e-mail address", "email address", "e-mail 1 - value", "email 1", "e-mail 1"),
    "phone": ("phone", "phone number", "telephone", "mobile", "mobile phone", "phone 1 - value", "phone 1"),
    "zone": ("time zone", "timezone"),
    "met": ("met", "where met", "where you met", "source"),
    "topics": ("topics", "topic", "expertise", "subjects"),
    "tags": ("tags", "tag", "labels", "categories", "group membership"),
    "contacted_on": ("last contact", "last contacted"),
    "notes": ("notes", "note", "comments"),
    "given": ("first name", "given name"),
    "family": ("last name", "family name", "surname"),
}
_FIELD_OF = {alias: field for field, aliases in NAMES.items() for alias in aliases}
_DELIMITERS = (",", ";", "\t")
_PHONE = re.compile(r"\+?[\d\s()./-]{6,}")
_LETTER_HEAD = re.compile(r"([^<>]*?)\s*<([^<>@\s]+@[^<>@\s]+)>")
_LONGEST_HEAD = 500
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(text: str) -> Iterator[Row]:
    """A row a line that says something, numbered as in the file."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    fields: list[str] | None = None
    number = 0
    while True:
        number = lines.line_num + 1
        try:
            cells = [_plain(it) for it in next(lines)]
        except StopIteration:
            return
        except csv.Error:
            yield Row(number, Person(""), "This line cannot be read: a quotation mark is probably never closed.")
            return
        if not any(cells):
            continue
        if fields is None:
            fields = _named(cells)
            if fields:
                continue
        yield _row(number, _guessed(cells) if not fields else _sorted(fields, cells))


def _delimiter(text: str) -> str:
    """The sign that parts the first line most often."""
    first = text.lstrip().partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it."""
    bare = cell.strip()
    return bare[1:] if bare[:1] == "'" and bare[1:2] in {"=", "+", "-", "@"} else bare


def _named(cells: Sequence[str]) -> list[str]:
    """Which field each column holds, "" for none that the bench keeps; nothing at all where the line names no columns."""
    found = [_FIELD_OF.get(clean_line(it).lower(), "") for it in cells]
    return found if {"name", "email", "given"} & set(found) else []


def _sorted(fields: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells by field; of two columns for one field the first that says something counts."""
    found: dict[str, str] = {}
    for field, cell in zip(fields, cells, strict=False):
        if field and cell:
            found.setdefault(field, cell)
    return found


def _guessed(cells: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    rest: list[str] = []
    for cell in (part for it in cells for part in _parts(it) if part):
        field = "email" if "@" in cell else "phone" if _PHONE.fullmatch(cell) else "name"
        if field in found:
            rest.append(cell)
        found.setdefault(field, cell)
    return found | {"notes": "\n".join(rest)}


def _parts(cell: str) -> Sequence[str]:
    """Name and address, where a cell holds both as the head of a letter does: `Ada Lee <ada@example.com>`."""
    both = _LETTER_HEAD.fullmatch(cell) if len(cell) < _LONGEST_HEAD else None
    return both.groups() if both else (cell,)


def _row(number: int, found: Mapping[str, str]) -> Row:
    typed = found.get("contacted_on", "")
    whole = " ".join(it for it in (found.get("given", ""), found.get("family", "")) if it)
    person = Person(
        name=found.get("name", "") or whole,
        email=found.get("email", ""),
        phone=found.get("phone", ""),
        zone=found.get("zone", ""),
        met=found.get("met", ""),
        topics=found.get("topics", ""),
        notes=found.get("notes", ""),
        tags=(re.sub(":::|;|[*] ", ",", found.get("tags", "")),),
        contacted_on=_day(typed),
    )
    is_wrong = typed and person.contacted_on is None
    return Row(number, person, "The last contact is not a date like 2026-11-03." if is_wrong else "")


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if _DAY.fullmatch(typed) else None
    except ValueError:
        return None
