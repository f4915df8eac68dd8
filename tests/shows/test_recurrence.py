"""RRULE text in, days out: the RFC's own examples, the refusals, and any rule against dateutil by itself."""

import time as stopwatch
from datetime import date, datetime, time, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calls.ground.refusals import Invalid
from calls.shows import recurrence, repeats
from tests.shows.rules import RFC_EXAMPLES, rule_texts

FIRST_DAYS = st.dates(date(1996, 1, 1), date(2030, 12, 31))


def _listed(first_day: date, text: str) -> list[date]:
    """ "9/2-4 1998/1/6" as days, from the year of the first one on."""
    found = []
    year = first_day.year
    for item in text.split():
        *years, month, days = item.split("/")
        year = int(years[0]) if years else year
        first, _, last = days.partition("-")
        found += [date(year, int(month), day) for day in range(int(first), int(last or first) + 1)]
    return found


def _days(text: str, first_day: date, last_day: date = date(2060, 12, 31)) -> list[date]:
    return list(repeats.days(recurrence.parse(text), first_day, last_day))


@pytest.mark.parametrize(("first", "text", "listed", "is_all"), [pytest.param(*row[1:], id=row[0]) for row in RFC_EXAMPLES])
def test_example_of_the_rfc_falls_on_its_days(first: str, text: str, listed: str, is_all: bool) -> None:
    first_day = date.fromisoformat(first)
    expected = _listed(first_day, listed)

    rule = recurrence.parse(text, at=time(9), zone="America/New_York")
    found = list(islice(repeats.days(rule, first_day, date(2010, 1, 1)), None if is_all else len(expected)))

    assert found == expected


def _is_taken(text: str) -> bool:
    try:
        recurrence.parse(text)
    except Invalid:
        return False
    return True


takes = st.builds(str, rule_texts()).filter(_is_taken)


@settings(max_examples=150, deadline=None)
@given(text=takes, first_day=FIRST_DAYS)
def test_any_rule_falls_on_the_days_that_dateutil_gives(text: str, first_day: date) -> None:
    # dateutil counts places in a first week from the first day on, where RFC 5545 means the whole week.
    assume(not ("WEEKLY" in text and "BYSETPOS" in text and first_day.weekday() != recurrence.parse(text).wkst))
    last_day = first_day + timedelta(days=4000)

    assert _days(text, first_day, last_day) == _by_dateutil(text, first_day, last_day)


def _by_dateutil(text: str, first_day: date, last_day: date) -> list[date]:
    """With an end given to it, as dateutil would look for a day that never comes up to the year 9999."""
    parts = dict(part.split("=") for part in text.split(";"))
    count = int(parts.pop("COUNT")) if "COUNT" in parts else None
    parts["UNTIL"] = min(parts.get("UNTIL", "9"), f"{last_day:%Y%m%d}")
    whole = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=datetime.combine(first_day, time()))
    return [moment.date() for moment in islice(whole, count)]


@settings(max_examples=100, deadline=None)
@given(text=takes, first_day=FIRST_DAYS, ahead=st.integers(0, 3000))
def test_looking_from_later_on_finds_the_same_days(text: str, first_day: date, ahead: int) -> None:
    rule, after = recurrence.parse(text), first_day + timedelta(days=ahead)
    last_day = after + timedelta(days=500)

    later = [day for day in repeats.days(rule, first_day, last_day, after) if day >= after]

    assert later == [day for day in repeats.days(rule, first_day, last_day) if day >= after]


@settings(max_examples=150, deadline=None)
@given(text=takes)
def test_canonical_text_is_stable_and_means_the_same(text: str) -> None:
    rule = recurrence.parse(text)

    assert recurrence.parse(rule.text) == rule
    assert recurrence.parse(f" rrule:{rule.text.lower()} ") == rule
    assert recurrence.parse(rule.text).text == rule.text


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=80) | st.text("FREQ=DAILYWKMON;BYSTP,0123456789-+: \n", max_size=80))
def test_any_other_text_is_taken_or_refused_but_never_breaks(text: str) -> None:
    try:
        found = recurrence.parse(text).text
    except Invalid as refusal:
        assert list(refusal.errors) == ["rrule"]
    else:
        assert recurrence.parse(found).text == found


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ("  ", ""),
        ("RRULE:", ""),
        ("FREQ=DAILY;COUNT=1", ""),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU"),
        ("byday=th, tu,TU ; freq=weekly;interval=1;wkst=mo;", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("FREQ=MONTHLY;BYDAY=-1FR,+1MO", "FREQ=MONTHLY;BYDAY=1MO,-1FR"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1,15,01", "FREQ=MONTHLY;BYMONTHDAY=1,15,-1"),
        ("FREQ=DAILY;UNTIL=20271231", "FREQ=DAILY;UNTIL=20271231"),
        ("FREQ=DAILY;BYHOUR=19;BYMINUTE=30;BYSECOND=0", "FREQ=DAILY"),
        ("FREQ=WEEKLY;WKST=SU;INTERVAL=99;COUNT=500", "FREQ=WEEKLY;INTERVAL=99;COUNT=500;WKST=SU"),
    ],
)
def test_text_has_one_spelling(text: str, canonical: str) -> None:
    assert recurrence.parse(text, at=time(19, 30)).text == canonical


@pytest.mark.parametrize(
    ("until", "zone", "at", "last_day"),
    [
        ("19971224T000000Z", "America/New_York", time(9), date(1997, 12, 23)),
        ("19971224T000000Z", "America/New_York", time(19), date(1997, 12, 23)),
        ("19971224T000000Z", "America/New_York", time(19, 1), date(1997, 12, 22)),
        ("19971223T220000Z", "Asia/Tokyo", time(7), date(1997, 12, 24)),
        ("19971224T085959", "Asia/Tokyo", time(9), date(1997, 12, 23)),
        ("19971224T090000", "Asia/Tokyo", time(9), date(1997, 12, 24)),
        ("19971224", "Asia/Tokyo", time(23, 59), date(1997, 12, 24)),
    ],
)
def test_until_with_a_time_ends_on_the_last_day_that_starts_by_then(until: str, zone: str, at: time, last_day: date) -> None:
    assert recurrence.parse(f"FREQ=DAILY;UNTIL={until}", at=at, zone=zone).until == last_day


NOT_DAILY = "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY: a show has at most one call a day."
NOT_UNDERSTOOD = "The rule has a part that is not understood; its parts look like FREQ=WEEKLY;BYDAY=TU."
NO_UNTIL = "UNTIL must be a date like 20271231, or a date and time like 20271231T235959Z."
NO_CLOCK = "BYHOUR does not fit the time of the call; leave it out and choose the time in its own field."
NO_BYDAY = "BYDAY takes days like TU, and in a month or year like 2TU or -1FR."
NEVER = "The rule never falls on any day."
FAR_UNTIL = "UNTIL: A date must lie between the years 1970 and 2200."
REFUSED = [
    ("FREQ=SECONDLY", NOT_DAILY),
    ("FREQ=MINUTELY;UNTIL=99991231T235959Z", NOT_DAILY),
    ("FREQ=HOURLY;INTERVAL=24", NOT_DAILY),
    ("FREQ=SOMETIMES", NOT_DAILY),
    ("BYDAY=TU", "The rule must say how often, like FREQ=WEEKLY."),
    ("every Tuesday", NOT_UNDERSTOOD),
    ("FREQ=WEEKLY;X-ODD=1", NOT_UNDERSTOOD),
    ("FREQ=YEARLY;BYEASTER=0", NOT_UNDERSTOOD),
    ("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD", NOT_UNDERSTOOD),
    ("FREQ=WEEKLY;;BYDAY=TU", NOT_UNDERSTOOD),
    ("FREQ=DAILY\nDTSTART:20260101T000000", "Paste one line only: the one that starts with RRULE."),
    ("FREQ=DAILY;BYDAY=" + ",".join(["MO"] * 200), "The rule is longer than 500 characters."),
    ("FREQ=DAILY;FREQ=WEEKLY", "FREQ is there twice."),
    ("FREQ=WEEKLY;BYDAY=", "BYDAY has no value."),
    ("FREQ", "FREQ has no value."),
    ("FREQ=DAILY;INTERVAL=0", "INTERVAL must be from 1 to 99."),
    ("FREQ=DAILY;INTERVAL=100", "INTERVAL must be from 1 to 99."),
    ("FREQ=DAILY;INTERVAL=٣", "INTERVAL must be a number."),
    ("FREQ=DAILY;INTERVAL=1_0", "INTERVAL must be a number."),
    ("FREQ=DAILY;COUNT=501", "COUNT must be from 1 to 500."),
    ("FREQ=DAILY;COUNT=0", "COUNT must be from 1 to 500."),
    ("FREQ=DAILY;COUNT=" + "9" * 400, "COUNT must be a number."),
    ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "A rule ends by COUNT or by UNTIL, not by both."),
    ("FREQ=DAILY;UNTIL=tomorrow", NO_UNTIL),
    ("FREQ=DAILY;UNTIL=20270231", NO_UNTIL),
    ("FREQ=DAILY;UNTIL=20270201T250000Z", NO_UNTIL),
    ("FREQ=DAILY;UNTIL=00000101", NO_UNTIL),
    ("FREQ=DAILY;UNTIL=00010101T000000Z", FAR_UNTIL),
    ("FREQ=DAILY;UNTIL=99991231T235959Z", FAR_UNTIL),
    ("FREQ=DAILY;BYHOUR=9,18", "BYHOUR may hold one number only: a show has at most one call a day."),
    ("FREQ=DAILY;BYHOUR=9", NO_CLOCK),
    ("FREQ=DAILY;BYHOUR=24", NO_CLOCK),
    ("FREQ=WEEKLY;BYDAY=XX", NO_BYDAY),
    ("FREQ=MONTHLY;BYDAY=0MO", NO_BYDAY),
    ("FREQ=YEARLY;BYDAY=54MO", NO_BYDAY),
    ("FREQ=WEEKLY;BYDAY=TU,", NO_BYDAY),
    ("FREQ=WEEKLY;BYDAY=2TU", "Days like 2TU go with FREQ=MONTHLY or YEARLY only."),
    ("FREQ=DAILY;BYDAY=2TU", "Days like 2TU go with FREQ=MONTHLY or YEARLY only."),
    ("FREQ=MONTHLY;BYDAY=TU,1MO", "BYDAY takes days like TU or days like 2TU, not both."),
    ("FREQ=WEEKLY;WKST=XX", "WKST must be one of MO, TU, WE, TH, FR, SA, SU."),
    ("FREQ=YEARLY;BYMONTH=13", "BYMONTH takes numbers from 1 to 12 only."),
    ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH takes numbers from 1 to 12 only."),
    ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY takes numbers from -31 to -1 and from 1 to 31 only."),
    ("FREQ=MONTHLY;BYMONTHDAY=1,x", "BYMONTHDAY must be a list of numbers."),
    ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY does not go with FREQ=WEEKLY."),
    ("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY goes with FREQ=YEARLY only."),
    ("FREQ=MONTHLY;BYWEEKNO=1;BYDAY=MO", "BYWEEKNO goes with FREQ=YEARLY only."),
    ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO needs a BYDAY: it names weeks, not days."),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "Days like 2TU do not go with BYWEEKNO."),
    ("FREQ=DAILY;BYDAY=MO;BYSETPOS=1", "BYSETPOS does not go with FREQ=DAILY: a day has one call."),
    ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS needs another part, like BYDAY, to choose from."),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", NEVER),
    ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", NEVER),
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", NEVER),
    ("FREQ=MONTHLY;BYDAY=6MO", "A month has at most five of each day of the week."),
    ("FREQ=YEARLY;BYMONTH=12;BYDAY=53MO", "A month has at most five of each day of the week."),
    ("FREQ=YEARLY;BYMONTH=1;BYDAY=-6MO", "A month has at most five of each day of the week."),
    ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3", NEVER),
    ("FREQ=YEARLY;BYYEARDAY=366;BYMONTHDAY=30", NEVER),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_rule_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        recurrence.parse(text, at=time(19, 30))

    assert refusal.value.errors == {"rrule": sentence}


@pytest.mark.parametrize("text", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "FREQ=YEARLY;BYYEARDAY=-366;BYMONTHDAY=31"])
def test_impossible_rule_is_found_in_bounded_work(text: str) -> None:
    begun = stopwatch.process_time()

    with pytest.raises(Invalid):
        recurrence.parse(text)

    assert stopwatch.process_time() - begun < 2


def test_place_in_the_first_week_counts_from_the_week_s_start() -> None:
    thursday = date(2026, 3, 5)

    found = _days("FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=2;COUNT=2", thursday)

    assert found == [date(2026, 3, 6), date(2026, 3, 13)]


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (recurrence.once(), ""),
        (recurrence.weekly([1]), "FREQ=WEEKLY;BYDAY=TU"),
        (recurrence.weekly([3, 0, 3], 2), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH"),
        (recurrence.weekly([6], count=8), "FREQ=WEEKLY;COUNT=8;BYDAY=SU"),
        (recurrence.monthly_by_day(15), "FREQ=MONTHLY;BYMONTHDAY=15"),
        (recurrence.monthly_by_day(-1, 3, until=date(2027, 3, 3)), "FREQ=MONTHLY;INTERVAL=3;UNTIL=20270303;BYMONTHDAY=-1"),
        (recurrence.monthly_by_weekday(2, 1), "FREQ=MONTHLY;BYDAY=2TU"),
        (recurrence.monthly_by_weekday(-1, 4, 2), "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR"),
    ],
)
def test_choice_becomes_a_rule_and_back(made: recurrence.Recurrence, text: str) -> None:
    assert made.text == text
    assert recurrence.parse(text) == made


def test_choices_out_of_range_are_refused_by_field() -> None:
    with pytest.raises(Invalid) as no_day:
        recurrence.weekly([])
    with pytest.raises(Invalid) as bad_day:
        recurrence.monthly_by_day(0)
    with pytest.raises(Invalid) as fifth:
        recurrence.monthly_by_weekday(5, 1)
    with pytest.raises(Invalid) as many:
        recurrence.weekly([1], 100, count=501, until=date(9999, 1, 1))

    assert no_day.value.errors == {"days": "Choose at least one day of the week."}
    assert bad_day.value.errors == {"day": "Choose a day of the month from 1 to 31, or the last."}
    assert fifth.value.errors == {"day": "Choose the first, second, third, fourth or last of a day of the week."}
    assert many.value.errors == {
        "every": "Choose a number from 1 to 99.",
        "count": "Choose a number of calls from 1 to 500, or leave the end open.",
        "until": "The last day must lie between the years 1970 and 2200.",
    }
