"""Registrations as a host sees them in a list: with whether somebody came, and what she asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from calls.calendars import queries as calendars
from calls.joining import queries as joining
from calls.kits import queries as kits
from calls.registrations import queries as registrations
from calls.registrations.models import Registration
from calls.shows.models import Call, Show
from calls.web.host import replies

A_TIME = 5_000
NOTHING = ("", "")
MOST = 50_000


@dataclass(frozen=True)
class Listed:
    """One row. `came` is "yes", "no", or "" while the call has not begun, and for one that was cancelled.

    `answer` is "yes", "maybe", "no" or "", with what was written beside it in `comment`. `through` is
    whose link she came by, or the word in the address.
    """

    registration: Registration
    came: str
    question: str
    answer: str = ""
    comment: str = ""
    through: str = ""


def listed(session: Session, whose: Call | Show, search: str, now: datetime, limit: int, offset: int) -> list[Listed]:
    """A stretch of the list, by a fixed number of queries however long it is."""
    find = registrations.registrations_of_call if isinstance(whose, Call) else registrations.registrations_of_show
    found = find(session, whose.id, search, limit, offset)
    return _rows(session, found, now)


def count(session: Session, whose: Call | Show, search: str) -> int:
    find = registrations.count_of_call if isinstance(whose, Call) else registrations.count_of_show
    return find(session, whose.id, search)


def all_of(session: Session, whose: Call | Show, search: str, now: datetime) -> Iterator[Listed]:
    """The whole list, a stretch at a time, so that the rows of a large show never all stand in memory."""
    for offset in range(0, MOST, A_TIME):
        rows = listed(session, whose, search, now, A_TIME, offset)
        yield from rows
        session.expunge_all()
        if len(rows) < A_TIME:
            return


def _rows(session: Session, found: Sequence[Registration], now: datetime) -> list[Listed]:
    ids = [it.id for it in found]
    came, asked, said = joining.came_of(session, ids), joining.asked_by(session, ids), calendars.said_of(session, ids)
    names = kits.names_of(session, {it.via for it in found if it.via})
    return [
        Listed(
            it,
            _came((it.id, it.call_id) in came, it.call, now),
            asked.get((it.id, it.call_id), ""),
            replies.WORDS[said.get(it.id, NOTHING)[0]],
            said.get(it.id, NOTHING)[1],
            names.get(it.via, it.via) if it.via else "",
        )
        for it in found
    ]


def _came(has_come: bool, call: Call, now: datetime) -> str:
    if has_come:
        return "yes"
    return "no" if call.starts_at <= now and call.cancelled_at is None else ""
