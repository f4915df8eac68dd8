"""Who fills in a prep: the guest by her own link, or an assistant by a link that she has opened for that and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from calls.ground.links import PREP
from calls.ground.refusals import NotFound
from calls.ground.tokens import id_in
from calls.guests import queries
from calls.guests.models import Booking
from calls.history.keeping import Actor
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.guest import visits
from calls.web.pages import page

NOT_YET = "Choose a date first; what we need to know for it comes after."


@dataclass(frozen=True)
class Filling:
    """One request about one prep, with the transaction it is answered in. `address` is the form's page."""

    ask: Ask
    session: Session
    booking: Booking
    by: Actor
    address: str
    is_guest: bool
    menu: list[tuple[str, str, bool]]

    @property
    def now(self) -> datetime:
        return self.ask.now

    @property
    def zone(self) -> str:
        """Where the guest reads the time."""
        return self.booking.guest.zone or self.booking.show.zone

    @property
    def one_sheet(self) -> str:
        """Where a one-sheet is pasted."""
        return f"{self.address.removesuffix('/prep')}/one-sheet"

    def page(self, template: str, status: int = 200, **facts: Any) -> Answer:
        """A page for whoever fills in, and nobody else. Templates know the request as `here`."""
        booking = self.booking
        own: dict[str, Any] = {"here": self, "show": booking.show, "guest": booking.guest, "booking": booking}
        own |= {"zone": self.zone, "menu": self.menu}
        return page(self.ask, template, status, private=True, **own | facts)


Opening = Callable[[Ask, bool], AbstractContextManager[Filling]]


@contextmanager
def guest(ask: Ask, is_doing: bool) -> Iterator[Filling]:
    """The guest herself. Raises NotFound where no date is chosen, and for a talk beforehand, which needs no prep."""
    with (visits.doing if is_doing else visits.looking)(ask) as here:
        if here.booking is None or here.booking.call is None:
            raise NotFound(NOT_YET)
        yield Filling(ask, here.session, here.booking, here.by, f"{here.address}/prep", True, here.menu)


@contextmanager
def assistant(ask: Ask, is_doing: bool) -> Iterator[Filling]:
    """An assistant. Raises NotFound for a link that opens nothing, or no longer."""
    database = ask.house.database
    with database.transaction() if is_doing else database.reading() as session:
        token = ask.part("token")
        id = id_in(token)
        booking = queries.booking_by_id(session, id) if id else None
        prep = queries.prep_of(session, booking.id) if booking else None
        if id is None or booking is None or prep is None or not prep.is_handed_on:
            raise NotFound(visits.GONE)
        if not ask.house.keys.fits(token, PREP, id, prep.generation):
            raise NotFound(visits.GONE)
        by = Actor("guest", booking.guest_id, f"Assistant of {booking.guest.name}")
        yield Filling(ask, session, booking, by, f"/p/{token}", False, [])


def letter(booking: Booking, link: str) -> str:
    """A mail of the guest's own, begun: the link to her prep, for her assistant."""
    subject = f"Prep for {booking.show.name}"
    body = f"Would you fill this in for me? It opens what they need to know for the call, and nothing else:\n\n{link}\n"
    return f"mailto:?subject={quote(subject)}&body={quote(body)}"
