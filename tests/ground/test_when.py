"""Moments in words, in the zone of whoever reads."""

from datetime import UTC, date, datetime

from calls.ground import when

MOMENT = datetime(2026, 11, 4, 0, 5, tzinfo=UTC)


def test_day_is_that_of_the_zone() -> None:
    assert when.day(MOMENT, "America/New_York") == "Tuesday 3 November 2026"
    assert when.day(MOMENT, "Asia/Tokyo") == "Wednesday 4 November 2026"


def test_short_day_is_short() -> None:
    assert when.short_day(MOMENT, "America/New_York") == "Tue 3 Nov 2026"


def test_clock_has_two_digits_each() -> None:
    assert when.clock(MOMENT, "Asia/Kolkata") == "05:35"


def test_full_names_zone_and_offset() -> None:
    assert when.full(MOMENT, "America/New_York") == "Tuesday 3 November 2026, 19:05, New York time (UTC−05:00)"


def test_day_in_words_needs_no_zone() -> None:
    assert when.day_in_words(date(2028, 2, 29)) == "Tuesday 29 February 2028"


def test_iso_is_utc_to_the_second() -> None:
    assert when.iso(MOMENT.replace(microsecond=999_999)) == "2026-11-04T00:05:00Z"
