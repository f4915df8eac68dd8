"""The states of invitations and bookings and the steps between them: two tables, and what a host reads of both in one word."""

from collections.abc import Mapping
from typing import Literal

from calls.ground.refusals import Refused

InvitationState = Literal["sent", "taken", "declined", "withdrawn", "lapsed"]
BookingState = Literal["chosen", "confirmed", "lapsed", "declined", "cancelled"]
Steps = Mapping[str, Mapping[str, str]]

# `choose` in `taken` is another date for the one that is held; `release` is a hold that ended by itself or with its call.
INVITATIONS: Steps = {
    "sent": {"choose": "taken", "decline": "declined", "withdraw": "withdrawn", "lapse": "lapsed"},
    "taken": {"choose": "taken", "release": "sent", "decline": "declined", "withdraw": "withdrawn", "lapse": "lapsed"},
    "declined": {},
    "withdrawn": {},
    "lapsed": {},
}
# `choose` in `chosen` takes another date; a confirmed date is agreed on and only ends.
BOOKINGS: Steps = {
    "chosen": {
        "choose": "chosen",
        "confirm": "confirmed",
        "lapse": "lapsed",
        "decline": "declined",
        "cancel": "cancelled",
    },
    "confirmed": {"decline": "declined", "cancel": "cancelled"},
    "lapsed": {},
    "declined": {},
    "cancelled": {},
}
INVITATION_IS = {
    "sent": "This invitation is open; no date has been chosen.",
    "taken": "A date has been chosen by this invitation already.",
    "declined": "This invitation was declined already.",
    "withdrawn": "This invitation was withdrawn, so there is nothing to do here any more.",
    "lapsed": "This invitation has ended, so there is nothing to do here any more.",
}
BOOKING_IS = {
    "chosen": "This date is held and not agreed on yet.",
    "confirmed": "This date is agreed on already.",
    "lapsed": "This date is not held any more.",
    "declined": "This date was given back already.",
    "cancelled": "This booking was cancelled already.",
}


def after(table: Steps, state: str, step: str) -> str:
    """The state that a step leads to. Raises Refused where the state does not allow it."""
    if step not in table[state]:
        raise Refused((INVITATION_IS if table is INVITATIONS else BOOKING_IS)[state])
    return table[state][step]


def seen(state: str, *, is_opened: bool, booking: str = "") -> str:
    """What a host sees: sent, opened, chosen, confirmed, declined, lapsed, withdrawn. `booking` is the standing one's state."""
    if state == "taken" and booking in {"chosen", "confirmed"}:
        return booking
    return "opened" if state == "sent" and is_opened else state
