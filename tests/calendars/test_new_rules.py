"""Case 14 of the design: a new edition of the time-zone rules moves the calls that it concerns, and nothing else.

The older edition is a copy of the wheel's in which Vancouver still puts its clocks back, as it did until 2026; another process
plans the show by it. This process then has the rules of today, as after an upgrade.
"""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import tzdata  # type: ignore[import-untyped]

from calls.calendars import publishing
from calls.ground import zones
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.history.models import Change
from calls.messages.models import Message
from calls.sender import Tools
from calls.shows import rescheduling
from calls.shows.models import Call, Show
from calls.worker import Worker
from tests.calendars.grammar import check_feed
from tests.fakes import FakeMail
from tests.shows.planned import calls_of, kinds_kept
from tests.studio import DESK, LINKS

ROOT = Path(__file__).parents[2]
UPGRADED_AT = datetime(2026, 10, 20, 12, tzinfo=UTC)  # the first call is over
PLANNING = """
import sys
from dataclasses import replace
from datetime import UTC, datetime
from calls.ground import zones
from calls.ground.clock import SetClock
from calls.ground.database import Database
from tests.calendars.conftest import S
from tests.fakes import FakeMail
from tests.studio import ANN, CLEO, a_studio

assert zones.VERSION == "2025b", zones.VERSION
clock = SetClock(datetime(2026, 10, 1, 9, 0, tzinfo=UTC))
studio = a_studio(Database(sys.argv[1]), clock, FakeMail(clock), plan=replace(S, zone="America/Vancouver"), reminders=())
for person, number in ((ANN, 2), (ANN, 3), (CLEO, 2)):
    studio.register(person, number)
    studio.work()
"""


@pytest.fixture
def older_rules(tmp_path: Path) -> Path:
    """A folder to import `tzdata` from as it was before British Columbia stopped changing its clocks."""
    older = tmp_path / "older" / "tzdata"
    shutil.copytree(Path(tzdata.__file__).parent, older, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(older / "zoneinfo/America/Los_Angeles", older / "zoneinfo/America/Vancouver")
    words = (older / "__init__.py").read_text().replace(tzdata.IANA_VERSION, "2025b")
    (older / "__init__.py").write_text(words)
    return older.parent


@pytest.fixture
def planned(address: str, older_rules: Path) -> Database:
    """Series S in Vancouver, laid out by the older rules, with two people registered."""
    path = os.pathsep.join([str(older_rules), str(ROOT)])
    program = [sys.executable, "-c", PLANNING, address]
    subprocess.run(program, env={**os.environ, "PYTHONPATH": path}, check=True, timeout=300)
    return Database(address)


def starts(database: Database) -> list[tuple[str, int, bool]]:
    """Start, SEQUENCE and whether it was revised since, of each call."""
    with database.reading() as session:
        show = session.scalars(sa.select(Show)).one()
        return [(f"{it.starts_at:%m-%d %H:%M}", it.sequence, it.revised_at >= UPGRADED_AT) for it in calls_of(session, show)]


def test_case_14_new_clock_rules_move_only_the_calls_they_concern_and_say_why(planned: Database) -> None:
    before = starts(planned)
    clock = SetClock(UPGRADED_AT)
    mail = FakeMail(clock)
    worker = Worker(Tools(planned, clock, mail, DESK))

    worker.settle()
    clock.advance(hours=2)
    worker.settle()

    assert [it[0] for it in before] == [
        "10-14 16:00", "10-21 16:00", "10-28 16:00", "11-04 17:00", "11-11 17:00", "11-18 17:00", "11-25 17:00", "12-02 17:00",
    ]  # fmt: skip
    assert starts(planned) == [(f"10-{day} 16:00", 0, False) for day in (14, 21, 28)] + [
        (f"{day} 16:00", 1, True) for day in ("11-04", "11-11", "11-18", "11-25", "12-02")
    ]
    [letter] = mail.letters
    assert (letter.to, letter.method, letter.entry("SEQUENCE"), letter.entry("DTSTART")) == (
        "ann@example.com", "REQUEST", "1", "20261104T160000Z",
    )  # fmt: skip
    assert "The clock rules of Vancouver changed; the call is still at 09:00 there." in letter.text
    with planned.reading() as session:
        show = session.scalars(sa.select(Show)).one()
        feed = publishing.public_feed(session, show, LINKS, clock.now()).body
        assert {it.tzdata for it in calls_of(session, show)[1:]} == {zones.VERSION}
        assert calls_of(session, show)[0].tzdata == "2025b"
        assert kinds_kept(session).count("call.clock_moved") == 5
    assert check_feed(feed) == []
    assert feed.count(b"T160000Z\r\n") >= 8
    planned.close()


def test_case_14_work_broken_off_half_way_is_taken_up_again_and_done_once(planned: Database) -> None:
    with pytest.raises(KeyboardInterrupt), planned.transaction() as session:
        rescheduling.derive_again(session, UPGRADED_AT)
        raise KeyboardInterrupt
    untouched = starts(planned)
    clock = SetClock(UPGRADED_AT)
    for _ in range(3):
        Worker(Tools(planned, clock, FakeMail(clock), DESK)).settle()
        clock.advance(hours=1)

    with planned.reading() as session:
        news = session.scalar(sa.select(sa.func.count()).select_from(Message).where(Message.kind == "news"))
        moved = sa.select(sa.func.count()).select_from(Change).where(Change.kind == "call.clock_moved")
        assert (news, session.scalar(moved)) == (1, 5)
        later = sa.select(Call.sequence).where(Call.starts_at > datetime(2026, 11, 1, tzinfo=UTC))
        assert set(session.scalars(later)) == {1}
    assert [it[1] for it in untouched] == [0] * 8
    planned.close()


def test_case_14_rules_of_the_machine_count_for_nothing(older_rules: Path) -> None:
    """A machine whose own time-zone files are years old gives the same moments: the wheel wins."""
    files = older_rules / "tzdata" / "zoneinfo"
    program = (
        "from datetime import datetime; from calls.ground import zones;"
        "print(zones.resolve(datetime(2026, 11, 4, 9), 'America/Vancouver').isoformat())"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONTZPATH": str(files)}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True, timeout=120)

    assert done.stdout.strip() == "2026-11-04T16:00:00+00:00"
