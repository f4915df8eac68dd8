"""When holds end: by the show's hours, but half a day before the call; and never without an end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from calls.guests import holds

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOMENTS = some.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("hours", "starts_in", "ends_in"),
    [
        (72, 200, 72),
        (72, 84, 72),
        (72, 60, 48),
        (72, 13, 1),
        (72, 12, 1),
        (72, 3, 1),
        (72, 0.5, 0.5),
        (1, 200, 1),
    ],
)
def test_hold_ends_after_its_hours_or_half_a_day_before_the_call(hours: int, starts_in: float, ends_in: float) -> None:
    ends_at = holds.ends_at(NOW, hours, NOW + timedelta(hours=starts_in))

    assert ends_at - NOW == timedelta(hours=ends_in)


@pytest.mark.parametrize(
    ("held", "starts_in", "ends_in"),
    [(2, 200, 72), (100, 200, 100), (2, 20, 8), (2, 6, 2)],
)
def test_host_has_the_whole_time_for_a_yes(held: float, starts_in: float, ends_in: float) -> None:
    ends_at = holds.after_acceptance(NOW + timedelta(hours=held), NOW, 72, NOW + timedelta(hours=starts_in))

    assert ends_at - NOW == timedelta(hours=ends_in)


@pytest.mark.parametrize(
    ("held", "starts_in", "ends_in"),
    [(40, 200, 40), (40, 30, 18), (40, 5, 1), (0.2, 200, 1), (40, 0.5, 0.5)],
)
def test_another_start_makes_a_hold_no_longer(held: float, starts_in: float, ends_in: float) -> None:
    ends_at = holds.after_change(NOW + timedelta(hours=held), NOW, NOW + timedelta(hours=starts_in))

    assert ends_at - NOW == timedelta(hours=ends_in)


@given(some.integers(holds.FEWEST_HOURS, holds.MOST_HOURS), some.timedeltas(timedelta(minutes=1), timedelta(days=300)), MOMENTS)
def test_hold_of_a_call_to_come_ends_after_now_and_not_after_its_start(hours: int, ahead: timedelta, now: datetime) -> None:
    starts_at = now + ahead

    ends_at = holds.ends_at(now, hours, starts_at)

    assert now < ends_at <= starts_at
    assert ends_at <= max(starts_at - holds.BEFORE, now + holds.LAST_CHANCE)
