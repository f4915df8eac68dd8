"""Look through the bench: by how far it has come with each, by tag, by who looks after them, by words."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.guests import standing
from calls.guests.models import STANDING, Booking, Guest, Invitation
from calls.guests.queries import has_booking, has_invitation, of
from calls.shows.models import Call

NEVER = sa.false()


@dataclass(frozen=True)
class Wanted:
    """Who of the bench is looked for. `has_turn`: only those who wait for their turn; they come in that order."""

    standing: str = ""
    tag: str = ""
    looked_after_by: UUID | None = None
    search: str = ""
    has_turn: bool = False


def guests_of(
    session: Session,
    account_id: UUID,
    wanted: Wanted,
    now: datetime,
    *,
    thanked: sa.ColumnElement[bool] = NEVER,
    limit: int = 50,
    offset: int = 0,
) -> list[tuple[Guest, str]]:
    """Guests with their standing: who has a turn first, in that order, then by name.

    `thanked` says of a guest whether the thanks went out, which only the room of messages knows.
    """
    order = (Guest.place.is_(None), Guest.place, sa.func.lower(Guest.name), Guest.id)
    rows = sa.select(Guest, _standing(now, thanked)).where(*_found(account_id, wanted, now, thanked))
    return [(row[0], row[1]) for row in session.execute(rows.order_by(*order).limit(limit).offset(offset))]


def count_of(
    session: Session, account_id: UUID, wanted: Wanted, now: datetime, *, thanked: sa.ColumnElement[bool] = NEVER
) -> int:
    rows = sa.select(sa.func.count()).select_from(Guest).where(*_found(account_id, wanted, now, thanked))
    return session.scalar(rows) or 0


def standing_of(session: Session, guest: Guest, now: datetime, *, thanked: sa.ColumnElement[bool] = NEVER) -> str:
    """How far it has come with one guest."""
    return session.scalars(sa.select(_standing(now, thanked)).where(Guest.id == guest.id)).one()


def tags_of(session: Session, account_id: UUID) -> list[str]:
    """The tags in use, by alphabet."""
    has_some = sa.cast(Guest.tags, sa.Text) != "[]"
    return sorted({tag for tags in session.scalars(sa.select(Guest.tags).where(*of(account_id), has_some)) for tag in tags})


def _found(
    account_id: UUID, wanted: Wanted, now: datetime, thanked: sa.ColumnElement[bool]
) -> list[sa.ColumnElement[bool]]:
    found = [*of(account_id)]
    if wanted.has_turn:
        found.append(Guest.place.is_not(None))
    if wanted.standing:
        found.append(_standing(now, thanked) == wanted.standing)
    if wanted.tag:
        # The list stands in the column as JSON, in which no tag holds a quotation mark.
        found.append(sa.cast(Guest.tags, sa.Text).contains(json.dumps(wanted.tag), autoescape=True))
    if wanted.looked_after_by:
        found.append(Guest.looked_after_by_id == wanted.looked_after_by)
    if wanted.search.strip():
        found.append(_matches(wanted.search.strip()))
    return found


def _matches(search: str) -> sa.ColumnElement[bool]:
    columns = (Guest.name, Guest.email, Guest.phone, Guest.topics, Guest.met, Guest.notes)
    return sa.or_(*(sa.func.lower(it).contains(search.lower(), autoescape=True) for it in columns))


def _standing(now: datetime, thanked: sa.ColumnElement[bool]) -> sa.ColumnElement[str]:
    """`standing.PRECEDENCE`, said to the database."""
    on_call = sa.select(Call.id).where(Call.cancelled_at.is_(None))
    to_come, over = on_call.where(Call.ends_at > now), on_call.where(Call.ends_at <= now)
    aired = has_booking(Booking.state == "confirmed", Booking.call_id.in_(over))
    waits = sa.or_(Invitation.ends_at.is_(None), Invitation.ends_at > now)
    so = {
        standing.BOOKED: has_booking(
            Booking.state.in_(STANDING), sa.or_(Booking.call_id.in_(to_come), Booking.starts_at > now)
        ),
        standing.ASKED: has_invitation(Invitation.state == "sent", waits),
        standing.THANKED: sa.and_(aired, thanked),
        standing.AIRED: aired,
        standing.DECLINED: sa.or_(
            has_invitation(Invitation.state == "declined"), has_booking(Booking.state == "declined")
        ),
    }
    return sa.case(*((so[it], it) for it in standing.PRECEDENCE), else_=standing.OTHERWISE)
