"""Come in by a join link: only the button counts, and only while the doors are open."""

from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import insert_once, new_id
from calls.ground.refusals import Refused
from calls.joining import doors, queries
from calls.joining.models import Attendance
from calls.joining.rooms import WayIn
from calls.registrations.models import Registration

TABLE = cast(sa.Table, Attendance.__table__)


def enter(session: Session, registration: Registration, way: str, *, now: datetime) -> WayIn:
    """Note that somebody came, by `web` or `phone`, and say how to get in. Coming again is coming once."""
    call = registration.call
    if not registration.is_confirmed:
        raise Refused("This registration has been cancelled.")
    door = doors.door(call.starts_at, call.ends_at, call.cancelled_at, now)
    if door != "open":
        raise Refused(
            {"early": "The doors are not open yet.", "over": "This call is over.", "cancelled": "This call has been cancelled."}[
                door
            ]
        )
    way_in = queries.way_in(session, call)
    if not (way_in.web_link if way == "web" else way_in.phone):
        raise Refused("The host has not said yet how to get in; please look again in a moment.")
    row = {"id": new_id(), "created_at": now, "registration_id": registration.id, "call_id": call.id, "way": way}
    insert_once(session, TABLE, [row])
    return way_in
