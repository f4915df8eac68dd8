"""Series S of the design as real rows: Wednesdays 09:00 in Los Angeles, eight of them, from 14 October 2026."""

from datetime import UTC, date, datetime, time

import pytest

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.shows.planning import Plan
from tests.fakes import FakeMail
from tests.studio import Studio, a_studio

S = Plan(
    "Ask Tara",
    date(2026, 10, 14),
    time(9),
    "America/Los_Angeles",
    60,
    "FREQ=WEEKLY;BYDAY=WE;COUNT=8",
    description="What to plant *now*.",
    host_name="Tara",
)


@pytest.fixture
def series_clock() -> SetClock:
    return SetClock(datetime(2026, 10, 1, 9, 0, tzinfo=UTC))


@pytest.fixture
def series(database: Database, series_clock: SetClock) -> Studio:
    return a_studio(database, series_clock, FakeMail(series_clock), plan=S)
