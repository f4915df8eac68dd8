"""A calendar is read in a process of its own: what it is made of can neither hold up nor bring down anybody else."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from calls.guests import reading_apart
from calls.guests.reading_apart import NotUnderstood
from tests.guests.busy_calendars import an_hour, calendar, entry, many

SINCE = datetime(2026, 11, 20, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=400)
IMPOSSIBLE = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"


def read(written: str) -> list[tuple[datetime, datetime]]:
    return reading_apart.read(written.encode(), "America/New_York", SINCE, UNTIL)


def test_busy_times_are_those_of_the_calendar() -> None:
    found = read(calendar(an_hour("20261201T090000"), entry("DTSTART;VALUE=DATE:20261205", uid="b")))

    assert found == [
        (datetime(2026, 12, 1, 9, tzinfo=UTC), datetime(2026, 12, 1, 10, tzinfo=UTC)),
        (datetime(2026, 12, 5, 5, tzinfo=UTC), datetime(2026, 12, 6, 5, tzinfo=UTC)),
    ]


def test_rule_that_never_comes_true_is_stopped_and_all_others_count() -> None:
    found = read(calendar(an_hour("20261201T090000", IMPOSSIBLE), an_hour("20261202T090000", "RRULE:FREQ=DAILY", uid="b")))

    assert len(found) == 1 + (UNTIL - datetime(2026, 12, 2, tzinfo=UTC)).days


@pytest.mark.parametrize(
    "written",
    [
        many(20, IMPOSSIBLE),
        "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 60_000 + "END:VCALENDAR",
        calendar(*(an_hour("20261201T090000", "RDATE:" + ",".join(["20261203T090000Z"] * 900), uid=str(it)) for it in range(50))),
        calendar(entry("DTSTART:20261201T090000Z", "X-A;" * 100_000)),
        calendar(entry("DTSTART:20261201T090000Z", "DESCRIPTION:" + "\\n" * 400_000)),
        "BEGIN:VCALENDAR\r\n" + "X:" + "\x00\xff" * 400_000 + "\r\nEND:VCALENDAR",
        calendar(*(an_hour("00010101T090000", "RRULE:FREQ=DAILY", uid=str(it)) for it in range(8))),
    ],
    ids=["rules that never come true", "nested", "many dates", "parameters", "a long line", "bytes", "since the year 1"],
)
def test_hostile_calendar_is_over_in_seconds_with_times_or_a_sentence(written: str) -> None:
    began = time.monotonic()
    try:
        read(written)
    except NotUnderstood as fault:
        assert str(fault).endswith(".")

    assert time.monotonic() - began < reading_apart.SECONDS


def test_all_that_takes_too_long_together_is_said() -> None:
    with pytest.raises(NotUnderstood) as fault:
        read(many(20, IMPOSSIBLE))

    assert str(fault.value) == "The calendar takes too long to work out."


def test_reading_that_hangs_is_stopped_by_force() -> None:
    with pytest.raises(NotUnderstood) as fault:
        reading_apart.read(calendar().encode(), "UTC", SINCE, UNTIL, seconds=0.01)

    assert str(fault.value) == "The calendar takes too long to work out."
