"""Wall times and moments: what a clock in a zone shows, and when that is.

A wall time is a naive datetime, a moment is an aware one in UTC. Zones are IANA names, kept as they were typed:
"US/Pacific" stays "US/Pacific" and follows the rules of the zone that it stands for.

zoneinfo would read the system's files first, and these may be years old; the pinned tzdata wheel must win in every
process, so importing this module closes that path.
"""

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]

from calls.ground.refusals import Invalid, Refused

zoneinfo.reset_tzpath(to=[])

VERSION: str = tzdata.IANA_VERSION
FIRST_YEAR = 1970
LAST_YEAR = 2200

Standing = Literal["plain", "gap", "fold"]

_ALL = frozenset(zoneinfo.available_timezones())


def _cities() -> tuple[str, ...]:
    """The zones that tzdata gives for some place on earth (zone.tab), without links and leftovers, and UTC."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    places = {line.split("\t")[2].strip() for line in lines if line and not line.startswith("#")}
    return tuple(sorted((places & _ALL) | {"UTC"}))


_CITIES = _cities()


def names() -> tuple[str, ...]:
    """The zones worth offering in a list, sorted."""
    return _CITIES


def is_zone(name: str) -> bool:
    """Whether tzdata knows the name; links and old names count."""
    return name in _ALL


def zone(name: str) -> ZoneInfo:
    """The rules of a zone. Refuses with Invalid on "zone".

    Only names from the list reach ZoneInfo, which otherwise answers "America" with IsADirectoryError
    and "../x" with ValueError.
    """
    if not is_zone(name):
        raise Invalid({"zone": "That time zone is not known; choose one like America/New_York."})
    return ZoneInfo(name)


def check_year(day: date) -> None:
    """Refuse a day too far from now for any clock rules to be known, and for arithmetic near the years 1 and 9999."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(f"A date must lie between the years {FIRST_YEAR} and {LAST_YEAR}.")


def standing(wall: datetime, zone_name: str) -> Standing:
    """Whether the clocks of the zone show this wall time once, never (gap) or twice (fold)."""
    before, after = _offsets(wall, zone_name)
    if before == after:
        return "plain"
    return "gap" if before < after else "fold"


def resolve(wall: datetime, zone_name: str, fold: int = 0) -> datetime:
    """The moment at which the clocks of the zone show this wall time.

    In a gap the offset before it counts, which moves the call forward (RFC 5545 section 3.3.5). In a fold it is the
    first of the two moments, or the second with fold=1.
    """
    before, after = _offsets(wall, zone_name)
    offset = after if fold and before > after else before
    return (wall.replace(fold=0) - offset).replace(tzinfo=UTC)


def wall(moment: datetime, zone_name: str) -> datetime:
    """What the clocks of the zone show at a moment, as a naive datetime."""
    return _local(moment, zone_name).replace(tzinfo=None, fold=0)


def ahead(moment: datetime, zone_name: str) -> timedelta:
    """How much more than UTC the clocks of the zone show at a moment."""
    return _local(moment, zone_name).utcoffset() or timedelta()


@lru_cache(maxsize=4096)
def changes(after: datetime, until: datetime, zone_name: str) -> tuple[datetime, ...]:
    """The moments after one, and up to and with another, from which on the clocks of the zone show another offset, in order.

    A change that is taken back within a day is passed over.
    """
    found = []
    at = after
    while at < until:
        following = min(at + timedelta(days=1), until)
        if ahead(at, zone_name) != ahead(following, zone_name):
            found.append(_change_between(at, following, zone_name))
        at = following
    return tuple(found)


def _change_between(before: datetime, after: datetime, zone_name: str) -> datetime:
    """The second from which on the offset is the later one."""
    old = ahead(before, zone_name)
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (middle, after) if ahead(middle, zone_name) == old else (before, middle)
    return after


def offset(moment: datetime, zone_name: str) -> str:
    """How far the zone is from UTC at a moment: "UTC−05:00", with a true minus sign."""
    by = ahead(moment, zone_name)
    minutes = round(abs(by) / timedelta(minutes=1))
    sign = "−" if by < timedelta() else "+"
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"


def city(zone_name: str) -> str:
    """The place in a zone's name: "New York" of America/New_York."""
    return zone_name.rsplit("/", 1)[-1].replace("_", " ")


def time_name(zone_name: str) -> str:
    """What to call the time of a zone after a clock time: "New York time", "UTC"."""
    if is_zone(zone_name) and (zone_name.startswith("Etc/") or zone_name in _UTC_NAMES):
        moment = datetime(2000, 1, 1, tzinfo=UTC)
        return offset(moment, zone_name).removesuffix("+00:00")
    return f"{city(zone_name)} time"


_UTC_NAMES = frozenset({"UTC", "UCT", "Universal", "Zulu"})


def _offsets(wall: datetime, zone_name: str) -> tuple[timedelta, timedelta]:
    """The offsets before and after the change of clocks nearest to a wall time; the same two where there is none."""
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    check_year(wall)
    rules = zone(zone_name)
    before = wall.replace(tzinfo=rules, fold=0).utcoffset()
    after = wall.replace(tzinfo=rules, fold=1).utcoffset()
    return before or timedelta(), after or timedelta()


def _local(moment: datetime, zone_name: str) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    check_year(moment)
    return moment.astimezone(zone(zone_name))
