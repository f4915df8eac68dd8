"""An account with a bench, as the tests of guests need it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.guests.models import Guest
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.team import roles, staffing
from tests.builders import a_guest, a_member


def an_owner(session: Session) -> Actor:
    return staffing.actor(a_member(session, name="Tara"))


def a_leader(session: Session, of: Actor) -> Actor:
    """A member of the same account whose role does not reach as far as guests."""
    return staffing.actor(a_member(session, name="Lea", role=roles.HOST, account_id=of.account_id))


def in_turn(session: Session, by: Actor, *names: str) -> list[Guest]:
    """People who wait in this order."""
    return [a_guest(session, account_id=by.account_id, name=name, place=turn) for turn, name in enumerate(names, 1)]


def turns(session: Session) -> dict[str, int | None]:
    session.flush()
    rows = session.execute(sa.select(Guest.name, Guest.place).order_by(Guest.place.is_(None), Guest.place, Guest.name))
    return {row.name: row.place for row in rows}


def kept(session: Session) -> Sequence[tuple[str, dict[str, object]]]:
    """Kind and facts of every change, but whom it was about."""
    changes = session.scalars(sa.select(Change).order_by(Change.id))
    return [(it.kind, {k: v for k, v in it.facts.items() if k not in {"guest", "guest_id", "double_id"}}) for it in changes]
