"""Whoever comes with a secret link: the registration or the pass that it opens, and nothing else."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from calls.ground.links import ANSWERS, JOIN, PASS, REGISTRATION
from calls.ground.refusals import NotFound
from calls.ground.tokens import id_in
from calls.history.keeping import Actor
from calls.registrations import queries
from calls.registrations.models import Attendee, Pass, Registration
from calls.shows.models import Show
from calls.web.asking import Ask

GONE = "This link does not work, or no longer."


@dataclass(frozen=True)
class Holder:
    """A person with one of her own links: to a registration, or to a pass."""

    attendee: Attendee
    show: Show
    address: str
    registration: Registration | None = None
    a_pass: Pass | None = None

    @property
    def actor(self) -> Actor:
        return Actor("attendee", self.attendee.id, self.attendee.name)


def holder(ask: Ask, session: Session) -> Holder:
    """Whose link this is. Raises NotFound for one that opens nothing."""
    token = ask.part("token")
    id = _id(token)
    address = f"/r/{token}"
    registration = queries.registration_by_id(session, id)
    if registration and ask.house.keys.fits(token, REGISTRATION, id, registration.attendee.generation):
        return Holder(registration.attendee, registration.call.show, address, registration=registration)
    a_pass = queries.pass_by_id(session, id)
    if a_pass and ask.house.keys.fits(token, PASS, id, a_pass.attendee.generation):
        return Holder(a_pass.attendee, a_pass.show, address, a_pass=a_pass)
    raise NotFound(GONE)


def registered(ask: Ask, session: Session) -> tuple[Holder, Registration]:
    """The same where only a registration will do."""
    found = holder(ask, session)
    return found, of(found)


def of(found: Holder) -> Registration:
    """The registration that the link opens. Raises NotFound where it is a pass."""
    if found.registration is None:
        raise NotFound(GONE)
    return found.registration


def joining(ask: Ask, session: Session) -> Registration:
    """The registration that a join link opens."""
    token = ask.part("token")
    id = _id(token)
    registration = queries.registration_by_id(session, id)
    if registration is None or not ask.house.keys.fits(token, JOIN, id, registration.attendee.generation):
        raise NotFound(GONE)
    return registration


def answering(ask: Ask, session: Session) -> tuple[Registration, str]:
    """The registration that a link for an answer opens, and which answer it is."""
    token = ask.part("token")
    id = _id(token)
    registration = queries.registration_by_id(session, id)
    for answer, purpose in ANSWERS.items() if registration else ():
        if registration and ask.house.keys.fits(token, purpose, id, registration.attendee.generation):
            return registration, answer
    raise NotFound(GONE)


def _id(token: str) -> UUID:
    id = id_in(token)
    if id is None:
        raise NotFound(GONE)
    return id
