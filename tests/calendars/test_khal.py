"""A person who subscribes with real programs, vdirsyncer and khal, far from the show's zone.

They come with the test extra. Where they are missing the test is skipped and says so, unless CALLS_TESTS_REQUIRE asks for
`khal`, `vdirsyncer`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from calls.calendars import queries
from calls.ground.clock import SetClock
from calls.history.keeping import Actor
from calls.registrations.models import Attendee
from calls.shows import moving
from calls.shows.models import Call
from tests.conftest import need
from tests.served import NO_TLS, plan_a_show, register
from tests.served_here import ServedHere, served_here

FIRST = date(2026, 11, 24)
SYNC = """
[general]
status_path = "{folder}/status"
[pair subscription]
a = "there"
b = "here"
collections = null
conflict_resolution = "a wins"
[storage there]
type = "http"
url = "{url}"
[storage here]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
"""
SHOW = """
[calendars]
[[calls]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = Asia/Kathmandu
default_timezone = Asia/Kathmandu
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


class Subscriber:
    """Somebody in Kathmandu (UTC+05:45) with vdirsyncer and khal, subscribed to one feed."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        (folder / "calendar").mkdir(parents=True)
        (folder / "sync.conf").write_text(SYNC.format(folder=folder, url=url))
        (folder / "khal.conf").write_text(SHOW.format(folder=folder))
        self._run("vdirsyncer", "-c", str(folder / "sync.conf"), "discover", "subscription")

    def sync(self) -> int:
        """Fetch the feed; how many events are held now."""
        self._run("vdirsyncer", "-c", str(self._folder / "sync.conf"), "sync")
        return len(list((self._folder / "calendar").glob("*.ics")))

    def sees(self, first: str, last: str) -> list[str]:
        """What khal shows from one day to another: start and end in Kathmandu, the words, and whether it is cancelled."""
        line = "{start-long} {end-time} {title} {status}"
        words = ["list", "--format", line, "--day-format", "", first, last]
        said = self._run("khal", "-c", str(self._folder / "khal.conf"), *words)
        return [it.strip() for it in said.splitlines() if it.strip()]

    def _run(self, program: str, *words: str) -> str:
        beside = Path(sys.executable).with_name(program)
        lack = f"{program} is not installed (it comes with the test extra)"
        path = need(program, str(beside) if beside.exists() else None, lack)
        environment = {"PATH": os.environ["PATH"], "HOME": str(self._folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run([path, *words], env=environment, capture_output=True, text=True, input="y\n", timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def here(tmp_path: Path, sqlite_address: str, clock: SetClock) -> Iterator[ServedHere]:
    with served_here(tmp_path, clock, CALLS_DATABASE=sqlite_address) as here:
        yield here


@pytest.fixture
def host(here: ServedHere) -> Actor:
    """The host of a show on Tuesdays at 19:00 in New York, from 24 November 2026 on."""
    return plan_a_show(here.database, here.clock.now(), first_day=FIRST, rrule="FREQ=WEEKLY;BYDAY=TU")[0]


def test_public_feed_shows_the_right_calls_through_every_change(here: ServedHere, host: Actor, tmp_path: Path) -> None:
    subscriber = Subscriber(tmp_path / "subscriber", f"{here.url}/ask-tara/calendar.ics")
    held = subscriber.sync()
    before = subscriber.sees("2026-11-24", "2026-12-17")
    spring = subscriber.sees("2027-03-09", "2027-03-18")

    change(here, host)
    still_held = subscriber.sync()
    after = subscriber.sees("2026-11-24", "2026-12-17")

    assert before == [
        "2026-11-25 05:45 06:45 Ask Tara CONFIRMED",
        "2026-12-02 05:45 06:45 Ask Tara CONFIRMED",
        "2026-12-09 05:45 06:45 Ask Tara CONFIRMED",
        "2026-12-16 05:45 06:45 Ask Tara CONFIRMED",
    ]
    assert spring == [
        "2027-03-10 05:45 06:45 Ask Tara CONFIRMED",
        "2027-03-17 04:45 05:45 Ask Tara CONFIRMED",
    ]  # New York's clocks change between
    assert after == [
        "2026-11-25 05:45 06:45 Ask Tara CONFIRMED",
        "2026-12-03 07:15 08:45 Ask Tara CONFIRMED",
        "2026-12-09 05:45 06:45 CANCELLED: Ask Tara CANCELLED",
        "2026-12-16 05:45 06:45 Ask Tara CONFIRMED",
    ]
    assert held == still_held == calls_laid_out(here)


def test_personal_feed_shows_a_persons_calls_and_no_others(here: ServedHere, host: Actor, tmp_path: Path) -> None:
    register_over_the_web(here, "2026-12-01", "2026-12-08")
    subscriber = Subscriber(tmp_path / "subscriber", own_feed(here))
    held = subscriber.sync()
    before = subscriber.sees("2026-11-24", "2026-12-17")

    change(here, host)
    subscriber.sync()
    after = subscriber.sees("2026-11-24", "2026-12-17")

    assert held == 2
    assert before == ["2026-12-02 05:45 06:45 Ask Tara CONFIRMED", "2026-12-09 05:45 06:45 Ask Tara CONFIRMED"]
    assert after == ["2026-12-03 07:15 08:45 Ask Tara CONFIRMED", "2026-12-09 05:45 06:45 CANCELLED: Ask Tara CANCELLED"]


def change(here: ServedHere, host: Actor) -> None:
    """Move the second call to Wednesday at 20:30 for an hour and a half, and cancel the third."""
    now = here.clock.advance(minutes=30)
    with here.database.transaction() as session:
        second, third = (session.scalars(sa.select(Call).where(Call.address == it)).one() for it in ("2026-12-01", "2026-12-08"))
        moving.move(session, second, datetime(2026, 12, 2, 20, 30), "America/New_York", 90, by=host, now=now)  # noqa: DTZ001
        moving.cancel(session, third, "", by=host, now=now)
    here.settle()


def register_over_the_web(here: ServedHere, *dates: str) -> None:
    with httpx.Client(base_url=here.url, verify=NO_TLS, trust_env=False) as browser:
        assert [register(browser, f"/ask-tara/{day}", "ann@example.com").status_code for day in dates] == [303] * len(dates)
    here.settle()


def own_feed(here: ServedHere) -> str:
    """The address of the one attendee's own feed."""
    with here.database.reading() as session:
        feed = queries.feed_of(session, session.scalars(sa.select(Attendee)).one().id)
        assert feed is not None
        return here.built.house.links.feed(feed.id, feed.generation)


def calls_laid_out(here: ServedHere) -> int:
    with here.database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Call)) or 0
