"""The part of a call's page about its guests: who has agreed, who holds the date, who is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from calls.guests import offering, queries
from calls.guests.models import Booking
from calls.shows.models import Call
from calls.web.host import asked
from calls.web.host.asked import Row
from calls.web.host.visits import Visit


@dataclass(frozen=True)
class Guests:
    """`booked` are the standing bookings with what each waits for, `open_ones` the invitations that name this date.

    `is_announced_alone`: a guest is announced whom nobody has agreed with, though somebody once had.
    """

    booked: Sequence[tuple[Booking, str]]
    open_ones: Sequence[Row]
    number_for_any: int
    has_place: bool
    is_announced_alone: bool


def of_call(here: Visit, call: Call) -> Guests:
    """By a fixed number of queries, however many guests there are."""
    session = here.session
    standing = queries.bookings_of_call(session, call.id)
    invitations = offering.asked_for_call(session, call)
    left = offering.places_left(session, [call])[call.id]
    return Guests(
        booked=[(it, asked.standing_of(it)) for it in standing],
        open_ones=[asked.row(it, None, [call], here.now) for it in invitations],
        number_for_any=offering.count_asked_for_any(session, call.show_id) if left else 0,
        has_place=left > 0,
        is_announced_alone=bool(call.guest_name) and left > 0 and not any(it.is_confirmed for it in standing),
    )
