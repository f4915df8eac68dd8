"""Guests of the studio's show, from the bench to the call, by the acts of the house. The guest is Ken Ono, in Tokyo."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.guests import benching, inviting, queries, understudying
from calls.guests import booking as bookings
from calls.guests.answers import Answers
from calls.guests.inviting import Offer
from calls.guests.models import Booking, Guest, Invitation
from calls.guests.person import Person
from calls.guests.understudying import StandIn
from calls.history.keeping import Actor
from tests.fakes import FakeMail, Letter
from tests.studio import Studio

KEN = Person("Ken Ono", "ken@example.jp", zone="Asia/Tokyo")
MIA = Person("Mia Silva", "mia@example.com", zone="Europe/Berlin")
THREE = Answers("Dr. Ken Ono", "Why we sleep", "+81 3 1234 5678")


@dataclass
class Invited:
    """One guest of a studio's show with her invitation."""

    studio: Studio
    guest_id: UUID
    invitation_id: UUID

    @contextmanager
    def invitation(self) -> Iterator[tuple[Session, Invitation, Actor]]:
        """The invitation to do something about, and the guest as the one who does it."""
        with self.studio.database.transaction() as session:
            found = queries.invitation_by_id(session, self.invitation_id)
            assert found is not None
            yield session, found, Actor("guest", found.guest_id, found.guest.name)

    @contextmanager
    def booking(self) -> Iterator[tuple[Session, Booking, Actor]]:
        """The last booking, in the same way."""
        with self.studio.database.transaction() as session:
            found = queries.last_booking_of(session, self.invitation_id)
            assert found is not None
            yield session, found, Actor("guest", found.guest_id, found.guest.name)

    @property
    def now(self) -> datetime:
        return self.studio.clock.now()

    def choose(self, number: int = 0) -> UUID:
        with self.invitation() as (session, invitation, by):
            return bookings.choose(session, invitation, self.studio.call(session, number), by=by, now=self.now).id

    def accept(self, typed: Answers | None = THREE) -> None:
        with self.booking() as (session, booking, by):
            bookings.accept(session, booking, typed, by=by, now=self.now)

    def approve(self) -> None:
        with self.booking() as (session, booking, _):
            bookings.approve(session, booking, by=self.studio.by, now=self.now)

    def decline(self, reason: str = "") -> None:
        with self.booking() as (session, booking, by):
            bookings.decline(session, booking, reason, by=by, now=self.now)

    def cancel(self, reason: str = "") -> None:
        with self.booking() as (session, booking, _):
            bookings.cancel(session, booking, reason, by=self.studio.by, now=self.now)

    def withdraw(self) -> None:
        with self.invitation() as (session, invitation, _):
            inviting.withdraw(session, invitation, by=self.studio.by, now=self.now)

    def confirmed(self, number: int = 0) -> "Invited":
        """The same once a date is chosen and agreed on, and all letters of that are out."""
        self.choose(number)
        self.accept()
        self.studio.work()
        return self

    def letters(self) -> list[Letter]:
        with self.studio.database.reading() as session:
            email = session.get_one(Guest, self.guest_id).email
        return letters_to(self.studio, email or "")


def letters_to(studio: Studio, address: str) -> list[Letter]:
    mail = studio.mail
    assert isinstance(mail, FakeMail)
    return mail.to(address)


def on_bench(studio: Studio, person: Person = KEN) -> UUID:
    with studio.database.transaction() as session:
        account_id = studio.show(session).account_id
        return benching.add(session, account_id, person, by=studio.by, now=studio.clock.now()).id


def invited(studio: Studio, person: Person = KEN, *, numbers: tuple[int, ...] = (0, 1, 2), words: str = "") -> Invited:
    """Somebody put on the bench and asked for these calls; the letter is not written yet."""
    guest_id = on_bench(studio, person)
    with studio.database.transaction() as session:
        guest = session.scalars(sa.select(Guest).where(Guest.id == guest_id)).one()
        offer = Offer(calls=[studio.call(session, it) for it in numbers], words=words)
        made = inviting.invite(session, studio.show(session), guest, offer, by=studio.by, now=studio.clock.now())
        return Invited(studio, guest_id, made.id)


def name_understudy(studio: Studio, guest_id: UUID | None = None, replay: str = "", number: int = 0) -> str:
    """Name a call's understudy; how the call would announce it."""
    with studio.database.transaction() as session:
        call = studio.call(session, number)
        understudying.name(session, call, StandIn(guest_id, replay), by=studio.by, now=studio.clock.now())
        guest = session.get(Guest, guest_id) if guest_id else None
        return understudying.announced(guest, replay)
