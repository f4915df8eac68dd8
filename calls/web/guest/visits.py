"""A guest's visit by her own link: which invitation it opens, her booking if there is one, and pages made for her alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from calls.ground.links import GUEST
from calls.ground.refusals import NotFound
from calls.ground.tokens import id_in
from calls.guests import queries
from calls.guests.models import Booking, Guest, Invitation
from calls.history.keeping import Actor
from calls.shows.models import Show
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import page

GONE = "This link does not work, or no longer."
WITHDRAWN = "This invitation was withdrawn, so there is nothing to do here any more."
ROOMS = (("Booking", ""), ("Calendar", "/calendar"))
ROOMS_OF_CALL = (("Booking", ""), ("Prep", "/prep"), ("Run sheet", "/run-sheet"), ("Kit", "/kit"), ("Calendar", "/calendar"))


@dataclass(frozen=True)
class Visit:
    """One request of a guest, with the transaction it is answered in. `booking` is the standing one, else the last, else None."""

    ask: Ask
    session: Session
    invitation: Invitation
    booking: Booking | None

    @property
    def guest(self) -> Guest:
        return self.invitation.guest

    @property
    def show(self) -> Show:
        return self.invitation.show

    @property
    def by(self) -> Actor:
        return Actor("guest", self.guest.id, self.guest.name)

    @property
    def now(self) -> datetime:
        return self.ask.now

    @property
    def zone(self) -> str:
        """Where the guest reads the time: her own zone, else the show's."""
        return self.guest.zone or self.show.zone

    @property
    def address(self) -> str:
        """Her page's own address, without the host; her other rooms are below it."""
        return f"/g/{self.ask.part('token')}"

    @property
    def menu(self) -> list[tuple[str, str, bool]]:
        """Label, address and whether it is the page itself, of each room of a guest who is booked; none for others."""
        if self.booking is None or not self.booking.is_standing or self.booking.accepted_at is None:
            return []
        rooms = ROOMS_OF_CALL if self.booking.call_id else ROOMS
        return [(label, self.address + room, self.ask.path == self.address + room) for label, room in rooms]

    def page(self, template: str, status: int = 200, **facts: Any) -> Answer:
        """A page for this guest and nobody else. Templates know the visit as `here`."""
        own: dict[str, Any] = {"here": self, "show": self.show, "guest": self.guest, "booking": self.booking}
        own |= {"zone": self.zone, "menu": self.menu}
        return page(self.ask, template, status, private=True, **own | facts)


@contextmanager
def looking(ask: Ask) -> Iterator[Visit]:
    """A visit that only reads. Raises NotFound for a link that opens nothing, or whose invitation was withdrawn."""
    with ask.house.database.reading() as session:
        yield _live(opened(ask, session))


@contextmanager
def doing(ask: Ask) -> Iterator[Visit]:
    """A visit that writes; kept only when the block ends without a refusal. Raises NotFound as `looking` does."""
    with ask.house.database.transaction() as session:
        yield _live(opened(ask, session))


def opened(ask: Ask, session: Session) -> Visit:
    """The visit, whatever has become of the invitation. Raises NotFound for a link that opens nothing."""
    token = ask.part("token")
    id = id_in(token)
    invitation = queries.invitation_by_id(session, id) if id else None
    if id is None or invitation is None or not ask.house.keys.fits(token, GUEST, id, invitation.generation):
        raise NotFound(GONE)
    return Visit(ask, session, invitation, queries.last_booking_of(session, id))


def _live(visit: Visit) -> Visit:
    if visit.invitation.state == "withdrawn":
        raise NotFound(WITHDRAWN)
    return visit
