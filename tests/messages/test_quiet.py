"""When a mail may go: never at night, unless it cannot wait or was asked for; two about one call twenty minutes apart."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground import zones
from calls.messages import quiet

FAR = datetime(2027, 6, 1, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "goes"),
    [
        ("2026-11-22 20:59", "Europe/Berlin", "2026-11-22 20:59"),
        ("2026-11-22 21:00", "Europe/Berlin", "2026-11-23 06:00"),
        ("2026-11-23 05:59", "Europe/Berlin", "2026-11-23 06:00"),
        ("2026-11-23 06:00", "Europe/Berlin", "2026-11-23 06:00"),
        ("2026-11-22 12:00", "Australia/Melbourne", "2026-11-22 20:00"),
        ("2026-11-22 12:00", "Asia/Kathmandu", "2026-11-22 12:00"),
        ("2026-11-22 17:00", "Asia/Kathmandu", "2026-11-23 01:15"),
        # The clocks go back, then forward, in the night that a mail is held over.
        ("2026-10-24 23:00", "Europe/Berlin", "2026-10-25 06:00"),
        ("2027-03-27 23:00", "Europe/Berlin", "2027-03-28 05:00"),
        ("2026-11-01 05:30", "America/New_York", "2026-11-01 12:00"),
        ("2026-11-01 06:30", "America/New_York", "2026-11-01 12:00"),
        ("2027-03-14 06:59", "America/New_York", "2027-03-14 11:00"),
        ("2026-11-22 12:00", "Pacific/Kiritimati", "2026-11-22 17:00"),
        ("2026-11-22 12:00", "Nowhere/AtAll", "2026-11-22 12:00"),
        ("2026-11-22 23:00", "Nowhere/AtAll", "2026-11-23 07:00"),
    ],
)
def test_mail_at_night_waits_for_seven_o_clock_where_its_reader_is(now: str, zone: str, goes: str) -> None:
    assert quiet.due(utc(now), zone, None) == utc(goes)


@pytest.mark.parametrize(
    ("starts", "goes"),
    [
        ("2026-11-23 02:00", "2026-11-22 23:00"),
        ("2026-11-23 02:01", "2026-11-22 23:01"),
        ("2026-11-23 08:00", "2026-11-23 05:00"),
        ("2026-11-23 09:00", "2026-11-23 06:00"),
        ("2026-11-23 20:00", "2026-11-23 06:00"),
    ],
)
def test_mail_at_night_goes_three_hours_before_its_call_at_the_latest(starts: str, goes: str) -> None:
    assert quiet.due(utc("2026-11-22 23:00"), "Europe/Berlin", utc(starts)) == utc(goes)


def test_mail_that_was_asked_for_goes_at_night_and_at_once() -> None:
    now = utc("2026-11-22 23:00")

    assert quiet.due(now, "Europe/Berlin", None, is_asked=True) == now
    assert quiet.hold(now, "Europe/Berlin", FAR, now - timedelta(minutes=1), is_asked=True) == now


@pytest.mark.parametrize(
    ("now", "last", "starts", "goes"),
    [
        ("2026-11-22 12:00", None, "2026-11-25 00:00", "2026-11-22 12:00"),
        ("2026-11-22 12:00", "2026-11-22 11:40", "2026-11-25 00:00", "2026-11-22 12:00"),
        ("2026-11-22 12:00", "2026-11-22 11:41", "2026-11-25 00:00", "2026-11-22 12:01"),
        ("2026-11-22 12:00", "2026-11-22 11:59", "2026-11-22 15:00", "2026-11-22 12:00"),
        ("2026-11-22 12:00", "2026-11-22 11:59", "2026-11-22 15:10", "2026-11-22 12:10"),
        ("2026-11-22 20:50", "2026-11-22 20:45", "2026-11-25 00:00", "2026-11-23 06:00"),
    ],
)
def test_second_mail_about_a_call_waits_twenty_minutes_after_the_first(
    now: str, last: str | None, starts: str, goes: str
) -> None:
    assert quiet.hold(utc(now), "Europe/Berlin", utc(starts), utc(last) if last else None) == utc(goes)


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(zones.names()),
    ahead=st.integers(0, 60 * 24 * 7),
    ago=st.none() | st.integers(0, 60),
)
def test_held_mail_is_never_late_and_never_at_night(now: datetime, zone: str, ahead: int, ago: int | None) -> None:
    starts_at = now + timedelta(minutes=ahead)
    last_at = None if ago is None else now - timedelta(minutes=ago)

    goes = quiet.hold(now, zone, starts_at, last_at)

    is_urgent = starts_at - goes <= quiet.URGENT
    is_by_day = quiet.MORNING <= zones.wall(goes, zone).time() < quiet.EVENING
    assert goes >= now
    assert is_urgent or is_by_day
    assert is_urgent or last_at is None or goes - last_at >= quiet.MERGE
    assert goes == now or goes <= max(now, starts_at - quiet.URGENT)
    assert quiet.hold(goes, zone, starts_at, last_at) == goes
