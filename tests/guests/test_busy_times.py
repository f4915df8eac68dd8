"""Somebody's calendar as the times at which she is busy."""

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from calls.guests.busy_times import TakesTooLong, Unreadable, busy_times
from tests.guests.busy_calendars import BOMBED_ZONE, HEAD, an_hour, calendar, entry, many

SINCE, UNTIL = datetime(2026, 11, 20, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)


def busy(written: str, zone: str = "America/New_York") -> list[str]:
    """The busy times as start/end in UTC."""
    found = busy_times(written.encode(), zone, SINCE, UNTIL, nullcontext)
    return [f"{start:%Y%m%dT%H%M}/{end:%Y%m%dT%H%M}" for start, end in found]


ONE = ["20261201T0900/20261201T1000"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20261201T090000Z", "DTEND:20261201T100000Z"], ONE),
        (["DTSTART:20261201T090000Z", "DURATION:PT1H"], ONE),
        (["DTSTART;TZID=Europe/Berlin:20261201T100000", "DURATION:PT1H"], ONE),
        (["DTSTART;TZID=Pacific Standard Time:20261201T010000", "DURATION:PT1H"], ONE),
        (["DTSTART:20261201T040000", "DURATION:PT1H"], ONE),
        (["DTSTART;TZID=Mars/Olympus:20261201T040000", "DURATION:PT1H"], ONE),
        (["DTSTART;VALUE=DATE:20261201"], ["20261201T0500/20261202T0500"]),
        (["DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261203"], ["20261201T0500/20261203T0500"]),
        (["DTSTART:20261201T090000Z", "DURATION:PT1H", "STATUS:TENTATIVE"], ONE),
        (["DTSTART:20261201T090000Z", "DURATION:PT1H", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"], ONE),
        (["DTSTART:20261201T090000Z", "DURATION:PT1H", "STATUS:CANCELLED"], []),
        (["DTSTART:20261201T090000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"], []),
        (["DTSTART:20261201T090000Z", "DURATION:PT1H", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"], []),
        (["DTSTART:20261201T090000Z"], []),
        (["DTSTART:20261201T090000Z", "DURATION:-PT1H"], []),
        (["DTSTART:20261201T090000Z", "DTEND:20261201T080000Z"], []),
        (["DTSTART:20260901T090000Z", "DURATION:PT1H"], []),
        (["DTSTART:20261119T230000Z", "DURATION:PT2H"], ["20261120T0000/20261120T0100"]),
        (["DTSTART:20261201T090000Z", "DTEND:99991231T000000Z"], ["20261201T0900/20271201T0000"]),
        (["DTSTART:99991231T235959Z", "DURATION:P9999D"], []),
        (["DTSTART:2026", "DURATION:PT1H"], []),
        (["SUMMARY:without a start"], []),
    ],
)
def test_entry_is_busy_as_it_says(lines: list[str], expected: list[str]) -> None:
    assert busy(calendar(entry(*lines))) == expected


def test_whole_day_lasts_from_midnight_to_midnight_where_the_host_is() -> None:
    day_of_change = calendar(entry("DTSTART;VALUE=DATE:20270314"))

    assert busy(day_of_change) == ["20270314T0500/20270315T0400"]
    assert busy(day_of_change, "Asia/Tokyo") == ["20270313T1500/20270314T1500"]


def test_repeated_entry_follows_the_clocks_of_its_zone_and_leaves_out_what_it_names() -> None:
    weekly = entry(
        "DTSTART;TZID=Europe/Berlin:20260105T090000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;UNTIL=20270405T230000Z",
        "EXDATE;TZID=Europe/Berlin:20261130T090000",
    )
    found = busy(calendar(weekly))

    assert found[:2] == ["20261123T0800/20261123T0900", "20261207T0800/20261207T0900"]
    assert found[-2:] == ["20270329T0700/20270329T0800", "20270405T0700/20270405T0800"]


def test_exception_stands_in_for_its_date() -> None:
    moved = an_hour("20261208T120000", "RECURRENCE-ID:20261208T090000Z")
    gone = an_hour("20261215T090000", "RECURRENCE-ID:20261215T090000Z", "STATUS:CANCELLED")
    free = an_hour("20261222T090000", "RECURRENCE-ID:20261222T090000Z", "TRANSP:TRANSPARENT")
    found = busy(calendar(an_hour("20261201T090000", "RRULE:FREQ=WEEKLY;COUNT=4"), moved, gone, free))

    assert found == [*ONE, "20261208T1200/20261208T1300"]


def test_added_dates_count() -> None:
    added = an_hour("20261201T090000", "RDATE:20261203T090000Z,20261204T110000Z")

    assert busy(calendar(added)) == [*ONE, "20261203T0900/20261203T1000", "20261204T1100/20261204T1200"]


def test_times_that_touch_are_one() -> None:
    assert busy(calendar(an_hour("20261201T090000", uid="a"), an_hour("20261201T093000", uid="b"))) == [
        "20261201T0900/20261201T1030"
    ]


def test_free_and_busy_alone_are_read_too() -> None:
    said = (
        "BEGIN:VFREEBUSY\r\nUID:x\r\nFREEBUSY:20261201T090000Z/20261201T100000Z,20261202T090000Z/PT1H\r\n"
        "FREEBUSY;FBTYPE=FREE:20261203T090000Z/20261203T100000Z\r\nEND:VFREEBUSY\r\n"
    )

    assert busy(calendar(said)) == [*ONE, "20261202T0900/20261202T1000"]


@pytest.mark.parametrize("prefix", ["occ", "host", "inv"])
def test_entry_of_our_own_does_not_block_a_host_twice(prefix: str) -> None:
    own = an_hour("20261201T090000", uid=f"{prefix}-abcdefghijklmnopqrstuvwxyz")
    foreign = an_hour("20261202T090000", uid=f"{prefix}-1@example.com")

    assert busy(calendar(own, foreign)) == ["20261202T0900/20261202T1000"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=999999",
        "FREQ=MINUTELY;UNTIL=99990101T000000Z",
        "FREQ=HOURLY;INTERVAL=99",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5;BYMINUTE=0,10,20,30,40,50",
        "FREQ=NEVER",
        "INTERVAL=2",
        "FREQ=DAILY;BYSETPOS=400",
        "FREQ=YEARLY;BYDAY=99MO",
        "nonsense",
    ],
)
def test_rule_that_is_none_of_a_person_counts_once_and_keeps_no_other_from_counting(rule: str) -> None:
    found = busy(calendar(an_hour("20261201T090000", f"RRULE:{rule}"), an_hour("20270101T090000", uid="good@example.com")))

    assert found == [*ONE, "20270101T0900/20270101T1000"]


def test_rule_that_takes_too_long_counts_once() -> None:
    def within() -> AbstractContextManager[None]:
        raise TakesTooLong

    written = calendar(an_hour("20261201T090000", "RRULE:FREQ=DAILY"))

    assert len(busy_times(written.encode(), "UTC", SINCE, UNTIL, within)) == 1


def test_rule_with_far_too_many_dates_is_followed_as_far_as_is_asked() -> None:
    assert len(busy(calendar(an_hour("20261201T090000", "RRULE:FREQ=DAILY;COUNT=999999")))) == 365


def test_dates_beyond_all_measure_are_left_out() -> None:
    dates = ",".join(f"2027{1 + it % 12:02}{1 + it % 28:02}T{it % 24:02}0000Z" for it in range(5000))

    assert busy(calendar(an_hour("20261201T090000", f"RDATE:{dates}"))) == ONE


@pytest.mark.parametrize("rule", ["SECONDLY", "YEARLY;BYMONTH=2;BYMONTHDAY=30"])
def test_zone_with_a_rule_that_is_none_does_no_harm(rule: str) -> None:
    in_it = entry("DTSTART;TZID=Bomb:20261201T040000", "DURATION:PT1H")

    assert len(busy(calendar(BOMBED_ZONE.format(rule=rule), in_it))) == 1


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "What lies at that address is no calendar, but perhaps a page to sign in to."),
        ("<html>Sign in</html>", "What lies at that address is no calendar, but perhaps a page to sign in to."),
        (HEAD + an_hour("20261201T090000"), "The calendar at that address ends in the middle."),
        (calendar("no line\r\n"), "The calendar at that address cannot be read: it is not written as calendars are."),
        (many(3000, "RRULE:FREQ=DAILY;COUNT=9"), "It holds more than 20,000 busy times."),
    ],
)
def test_what_cannot_be_read_is_said(written: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as fault:
        busy(written)

    assert str(fault.value) == sentence


def test_several_calendars_and_a_byte_order_mark_are_read() -> None:
    written = calendar(an_hour("20261201T090000")) + calendar(an_hour("20261202T090000", uid="b"))

    assert busy(f"\ufeff{written}") == [*ONE, "20261202T0900/20261202T1000"]


def test_calendar_without_entries_is_free() -> None:
    assert busy(calendar()) == []


def test_moments_far_off_are_passed_over() -> None:
    far = entry("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=YEARLY", uid="far")

    assert [it for it in busy(calendar(far, an_hour("20261201T090000"))) if it in ONE] == ONE
    assert timedelta(days=365) < UNTIL - SINCE
