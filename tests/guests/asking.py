"""The show of the studio with guests to ask: every deed by the acts of the house, each in a transaction of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.guests import benching, booking, inviting, queries, setting_terms
from calls.guests.answers import Answers
from calls.guests.inviting import Offer
from calls.guests.models import Booking, Guest, Invitation
from calls.guests.person import Person
from calls.guests.terms import Conditions
from calls.history.keeping import Actor
from calls.history.models import Change
from tests.fakes import FakeMail
from tests.studio import Studio, a_studio

MIKA = Person("Mika Ono", "mika@example.org", zone="Asia/Tokyo")
BEN = Person("Ben Adler", "ben@example.org", zone="Europe/Berlin")
CLARA = Person("Clara Ruiz", "clara@example.org")
ANSWERS = Answers("Dr. Mika Ono", "What whales say", "+81 3 1234 5678")
OURS = ("booking.%", "invitation.%", "call.guest%")


@dataclass
class Asking:
    """A studio whose host asks guests."""

    studio: Studio

    @property
    def now(self) -> datetime:
        return self.studio.clock.now()

    @property
    def database(self) -> Database:
        return self.studio.database

    def guest(self, person: Person = MIKA, turn: int | None = None) -> UUID:
        """Somebody on the bench; with her turn, from 1 on."""
        with self.database.transaction() as session:
            account_id = self.studio.show(session).account_id
            guest = benching.add(session, account_id, person, by=self.studio.by, now=self.now)
            if turn is not None:
                benching.move(session, guest, turn, by=self.studio.by, now=self.now)
            return guest.id

    def terms(self, **facts: Any) -> None:
        with self.database.transaction() as session:
            show = self.studio.show(session)
            setting_terms.set_terms(session, show, Conditions(**facts), by=self.studio.by, now=self.now)

    def invite(self, guest_id: UUID, numbers: Sequence[int] | None = None, **facts: Any) -> UUID:
        """Ask a guest for the calls of these numbers; without any for whichever is open."""
        with self.database.transaction() as session:
            calls = [self.studio.call(session, it) for it in numbers or ()]
            known: dict[str, Any] = {"calls": calls, "is_any_date": numbers is None}
            offer = Offer(**known | facts)
            guest = session.get_one(Guest, guest_id)
            return inviting.invite(session, self.studio.show(session), guest, offer, by=self.studio.by, now=self.now).id

    @contextmanager
    def invitation(self, invitation_id: UUID) -> Iterator[tuple[Session, Invitation, Actor]]:
        """An invitation to do something with, and its guest as the one who does it."""
        with self.database.transaction() as session:
            found = queries.invitation_by_id(session, invitation_id)
            assert found is not None
            yield session, found, Actor("guest", found.guest_id, found.guest.name)

    @contextmanager
    def booking(self, booking_id: UUID) -> Iterator[tuple[Session, Booking, Actor]]:
        """The same of a booking."""
        with self.database.transaction() as session:
            found = queries.booking_by_id(session, booking_id)
            assert found is not None
            yield session, found, Actor("guest", found.guest_id, found.guest.name)

    def choose(self, invitation_id: UUID, number: int = 0) -> UUID:
        with self.invitation(invitation_id) as (session, invitation, by):
            return booking.choose(session, invitation, self.studio.call(session, number), by=by, now=self.now).id

    def accept(self, booking_id: UUID, answers: Answers | None = ANSWERS) -> None:
        with self.booking(booking_id) as (session, found, by):
            booking.accept(session, found, answers, by=by, now=self.now)

    def approve(self, booking_id: UUID) -> None:
        with self.booking(booking_id) as (session, found, _):
            booking.approve(session, found, by=self.studio.by, now=self.now)

    def decline(self, booking_id: UUID, reason: str = "") -> None:
        with self.booking(booking_id) as (session, found, by):
            booking.decline(session, found, reason, by=by, now=self.now)

    def cancel(self, booking_id: UUID, reason: str = "", *, is_asked_again: bool = False) -> None:
        with self.booking(booking_id) as (session, found, _):
            booking.cancel(session, found, reason, is_asked_again=is_asked_again, by=self.studio.by, now=self.now)

    def booked(self, person: Person = MIKA, number: int = 0) -> UUID:
        """A guest who has agreed to a call."""
        booking_id = self.choose(self.invite(self.guest(person), [number]), number)
        self.accept(booking_id)
        return booking_id

    def states(self) -> list[tuple[str, str, str]]:
        """Name of the guest and state of each invitation, and of its standing or last booking, in the order they were made."""
        with self.database.reading() as session:
            found = session.scalars(sa.select(Invitation).order_by(Invitation.id)).all()
            last = {it.id: queries.last_booking_of(session, it.id) for it in found}
            return [(it.guest.name, it.state, getattr(last[it.id], "state", "")) for it in found]

    def changes(self) -> list[str]:
        """The kinds of change that were kept of invitations and bookings, and of who is announced, in their order."""
        with self.database.reading() as session:
            wanted = sa.or_(*(Change.kind.like(it) for it in OURS))
            return list(session.scalars(sa.select(Change.kind).where(wanted).order_by(Change.id)))

    def announced(self, number: int = 0) -> str:
        with self.database.reading() as session:
            return self.studio.call(session, number).guest_name


def an_asking(database: Database, clock: SetClock) -> Asking:
    return Asking(a_studio(database, clock, FakeMail(clock)))
