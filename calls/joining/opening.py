"""Give a show, or one call of it, its room."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import new_id
from calls.ground.refusals import Invalid, Refused
from calls.history.keeping import Actor, Subject, keep
from calls.joining import queries, rooms
from calls.joining.models import Room
from calls.joining.rooms import WayIn
from calls.shows.holding import hold, hold_call, hold_calls
from calls.shows.models import Call, Show
from calls.team.roles import require


def check(session: Session, show: Show, call: Call | None, way_in: WayIn) -> WayIn:
    """The way in as it will be kept, or the refusal: a malformed number or link, none for one call, or the one that stands."""
    checked = rooms.checked(way_in)
    if call and not checked:
        raise Invalid({"web_link": "Give a phone number or a web link, or let the call use the show’s way in."})
    standing = queries.way_in(session, call) if call else queries.of(queries.room(session, show.id, None))
    if checked == standing:
        raise Refused("That is the way in already.")
    return checked


def give_room(
    session: Session, show: Show, call: Call | None, way_in: WayIn, *, by: Actor, now: datetime, is_first: bool = False
) -> None:
    """Say how people get in: to all calls of a show, or to one call alone.

    `is_first` is for a show being made, of which nobody can have heard.
    """
    require(by, "move calls", show.account_id)
    hold(session, show)
    way_in = rooms.checked(way_in) if is_first else check(session, show, call, way_in)
    row = queries.room(session, show.id, call.id if call else None)
    if row is None:
        row = Room(id=new_id(), created_at=now, show_id=show.id, call_id=call.id if call else None)
        session.add(row)
    row.phone, row.code, row.web_link, row.is_page_only = way_in.phone, way_in.code, way_in.web_link, way_in.is_page_only
    session.flush()
    if not is_first:
        for it in reached(session, show, call, now):
            it.revise(now)
        keep(session, "call.way_in_changed" if call else "show.way_in_changed", _subject(show, call), by=by, now=now)


def share_room(session: Session, call: Call, *, by: Actor, now: datetime) -> None:
    """Let a call use its show's room again. Refused where it does already."""
    require(by, "move calls", call.show.account_id)
    hold_call(session, call)
    gone = session.execute(sa.delete(Room).where(Room.call_id == call.id))
    if not gone.rowcount:  # type: ignore[attr-defined]
        raise Refused("This call has the show’s way in already.")
    call.revise(now)
    keep(session, "call.way_in_changed", _subject(call.show, call), by=by, now=now)


def reached(session: Session, show: Show, call: Call | None, now: datetime) -> Sequence[Call]:
    """The calls whose way in changes with a room: the one it is for, or all that are not over and have none of their own."""
    own = sa.select(Room.call_id).where(Room.show_id == show.id, Room.call_id.is_not(None))
    which = Call.id == call.id if call else sa.and_(Call.ends_at > now, Call.id.not_in(own))
    return hold_calls(session, show, which)


def _subject(show: Show, call: Call | None) -> Subject:
    return Subject(call.id if call else show.id, show.account_id, show.id, call.id if call else None)
