"""Register somebody whom nobody knows yet with one statement that is a whole transaction, where the database can (PostgreSQL).

There every statement is a way to the server and back, and the row of a call that everybody wants is held for the length of
several. Here it is held for one. The statement does the whole or nothing, and for whom it does nothing `registering` stands
open: whoever is known, or is too late for the last seat, goes that way. Its locks are taken in the same order as there.
"""

from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls.ground.database import NOTICE, new_id, notice, straight, touch
from calls.history import keeping
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.registrations import attending
from calls.registrations.attending import Person, checked
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.registrations.registering import CAME, check_open, subject
from calls.shows.facts import CallFacts
from calls.shows.models import Call

CALLS, ATTENDEES, REGISTRATIONS, CHANGES = (cast(sa.Table, it.__table__) for it in (Call, Attendee, Registration, Change))

Names = tuple[str, ...]


def welcome(session: Session, call: CallFacts, person: Person, *, now: datetime) -> UUID | None:
    """The registration of somebody new for a call; None, and nothing is done, when she is known or no seat is free.

    The session is one of `Database.single()`. Refuses as `register` does what can be refused without asking the database.
    """
    person = checked(person)
    check_open(call, now)
    if not call.has_seats:
        return None
    attendee = attending.row(call.account_id, person, now=now)
    registration = {"id": new_id(), "created_at": now, "call_id": call.id, "attendee_id": attendee["id"]}
    registration |= {"state": CONFIRMED, "confirmed_at": now}
    about, by = subject(registration["id"], call), Actor("attendee", attendee["id"], person.name)
    change, tags = keeping.row(CAME, about, by=by, now=now, facts={"by_pass": False}), keeping.tags(CAME, about)
    given = {"attendees": attendee, "registrations": registration, "changes": change}
    values = {f"{table}_{name}": value for table, row in given.items() for name, value in row.items()}
    statement = _statement(*(tuple(row) for row in given.values()))
    try:
        done = straight(session).execute(statement, values | notice(session, tags)).first()
    except IntegrityError:  # the last seat went meanwhile
        return None
    if done is None:
        return None
    touch(session, *tags)
    return about.thing_id


@cache
def _statement(attendee: Names, registration: Names, change: Names) -> sa.Select[Any]:
    """The newcomer, her seat, her registration, its change and the notice of it, all for somebody new only.

    Without a free seat her registration has no call, which its table does not take: so nothing of all this stays.
    """
    place = _given(REGISTRATIONS, registration)
    entered = insert(ATTENDEES).values(_given(ATTENDEES, attendee)).on_conflict_do_nothing()
    newcomer = entered.returning(ATTENDEES.c.id).cte("newcomer")
    is_free = sa.and_(CALLS.c.taken < CALLS.c.capacity, CALLS.c.cancelled_at.is_(None))
    seat = (
        sa.update(CALLS)
        .where(CALLS.c.id == place["call_id"], is_free, sa.exists(sa.select(newcomer.c.id)))
        .values(taken=CALLS.c.taken + 1)
        .returning(CALLS.c.id)
        .cte("seat")
    )
    made = _for_each(newcomer, REGISTRATIONS, place | {"call_id": sa.select(seat.c.id).scalar_subquery()})
    kept = _for_each(made, CHANGES, _given(CHANGES, change))
    return sa.select(kept.c.id, NOTICE)


def _for_each(before: sa.CTE, table: sa.Table, values: dict[str, Any]) -> sa.CTE:
    """A row of the table for each that was written before it."""
    row = sa.select(*values.values()).select_from(before)
    return sa.insert(table).from_select([*values], row, include_defaults=False).returning(table.c.id).cte(f"{table.name}_made")


def _given(table: sa.Table, names: Names) -> dict[str, Any]:
    """The values that the statement is handed for these columns, each under its table's name and its own."""
    return {name: sa.bindparam(f"{table.name}_{name}", type_=table.c[name].type) for name in names}
