"""A show that runs, without pages: its rows, a clock, a mail gateway, and a worker that works when it is told to.

Everything is done by the acts of the house. The show is Ask Tara: 16 Tuesdays at 19:00 in New York.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls import pending, worker
from calls.gateways.mail import MailGateway
from calls.ground.clock import SetClock
from calls.ground.database import Database, new_id
from calls.ground.links import Links
from calls.ground.tokens import Keys
from calls.history.keeping import Actor
from calls.joining import opening
from calls.joining.rooms import WayIn
from calls.messages import inviting, reminding, reminding_guests
from calls.messages.desk import Desk
from calls.messages.models import Message, Reminder
from calls.registrations import passing, queries, registering
from calls.registrations.attending import Person
from calls.registrations.models import Registration
from calls.sender import Tools
from calls.shows import planning
from calls.shows import queries as shows
from calls.shows.models import Call, Show
from calls.shows.planning import Plan
from calls.team import staffing
from calls.team.models import Member
from calls.web.pages import templates
from calls.web.static import Static
from calls.worker import Worker

LINKS = Links("https://calls.example", Keys(b"the secret of the tests"))
DESK = Desk(LINKS, templates(LINKS, Static()), "{show} <shows@calls.example>")
ANN = Person("Ann Lee", "ann@example.com", "Europe/Berlin")
BOB = Person("Bob Ray", "bob@example.com", "Australia/Melbourne")
CLEO = Person("Cleo Marsh", "cleo@example.com", "America/New_York")
ROOM = WayIn("+1 555 010 0100", "48213", "https://meet.example/tara")
TUESDAYS = "FREQ=WEEKLY;BYDAY=TU;COUNT=16"
PLAN = Plan("Ask Tara", date(2026, 11, 24), time(19), "America/New_York", 60, TUESDAYS, host_name="Tara", capacity=1000)
CHORES = (pending.take_next, worker.lapse, worker.follow_up, reminding.write_due, reminding_guests.write_due, inviting.invite_due)


@dataclass
class Studio:
    """The show, who runs it, and what it works with."""

    database: Database
    clock: SetClock
    mail: MailGateway
    worker: Worker
    by: Actor
    show_id: UUID

    def work(self) -> None:
        """Do all that is due: changes that take effect, follow-ups, reminders and invitations, then the letters."""
        self.write()
        self.worker.sender.send()

    def write(self) -> None:
        """Do all that is due, and leave the letters in the outbox."""
        for chore in CHORES:
            self._exhaust(chore)

    def wait(self, **by: float) -> None:
        """Let time pass and do all that is due then."""
        self.clock.advance(**by)
        self.work()

    def until(self, moment: datetime, minutes: int = 60) -> None:
        """Let time pass until a moment, working every hour at least, and every five minutes in the last three hours."""
        while self.clock.now() < moment:
            left = (moment - self.clock.now()).total_seconds() / 60
            step = min(left, minutes if left > 180 else min(minutes, 5))
            self.wait(minutes=step)

    def calls(self, session: Session) -> list[Call]:
        return list(session.scalars(sa.select(Call).where(Call.show_id == self.show_id).order_by(Call.starts_at, Call.id)))

    def call(self, session: Session, number: int = 0) -> Call:
        """The call of this number, by the day that it was planned for."""
        planned = sorted(self.calls(session), key=lambda it: it.planned_for)[number]
        found = shows.call_by_id(session, planned.id)
        assert found is not None
        return found

    def show(self, session: Session) -> Show:
        return session.get_one(Show, self.show_id)

    def register(self, person: Person, number: int = 0, *, by_hand: bool = False) -> UUID:
        with self.database.transaction() as session:
            call = self.call(session, number)
            by = self.by if by_hand else None
            return registering.register(session, call, person, by=by, now=self.clock.now()).registration_id

    def take_pass(self, person: Person, *, by_hand: bool = False) -> UUID:
        with self.database.transaction() as session:
            by = self.by if by_hand else None
            return passing.register_for_all(session, self.show(session), person, by=by, now=self.clock.now()).id

    @contextmanager
    def registration(self, registration_id: UUID) -> Iterator[tuple[Session, Registration, Actor]]:
        """A registration to do something to, and the person as the one who does it."""
        with self.database.transaction() as session:
            found = queries.registration_by_id(session, registration_id)
            assert found is not None
            yield session, found, Actor("attendee", found.attendee_id, found.attendee.name)

    def cancel_registration(self, registration_id: UUID) -> None:
        with self.registration(registration_id) as (session, registration, by):
            registering.cancel(session, registration, by=by, now=self.clock.now())

    def remove(self, registration_id: UUID) -> None:
        with self.registration(registration_id) as (session, registration, _):
            registering.remove(session, registration, by=self.by, now=self.clock.now())

    def ask(self, kind: str, number: int | None = 0, **facts: Any) -> UUID | None:
        """Have a change made as the host does; the pending one, or None where it went out at once."""
        with self.database.transaction() as session:
            call = None if number is None else self.call(session, number)
            asked = pending.ask(session, kind, self.show(session), call, facts, by=self.by, now=self.clock.now())
            return asked.id if asked else None

    def move(self, wall: str, number: int = 0, **facts: Any) -> UUID | None:
        known = {"wall": wall, "zone": "America/New_York", "minutes": 60}
        return self.ask("move", number, **known | facts)

    def undo(self, pending_id: UUID) -> None:
        with self.database.transaction() as session:
            account_id = self.show(session).account_id
            pending.undo(session, account_id, pending_id, by=self.by, now=self.clock.now())

    def messages(self) -> list[Message]:
        with self.database.reading() as session:
            return list(session.scalars(sa.select(Message).order_by(Message.id)))

    def outbox(self) -> list[tuple[str, str]]:
        """Kind and state of every message, in the order they were written."""
        return [(it.kind, it.state) for it in self.messages()]

    def update(self, model: Any, id: UUID, **values: Any) -> None:
        """Set columns of one row past all acts, for what should never be there."""
        with self.database.transaction() as session:
            session.execute(sa.update(model).where(model.id == id).values(**values))

    def _exhaust(self, chore: Callable[[Session, datetime], bool]) -> None:
        has_more = True
        while has_more:
            with self.database.transaction() as session:
                has_more = chore(session, self.clock.now())


def a_studio(
    database: Database,
    clock: SetClock,
    mail: MailGateway,
    *,
    plan: Plan = PLAN,
    room: WayIn = ROOM,
    reminders: tuple[int, ...] = (1440, 60, 15),
) -> Studio:
    """The show as a host makes it, its follow-ups done."""
    with database.transaction() as session:
        owner: Member = staffing.open_account(session, "tara@example.com", "Tara", now=clock.now())
        by = staffing.actor(owner)
        show = planning.create(session, owner.account_id, plan, by=by, now=clock.now())
        opening.give_room(session, show, None, room, by=by, now=clock.now(), is_first=True)
        for minutes in reminders:
            session.add(Reminder(id=new_id(), created_at=clock.now(), show_id=show.id, minutes=minutes))
    studio = Studio(database, clock, mail, Worker(Tools(database, clock, mail, DESK)), by, show.id)
    studio.work()
    return studio


def facts_of(room: WayIn) -> Mapping[str, Any]:
    """A way in as the facts of a change."""
    return {"phone": room.phone, "code": room.code, "web_link": room.web_link, "is_page_only": room.is_page_only}
