"""Give somebody a short link of her own to a call, and note whether she may be named for what it brings."""

import secrets
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground import text
from calls.ground.database import insert_once, new_id
from calls.ground.refusals import Refused
from calls.guests.models import Booking
from calls.history.keeping import Actor, Subject, keep
from calls.kits import queries
from calls.kits.models import Share
from calls.registrations.models import Registration

SHARES = cast(sa.Table, Share.__table__)
# No letter or digit that is taken for another when it is read aloud.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
LONGEST_NAME, TAIL = 24, 4


def share_of_booking(session: Session, booking: Booking, name: str, now: datetime) -> Share:
    """The short link of a call's guest, made when it is first wanted; `name` is the guest's as announced.

    Refused for a talk that is no call.
    """
    if booking.call_id is None:
        raise Refused("A talk beforehand has no page to share.")
    known = queries.share_of_booking(session, booking.id)
    facts = {"show_id": booking.show_id, "call_id": booking.call_id, "booking_id": booking.id, "is_named": True}
    return known or _made(session, name, facts, SHARES.c.booking_id == booking.id, now)


def share_of_attendee(session: Session, registration: Registration, now: datetime) -> Share:
    """A listener's short link to her call; she is named nowhere until she says so."""
    call, attendee = registration.call, registration.attendee
    known = queries.share_of_attendee(session, call.id, attendee.id)
    facts = {"show_id": call.show_id, "call_id": call.id, "attendee_id": attendee.id, "is_named": False}
    hers = sa.and_(SHARES.c.call_id == call.id, SHARES.c.attendee_id == attendee.id)
    return known or _made(session, attendee.name, facts, hers, now)


def name_her(session: Session, share: Share, account_id: UUID, *, is_named: bool, by: Actor, now: datetime) -> None:
    """Let the public page say how many she brought, or no longer."""
    if share.is_named == is_named:
        return
    share.is_named = is_named
    about = Subject(share.id, account_id, share.show_id, share.call_id)
    keep(session, "share.named", about, by=by, now=now, facts={"is_named": is_named})


def _made(session: Session, name: str, facts: dict[str, Any], which: sa.ColumnElement[bool], now: datetime) -> Share:
    row = {"id": new_id(), "created_at": now, "name": text.clean_line(name), **facts}
    while not insert_once(session, SHARES, [row | {"code": _code(name)}]):
        found = session.scalars(sa.select(Share).where(which)).one_or_none()
        if found:
            return found  # made by another request at the same moment
    return session.scalars(sa.select(Share).where(which)).one()


def _code(name: str) -> str:
    """A code that says whose it is, where her name has Latin letters: "mei-ono-4k7x"."""
    slug = text.slug(name)[:LONGEST_NAME].strip("-")
    return f"{slug}-{''.join(secrets.choice(SIGNS) for _ in range(TAIL))}"
