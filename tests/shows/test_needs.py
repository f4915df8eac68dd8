"""What a call still needs, said the same way on the board and in the host's calendar."""

from datetime import UTC, datetime

import pytest

from calls.shows import needs


def test_what_has_not_been_said_is_missing() -> None:
    everything = needs.missing(is_draft=True, guest_name="", has_way_in=False)
    nothing = needs.missing(is_draft=False, guest_name="Dr. Ono", has_way_in=True)

    assert (everything, nothing) == (["The show is a draft.", "No guest named.", "No way in given."], [])


def test_call_without_a_seat_left_is_full() -> None:
    assert [needs.seats(taken, 2) for taken in (0, 1, 2)] == [[], [], ["Full."]]


@pytest.mark.parametrize(
    ("wall", "fold", "starts_at", "words"),
    [
        ("2026-03-08T02:30", 0, "2026-03-08T07:30", ["The clocks skip 02:30 that day; it starts at 03:30."]),
        ("2026-11-01T01:30", 0, "2026-11-01T05:30", ["The clocks show 01:30 twice that day; it starts the first time."]),
        ("2026-11-01T01:30", 1, "2026-11-01T06:30", ["The clocks show 01:30 twice that day; it starts the second time."]),
        ("2026-11-01T03:30", 0, "2026-11-01T08:30", []),
    ],
)
def test_wall_time_that_the_clocks_skip_or_show_twice_is_told(wall: str, fold: int, starts_at: str, words: list[str]) -> None:
    moment = datetime.fromisoformat(starts_at).replace(tzinfo=UTC)

    assert needs.clocks(datetime.fromisoformat(wall), "America/New_York", fold, moment) == words
