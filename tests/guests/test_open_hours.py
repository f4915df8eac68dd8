"""What a host types as open hours: taken as it is meant, or refused beside the field that is wrong."""

from datetime import time

import pytest

from calls.ground.refusals import Invalid
from calls.guests.open_hours import TypedRange, check, weekly
from calls.guests.slots import Hours, OpenRange


def typed(weekday: int, begin: str, end: str, number: int = 1) -> TypedRange:
    return TypedRange(weekday, begin, end, f"{weekday}_{number}_from", f"{weekday}_{number}_to")


def errors_of(*ranges: TypedRange) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        weekly(ranges)
    return refusal.value.errors


def test_ranges_are_taken_in_order_and_empty_ones_left_out() -> None:
    found = weekly([typed(4, "14:00", "17:30", 2), typed(4, "09:00", "12:00"), typed(5, "", ""), typed(0, "20:00", "00:00")])

    assert found == (
        OpenRange(0, time(20), time(0)),
        OpenRange(4, time(9), time(12)),
        OpenRange(4, time(14), time(17, 30)),
    )


@pytest.mark.parametrize("end", ["00:00", "24:00", "00:00:00"])
def test_end_at_midnight_ends_the_day(end: str) -> None:
    assert weekly([typed(0, "00:00", end)]) == (OpenRange(0, time(0), time(0)),)


def test_ranges_that_touch_do_not_overlap() -> None:
    assert len(weekly([typed(0, "09:00", "12:00"), typed(0, "12:00", "13:00", 2), typed(1, "11:00", "13:00")])) == 3


@pytest.mark.parametrize(
    ("ranges", "errors"),
    [
        ([], {"": "Give at least one range of hours, or close them."}),
        ([typed(0, "09:00", "")], {"0_1_to": "Say until when on Monday."}),
        ([typed(6, "", "10:00")], {"6_1_from": "Say from when on Sunday."}),
        ([typed(0, "9", "10:00")], {"0_1_from": "Give the time like 09:00."}),
        ([typed(0, "25:00", "26:00")], {"0_1_from": "Give the time like 09:00.", "0_1_to": "Give the time like 09:00."}),
        ([typed(0, "０９:００", "10:00")], {"0_1_from": "Give the time like 09:00."}),
        (
            [typed(0, "09:00", "12:00"), typed(0, "11:59", "13:00", 2)],
            {"0_2_from": "On Monday this lies on 09:00 to 12:00; make one range of the two."},
        ),
        (
            [typed(0, "20:00", "00:00"), typed(0, "22:00", "23:00", 2)],
            {"0_2_from": "On Monday this lies on 20:00 to 00:00; make one range of the two."},
        ),
        (
            [typed(0, "09:00", "12:00"), typed(0, "09:00", "12:00", 2)],
            {"0_2_from": "On Monday this lies on 09:00 to 12:00; make one range of the two."},
        ),
    ],
)
def test_range_that_cannot_be_is_refused_beside_its_field(ranges: list[TypedRange], errors: dict[str, str]) -> None:
    assert errors_of(*ranges) == errors


@pytest.mark.parametrize(("begin", "end"), [("12:00", "09:00"), ("12:00", "12:00"), ("22:00", "02:00")])
def test_end_that_is_not_after_the_beginning_is_refused(begin: str, end: str) -> None:
    [(field, sentence)] = errors_of(typed(0, begin, end)).items()

    assert field == "0_1_to"
    assert sentence.startswith(f"On Monday the end, {end}, is not after {begin}.")


MORNING = (OpenRange(0, time(9), time(12)),)


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (Hours("Nowhere/City", MORNING), "zone"),
        (Hours("UTC", MORNING, minutes=9), "minutes"),
        (Hours("UTC", MORNING, minutes=481), "minutes"),
        (Hours("UTC", MORNING, minutes=181), "minutes"),
        (Hours("UTC", MORNING, buffer=-1), "buffer"),
        (Hours("UTC", MORNING, buffer=241), "buffer"),
        (Hours("UTC", MORNING, notice=721), "notice"),
        (Hours("UTC", MORNING, notice=25, horizon=1), "notice"),
        (Hours("UTC", MORNING, notice=0, horizon=0), "horizon"),
        (Hours("UTC", MORNING, horizon=10**30), "horizon"),
        (Hours("UTC", MORNING, most_a_week=101), "most_a_week"),
    ],
)
def test_number_that_no_talk_can_have_is_refused(hours: Hours, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check(hours)

    assert [*refusal.value.errors] == [field]


@pytest.mark.parametrize(
    "ranges",
    [
        (OpenRange(0, time(22), time(0)), OpenRange(1, time(0), time(2))),
        (OpenRange(6, time(22), time(0)), OpenRange(0, time(0), time(2))),
        (OpenRange(0, time(9), time(11)), OpenRange(0, time(11), time(13))),
    ],
)
def test_talk_may_be_as_long_as_ranges_that_touch_are_together(ranges: tuple[OpenRange, ...]) -> None:
    check(Hours("UTC", ranges, minutes=240))
    with pytest.raises(Invalid):
        check(Hours("UTC", ranges, minutes=250))
