"""Finders for attendees, registrations and passes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from calls.registrations.models import CONFIRMED, Attendee, Pass, Registration
from calls.shows.models import Call, Show


def attendee_by_email(session: Session, account_id: UUID, email: str) -> Attendee | None:
    return session.scalar(sa.select(Attendee).where(Attendee.account_id == account_id, Attendee.email == email))


def attendees_by_email(session: Session, email: str) -> Sequence[Attendee]:
    """The same person at each account of the installation."""
    return session.scalars(sa.select(Attendee).where(Attendee.email == email)).all()


def registration_by_id(session: Session, registration_id: UUID) -> Registration | None:
    return session.scalar(_whole().where(Registration.id == registration_id))


def registration_of_account(session: Session, account_id: UUID, registration_id: UUID) -> Registration | None:
    return session.scalar(_whole().where(Registration.id == registration_id, Show.account_id == account_id))


def registration_at(session: Session, call_id: UUID, attendee_id: UUID) -> Registration | None:
    return session.scalar(_whole().where(Registration.call_id == call_id, Registration.attendee_id == attendee_id))


def registrations_of_call(
    session: Session, call_id: UUID, search: str = "", limit: int = 500, offset: int = 0
) -> Sequence[Registration]:
    """The confirmed registrations of a call, whom no mail reaches first, then by name."""
    return _listed(session, Registration.call_id == call_id, search, limit, offset)


def registrations_of_show(
    session: Session, show_id: UUID, search: str = "", limit: int = 500, offset: int = 0
) -> Sequence[Registration]:
    """The confirmed registrations of all calls of a show, whom no mail reaches first, then by name and date."""
    return _listed(session, Call.show_id == show_id, search, limit, offset)


def count_of_call(session: Session, call_id: UUID, search: str = "") -> int:
    return _counted(session, Registration.call_id == call_id, search)


def count_of_show(session: Session, show_id: UUID, search: str = "") -> int:
    return _counted(session, Call.show_id == show_id, search)


def latest_of_call(session: Session, call_id: UUID, limit: int = 5) -> Sequence[Registration]:
    """Who registered last, the latest first."""
    confirmed = sa.and_(Registration.call_id == call_id, Registration.state == CONFIRMED)
    return session.scalars(
        _whole().where(confirmed).order_by(Registration.confirmed_at.desc(), Registration.id).limit(limit)
    ).all()


def make_up_of_call(session: Session, call_id: UUID) -> tuple[int, int]:
    """Of the people registered for a call: how many hold a pass, and how many have no e-mail address."""
    numbers = (
        sa.select(
            sa.func.count().filter(Registration.pass_id.is_not(None)),
            sa.func.count().filter(Attendee.email.is_(None)),
        )
        .select_from(Registration)
        .join(Registration.attendee)
        .where(Registration.call_id == call_id, Registration.state == CONFIRMED)
    )
    with_pass, without_email = session.execute(numbers).one()
    return with_pass, without_email


def bounced_by_call(session: Session, call_ids: Iterable[UUID]) -> dict[UUID, int]:
    """To how many of the people registered for each of these calls no mail comes through."""
    wanted = (Registration.call_id.in_(list(call_ids)), Registration.state == CONFIRMED, Attendee.bounced_at.is_not(None))
    numbers = sa.select(Registration.call_id, sa.func.count()).join(Registration.attendee).where(*wanted)
    rows = session.execute(numbers.group_by(Registration.call_id))
    return {row[0]: row[1] for row in rows}


def zones_of_calls(session: Session, call_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """How many of those registered for each call are in which zone, in one query for all the calls."""
    found: dict[UUID, dict[str, int]] = {}
    wanted = sa.and_(Registration.call_id.in_(call_ids), Registration.state == CONFIRMED)
    rows = sa.select(Registration.call_id, Attendee.zone, sa.func.count()).join(Registration.attendee).where(wanted)
    for call_id, zone, number in session.execute(rows.group_by(Registration.call_id, Attendee.zone)):
        found.setdefault(call_id, {})[zone] = number
    return found


def namesake(session: Session, call_id: UUID, name: str) -> Registration | None:
    """Somebody registered for the call under this name without address and number, whom nothing tells from a namesake."""
    nameless = sa.and_(Attendee.email.is_(None), Attendee.phone == "", sa.func.lower(Attendee.name) == name.lower())
    wanted = _whole().where(Registration.call_id == call_id, Registration.state == CONFIRMED, nameless)
    return session.scalars(wanted.limit(1)).first()


def registrations_of_attendee(session: Session, attendee_id: UUID, now: datetime) -> Sequence[Registration]:
    """A person's confirmed registrations for calls that are not over, the next first."""
    mine = sa.and_(Registration.attendee_id == attendee_id, Registration.state == CONFIRMED, Call.ends_at > now)
    return session.scalars(_whole().where(mine).order_by(Call.starts_at, Call.id)).all()


def registrations_of_pass(session: Session, pass_id: UUID, now: datetime) -> Sequence[Registration]:
    mine = sa.and_(Registration.pass_id == pass_id, Registration.state == CONFIRMED, Call.ends_at > now)
    return session.scalars(_whole().where(mine).order_by(Call.starts_at, Call.id)).all()


def pass_of(session: Session, show_id: UUID, attendee_id: UUID) -> Pass | None:
    return session.scalar(sa.select(Pass).where(Pass.show_id == show_id, Pass.attendee_id == attendee_id))


def pass_by_id(session: Session, pass_id: UUID) -> Pass | None:
    return session.scalar(sa.select(Pass).options(joinedload(Pass.show), joinedload(Pass.attendee)).where(Pass.id == pass_id))


def passes_of_attendee(session: Session, attendee_id: UUID) -> Sequence[Pass]:
    """A person's passes that have not been given back, in the order they were taken."""
    mine = sa.and_(Pass.attendee_id == attendee_id, Pass.cancelled_at.is_(None))
    return session.scalars(sa.select(Pass).options(joinedload(Pass.show)).where(mine).order_by(Pass.id)).all()


def standing_passes(session: Session, show_id: UUID, after: UUID | None, limit: int) -> Sequence[Pass]:
    """Passes that have not been given back, in the order they were taken, from the one after `after`."""
    standing = sa.and_(Pass.show_id == show_id, Pass.cancelled_at.is_(None), *([Pass.id > after] if after else []))
    return session.scalars(
        sa.select(Pass).options(joinedload(Pass.attendee)).where(standing).order_by(Pass.id).limit(limit)
    ).all()


def _whole() -> sa.Select[Registration]:
    return (
        sa.select(Registration)
        .join(Registration.call)
        .join(Call.show)
        .join(Registration.attendee)
        .options(contains_eager(Registration.call).contains_eager(Call.show), contains_eager(Registration.attendee))
    )


def _listed(session: Session, which: sa.ColumnElement[bool], search: str, limit: int, offset: int) -> Sequence[Registration]:
    wanted = [which, Registration.state == CONFIRMED]
    if search.strip():
        wanted.append(_matches(search.strip()))
    order = (Attendee.bounced_at.is_(None), sa.func.lower(Attendee.name), Call.starts_at, Registration.id)
    ordered = _whole().where(*wanted).order_by(*order)
    return session.scalars(ordered.limit(limit).offset(offset)).all()


def _counted(session: Session, which: sa.ColumnElement[bool], search: str) -> int:
    wanted = [which, Registration.state == CONFIRMED, *([_matches(search.strip())] if search.strip() else [])]
    rows = sa.select(sa.func.count()).select_from(Registration).join(Registration.call).join(Registration.attendee)
    return session.scalar(rows.where(*wanted)) or 0


def _matches(search: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.func.lower(Attendee.name).contains(search.lower(), autoescape=True),
        Attendee.email.contains(search.lower(), autoescape=True),
        Attendee.phone.contains(search, autoescape=True),
    )
