"""Registrations as a sheet to download: CSV that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence

from calls.ground import when
from calls.ground.text import csv_cell, slug
from calls.web.answers import Answer
from calls.web.host.entries import Listed
from calls.web.pages import text

CSV = "text/csv; charset=utf-8"
# Excel takes a file without this mark for one in the code page of the machine.
BYTE_ORDER_MARK = "\ufeff"
HEAD = (
    *("Call", "Starts (UTC)", "Name", "E-mail", "Phone", "Time zone", "Registered (UTC)", "Pass or single", "Came", "Question"),
    *("Answer", "Comment", "Came through"),
)


def sheet(name: str, rows: Iterable[Listed]) -> Answer:
    """The rows as a file named after show or call."""
    return saved(f"{slug(name)}-registrations.csv", HEAD, map(_cells, rows))


def saved(filename: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Answer:
    """Rows below their head as a file to be saved (RFC 4180)."""
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(csv_cell(it) for it in row)
    return text(BYTE_ORDER_MARK + page.getvalue(), CSV, filename=filename)


def _cells(row: Listed) -> tuple[str, ...]:
    it = row.registration
    return (
        it.call.name,
        when.iso(it.call.starts_at),
        it.attendee.name,
        it.attendee.email or "",
        it.attendee.phone,
        it.attendee.zone,
        when.iso(it.confirmed_at),
        "pass" if it.pass_id else "single",
        row.came,
        row.question,
        row.answer,
        row.comment,
        row.through,
    )
