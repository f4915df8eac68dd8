"""Zones that a mail describes are read as those who wrote them meant them, and cost nothing however they are written."""

from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from calls.inbound.described_zones import offset_at
from calls.inbound.lines import Component, calendars
from tests.shows.planned import wall

HOUR = timedelta(hours=1)
NUMBERS = st.sampled_from([1, 2, 3, 4, 5, -1, -2, -3, -4, -5])
WEEKDAYS = st.sampled_from(["SU", "MO", "TU", "WE", "TH", "FR", "SA"])


def a_rule(kind: str, begin: str, before: str, after: str, *more: str) -> str:
    facts = "\n".join((f"DTSTART:{begin}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", *more))
    return f"BEGIN:{kind}\n{facts}\nEND:{kind}\n"


def a_zone(*rules: str) -> Component:
    [calendar] = calendars(f"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Here\n{''.join(rules)}END:VTIMEZONE\nEND:VCALENDAR\n")
    [zone] = calendar.components("VTIMEZONE")
    return zone


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        ("2026-03-29 01:59", 1),
        ("2026-03-29 02:00", 2),
        ("2026-10-25 02:59", 2),
        ("2026-11-04 09:00", 1),
        ("2027-07-01 09:00", 2),
        ("2027-12-01 09:00", 1),
        ("2020-01-01 00:00", 2),
    ],
)
def test_changes_of_clocks_may_stand_as_a_list_of_dates(at: str, hours: int) -> None:
    """As icalendar writes them: each year in an RDATE, several to a line (B1). Before the first it is what was before."""
    zone = a_zone(
        a_rule("DAYLIGHT", "20260329T020000", "+0100", "+0200", "RDATE:20270328T020000,20280326T020000"),
        a_rule("STANDARD", "20251026T030000", "+0200", "+0100", "RDATE:20261025T030000", "RDATE:20271031T030000"),
    )

    assert offset_at(wall(at), zone) == hours * HOUR


@pytest.mark.parametrize(("at", "hours"), [("2025-07-01 09:00", -4), ("2025-11-02 01:00", -5), ("2026-11-04 09:00", -5)])
def test_clocks_that_change_no_more_stay_where_the_last_change_put_them(at: str, hours: int) -> None:
    """UNTIL is in UTC: as in Havana, the last change to summer begins at midnight, the one back an hour later."""
    zone = a_zone(
        a_rule("DAYLIGHT", "20130310T000000", "-0500", "-0400", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU;UNTIL=20250309T050000Z"),
        a_rule("STANDARD", "20121104T010000", "-0400", "-0500", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU;UNTIL=20251102T050000Z"),
    )

    assert offset_at(wall(at), zone) == hours * HOUR


@pytest.mark.parametrize(
    "rule",
    [
        a_rule("STANDARD", "20261301T020000", "-0700", "-0800"),
        a_rule("STANDARD", "20261101T020000", "-0700", ""),
        a_rule("STANDARD", "20261101T020000", "-0700", "-0800", "RRULE:FREQ=SECONDLY"),
        a_rule("STANDARD", "20261101T020000", "-0700", "-0800", "RRULE:FREQ=YEARLY;INTERVAL=2"),
        a_rule("STANDARD", "20261101T020000", "-0700", "-0800", "RRULE:FREQ=YEARLY;BYMONTH=+1"),
        a_rule("STANDARD", "20261101T020000", "-0700", "-0800", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=SU"),
        a_rule("STANDARD", "20261101T020000", "-0700", "-0800", "RRULE:FREQ=YEARLY;BYMONTHDAY=1"),
        a_rule("STANDARD", "20261101T020000", "-0700", "-0800", "RRULE:FREQ=YEARLY;UNTIL=soon"),
    ],
)
def test_zone_of_a_rule_that_is_no_yearly_change_is_unknown(rule: str) -> None:
    assert offset_at(wall("2026-11-04 09:00"), a_zone(rule)) is None


def test_zone_without_rules_is_unknown() -> None:
    assert offset_at(wall("2026-11-04 09:00"), a_zone()) is None


def test_change_on_a_day_that_a_year_may_lack_is_the_last_there_was() -> None:
    leap = a_rule("DAYLIGHT", "20240229T000000", "+0000", "+0100", "RRULE:FREQ=YEARLY")
    never = a_rule("STANDARD", "20100101T000000", "+0100", "+0000", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31")

    assert offset_at(wall("2027-06-01 00:00"), a_zone(leap, never)) == HOUR


@given(
    month=st.integers(1, 12),
    day=st.one_of(
        st.tuples(NUMBERS, WEEKDAYS).map(lambda it: f"BYDAY={it[0]}{it[1]}"),
        st.integers(1, 31).map(lambda it: f"BYMONTHDAY={it}"),
    ),
    begin=st.datetimes(datetime(1990, 1, 1), datetime(2025, 1, 1)),  # noqa: DTZ001 -- wall times
    until=st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1)),  # noqa: DTZ001
    at=st.datetimes(datetime(2026, 1, 1), datetime(2032, 1, 1)),  # noqa: DTZ001
)
def test_last_change_is_where_dateutil_finds_it(
    month: int, day: str, begin: datetime, until: datetime | None, at: datetime
) -> None:
    """The other rule changes the clocks at one moment of its own, and comes before or after the last change of this one."""
    begin = begin.replace(microsecond=0)
    rule = f"FREQ=YEARLY;BYMONTH={month};{day}" + (f";UNTIL={until:%Y%m%dT%H%M%S}" if until else "")
    last = max(begin, rrulestr(rule, dtstart=begin).before(at, inc=True) or begin)
    for other, hours in ((last - HOUR, 2), (last + HOUR, 3)):
        zone = a_zone(
            a_rule("DAYLIGHT", f"{begin:%Y%m%dT%H%M%S}", "+0100", "+0200", f"RRULE:{rule}"),
            a_rule("STANDARD", f"{other:%Y%m%dT%H%M%S}", "+0200", "+0300"),
        )

        assert offset_at(max(at, last + HOUR), zone) == hours * HOUR
