"""Schedules: rule, zone and skips to dates, said back in words, and what the clocks do to them."""

import time as stopwatch
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.ground import zones
from calls.ground.refusals import Invalid
from calls.shows import schedule
from calls.shows.schedule import Rule
from tests.shows.rules import RFC_EXAMPLES, rule_texts

LA = "America/Los_Angeles"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
S = Rule(date(2026, 10, 14), time(9), LA, 60, "FREQ=WEEKLY;COUNT=8")
ASK_TARA = Rule(date(2026, 3, 3), time(19), "America/New_York", 60, "FREQ=WEEKLY;BYDAY=TU")


def _starts(rule: Rule, after: str = "1970-01-01", before: str = "2060-12-31") -> list[str]:
    planned = schedule.dates(rule, date.fromisoformat(after), date.fromisoformat(before))
    return [f"{date_of.starts_at:%Y-%m-%dT%H:%MZ}" for date_of in planned]


def test_show_keeps_its_hour_when_the_clocks_go_back() -> None:
    days_at_16 = ["2026-10-14", "2026-10-21", "2026-10-28"]
    days_at_17 = ["2026-11-04", "2026-11-11", "2026-11-18", "2026-11-25", "2026-12-02"]

    assert _starts(S) == [f"{day}T16:00Z" for day in days_at_16] + [f"{day}T17:00Z" for day in days_at_17]


def test_skipped_day_is_left_out_but_counted() -> None:
    rule = replace(S, skips=frozenset({date(2026, 11, 25)}))

    found = _starts(rule)

    assert len(found) == 7
    assert [start for start in found if start.startswith("2026-11-25")] == []
    assert found[-1] == "2026-12-02T17:00Z"


# Acceptance cases 7 to 13 of the calendar rules, then zones that are odd in other ways.
CASES = [
    (LA, "2027-03-07T09:00", "FREQ=WEEKLY;COUNT=3", ["2027-03-07T17:00Z", "2027-03-14T16:00Z", "2027-03-21T16:00Z"]),
    ("Europe/Berlin", "2026-10-21T18:00", "FREQ=WEEKLY;COUNT=3", ["2026-10-21T16:00Z", "2026-10-28T17:00Z", "2026-11-04T17:00Z"]),
    ("Australia/Sydney", "2026-09-30T10:00", "FREQ=WEEKLY;COUNT=2", ["2026-09-30T00:00Z", "2026-10-06T23:00Z"]),
    ("Asia/Kolkata", "2026-10-14T19:30", "", ["2026-10-14T14:00Z"]),
    ("Asia/Kathmandu", "2026-10-14T19:30", "", ["2026-10-14T13:45Z"]),
    (LA, "2027-03-14T02:30", "", ["2027-03-14T10:30Z"]),
    (LA, "2026-11-01T01:30", "", ["2026-11-01T08:30Z"]),
    (LA, "2026-10-31T23:30", "", ["2026-11-01T06:30Z"]),
    ("America/Vancouver", "2026-10-28T09:00", "FREQ=WEEKLY;COUNT=2", ["2026-10-28T16:00Z", "2026-11-04T16:00Z"]),
    (
        "Australia/Lord_Howe",
        "2026-10-03T02:15",
        "FREQ=DAILY;COUNT=3",
        ["2026-10-02T15:45Z", "2026-10-03T15:45Z", "2026-10-04T15:15Z"],
    ),
    ("America/Sao_Paulo", "2026-10-18T00:00", "FREQ=WEEKLY;COUNT=2", ["2026-10-18T03:00Z", "2026-10-25T03:00Z"]),
    ("Pacific/Auckland", "2026-09-27T02:30", "FREQ=WEEKLY;COUNT=2", ["2026-09-26T14:30Z", "2026-10-03T13:30Z"]),
    ("UTC", "2028-02-29T00:00", "FREQ=YEARLY;COUNT=2", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]),
]


@pytest.mark.parametrize(("zone", "first", "rrule", "starts"), CASES)
def test_dates_are_resolved_one_by_one(zone: str, first: str, rrule: str, starts: list[str]) -> None:
    wall = datetime.fromisoformat(first)

    assert _starts(Rule(wall.date(), wall.time(), zone, 60, rrule)) == starts


def test_second_of_two_equal_times_is_kept() -> None:
    rule = Rule(date(2026, 10, 25), time(1, 30), LA, 60, "FREQ=WEEKLY;COUNT=3", fold=1)

    found = schedule.dates(rule, rule.first_day, date(2026, 11, 30))

    assert _starts(rule) == ["2026-10-25T08:30Z", "2026-11-01T09:30Z", "2026-11-08T09:30Z"]
    assert [(date_of.standing, date_of.fold) for date_of in found] == [("plain", 0), ("fold", 1), ("plain", 0)]


@pytest.mark.parametrize(
    ("wall", "minutes", "end"),
    [
        ("2026-10-31T23:30", 180, "2026-11-01T09:30"),
        ("2026-11-01T01:30", 60, "2026-11-01T09:30"),
        ("2027-03-14T01:30", 60, "2027-03-14T10:30"),
    ],
)
def test_call_lasts_its_minutes_across_a_change_of_clocks(wall: str, minutes: int, end: str) -> None:
    first = datetime.fromisoformat(wall)

    [planned] = schedule.dates(Rule(first.date(), first.time(), LA, minutes), first.date(), first.date())

    assert planned.ends_at == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_dates_hold_both_ends_of_the_span() -> None:
    assert _starts(S, "2026-10-21", "2026-11-04") == ["2026-10-21T16:00Z", "2026-10-28T16:00Z", "2026-11-04T17:00Z"]


def test_dates_stop_at_the_last_year_that_is_known() -> None:
    rule = Rule(date(2200, 12, 30), time(9), "UTC", 60, "FREQ=DAILY")

    assert _starts(rule, "2200-12-01", "9999-12-31") == ["2200-12-30T09:00Z", "2200-12-31T09:00Z"]


def test_next_dates_start_from_now_on() -> None:
    at_the_start = datetime(2026, 11, 18, 17, tzinfo=UTC)

    now = schedule.next_dates(S, at_the_start)
    a_second_later = schedule.next_dates(S, at_the_start + timedelta(seconds=1), count=1)

    assert [date_of.day.isoformat() for date_of in now] == ["2026-11-18", "2026-11-25", "2026-12-02"]
    assert [date_of.day.isoformat() for date_of in a_second_later] == ["2026-11-25"]


def test_next_dates_are_ten_for_an_open_ended_rule() -> None:
    found = schedule.next_dates(ASK_TARA, NOW)

    assert [date_of.day for date_of in found] == [date(2026, 11, 24) + timedelta(weeks=week) for week in range(10)]


def test_next_dates_of_a_show_far_ahead_begin_with_it() -> None:
    rule = replace(ASK_TARA, first_day=date(2060, 3, 2))

    assert schedule.next_dates(rule, NOW, count=1)[0].day == date(2060, 3, 2)


def test_next_dates_of_an_old_daily_show_are_found_in_bounded_work() -> None:
    rule = Rule(date(1970, 1, 1), time(9), "UTC", 60, "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29")
    begun = stopwatch.process_time()

    found = schedule.next_dates(rule, NOW)

    assert stopwatch.process_time() - begun < 2
    assert [date_of.day for date_of in found] == [date(2028, 2, 29), date(2032, 2, 29), date(2036, 2, 29)]


def test_aligned_begins_on_the_first_day_that_the_rule_falls_on() -> None:
    thursday = replace(ASK_TARA, first_day=date(2026, 3, 5), rrule="rrule:freq=weekly;byday=tu;interval=2")

    found = schedule.aligned(thursday)

    assert (found.first_day, found.rrule) == (date(2026, 3, 17), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")


def _is_followable(rule: Rule) -> bool:
    try:
        schedule.check(rule)
    except Invalid:
        return False
    return True


rules = st.builds(
    Rule,
    st.dates(date(1996, 1, 1), date(2030, 12, 31)),
    st.times(datetime.min.time(), time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(zones.names()),
    st.integers(5, 1440),
    rule_texts(),
    st.integers(0, 1),
).filter(_is_followable)


@settings(max_examples=80, deadline=None)
@given(rule=rules)
def test_aligned_keeps_all_dates(rule: Rule) -> None:
    found = schedule.aligned(rule)
    span = rule.first_day, rule.first_day + timedelta(days=2500)

    assert schedule.dates(found, *span) == schedule.dates(rule, *span)
    assert schedule.dates(found, *span)[0].day == found.first_day
    assert schedule.aligned(found) == found


@settings(max_examples=80, deadline=None)
@given(rule=rules)
def test_each_date_shows_the_rule_s_wall_time_or_stands_in_a_gap(rule: Rule) -> None:
    for planned in schedule.dates(rule, rule.first_day, rule.first_day + timedelta(days=1000)):
        shown = planned.starts_at.astimezone(ZoneInfo(rule.zone))

        assert (shown.replace(tzinfo=None, fold=0) == planned.wall) is (planned.standing != "gap")
        assert planned.wall == datetime.combine(planned.day, rule.time)
        assert planned.ends_at - planned.starts_at == timedelta(minutes=rule.minutes)
        assert planned.fold == (rule.fold if planned.standing == "fold" else 0)


@settings(max_examples=80, deadline=None)
@given(rule=rules)
def test_next_dates_are_those_of_the_span(rule: Rule) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    all_dates = schedule.dates(rule, date(2026, 11, 21), date(2036, 11, 22))

    expected = [planned for planned in all_dates if planned.starts_at >= now][:5]

    assert schedule.next_dates(rule, now, 5)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"zone": "Mars/Base"}, "zone", "That time zone is not known; choose one like America/New_York."),
        ({"first_day": date(1, 1, 1)}, "first_day", "The first day must lie between the years 1970 and 2200."),
        ({"first_day": date(9999, 12, 31)}, "first_day", "The first day must lie between the years 1970 and 2200."),
        ({"time": time(9, 0, 1)}, "first_time", "Give the time in hours and minutes."),
        ({"minutes": 4}, "minutes", "Give a length between 5 minutes and 24 hours."),
        ({"minutes": 1441}, "minutes", "Give a length between 5 minutes and 24 hours."),
        ({"fold": 2}, "fold", "Choose the first or the second of the two times."),
        ({"rrule": "FREQ=HOURLY"}, "rrule", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY: a show has at most one call a day."),
        ({"rrule": "FREQ=DAILY;UNTIL=20260302"}, "rrule", "The rule ends before the first day."),
        ({"rrule": "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260308"}, "rrule", "The rule has no day within five years of the first day."),
        ({"rrule": "FREQ=MONTHLY;INTERVAL=12;BYMONTH=4"}, "rrule", "The rule has no day within five years of the first day."),
        (
            {"rrule": "FREQ=YEARLY;INTERVAL=99"},
            "rrule",
            "The rule has days more than five years apart, which is too rare to plan ahead.",
        ),
        (
            {"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SA"},
            "rrule",
            "The rule has no day within five years of the first day.",
        ),
    ],
)
def test_rule_that_cannot_be_followed_is_refused_by_field(changes: dict[str, object], field: str, sentence: str) -> None:
    rule = replace(ASK_TARA, **changes)  # type: ignore[arg-type]

    with pytest.raises(Invalid) as refusal:
        schedule.check(rule)

    assert refusal.value.errors == {field: sentence}


@pytest.mark.parametrize(
    "rrule", ["FREQ=YEARLY;INTERVAL=99;COUNT=1", "FREQ=YEARLY;INTERVAL=9;UNTIL=20300101", "FREQ=YEARLY;INTERVAL=4", ""]
)
def test_rare_rule_is_taken_if_it_ends_or_comes_within_five_years(rrule: str) -> None:
    assert schedule.aligned(replace(ASK_TARA, rrule=rrule)).first_day == ASK_TARA.first_day


AT = " at 19:00 New York time, for 60 minutes"
MONDAY_OR_FRIDAY = "the first Monday of the month or the last Friday of the month"
FIRST_THREE = "the 1st of the month, the 2nd of the month or the 3rd of the month"
WORDS = [
    ("", f"Once, on Tuesday 3 March 2026{AT}"),
    ("FREQ=WEEKLY;COUNT=1", f"Once, on Tuesday 3 March 2026{AT}"),
    ("FREQ=WEEKLY;BYDAY=WE;COUNT=1", f"Once, on Wednesday 4 March 2026{AT}"),
    ("FREQ=WEEKLY;UNTIL=20270303", f"Every Tuesday{AT}, until 3 March 2027"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,TH;COUNT=10", f"Every Monday, Tuesday and Thursday{AT}, 10 times"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", f"Every 2 weeks on Monday and Thursday{AT}"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU", f"Every 2 weeks on Sunday, with weeks that begin on Sunday,{AT}"),
    ("FREQ=WEEKLY;BYDAY=SU;WKST=SU", f"Every Sunday{AT}"),
    ("FREQ=WEEKLY;BYMONTH=3,10", f"Every Tuesday, only in March and October,{AT}"),
    ("FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=-1", f"Every week on the last day that is a Monday or a Friday{AT}"),
    ("FREQ=DAILY", f"Every day{AT}"),
    ("FREQ=DAILY;INTERVAL=10", f"Every 10 days{AT}"),
    ("FREQ=DAILY;BYDAY=SA,SU;BYMONTH=7", f"Every Saturday and Sunday, only in July,{AT}"),
    ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", f"Every 2 days, only when it is a Monday,{AT}"),
    ("FREQ=DAILY;BYMONTHDAY=1,-1", f"Every day, only when it is the 1st or the last day of the month,{AT}"),
    ("FREQ=MONTHLY", f"The 3rd of each month{AT}"),
    ("FREQ=MONTHLY;BYDAY=2TU", f"The second Tuesday of each month{AT}"),
    ("FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=2", f"Every 2 months on the last Friday{AT}"),
    ("FREQ=MONTHLY;BYDAY=5MO", f"The fifth Monday of each month, when there is one,{AT}"),
    ("FREQ=MONTHLY;BYMONTHDAY=31", f"The 31st of each month, when there is one,{AT}"),
    ("FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=4,5", f"The 30th of each month, only in April and May,{AT}"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", f"The last day of each month{AT}"),
    (
        "FREQ=MONTHLY;BYMONTHDAY=1,2,3,11,22,-2",
        f"The 1st to the 3rd, the 11th, the 22nd and the second to last day of each month{AT}",
    ),
    ("FREQ=MONTHLY;BYDAY=TU", f"Every Tuesday of each month{AT}"),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", f"The 13th of each month, only when it is a Friday,{AT}"),
    (
        "FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3,-1",
        f"Every month on the third and the last day that is a Tuesday, a Wednesday or a Thursday{AT}",
    ),
    ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=5", f"Every month on the fifth day that is a Tuesday, when there is one,{AT}"),
    (
        "FREQ=MONTHLY;BYDAY=1MO,-1FR;BYMONTHDAY=1,2,3;BYSETPOS=1",
        f"Every month on the first day that is {MONDAY_OR_FRIDAY} and is {FIRST_THREE}, when there is one,{AT}",
    ),
    ("FREQ=YEARLY", f"Every year on 3 March{AT}"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", f"Every year on 29 February, when there is one,{AT}"),
    ("FREQ=YEARLY;BYMONTH=3,9", f"Every year on the 3rd of March and September{AT}"),
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", f"Every year on the fourth Thursday of November{AT}"),
    ("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", f"Every year on every Thursday of March{AT}"),
    ("FREQ=YEARLY;BYDAY=20MO", f"Every year on the 20th Monday of the year{AT}"),
    ("FREQ=YEARLY;BYWEEKNO=20,-1;BYDAY=MO", f"Every year on Monday of week 20 and the last week of the year{AT}"),
    ("FREQ=YEARLY;BYYEARDAY=100,366", f"Every year on the 100th and the 366th day of the year, when there is one,{AT}"),
    ("FREQ=YEARLY;BYYEARDAY=-1", f"Every year on the last day of the year{AT}"),
    (
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        f"Every 4 years on the 2nd to the 8th of November, only when it is a Tuesday,{AT}",
    ),
    (
        "FREQ=YEARLY;BYDAY=MO;BYMONTH=3,6;BYSETPOS=2",
        f"Every year on the second day that is a Monday and is in March or June{AT}",
    ),
]


@pytest.mark.parametrize(("rrule", "words"), WORDS)
def test_rule_is_said_back(rrule: str, words: str) -> None:
    assert schedule.in_words(replace(ASK_TARA, rrule=rrule)) == words


def test_rule_in_utc_of_one_minute_is_said_plainly() -> None:
    rule = Rule(date(2026, 3, 3), time(7, 5), "UTC", 1)

    assert schedule.in_words(rule) == "Once, on Tuesday 3 March 2026 at 07:05 UTC, for 1 minute"


@settings(max_examples=100, deadline=None)
@given(rule=rules)
def test_every_rule_has_words(rule: Rule) -> None:
    words = schedule.in_words(rule)

    assert [scrap for scrap in ("  ", ",,", " ,", "None", "()", " and and ", "that is at", "the the") if scrap in words] == []
    assert words.startswith(("Every ", "The ", "Once, on "))


def test_rules_said_alike_fall_on_the_same_days() -> None:
    said: dict[str, set[tuple[str, ...]]] = {}

    for _, first, rrule, _, _ in RFC_EXAMPLES:
        rule = Rule(date.fromisoformat(first), time(9), "America/New_York", 60, rrule)
        said.setdefault(f"{first}: {schedule.in_words(rule)}", set()).add(tuple(_starts(rule, before="2001-12-31")))

    assert [words for words, found in said.items() if len(found) > 1] == []


def test_date_in_a_gap_is_warned_of() -> None:
    rule = Rule(date(2027, 3, 7), time(2, 30), LA, 60, "FREQ=WEEKLY;COUNT=3")

    [warning] = schedule.warnings(rule, NOW)

    assert (warning.kind, warning.planned.day) == ("gap", date(2027, 3, 14))
    assert warning.sentence == "02:30 on 14 March 2027 does not exist in Los Angeles; the call would start at 03:30."


@pytest.mark.parametrize(("fold", "chosen"), [(0, "first time (UTC−07:00)"), (1, "second time (UTC−08:00)")])
def test_date_in_a_fold_is_asked_about(fold: int, chosen: str) -> None:
    rule = Rule(date(2026, 11, 1), time(1, 30), LA, 60, fold=fold)

    [warning] = schedule.warnings(rule, datetime(2026, 10, 1, tzinfo=UTC))

    assert warning.kind == "fold"
    assert warning.sentence == (
        "01:30 on 1 November 2026 comes twice in Los Angeles, first at UTC−07:00 and again at UTC−08:00; "
        f"the call would start the {chosen}."
    )


def test_warning_names_the_day_when_the_call_would_start_on_another() -> None:
    rule = Rule(date(2011, 12, 30), time(9), "Pacific/Apia", 60)

    [warning] = schedule.warnings(rule, datetime(2011, 12, 1, tzinfo=UTC))

    assert (
        warning.sentence == "09:00 on 30 December 2011 does not exist in Apia; the call would start at 09:00 on 31 December 2011."
    )


def test_plain_dates_and_dates_gone_by_are_not_warned_of() -> None:
    in_the_gap = Rule(date(2026, 3, 8), time(2, 30), LA, 60)

    assert schedule.warnings(ASK_TARA, NOW) == []
    assert schedule.warnings(in_the_gap, NOW) == []
