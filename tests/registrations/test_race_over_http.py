"""The last seats, wanted by two hundred people at once through the whole server, each from a network of her own.

How long each waits is a matter of the machine, and of `python -m tests.bench last-seats`; here it is the counts.
"""

import http.client
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa

from calls.ground.database import Database
from calls.history.models import Change
from calls.shows.models import Call
from tests.builders import a_call, a_show
from tests.registrations.people import at_once, seated, taken

PEOPLE, SEATS = 200, 20
DAY = "the-call"
PATIENCE = 30


@contextmanager
def served(database: Database, folder: Path, take: str) -> Iterator[int]:
    """The port of a server on this database that takes seats in this way."""
    address = database.url.render_as_string(hide_password=False)
    given = {"CALLS_DATABASE": address, "CALLS_DATA": str(folder), "CALLS_TRUSTED_PROXIES": "127.0.0.0/8"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CALLS_")}
    command = [sys.executable, "-m", "tests.registrations.race_server", take]
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(command, env=environment | given, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        end = time.monotonic() + PATIENCE
        while answer(port, "GET", "/health/ready") != 200 and time.monotonic() < end:
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)
        log.close()


def answer(port: int, method: str, path: str, number: int = 0, body: str = "") -> int:
    """The status of one request from a network of its own."""
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "origin": f"http://127.0.0.1:{port}",
        "x-forwarded-for": f"10.{number}.0.1",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers)
        return connection.getresponse().status
    except ConnectionRefusedError:
        return 0
    finally:
        connection.close()


def race(database: Database, folder: Path, take: str) -> list[int]:
    """What each of two hundred is answered who wants one of twenty seats at the same moment."""
    with database.transaction() as session:
        starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
        a_call(session, a_show(session, slug="ask-tara"), address=DAY, starts_at=starts_at, capacity=SEATS)
    with served(database, folder, take) as port:
        wishes = [
            urlencode({"name": f"Ada {it}", "email": f"ada{it}@example.com", "zone": "Europe/Berlin", "call": DAY, "website": ""})
            for it in range(PEOPLE)
        ]
        answers: list[int] = []

        def send(number: int, wish: str) -> None:
            answers.append(answer(port, "POST", f"/ask-tara/{DAY}", number, wish))

        at_once([partial(send, number, wish) for number, wish in enumerate(wishes)])
    return answers


def test_last_seats_are_given_once_and_each_is_answered(database: Database, tmp_path: Path) -> None:
    answers = race(database, tmp_path, "guarded")

    with database.reading() as session:
        confirmed = session.scalar(sa.select(sa.func.count()).where(Change.kind == "registration.confirmed"))
        assert (taken(session), seated(session), confirmed) == ({DAY: SEATS}, {DAY: SEATS}, SEATS)
    assert Counter(answers) == {303: SEATS, 409: PEOPLE - SEATS}


def test_careless_server_oversells_and_this_race_finds_it(database: Database, tmp_path: Path) -> None:
    answers = race(database, tmp_path, "careless")

    with database.reading() as session:
        capacity = session.scalar(sa.select(Call.capacity).where(Call.address == DAY))
        assert (capacity, seated(session)) == (SEATS, {DAY: PEOPLE})
    assert Counter(answers) == {303: PEOPLE}
