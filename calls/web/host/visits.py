"""A member's visit to the host's side: who she is, what she may look up, and pages made for her alone.

Everything is looked up through her account, so that what belongs to another is as unknown as what never was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from calls.ground.refusals import NotFound
from calls.guests import queries as guests
from calls.guests.models import Booking, Guest, Invitation
from calls.history.keeping import Actor
from calls.registrations import queries as registrations
from calls.registrations.models import Registration
from calls.shows import queries as shows
from calls.shows.models import Call, Show
from calls.team import roles, staffing
from calls.team.models import Member, SignIn
from calls.team.roles import Deed
from calls.web import visitors
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.host.layout import host_page

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Visit:
    """One request of a member, with the transaction it is answered in."""

    ask: Ask
    session: Session
    sign_in: SignIn

    @property
    def member(self) -> Member:
        return self.sign_in.member

    @property
    def account_id(self) -> UUID:
        return self.member.account_id

    @property
    def by(self) -> Actor:
        return staffing.actor(self.member)

    @property
    def now(self) -> datetime:
        return self.ask.now

    def may(self, deed: Deed) -> bool:
        return roles.may(self.member.role, deed)

    def require(self, deed: Deed) -> None:
        """For pages that only lead to a deed. Raises NotAllowed."""
        roles.require(self.by, deed, self.account_id)

    def show(self) -> Show:
        """The show that the address names. Raises NotFound."""
        return _found(shows.show_of_account(self.session, self.account_id, self.ask.id("show_id")))

    def call(self) -> Call:
        """The call that the address names, with its show. Raises NotFound."""
        return _found(shows.call_of_account(self.session, self.account_id, self.ask.id("call_id")))

    def registration(self) -> Registration:
        """The registration that the address names, with call, show and attendee. Raises NotFound."""
        return _found(registrations.registration_of_account(self.session, self.account_id, self.ask.id("registration_id")))

    def guest(self) -> Guest:
        """The guest that the address names; for a double that was merged, the one who was kept. Raises NotFound."""
        return _found(guests.guest_of_account(self.session, self.account_id, self.ask.id("guest_id")))

    def invitation(self) -> Invitation:
        """The invitation of a guest that the address names, with show and guest. Raises NotFound."""
        return _found(guests.invitation_of_account(self.session, self.account_id, self.ask.id("invitation_id")))

    def booking(self) -> Booking:
        """The booking of a guest that the address names, with show, guest, invitation and call. Raises NotFound."""
        return _found(guests.booking_of_account(self.session, self.account_id, self.ask.id("booking_id")))

    def call_of(self, typed: str) -> Call | None:
        """The call of the account that a form names by its id; None for anything else."""
        try:
            return shows.call_of_account(self.session, self.account_id, UUID(typed))
        except ValueError:
            return None

    def page(self, template: str, status: int = 200, **facts: Any) -> Answer:
        """A page with the host's menu; `may` tells templates which deeds to offer."""
        return host_page(self.ask, self.sign_in, template, status, may=self.may, **facts)


@contextmanager
def looking(ask: Ask) -> Iterator[Visit]:
    """A visit that only reads."""
    with ask.house.database.reading() as session:
        yield Visit(ask, session, visitors.member(ask, session))


@contextmanager
def doing(ask: Ask) -> Iterator[Visit]:
    """A visit that writes, or asks what a deed would do; kept only when the block ends without a refusal."""
    with ask.house.database.transaction() as session:
        yield Visit(ask, session, visitors.member(ask, session))


def _found(thing: Thing | None) -> Thing:
    if thing is None:
        raise NotFound
    return thing
