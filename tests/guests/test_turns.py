"""The order of the bench after single wishes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.guests import turns


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        ({}, "abcde"),
        ({"d": 2}, "adbce"),
        ({"a": 3}, "bcade"),
        ({"a": 99}, "bcdea"),
        ({"c": 0}, "cabde"),
        ({"x": 1}, "abcde"),
        ({"a": 5, "e": 1}, "ebcda"),
        ({"b": 2, "d": 1}, "dabce"),
    ],
)
def test_who_is_given_a_turn_has_it(wanted: dict[str, int], order: str) -> None:
    assert "".join(turns.arranged("abcde", wanted)) == order


@given(st.dictionaries(st.integers(0, 9), st.integers(-3, 15)))
def test_nobody_is_lost_and_nobody_comes_twice(wanted: dict[int, int]) -> None:
    order = turns.arranged(range(8), wanted)

    moved = {it for it in wanted if it < 8 and wanted[it] != it + 1}
    assert sorted(order) == list(range(8))
    assert [it for it in order if it not in moved] == [it for it in range(8) if it not in moved]
