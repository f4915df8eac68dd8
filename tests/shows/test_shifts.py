"""What becomes of the calls of a show when its schedule changes."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from calls.shows import schedule
from calls.shows.schedule import Planned, Rule
from calls.shows.shifts import Shifts, Standing, compare

TUESDAYS = Rule(date(2026, 12, 1), time(19), "America/New_York", 60, "FREQ=WEEKLY;COUNT=4")


def _planned(rule: Rule) -> list[Planned]:
    return schedule.dates(rule, date(2026, 11, 1), date(2027, 12, 31))


def _calls(rule: Rule, by_hand: frozenset[int] = frozenset()) -> list[Standing[str]]:
    """The calls of a rule by their days, as laid out; those of some numbers changed by hand."""
    return [
        Standing(f"{it.day:%d.%m}", it.day, it.starts_at, number in by_hand, it.ends_at)
        for number, it in enumerate(_planned(rule))
    ]


def _days(planned: list[Planned]) -> list[str]:
    return [f"{it.day:%d.%m}" for it in planned]


def _said(shifts: Shifts[str]) -> dict[str, list[str]]:
    """The shifts in short, without the empty ones: "01.12>02.12" is a move."""
    said = {
        "moves": [f"{key}>{it.day:%d.%m}" for key, it in shifts.moves],
        "vanish": shifts.vanish,
        "appear": _days(shifts.appear),
        "stay": shifts.stay,
    }
    return {name: things for name, things in said.items() if things}


def test_same_rule_changes_nothing() -> None:
    assert _said(compare(_calls(TUESDAYS), _planned(TUESDAYS))) == {"stay": ["01.12", "08.12", "15.12", "22.12"]}


def test_other_hour_moves_each_call_on_its_day() -> None:
    later = replace(TUESDAYS, time=time(20))

    assert _said(compare(_calls(TUESDAYS), _planned(later))) == {
        "moves": ["01.12>01.12", "08.12>08.12", "15.12>15.12", "22.12>22.12"]
    }


def test_other_weekday_moves_each_call_within_its_week() -> None:
    wednesdays = replace(TUESDAYS, first_day=date(2026, 12, 2))

    assert _said(compare(_calls(TUESDAYS), _planned(wednesdays))) == {
        "moves": ["01.12>02.12", "08.12>09.12", "15.12>16.12", "22.12>23.12"]
    }


def test_other_zone_moves_each_call_to_the_same_hour_there() -> None:
    berlin = replace(TUESDAYS, zone="Europe/Berlin")

    shifts = compare(_calls(TUESDAYS), _planned(berlin))

    assert [(key, it.starts_at.hour) for key, it in shifts.moves] == [("01.12", 18), ("08.12", 18), ("15.12", 18), ("22.12", 18)]
    assert (shifts.vanish, shifts.appear, shifts.stay) == ([], [], [])


def test_zone_with_the_same_clocks_leaves_calls_alone() -> None:
    toronto = replace(TUESDAYS, zone="America/Toronto")

    assert _said(compare(_calls(TUESDAYS), _planned(toronto))) == {"stay": ["01.12", "08.12", "15.12", "22.12"]}


def test_other_length_moves_only_calls_whose_end_is_known() -> None:
    longer = _planned(replace(TUESDAYS, minutes=90))
    without_ends = [replace(call, ends_at=None) for call in _calls(TUESDAYS)]

    assert len(compare(_calls(TUESDAYS), longer).moves) == 4
    assert len(compare(without_ends, longer).stay) == 4


def test_every_second_week_drops_the_weeks_between() -> None:
    fortnightly = replace(TUESDAYS, rrule="FREQ=WEEKLY;INTERVAL=2;COUNT=3")

    assert _said(compare(_calls(TUESDAYS), _planned(fortnightly))) == {
        "vanish": ["08.12", "22.12"],
        "appear": ["29.12"],
        "stay": ["01.12", "15.12"],
    }


def test_second_weekday_appears_beside_the_first() -> None:
    both = replace(TUESDAYS, rrule="FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4")

    assert _said(compare(_calls(TUESDAYS), _planned(both))) == {
        "vanish": ["15.12", "22.12"],
        "appear": ["03.12", "10.12"],
        "stay": ["01.12", "08.12"],
    }


def test_two_days_of_a_week_move_in_order() -> None:
    before = replace(TUESDAYS, rrule="FREQ=WEEKLY;BYDAY=TU,TH;COUNT=2")
    after = replace(TUESDAYS, rrule="FREQ=WEEKLY;BYDAY=WE,FR;COUNT=2")

    assert _said(compare(_calls(before), _planned(after))) == {"moves": ["01.12>02.12", "03.12>04.12"]}


def test_call_changed_by_hand_stays_and_takes_the_date_of_its_day() -> None:
    later = replace(TUESDAYS, time=time(20))

    assert _said(compare(_calls(TUESDAYS, frozenset({1})), _planned(later))) == {
        "moves": ["01.12>01.12", "15.12>15.12", "22.12>22.12"],
        "stay": ["08.12"],
    }


def test_call_changed_by_hand_stands_for_its_week() -> None:
    wednesdays = replace(TUESDAYS, first_day=date(2026, 12, 2))

    assert _said(compare(_calls(TUESDAYS, frozenset({1})), _planned(wednesdays))) == {
        "moves": ["01.12>02.12", "15.12>16.12", "22.12>23.12"],
        "stay": ["08.12"],
    }


def test_call_changed_by_hand_takes_no_date_that_another_call_of_the_week_needs() -> None:
    before = replace(TUESDAYS, rrule="FREQ=WEEKLY;BYDAY=TU,TH;COUNT=2")
    wednesday = replace(TUESDAYS, first_day=date(2026, 12, 2), rrule="")

    assert _said(compare(_calls(before, frozenset({0})), _planned(wednesday))) == {"moves": ["03.12>02.12"], "stay": ["01.12"]}


def test_call_changed_by_hand_keeps_dates_off_its_time() -> None:
    [moved] = _planned(replace(TUESDAYS, first_day=date(2026, 12, 9), rrule=""))
    call = Standing("moved", date(2026, 12, 1), moved.starts_at, True, moved.ends_at)
    wednesdays = _planned(replace(TUESDAYS, first_day=date(2026, 12, 9), rrule="FREQ=WEEKLY;COUNT=2"))

    assert _said(compare([call], wednesdays)) == {"appear": ["16.12"], "stay": ["moved"]}


def test_cancelled_call_keeps_its_day_but_no_time() -> None:
    [cancelled] = [replace(call, ends_at=None) for call in _calls(replace(TUESDAYS, rrule=""), frozenset({0}))]

    assert _said(compare([cancelled], _planned(TUESDAYS))) == {"appear": ["08.12", "15.12", "22.12"], "stay": ["01.12"]}


def test_extra_date_takes_no_date_of_its_week() -> None:
    starts_at = datetime(2026, 12, 5, 12, tzinfo=UTC)
    extra = Standing("extra", None, starts_at, False, starts_at + timedelta(hours=1))

    assert _said(compare([extra], _planned(TUESDAYS))) == {"appear": ["01.12", "08.12", "15.12", "22.12"], "stay": ["extra"]}


def test_week_spans_the_turn_of_the_year() -> None:
    thursday = replace(TUESDAYS, first_day=date(2026, 12, 31), rrule="")
    friday = replace(TUESDAYS, first_day=date(2027, 1, 1), rrule="")

    assert _said(compare(_calls(thursday), _planned(friday))) == {"moves": ["31.12>01.01"]}


days = st.dates(date(2026, 12, 1), date(2027, 1, 15))


@st.composite
def standings(draw: st.DrawFn) -> list[Standing[int]]:
    """Calls on some days, each at some hour of it; some by hand, some extra, some without an end."""
    calls = []
    for number, day in enumerate(draw(st.lists(days, unique=True, max_size=12))):
        starts_at = datetime.combine(day, time(draw(st.integers(0, 22))), UTC) + timedelta(days=draw(st.integers(0, 2)))
        ends_at = draw(st.none() | st.just(starts_at + timedelta(hours=1)))
        slot = day if draw(st.integers(0, 4)) else None
        calls.append(Standing(number, slot, starts_at, draw(st.booleans()), ends_at))
    return calls


plans = st.lists(days, unique=True, max_size=12).map(
    lambda chosen: [schedule.plan(day, Rule(day, time(12), "UTC", 60)) for day in chosen]
)


@settings(max_examples=200, deadline=None)
@given(calls=standings(), planned=plans)
def test_comparing_loses_no_call_and_touches_none_changed_by_hand(calls: list[Standing[int]], planned: list[Planned]) -> None:
    shifts = compare(calls, planned)

    assert Counter([*(key for key, _ in shifts.moves), *shifts.vanish, *shifts.stay]) == Counter(call.key for call in calls)
    assert {call.key for call in calls if call.by_hand or call.day is None} <= set(shifts.stay)


@settings(max_examples=200, deadline=None)
@given(calls=standings(), planned=plans)
def test_comparing_gives_each_date_once_and_moves_within_the_week(calls: list[Standing[int]], planned: list[Planned]) -> None:
    was = {call.key: call for call in calls}

    shifts = compare(calls, planned)

    given_out = [*(it.day for _, it in shifts.moves), *(it.day for it in shifts.appear)]
    assert len(given_out) == len(set(given_out))
    assert set(given_out) <= {it.day for it in planned}
    slots = [(was[key].day or it.day, it.day) for key, it in shifts.moves]
    assert [pair for pair in slots if pair[0].isocalendar()[:2] != pair[1].isocalendar()[:2]] == []


@settings(max_examples=200, deadline=None)
@given(calls=standings(), planned=plans)
def test_no_call_vanishes_from_a_week_in_which_one_appears(calls: list[Standing[int]], planned: list[Planned]) -> None:
    was = {call.key: call for call in calls}

    shifts = compare(calls, planned)

    vanished = {(was[key].day or date.min).isocalendar()[:2] for key in shifts.vanish}
    assert vanished & {it.day.isocalendar()[:2] for it in shifts.appear} == set()


@settings(max_examples=200, deadline=None)
@given(calls=standings(), planned=plans)
def test_comparing_again_after_the_shifts_changes_nothing(calls: list[Standing[int]], planned: list[Planned]) -> None:
    plain = [replace(call, by_hand=False, day=call.day or call.starts_at.date()) for call in calls]
    plain = [*{call.day: call for call in plain}.values()]
    shifts = compare(plain, planned)
    appeared = [Standing(1000 + number, it.day, it.starts_at, False, it.ends_at) for number, it in enumerate(shifts.appear)]
    moved = [Standing(key, it.day, it.starts_at, False, it.ends_at) for key, it in shifts.moves]
    stayed = [call for call in plain if call.key in shifts.stay]

    again = compare([*moved, *appeared, *stayed], planned)

    assert (again.moves, again.vanish, again.appear) == ([], [], [])
    assert len(again.stay) == len(planned)
