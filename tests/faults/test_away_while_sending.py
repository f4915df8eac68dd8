"""The database goes away between a letter's going out and the noting of it: it does not go twice, and nobody else waits long."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.messages.models import SENDING, SENT
from tests.fakes import FakeMail
from tests.studio import ANN, BOB, CLEO, Studio, a_studio


class Absence:
    """While it lasts no transaction that writes can begin, as when a disk is full or a server is gone."""

    def __init__(self, database: Database) -> None:
        self.is_on = False
        sa.event.listen(database.writer, "begin", self._refuse)

    def begin(self, _: object) -> None:
        self.is_on = True

    def _refuse(self, _: object) -> None:
        if self.is_on:
            raise sa.exc.OperationalError("BEGIN", None, Exception("the database is away"))


@pytest.fixture
def mail(clock: SetClock) -> FakeMail:
    return FakeMail(clock)


@pytest.fixture
def studio(database: Database, clock: SetClock, mail: FakeMail) -> Studio:
    return a_studio(database, clock, mail)


def test_letter_that_went_while_the_database_went_away_is_noted_and_not_sent_again(studio: Studio, mail: FakeMail) -> None:
    absence = Absence(studio.database)
    for person in (ANN, BOB, CLEO):
        studio.register(person)
    studio.write()
    mail.after_each = absence.begin

    studio.worker.sender.send()
    while_away = [it.to for it in mail.letters]
    studio.worker.sender.send()
    mail.after_each = lambda _: None
    absence.is_on = False
    left = [it.state for it in studio.messages()]
    studio.worker.sender.send()

    assert while_away == ["ann@example.com"]
    assert left == [SENDING, SENDING, SENDING]
    assert [it.to for it in mail.letters] == ["ann@example.com", "bob@example.com", "cleo@example.com"]
    assert [it.state for it in studio.messages()] == [SENT, SENT, SENT]


def test_letter_that_could_not_be_written_without_a_database_is_written_later(studio: Studio, mail: FakeMail) -> None:
    absence = Absence(studio.database)
    for person in (ANN, BOB, CLEO):
        studio.register(person)
    studio.write()

    absence.is_on = True
    assert studio.worker.attempt("send", studio.worker.sender.send) is not None
    absence.is_on = False
    studio.worker.sender.send()

    assert [it.to for it in mail.letters] == ["ann@example.com", "bob@example.com", "cleo@example.com"]


class Deaf(Database):
    """A database that commits and hangs up before it says so."""

    is_deaf = False

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with super().transaction() as session:
            yield session
        if self.is_deaf:
            raise sa.exc.OperationalError("COMMIT", None, Exception("the server closed the connection"))


def test_claim_whose_commit_nobody_heard_of_is_given_back(database: Database, clock: SetClock, mail: FakeMail) -> None:
    deaf = Deaf(database.url.render_as_string(hide_password=False))
    studio = a_studio(deaf, clock, mail)
    studio.register(ANN)
    studio.write()

    deaf.is_deaf = True
    assert studio.worker.attempt("send", studio.worker.sender.send) is not None
    deaf.is_deaf = False
    claimed = [it.state for it in studio.messages()]
    studio.worker.sender.send()
    deaf.close()

    assert claimed == [SENDING]
    assert [it.to for it in mail.letters] == ["ann@example.com"]
