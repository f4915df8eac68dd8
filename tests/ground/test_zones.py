"""Wall times and moments, against tables and against zoneinfo."""

# ruff: noqa: DTZ001 (a wall time has no zone)

import json
import os
import subprocess
import sys
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import tzdata  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.ground import zones
from calls.ground.refusals import Invalid, Refused

ALL = sorted(zoneinfo.available_timezones())

# (zone, wall time, fold asked for, how the clocks show it, moment)
WALLS = [
    ("America/Los_Angeles", "2027-03-14T02:30", 0, "gap", "2027-03-14T10:30"),
    ("America/Los_Angeles", "2027-03-14T02:30", 1, "gap", "2027-03-14T10:30"),
    ("America/Los_Angeles", "2026-11-01T01:30", 0, "fold", "2026-11-01T08:30"),
    ("America/Los_Angeles", "2026-11-01T01:30", 1, "fold", "2026-11-01T09:30"),
    ("America/Los_Angeles", "2026-11-01T12:00", 1, "plain", "2026-11-01T20:00"),
    ("Europe/Berlin", "2026-10-25T02:30", 0, "fold", "2026-10-25T00:30"),
    ("Europe/Berlin", "2027-03-28T02:00", 0, "gap", "2027-03-28T01:00"),
    ("Europe/Dublin", "2027-03-28T01:30", 0, "gap", "2027-03-28T01:30"),
    ("Australia/Sydney", "2026-10-04T02:30", 0, "gap", "2026-10-03T16:30"),
    ("Australia/Sydney", "2027-04-04T02:30", 1, "fold", "2027-04-03T16:30"),
    ("America/Santiago", "2026-09-06T00:30", 0, "gap", "2026-09-06T04:30"),
    ("Australia/Lord_Howe", "2026-10-04T02:15", 0, "gap", "2026-10-03T15:45"),
    ("Australia/Lord_Howe", "2027-04-04T01:45", 0, "fold", "2027-04-03T14:45"),
    ("Australia/Lord_Howe", "2027-04-04T01:45", 1, "fold", "2027-04-03T15:15"),
    ("Asia/Kolkata", "2026-10-14T19:30", 0, "plain", "2026-10-14T14:00"),
    ("Asia/Kathmandu", "2026-10-14T19:30", 0, "plain", "2026-10-14T13:45"),
    ("Pacific/Chatham", "2026-09-27T02:50", 0, "gap", "2026-09-26T14:05"),
    ("Pacific/Apia", "2011-12-30T09:00", 0, "gap", "2011-12-30T19:00"),
    ("America/Vancouver", "2026-11-04T09:00", 0, "plain", "2026-11-04T16:00"),
    ("UTC", "2026-02-28T23:59", 0, "plain", "2026-02-28T23:59"),
]


@pytest.mark.parametrize(("zone", "wall", "fold", "standing", "moment"), WALLS)
def test_wall_time_becomes_a_moment(zone: str, wall: str, fold: int, standing: str, moment: str) -> None:
    shown = datetime.fromisoformat(wall)

    assert zones.standing(shown, zone) == standing
    assert zones.resolve(shown, zone, fold) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_wall_time_in_a_gap_is_shown_later() -> None:
    moment = zones.resolve(datetime(2027, 3, 14, 2, 30), "America/Los_Angeles")

    assert zones.wall(moment, "America/Los_Angeles") == datetime(2027, 3, 14, 3, 30)


moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 12, 30), timezones=st.just(UTC))
walls = st.datetimes(datetime(1970, 1, 2), datetime(2200, 12, 30))


@settings(max_examples=150, deadline=None)
@given(moment=moments, zone=st.sampled_from(ALL))
def test_moment_comes_back_from_its_wall_time(moment: datetime, zone: str) -> None:
    local = moment.astimezone(ZoneInfo(zone))

    wall = zones.wall(moment, zone)

    assert wall == local.replace(tzinfo=None)
    assert zones.resolve(wall, zone, local.fold) == moment


@settings(max_examples=150, deadline=None)
@given(wall=walls, zone=st.sampled_from(ALL))
def test_standing_agrees_with_the_way_there_and_back(wall: datetime, zone: str) -> None:
    there_and_back = [
        wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC).astimezone(ZoneInfo(zone)) for fold in (0, 1)
    ]
    is_shown = there_and_back[0].replace(tzinfo=None) == wall
    is_twice = is_shown and there_and_back[0].astimezone(UTC) != there_and_back[1].astimezone(UTC)

    standing = zones.standing(wall, zone)

    assert standing == ("fold" if is_twice else "plain" if is_shown else "gap")


@settings(max_examples=100, deadline=None)
@given(wall=walls, zone=st.sampled_from(ALL), fold=st.integers(0, 1))
def test_resolving_never_moves_backward(wall: datetime, zone: str, fold: int) -> None:
    shown = zones.wall(zones.resolve(wall, zone, fold), zone)

    assert (shown > wall) is (zones.standing(wall, zone) == "gap")
    assert timedelta() <= shown - wall <= timedelta(days=1)


def test_every_zone_of_the_wheel_is_one_and_can_be_used() -> None:
    noon = datetime(2026, 7, 1, 12)

    assert [name for name in ALL if zones.wall(zones.resolve(noon, name), name) != noon] == []


def test_names_hold_cities_and_utc_but_no_leftovers() -> None:
    names = zones.names()

    assert list(names) == sorted(set(names))
    assert {"America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"} <= set(names)
    assert [name for name in names if "/" not in name or name.startswith(("Etc/", "US/", "SystemV/"))] == ["UTC"]
    assert [name for name in names if not zones.is_zone(name)] == []


BAD_NAMES = [
    "",
    "America",
    "zone.tab",
    "../etc/passwd",
    "/etc/localtime",
    "America/New_York\0",
    "america/new_york",
    "Mars/Base",
    "x" * 9000,
    "Île",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_unknown_zone_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        zones.zone(name)

    assert refusal.value.errors == {"zone": "That time zone is not known; choose one like America/New_York."}
    assert not zones.is_zone(name)


def test_old_name_is_kept_as_typed_and_follows_the_new_rules() -> None:
    noon = datetime(2026, 7, 1, 12)

    assert zones.zone("US/Pacific").key == "US/Pacific"
    assert zones.resolve(noon, "US/Pacific") == zones.resolve(noon, "America/Los_Angeles")


@pytest.mark.parametrize("year", [1, 1969, 2201, 9999])
def test_far_years_are_refused(year: int) -> None:
    with pytest.raises(Refused) as by_wall:
        zones.resolve(datetime(year, 1, 1), "Pacific/Kiritimati")
    with pytest.raises(Refused) as by_moment:
        zones.wall(datetime(year, 12, 31, 23, 59, tzinfo=UTC), "Pacific/Kiritimati")
    with pytest.raises(Refused) as by_day:
        zones.check_year(date(year, 6, 1))

    assert {error.value.sentence for error in (by_wall, by_moment, by_day)} == {
        "A date must lie between the years 1970 and 2200."
    }


def test_wall_time_with_a_zone_and_moment_without_are_mistakes() -> None:
    with pytest.raises(ValueError, match="no zone of its own"):
        zones.resolve(datetime(2026, 1, 1, tzinfo=UTC), "UTC")
    with pytest.raises(ValueError, match="needs a zone"):
        zones.wall(datetime(2026, 1, 1), "UTC")


@pytest.mark.parametrize(
    ("zone", "month", "offset"),
    [
        ("America/New_York", 1, "UTC−05:00"),
        ("America/New_York", 7, "UTC−04:00"),
        ("Asia/Kathmandu", 1, "UTC+05:45"),
        ("America/St_Johns", 1, "UTC−03:30"),
        ("Australia/Lord_Howe", 1, "UTC+11:00"),
        ("Australia/Lord_Howe", 7, "UTC+10:30"),
        ("UTC", 1, "UTC+00:00"),
    ],
)
def test_offset_is_said_with_a_true_minus(zone: str, month: int, offset: str) -> None:
    assert zones.offset(datetime(2026, month, 10, tzinfo=UTC), zone) == offset


@pytest.mark.parametrize(
    ("zone", "city", "time_name"),
    [
        ("America/New_York", "New York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "Buenos Aires time"),
        ("UTC", "UTC", "UTC"),
        ("Etc/UTC", "UTC", "UTC"),
        ("Etc/GMT+5", "GMT+5", "UTC−05:00"),
        ("Japan", "Japan", "Japan time"),
    ],
)
def test_place_of_a_zone_is_said(zone: str, city: str, time_name: str) -> None:
    assert (zones.city(zone), zones.time_name(zone)) == (city, time_name)


def test_wheel_wins_over_the_files_of_the_system(tmp_path: Path) -> None:
    """A system whose Vancouver still goes back in November: here, the file of a zone that is seven hours away."""
    (tmp_path / "America").mkdir()
    tokyo = Path(tzdata.__file__).parent / "zoneinfo" / "Asia" / "Tokyo"
    (tmp_path / "America" / "Vancouver").write_bytes(tokyo.read_bytes())
    program = """
import json, zoneinfo
from datetime import datetime
old = datetime(2026, 11, 4, 9, tzinfo=zoneinfo.ZoneInfo.no_cache("America/Vancouver")).utcoffset().total_seconds()
from calls.ground import zones
new = zones.resolve(datetime(2026, 11, 4, 9), "America/Vancouver").isoformat()
print(json.dumps([old, new, zones.VERSION]))
"""

    answer = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONTZPATH": str(tmp_path)}, capture_output=True, check=True
    )

    assert json.loads(answer.stdout) == [9 * 3600, "2026-11-04T16:00:00+00:00", tzdata.IANA_VERSION]
