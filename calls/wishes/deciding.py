"""What a host makes of a wish: show it to all, refuse it, or put the person on the bench."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.guests import benching
from calls.guests import queries as guests
from calls.guests.models import Guest
from calls.guests.person import Person
from calls.history.keeping import Actor, Subject, keep
from calls.shows.holding import hold
from calls.shows.models import Show
from calls.team.roles import require
from calls.wishes.models import Wish
from calls.wishes.queries import REFUSED, SHOWN


def show(session: Session, wish: Wish, of: Show, *, by: Actor, now: datetime) -> None:
    """Let everybody see the wish and vote for it."""
    _decide(session, wish, of, SHOWN, "wish.shown", by, now)


def refuse(session: Session, wish: Wish, of: Show, *, by: Actor, now: datetime) -> None:
    """Keep the wish from the public page; who voted hears nothing."""
    _decide(session, wish, of, REFUSED, "wish.refused", by, now)


def put_on_bench(session: Session, wish: Wish, of: Show, *, by: Actor, now: datetime) -> Guest:
    """Put whom listeners wish for on the bench; who is there under this name already is only said to be wished for."""
    require(by, "invite guests", of.account_id)
    hold(session, wish)
    guest = _known(session, wish, of) or benching.add(session, of.account_id, _person(wish, of), by=by, now=now)
    link(session, wish, of, guest, by=by, now=now)
    return guest


def _known(session: Session, wish: Wish, of: Show) -> Guest | None:
    if wish.guest_id:
        return guests.guest_of_account(session, of.account_id, wish.guest_id)
    name = wish.name.casefold()
    return next((it for it in guests.all_of(session, of.account_id) if it.name.casefold() == name), None)


def _person(wish: Wish, of: Show) -> Person:
    met = f"Proposed by listeners of {of.name}. {wish.link}"
    return Person(wish.name, met=met.strip(), notes=wish.why)


def link(session: Session, wish: Wish, of: Show, guest: Guest, *, by: Actor, now: datetime) -> None:
    """Say who of the bench is wished for, so that her invitation can tell how many asked."""
    require(by, "invite guests", of.account_id)
    hold(session, wish)
    if wish.guest_id == guest.id:
        return
    wish.guest_id = guest.id
    facts = {"name": wish.name, "guest": guest.name, "guest_id": str(guest.id)}
    keep(session, "wish.put_on_bench", Subject(wish.id, of.account_id, of.id), by=by, now=now, facts=facts)


def _decide(session: Session, wish: Wish, of: Show, state: str, kind: str, by: Actor, now: datetime) -> None:
    require(by, "invite guests", of.account_id)
    hold(session, wish)
    if wish.state != state:
        wish.state = state
        keep(session, kind, Subject(wish.id, of.account_id, of.id), by=by, now=now, facts={"name": wish.name})
