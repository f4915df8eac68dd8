"""Register somebody whom nobody knows yet with one statement, which does the whole or nothing.

For whom it does nothing `registering` stands open: whoever is known, or is too late for the last seat, goes that way. On
PostgreSQL every statement is a way to the server and back, and the row of a call that everybody wants is held for the length of
several; here it is held for one, which is a transaction by itself and takes its locks in the same order as there. On SQLite,
where one writes at a time, a trigger does the same (`triggering`).
"""

from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls.ground.database import new_id, notifying, straight, touch
from calls.history import keeping
from calls.history.keeping import Actor, Subject
from calls.history.models import Change
from calls.registrations import attending, triggering
from calls.registrations.attending import Person, checked
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.registrations.registering import CAME
from calls.registrations.seating import Recounted
from calls.registrations.triggering import Rows
from calls.shows.models import Call, Show

SHOWS, CALLS, ATTENDEES = (cast(sa.Table, it.__table__) for it in (Show, Call, Attendee))
REGISTRATIONS, CHANGES = (cast(sa.Table, it.__table__) for it in (Registration, Change))

Names = tuple[str, ...]


def welcome(session: Session, slug: str, address: str, person: Person, *, now: datetime, via: str | None = None) -> UUID | None:
    """The registration of somebody new for the call at /{slug}/{address}.

    None, and nothing is done, when there is no such call that one can register for, when it has no free seat, or when she is
    known. The session is one of `Database.single()`. Raises Invalid for what is wrong with the person.
    """
    person = checked(person)
    attendee, registration_id = attending.row(person, now=now), new_id()
    registration = {"id": registration_id, "created_at": now, "attendee_id": attendee["id"]}
    registration |= {"state": CONFIRMED, "confirmed_at": now, "via": via}
    by = Actor("attendee", attendee["id"], person.name)
    change = keeping.row(CAME, registration_id, by=by, now=now, facts={"by_pass": False})
    rows = {"attendees": attendee, "registrations": registration, "changes": change}
    connection = straight(session)
    if connection.dialect.name == "sqlite":
        show_id = triggering.insert(connection, rows, slug, address, now)
    else:
        told = " ".join([session.info["voice"].name, *keeping.tags(CAME, Subject(registration_id)), "show:"])
        show_id = _insert(connection, rows, slug, address, now, told)
    if show_id is None:
        return None
    touch(session, *keeping.tags(CAME, Subject(registration_id, show_id=show_id)))
    return registration_id


def _insert(connection: Connection, rows: Rows, slug: str, address: str, now: datetime, told: str) -> UUID | None:
    """Write these rows on PostgreSQL, and tell of them; returns the show. `told` lacks only that."""
    values = {f"{table}_{name}": value for table, row in rows.items() for name, value in row.items()}
    values |= {"wanted_slug": slug, "wanted_address": address, "now": now, "whole_now": now.replace(microsecond=0), "told": told}
    try:
        return connection.execute(_statement(*(tuple(row) for row in rows.values())), values).scalar()
    except IntegrityError:  # the last seat went meanwhile
        return None


@cache
def _statement(attendee: Names, registration: Names, change: Names) -> sa.Select[Any]:
    """The newcomer, her seat, her registration, its change and the notice of it, all for somebody new only.

    Without a free seat her registration has no call, which its table does not take: so nothing of all this stays.
    """
    is_free = sa.and_(CALLS.c.cancelled_at.is_(None), CALLS.c.taken < CALLS.c.capacity)
    call = (
        sa.select(CALLS.c.id, CALLS.c.show_id, SHOWS.c.account_id)
        .join_from(CALLS, SHOWS)
        .where(SHOWS.c.slug == sa.bindparam("wanted_slug"), SHOWS.c.published_at.is_not(None))
        .where(CALLS.c.address == sa.bindparam("wanted_address"), is_free)
        .where(CALLS.c.ends_at > sa.bindparam("now", type_=CALLS.c.ends_at.type))
        .cte("call")
    )
    her = {**_given(ATTENDEES, attendee), "account_id": call.c.account_id}
    entered = insert(ATTENDEES).from_select([*her], sa.select(*her.values()).select_from(call), include_defaults=False)
    newcomer = entered.on_conflict_do_nothing().returning(ATTENDEES.c.id).cte("newcomer")
    wanted = sa.select(call.c.id).join_from(call, newcomer, sa.true()).scalar_subquery()
    counted_at = Recounted(sa.bindparam("whole_now", type_=CALLS.c.counted_at.type))
    taking = sa.update(CALLS).where(CALLS.c.id == wanted, is_free).values(taken=CALLS.c.taken + 1, counted_at=counted_at)
    seat = taking.returning(CALLS.c.id).cte("seat")
    place = {**_given(REGISTRATIONS, registration), "call_id": sa.select(seat.c.id).scalar_subquery()}
    made = _written(REGISTRATIONS, place, sa.select(*place.values()).select_from(newcomer))
    about = {"account_id": call.c.account_id, "show_id": call.c.show_id, "call_id": call.c.id}
    done = _given(CHANGES, change) | about
    kept = _written(CHANGES, done, sa.select(*done.values()).join_from(call, made, sa.true()))
    notice = notifying(sa.bindparam("told", type_=sa.Text()) + sa.cast(call.c.show_id, sa.Text()))
    return sa.select(call.c.show_id, notice).join_from(call, kept, sa.true())


def _written(table: sa.Table, values: dict[str, Any], rows: sa.Select[Any]) -> sa.CTE:
    return sa.insert(table).from_select([*values], rows, include_defaults=False).returning(table.c.id).cte(f"new_{table.name}")


def _given(table: sa.Table, names: Names) -> dict[str, Any]:
    """The values that the statement is handed for these columns, each under its table's name and its own.

    Under a column's bare name SQLAlchemy would set that column in every table written to.
    """
    return {name: sa.bindparam(f"{table.name}_{name}", type_=table.c[name].type) for name in names}
