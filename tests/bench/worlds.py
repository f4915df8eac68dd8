"""The databases that are measured on: a show with its calls made by the acts of real life, and people put in in bulk."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.orm import Session

from calls.calendars.models import Entry
from calls.ground import zones
from calls.ground.database import Database, new_id
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.joining import opening
from calls.joining.rooms import WayIn
from calls.messages.models import SENT, Message, Reminder
from calls.migrations import running
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.shows import planning
from calls.shows.models import Call, Show
from calls.shows.planning import Plan
from calls.team import signing_in, staffing

SLUG, TONIGHT = "ask-tara", "tonight"
DESCRIPTION = "Bring your question. Tara answers **live**, and a guest of hers each week.\n\nNobody is recorded.\n"
WAY_IN = WayIn(phone="+1 555 010 0100", code="123456#", web_link="https://meet.example/tara")
A_BATCH = 5_000
CALLS_FILLED = 20


@dataclass(frozen=True)
class World:
    """A database on disk or on a server, with what a client needs to know of it."""

    address: str
    folder: Path
    show_id: UUID
    dates: tuple[str, ...]
    cookie: str

    @property
    def kind(self) -> str:
        return "SQLite" if self.address.startswith("sqlite") else "PostgreSQL"


@contextmanager
def world(server: str, folder: Path, *, registered: int = 0) -> Iterator[World]:
    """A migrated database with one weekly show, so many people registered for its calls, and its host signed in.

    `server` is the address of a PostgreSQL server, or "" for SQLite in the folder.
    """
    with a_database(server, folder) as address:
        with opened(address) as database:
            running.upgrade(database)
            made = _made(database, address, folder, registered)
        yield made


@contextmanager
def a_database(server: str, folder: Path) -> Iterator[str]:
    """The address of a database without any table."""
    folder.mkdir(parents=True, exist_ok=True)
    if not server:
        yield f"sqlite:///{folder / 'calls.sqlite3'}"
        return
    name = f"calls_bench_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def opened(address: str) -> Iterator[Database]:
    """A database beside the one that serves it."""
    database = Database(address, is_serving=False)
    try:
        yield database
    finally:
        database.close()


def tonight(world: World, people: int) -> list[UUID]:
    """A show with one call whose doors are open, and so many people registered for it: their registrations."""
    starts_at = (datetime.now(UTC) + timedelta(minutes=10)).replace(second=0, microsecond=0)
    with opened(world.address) as database, database.transaction() as session:
        call = _show_on(session, world, TONIGHT, starts_at)
        return fill(session, [call], people, "tonight.example")


def limit(world: World, seats: int) -> None:
    """Leave so many seats on the show's next date."""
    with opened(world.address) as database, database.transaction() as session:
        wanted = sa.and_(Call.show_id == world.show_id, Call.address == world.dates[0])
        session.execute(sa.update(Call).where(wanted).values(capacity=Call.taken + seats))


def remind(world: World, people: int) -> datetime:
    """A call with so many people registered for whom a reminder falls due now; returns when."""
    now = datetime.now(UTC)
    starts_at = (now + timedelta(minutes=60)).replace(second=0, microsecond=0)
    with opened(world.address) as database, database.transaction() as session:
        call = _show_on(session, world, "in-an-hour", starts_at)
        session.add(Reminder(id=new_id(), created_at=now - timedelta(days=1), show_id=call.show_id, minutes=60))
        fill(session, [call], people, "reminded.example")
    return datetime.now(UTC)


def crowded(world: World, people: int) -> UUID:
    """A call in three days with so many people registered for it."""
    starts_at = (datetime.now(UTC) + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)
    with opened(world.address) as database, database.transaction() as session:
        call = _show_on(session, world, "crowded", starts_at)
        fill(session, [call], people, "crowded.example")
        return call.id


def fill(session: Session, calls: Sequence[Call], people: int, domain: str) -> list[UUID]:
    """So many people registered since yesterday, dealt out over the calls, with all that followed from each registration."""
    made: list[UUID] = []
    for start in range(0, people, A_BATCH):
        numbers = range(start, min(start + A_BATCH, people))
        rows = [_person(calls[number % len(calls)], number, domain) for number in numbers]
        for table in (Attendee, Registration, Entry, Change, Message):
            session.execute(sa.insert(cast(sa.Table, table.__table__)), [it[table.__tablename__] for it in rows])
        made += [it["registrations"]["id"] for it in rows]
    for place, call in enumerate(calls):
        call.taken += len(range(place, people, len(calls)))
    return made


def _made(database: Database, address: str, folder: Path, registered: int) -> World:
    now = datetime.now(UTC)
    with database.transaction() as session:
        member = staffing.open_account(session, "tara@bench.example", "Tara", now=now)
        by = staffing.actor(member)
        first = zones.wall(now, "America/New_York").date() + timedelta(days=2)
        weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[first.weekday()]
        plan = Plan(
            "Ask Tara",
            first,
            datetime(2000, 1, 1, 19).time(),  # noqa: DTZ001 -- a wall time
            "America/New_York",
            60,
            f"FREQ=WEEKLY;BYDAY={weekday}",
            description=DESCRIPTION,
            host_name="Tara",
            capacity=planning.MOST_SEATS,
            slug=SLUG,
        )
        show = _opened(session, member.account_id, plan, by, now)
        calls = _calls(session, show)
        fill(session, calls[1 : 1 + CALLS_FILLED], registered, "before.example")
        _, cookie = signing_in.follow(session, signing_in.link_for(session, member, now=now), "", now=now)
        return World(address, folder, show.id, tuple(call.address for call in calls), cookie)


def _show_on(session: Session, world: World, slug: str, starts_at: datetime) -> Call:
    """A show of the same host with one call."""
    now = datetime.now(UTC)
    account_id = session.get_one(Show, world.show_id).account_id
    by = Actor("member", new_id(), "Tara", "owner", account_id)
    plan = Plan(slug, starts_at.date(), starts_at.time(), "UTC", 60, capacity=planning.MOST_SEATS, slug=slug)
    show = _opened(session, account_id, plan, by, now)
    return _calls(session, show)[0]


def _opened(session: Session, account_id: UUID, plan: Plan, by: Actor, now: datetime) -> Show:
    show = planning.create(session, account_id, plan, by=by, now=now)
    opening.give_room(session, show, None, WAY_IN, by=by, now=now, is_first=True)
    return show


def _calls(session: Session, show: Show) -> Sequence[Call]:
    return session.scalars(sa.select(Call).where(Call.show_id == show.id).order_by(Call.starts_at)).all()


def _person(call: Call, number: int, domain: str) -> dict[str, dict[str, Any]]:
    """One person's rows: the registration, and what a worker has written after it."""
    at = datetime.now(UTC) - timedelta(days=1)
    attendee_id, registration_id = new_id(), new_id()
    about = {"account_id": call.show.account_id, "show_id": call.show_id, "call_id": call.id}
    return {
        "attendees": {
            "id": attendee_id,
            "created_at": at,
            "account_id": call.show.account_id,
            "email": f"person{number}@{domain}",
            "name": f"Person {number}",
            "zone": "Europe/Berlin",
            "phone": "",
            "calendar": "auto",
            "generation": 0,
        },
        "registrations": {
            "id": registration_id,
            "created_at": at,
            "call_id": call.id,
            "attendee_id": attendee_id,
            "state": CONFIRMED,
            "confirmed_at": at,
        },
        "entries": {
            "id": new_id(),
            "created_at": at,
            "registration_id": registration_id,
            "uid": registration_id.hex,
            "offset": 0,
            "revised_at": at,
            "invited_at": at,
        },
        "changes": {
            "id": new_id(),
            "created_at": at,
            **about,
            "thing_id": registration_id,
            "kind": "registration.confirmed",
            "by_kind": "attendee",
            "by_id": attendee_id,
            "by_name": f"Person {number}",
            "facts": {},
            "followed_up_at": at,
            "try_at": at,
            "step": 0,
            "tries": 0,
        },
        "messages": {
            "id": new_id(),
            "created_at": at,
            **about,
            "key": f"registration_confirmed:{registration_id}",
            "kind": "registration_confirmed",
            "attendee_id": attendee_id,
            "registration_id": registration_id,
            "facts": {},
            "state": SENT,
            "due_at": at,
            "sent_at": at,
            "tries": 0,
        },
    }
