"""When the doors are open."""

from datetime import timedelta

import pytest

from calls.joining.doors import door
from tests.builders import NOW

START, END = NOW, NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-10_000, "early"),
        (-15.01, "early"),
        (-15, "open"),
        (0, "open"),
        (60, "open"),
        (89.99, "open"),
        (90, "over"),
        (9999, "over"),
    ],
)
def test_doors_open_a_quarter_before_and_close_half_an_hour_after(minutes: float, expected: str) -> None:
    assert door(START, END, None, START + timedelta(minutes=minutes)) == expected


@pytest.mark.parametrize("minutes", [-10_000, 0, 9999])
def test_doors_of_a_cancelled_call_stay_shut(minutes: int) -> None:
    assert door(START, END, START, START + timedelta(minutes=minutes)) == "cancelled"
