"""A schedule taken into another zone keeps its moments until clocks change, across midnight too, or is refused in a sentence."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.ground import zones
from calls.ground.refusals import Invalid
from calls.shows import recurrence, schedule, transfer
from calls.shows.schedule import Rule
from tests.shows.planned import BERLIN

NEW_YORK = "America/New_York"
NOW = datetime(2026, 11, 5, 20, tzinfo=UTC)
ZONES = [
    "America/Los_Angeles", BERLIN, "Australia/Sydney", "Asia/Kolkata", "Asia/Kathmandu", "America/Vancouver",
    "Africa/Casablanca", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Niue",
]  # fmt: skip


def a_rule(rrule: str, at: time = time(19), zone: str = NEW_YORK, first_day: date = date(2026, 11, 10)) -> Rule:
    return schedule.aligned(Rule(first_day, at, zone, 60, rrule))


@pytest.mark.parametrize(
    ("rrule", "carried"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=WE"),
        ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=WE"),
        ("FREQ=WEEKLY;BYDAY=SU,TU", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=TU"),
        ("FREQ=WEEKLY;UNTIL=20261231;BYDAY=TU", "FREQ=WEEKLY;UNTIL=20270101;BYDAY=WE"),
        ("FREQ=WEEKLY;COUNT=5;BYDAY=TU", "FREQ=WEEKLY;COUNT=5;BYDAY=WE"),
        ("FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;INTERVAL=3"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=DAILY;BYDAY=TU,WE,TH,FR,SA"),
        ("", ""),
    ],
)
def test_days_move_with_midnight(rrule: str, carried: str) -> None:
    found = transfer.carry(a_rule(rrule), BERLIN, NOW)

    assert (found.days, found.rule.time, found.rule.zone, found.rule.rrule) == (1, time(1), BERLIN, carried)


def test_days_stay_where_no_midnight_lies_between() -> None:
    found = transfer.carry(a_rule("FREQ=MONTHLY;BYDAY=-1FR", time(12)), BERLIN, NOW)

    assert (found.days, found.rule.time, found.rule.rrule) == (0, time(18), "FREQ=MONTHLY;BYDAY=-1FR")


def test_day_before_is_a_day_too() -> None:
    rule = a_rule("FREQ=WEEKLY;BYDAY=MO", time(1), BERLIN)
    found = transfer.carry(rule, NEW_YORK, NOW)

    assert (found.days, found.rule.time, found.rule.rrule) == (-1, time(19), "FREQ=WEEKLY;BYDAY=SU")
    assert transfer.in_words(rule, found) == "01:00 Berlin time is 19:00 New York time, on the day before"


@pytest.mark.parametrize(
    ("rrule", "pattern"),
    [
        ("FREQ=MONTHLY;BYDAY=-1FR", "The last Friday of each month"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "The 1st of each month"),
        ("FREQ=WEEKLY;BYDAY=TU;BYMONTH=1,2", "Every Tuesday, only in January and February"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", "Every year on 31 December"),
    ],
)
def test_days_of_a_month_cannot_be_put_to_the_next_day(rrule: str, pattern: str) -> None:
    with pytest.raises(Invalid) as refusal:
        transfer.carry(a_rule(rrule), BERLIN, NOW)

    assert refusal.value.errors == {
        "keep": f"19:00 New York time is 01:00 Berlin time, on the next day, and “{pattern}” cannot be put to the next day. "
        "Choose the hour on the clock instead, and give the days and the time as they are in Berlin."
    }


def test_schedule_that_is_over_is_refused() -> None:
    rule = a_rule("FREQ=WEEKLY;COUNT=2", first_day=date(2026, 10, 1))

    with pytest.raises(Invalid) as refusal:
        transfer.carry(rule, BERLIN, NOW)

    assert refusal.value.errors == {"first_day": "By this schedule no call is still to come; choose later days."}


def test_skipped_days_go_along() -> None:
    rule = schedule.Rule(date(2026, 11, 10), time(19), NEW_YORK, 60, "FREQ=WEEKLY", skips=frozenset({date(2026, 11, 17)}))

    assert transfer.carry(rule, BERLIN, NOW).rule.skips == {date(2026, 11, 18)}


@given(
    old=st.sampled_from(ZONES),
    new=st.sampled_from(ZONES),
    day=st.dates(date(2026, 1, 1), date(2030, 12, 1)),
    minutes=st.integers(0, 24 * 60 - 1),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    every=st.integers(1, 3),
    is_daily=st.booleans(),
)
def test_moments_stay_until_clocks_change(
    old: str, new: str, day: date, minutes: int, weekdays: set[int], every: int, is_daily: bool
) -> None:
    text = f"FREQ=DAILY;INTERVAL={every}" if is_daily else recurrence.weekly(weekdays, every).text
    rule = a_rule(text, time(minutes // 60, minutes % 60), old, day)
    now = zones.resolve(datetime.combine(day, time()), old) - timedelta(days=2)

    carried = transfer.carry(rule, new, now)

    dates = schedule.next_dates(rule, now, 12)
    start = next(it.starts_at for it in dates if it.standing == "plain")
    last = dates[-1].starts_at + timedelta(days=1)
    end = min((it for zone in (old, new) for it in zones.changes(dates[0].starts_at, last, zone)), default=last)
    before = [it.starts_at for it in dates if start <= it.starts_at < end]
    after = [it.starts_at for it in schedule.next_dates(schedule.aligned(carried.rule), now, 14) if start <= it.starts_at < end]
    assert after[: len(before)] == before
