"""The state machines of invitation and booking as tables: every step from every state, allowed or refused."""

import pytest

from calls.ground.refusals import Refused
from calls.guests.stages import BOOKING_IS, BOOKINGS, INVITATION_IS, INVITATIONS, Steps, after, seen

INVITATION_STEPS = ("choose", "release", "decline", "withdraw", "lapse")
BOOKING_STEPS = ("choose", "confirm", "lapse", "decline", "cancel")
NO = ""

# State, then where each step leads to in the order above; nothing where it is refused.
OF_INVITATIONS = [
    ("sent", "taken", NO, "declined", "withdrawn", "lapsed"),
    ("taken", "taken", "sent", "declined", "withdrawn", "lapsed"),
    ("declined", NO, NO, NO, NO, NO),
    ("withdrawn", NO, NO, NO, NO, NO),
    ("lapsed", NO, NO, NO, NO, NO),
]
OF_BOOKINGS = [
    ("chosen", "chosen", "confirmed", "lapsed", "declined", "cancelled"),
    ("confirmed", NO, NO, NO, "declined", "cancelled"),
    ("lapsed", NO, NO, NO, NO, NO),
    ("declined", NO, NO, NO, NO, NO),
    ("cancelled", NO, NO, NO, NO, NO),
]


def led_to(table: Steps, state: str, step: str) -> str:
    try:
        return after(table, state, step)
    except Refused:
        return NO


@pytest.mark.parametrize("row", OF_INVITATIONS)
def test_invitation_takes_these_steps_and_no_other(row: tuple[str, ...]) -> None:
    state, *expected = row

    assert [led_to(INVITATIONS, state, step) for step in INVITATION_STEPS] == expected


@pytest.mark.parametrize("row", OF_BOOKINGS)
def test_booking_takes_these_steps_and_no_other(row: tuple[str, ...]) -> None:
    state, *expected = row

    assert [led_to(BOOKINGS, state, step) for step in BOOKING_STEPS] == expected


def test_refusal_says_in_which_state_it_is() -> None:
    with pytest.raises(Refused) as refused:
        after(INVITATIONS, "withdrawn", "choose")
    with pytest.raises(Refused) as refused_too:
        after(BOOKINGS, "confirmed", "choose")

    assert (refused.value.sentence, refused_too.value.sentence) == (INVITATION_IS["withdrawn"], BOOKING_IS["confirmed"])


@pytest.mark.parametrize(
    ("state", "is_opened", "booking", "expected"),
    [
        ("sent", False, "", "sent"),
        ("sent", True, "", "opened"),
        ("taken", True, "chosen", "chosen"),
        ("taken", False, "confirmed", "confirmed"),
        ("declined", True, "", "declined"),
        ("lapsed", True, "", "lapsed"),
        ("withdrawn", False, "", "withdrawn"),
    ],
)
def test_host_sees_one_word(state: str, is_opened: bool, booking: str, expected: str) -> None:
    assert seen(state, is_opened=is_opened, booking=booking) == expected
