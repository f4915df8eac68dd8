"""Kill -9 while letters go out: none is lost, and of each kill at most the one letter under way comes twice, with one Message-ID.

CALLS_TESTS_KILLS asks for more kills than the few of the suite, with a hundred letters for each.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from email import message_from_bytes
from pathlib import Path

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.messages.models import SENT, Message
from calls.messages.sending import LEASE
from calls.registrations import registering
from calls.registrations.attending import Person
from calls.shows.planning import Plan
from tests.fakes import FakeMail
from tests.gateways.mail_servers import Mailbox, MailServer
from tests.studio import Studio, a_studio

KILLS = int(os.environ.get("CALLS_TESTS_KILLS", "3"))
LETTERS = 100 * KILLS
ROOT = Path(__file__).parents[2]


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer(Mailbox())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def studio(database: Database) -> Studio:
    """A call in ten days, for which hundreds registered a moment ago; all their letters are due."""
    clock = SetClock(datetime.now(UTC))
    day = date.today() + timedelta(days=10)  # noqa: DTZ011 -- any day will do
    studio = a_studio(database, clock, FakeMail(clock), plan=Plan("Ask Tara", day, clock_time(19), "UTC", 60, capacity=LETTERS))
    with database.transaction() as session:
        call = studio.call(session)
        for number in range(LETTERS):
            person = Person(f"Listener {number}", f"listener{number}@example.com", "Europe/Berlin")
            registering.register(session, call, person, by=None, now=clock.now())
    return studio


def start(database: Database, server: MailServer, ahead: timedelta) -> subprocess.Popen[bytes]:
    address = database.url.render_as_string(hide_password=False)
    arguments = [address, f"smtp://127.0.0.1:{server.port}", f"{ahead.total_seconds():.0f}"]
    return subprocess.Popen([sys.executable, "-m", "tests.faults.working", *arguments], cwd=ROOT)


def wait_for(mailbox: Mailbox, letters: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while len(mailbox.letters) < letters and time.monotonic() < end:
        time.sleep(0.005)
    assert len(mailbox.letters) >= letters, f"only {len(mailbox.letters)} of {letters} letters came"


def wait_until_sent(database: Database, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    is_done = False
    while not is_done and time.monotonic() < end:
        time.sleep(0.05)
        with database.reading() as session:
            sent = session.scalar(sa.select(sa.func.count()).where(Message.state == SENT))
        is_done = sent == LETTERS
    assert is_done


def test_killed_worker_loses_no_letter_and_doubles_at_most_the_one_under_way(studio: Studio, server: MailServer) -> None:
    mailbox: Mailbox = server.handler
    chance = random.Random(KILLS)
    for kill in range(KILLS):
        worker = start(studio.database, server, kill * (LEASE + timedelta(minutes=1)))
        wait_for(mailbox, len(mailbox.letters) + chance.randrange(5, 90))
        time.sleep(chance.uniform(0, 0.02))
        worker.kill()
        worker.wait()

    last = start(studio.database, server, KILLS * (LEASE + timedelta(minutes=1)))
    wait_until_sent(studio.database)
    last.kill()
    last.wait()

    came = Counter(letter.receivers[0] for letter in mailbox.letters)
    ids = {(letter.receivers[0], message_from_bytes(letter.message)["Message-ID"]) for letter in mailbox.letters}
    assert set(came) == {f"listener{number}@example.com" for number in range(LETTERS)}
    assert len(mailbox.letters) - LETTERS <= KILLS
    assert len(ids) == LETTERS
