"""Say how many guests a call takes."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground.refusals import Invalid
from calls.ground.text import count
from calls.guests import queries
from calls.history.keeping import Actor, keep
from calls.shows.holding import hold_call
from calls.shows.models import Call
from calls.shows.moving import subject
from calls.team.roles import require

MOST = 10


def set_places(session: Session, call: Call, places: int, *, by: Actor, now: datetime) -> None:
    """Let so many guests speak on a call; never fewer than have chosen it."""
    require(by, "invite guests", call.show.account_id)
    if not 1 <= places <= MOST:
        raise Invalid({"guest_places": f"Give a number of guests between 1 and {MOST}."})
    hold_call(session, call)
    standing = queries.bookings_of_call(session, call.id)
    if places < len(standing):
        have = count(len(standing), "One guest has", "{n} guests have")
        raise Invalid({"guest_places": f"{have} this date already; the smallest number is {len(standing)}."})
    if places == call.guest_places:
        return
    for place, booking in enumerate(standing):  # down into gaps, the lowest first, so that no two claim one place half-way
        booking.place = place
        session.flush()
    was, call.guest_places = call.guest_places, places
    call.recount(now)
    keep(session, "call.guest_places_set", subject(call), by=by, now=now, facts={"was": was, "to": places})
