"""The studio of these tests: Ask Tara on Sunday, 22 November 2026, noon UTC; its first call is on Tuesday evening."""

import pytest

from calls.ground.clock import SetClock
from calls.ground.database import Database
from tests.fakes import FakeMail
from tests.studio import Studio, a_studio


@pytest.fixture
def mail(clock: SetClock) -> FakeMail:
    return FakeMail(clock)


@pytest.fixture
def studio(database: Database, clock: SetClock, mail: FakeMail) -> Studio:
    return a_studio(database, clock, mail)
