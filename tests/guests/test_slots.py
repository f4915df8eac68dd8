"""When a guest may talk with a host: open hours less what is taken, through every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from calls.ground import zones
from calls.guests.slots import Hours, Interval, OpenRange, merged, slots

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
NEW_YORK = "America/New_York"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def open_on(weekday: int, begin: str, end: str) -> OpenRange:
    return OpenRange(weekday, time.fromisoformat(begin), time.fromisoformat(end))


def hours(*ranges: OpenRange, zone: str = "UTC", **numbers: int) -> Hours:
    known = {"minutes": 60, "buffer": 0, "notice": 0, "horizon": 7, "most_a_week": 0}
    return Hours(zone, ranges, **known | numbers)


def walls(found: list[datetime], zone: str) -> list[str]:
    return [f"{zones.wall(it, zone):%a %H:%M}" for it in found]


def test_talk_is_offered_each_half_hour_as_long_as_it_ends_in_time() -> None:
    assert walls(slots(hours(open_on(0, "09:00", "11:00")), [], NOW), "UTC") == ["Mon 09:00", "Mon 09:30", "Mon 10:00"]


def test_short_talk_is_offered_one_after_the_other() -> None:
    found = slots(hours(open_on(0, "09:00", "10:00"), minutes=20), [], NOW)

    assert walls(found, "UTC") == ["Mon 09:00", "Mon 09:20", "Mon 09:40"]


def test_slots_are_moments_in_utc_and_in_order() -> None:
    found = slots(hours(open_on(2, "09:00", "10:00"), open_on(0, "09:00", "10:00"), zone=NEW_YORK), [], NOW)

    assert found == [at("2026-11-23T14:00"), at("2026-11-25T14:00")]


def test_taken_times_keep_their_buffer_on_both_sides() -> None:
    taken = [(at("2026-11-23T11:00"), at("2026-11-23T11:30"))]
    found = slots(hours(open_on(0, "09:00", "14:00"), buffer=30), taken, NOW)

    assert walls(found, "UTC") == ["Mon 09:00", "Mon 09:30", "Mon 12:00", "Mon 12:30", "Mon 13:00"]


def test_taken_time_that_only_touches_takes_nothing_without_a_buffer() -> None:
    taken = [(at("2026-11-23T08:00"), at("2026-11-23T09:00")), (at("2026-11-23T10:00"), at("2026-11-23T12:00"))]

    assert walls(slots(hours(open_on(0, "09:00", "12:00")), taken, NOW), "UTC") == ["Mon 09:00"]


def test_nobody_can_choose_within_the_notice_or_beyond_the_horizon() -> None:
    found = slots(hours(*[open_on(day, "12:00", "13:00") for day in range(7)], notice=24, horizon=3), [], NOW)

    assert found == [at("2026-11-23T12:00"), at("2026-11-24T12:00"), at("2026-11-25T12:00")]


def test_week_that_has_its_most_talks_offers_no_more() -> None:
    week = [open_on(day, "12:00", "13:00") for day in range(7)]
    talks = [at("2026-11-23T08:00"), at("2026-11-29T08:00"), at("2026-11-30T08:00")]
    found = slots(hours(*week, most_a_week=2, horizon=12), [], NOW, talks)

    assert {it.date() for it in found} == {date(2026, 11, 22), *(date(2026, 11, 30) + timedelta(days=it) for it in range(5))}


def test_week_begins_on_monday_by_the_clock_of_the_hours() -> None:
    sunday_night = at("2026-11-30T03:00")  # Sunday 22:00 in New York
    open_monday = hours(open_on(0, "12:00", "13:00"), zone=NEW_YORK, most_a_week=1, horizon=9)

    assert walls(slots(open_monday, [], NOW, [sunday_night]), NEW_YORK) == ["Mon 12:00"]
    assert slots(open_monday, [], NOW, [sunday_night])[0] == at("2026-11-30T17:00")


def test_hours_over_midnight_are_two_ranges_that_a_talk_may_lie_across() -> None:
    found = slots(hours(open_on(0, "23:00", "00:00"), open_on(1, "00:00", "01:00")), [], NOW)

    assert walls(found, "UTC") == ["Mon 23:00", "Mon 23:30", "Tue 00:00"]


def test_ranges_of_one_day_that_touch_are_one() -> None:
    found = slots(hours(open_on(0, "09:00", "10:00"), open_on(0, "10:00", "11:00"), minutes=90), [], NOW)

    assert walls(found, "UTC") == ["Mon 09:00", "Mon 09:30"]


def test_same_hour_on_the_clock_is_another_moment_after_the_change() -> None:
    now = at("2026-10-30T12:00")  # the clocks of New York go back on Sunday, 1 November 2026
    found = slots(hours(open_on(4, "15:00", "16:00"), open_on(0, "15:00", "16:00"), zone=NEW_YORK), [], now)

    assert found == [at("2026-10-30T19:00"), at("2026-11-02T20:00")]


def test_hour_that_the_clocks_skip_is_not_offered_in_the_north() -> None:
    now = at("2027-03-13T12:00")  # in New York 02:00 becomes 03:00 on Sunday, 14 March 2027
    found = slots(hours(open_on(6, "01:00", "04:00"), zone=NEW_YORK), [], now)

    assert walls(found, NEW_YORK) == ["Sun 01:00", "Sun 01:30", "Sun 03:00"]
    assert found == [at("2027-03-14T06:00"), at("2027-03-14T06:30"), at("2027-03-14T07:00")]


def test_hour_that_the_clocks_skip_is_not_offered_in_the_south() -> None:
    zone, now = "Australia/Melbourne", at("2026-10-03T00:00")  # 02:00 becomes 03:00 on Sunday, 4 October 2026
    found = slots(hours(open_on(6, "01:30", "03:30"), zone=zone, minutes=30), [], now)

    assert found == [at("2026-10-03T15:30"), at("2026-10-03T16:00")]
    assert walls(found, zone) == ["Sun 01:30", "Sun 03:00"]


def test_range_that_lies_in_the_skipped_hour_is_not_open() -> None:
    assert slots(hours(open_on(6, "02:00", "03:00"), zone=NEW_YORK), [], at("2027-03-13T12:00")) == []


def test_range_that_ends_in_the_skipped_hour_ends_where_it_begins() -> None:
    found = slots(hours(open_on(6, "01:00", "02:30"), zone=NEW_YORK, minutes=30), [], at("2027-03-13T12:00"))

    assert found == [at("2027-03-14T06:00"), at("2027-03-14T06:30")]


def test_midnight_that_the_clocks_skip_begins_an_hour_later() -> None:
    zone, now = "Asia/Beirut", at("2027-03-27T00:00")  # 00:00 becomes 01:00 on Sunday, 28 March 2027
    found = slots(hours(open_on(6, "00:00", "02:00"), zone=zone, minutes=30), [], now)

    assert walls(found, zone) == ["Sun 01:00", "Sun 01:30"]


def test_hour_that_the_clocks_show_twice_is_offered_once_and_the_first_time() -> None:
    now = at("2026-10-31T12:00")  # in New York 02:00 becomes 01:00 on Sunday, 1 November 2026
    found = slots(hours(open_on(6, "00:30", "03:00"), zone=NEW_YORK, minutes=30), [], now)

    assert walls(found, NEW_YORK) == ["Sun 00:30", "Sun 01:00", "Sun 01:30", "Sun 02:00", "Sun 02:30"]
    assert found[1:4] == [at("2026-11-01T05:00"), at("2026-11-01T05:30"), at("2026-11-01T07:00")]


def test_hour_that_the_clocks_show_twice_is_offered_once_in_the_south() -> None:
    zone, now = "Australia/Melbourne", at("2027-04-03T00:00")  # 03:00 becomes 02:00 on Sunday, 4 April 2027
    found = slots(hours(open_on(6, "02:00", "03:30"), zone=zone, minutes=30), [], now)

    assert found == [at("2027-04-03T15:00"), at("2027-04-03T15:30"), at("2027-04-03T17:00")]


def test_range_that_ends_in_the_hour_shown_twice_ends_the_first_time() -> None:
    found = slots(hours(open_on(6, "00:30", "01:30"), zone=NEW_YORK, minutes=30), [], at("2026-10-31T12:00"))

    assert found == [at("2026-11-01T04:30"), at("2026-11-01T05:00")]


def test_notice_beyond_the_horizon_leaves_nothing() -> None:
    assert slots(hours(open_on(0, "00:00", "00:00"), notice=100, horizon=1), [], NOW) == []


def test_times_that_touch_are_merged() -> None:
    found: list[Interval] = [(at("2026-01-01T03:00"), at("2026-01-01T04:00")), (at("2026-01-01T01:00"), at("2026-01-01T03:00"))]

    assert merged([*found, (NOW, NOW)]) == [(at("2026-01-01T01:00"), at("2026-01-01T04:00"))]


def until(on: OpenRange) -> time:
    return time.max if on.end == time(0) else on.end


RANGES = st.tuples(st.integers(0, 6), st.integers(0, 23), st.integers(1, 24)).filter(lambda it: it[1] < it[2])
ZONES = st.sampled_from(["UTC", NEW_YORK, "Australia/Lord_Howe", "Asia/Kathmandu", "America/Asuncion", "Africa/Casablanca"])


@settings(max_examples=60)
@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda it: it.replace(tzinfo=UTC, microsecond=0)),  # noqa: DTZ001
    zone=ZONES,
    ranges=st.lists(RANGES, min_size=1, max_size=6),
    taken=st.lists(st.tuples(st.integers(0, 20 * 288), st.integers(1, 400)), max_size=12),
    numbers=st.fixed_dictionaries({"minutes": st.integers(10, 120), "buffer": st.integers(0, 60), "notice": st.integers(0, 48)}),
)
def test_every_slot_is_open_free_and_in_time(
    now: datetime, zone: str, ranges: list[tuple[int, int, int]], taken: list[tuple[int, int]], numbers: dict[str, int]
) -> None:
    weekly = tuple(OpenRange(day, time(begin), time(end % 24)) for day, begin, end in ranges)
    held = [(now + timedelta(minutes=5 * it), now + timedelta(minutes=5 * it + length)) for it, length in taken]
    wanted = Hours(zone, weekly, horizon=20, **numbers)
    length, buffer = timedelta(minutes=wanted.minutes), timedelta(minutes=wanted.buffer)

    found = slots(wanted, held, now)

    assert found == sorted(set(found))
    for it in found:
        wall = zones.wall(it, zone)
        assert now + timedelta(hours=wanted.notice) <= it <= now + timedelta(days=20)
        assert all(end + buffer <= it or it + length <= start - buffer for start, end in held)
        assert any(on.weekday == wall.weekday() and on.begin <= wall.time() < until(on) for on in weekly)
        assert zones.resolve(wall, zone) == it
