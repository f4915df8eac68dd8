"""The worker reads a real mailbox: each mail once, at once, through anything that goes away meanwhile."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from calls.gateways.mailbox import ImapMailbox, MailboxAway, address_of
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.messages.models import Received
from calls.reader import Reader
from calls.sender import Tools
from calls.worker import Worker
from tests.fakes import FakeMail, FakeMailbox
from tests.gateways.dovecot import Dovecot, dovecot
from tests.inbound import mails
from tests.inbound.hostile import HOSTILE
from tests.inbound.mails import AUTHSERV
from tests.served import Served, wait_for
from tests.studio import DESK

pytestmark = pytest.mark.xdist_group("dovecot")


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


def tools(database: Database, clock: SetClock, mailbox: ImapMailbox | FakeMailbox | None) -> Tools:
    return Tools(database, clock, FakeMail(clock), DESK, mailbox, AUTHSERV)


def received(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Received.kind).order_by(Received.id)))


def test_worker_takes_what_is_there_and_what_comes(database: Database, clock: SetClock, server: Dovecot) -> None:
    server.deliver(mails.exchange(), mails.google())
    worker = Worker(tools(database, clock, ImapMailbox(address_of(server.url))))
    worker.start()
    try:
        wait_for(lambda: len(received(database)) == 2, "what was there is taken")
        wait_for(lambda: server.seen() == [True, True], "it is marked")
        began = time.monotonic()
        server.deliver(mails.outlook_counter())
        wait_for(lambda: len(received(database)) == 3, "what came is taken")
        assert time.monotonic() - began < 10
        wait_for(lambda: server.seen() == [True, True, True], "it is marked")
    finally:
        began = time.monotonic()
        worker.stop()
    assert time.monotonic() - began < 10
    assert received(database) == ["reply", "reply", "counter"]


def test_mail_that_was_taken_and_not_marked_is_taken_once(database: Database, clock: SetClock, server: Dovecot) -> None:
    """A process that is killed between the two leaves it so; and two workers may read one mailbox."""
    server.deliver(mails.exchange(), mails.google())
    workers = [Worker(tools(database, clock, ImapMailbox(address_of(server.url)))) for _ in range(2)]
    with server.client() as client:
        for worker in workers:
            worker.start()
        try:
            wait_for(lambda: len(received(database)) == 2, "both are taken")
            wait_for(lambda: server.seen() == [True, True], "both are marked")
            client.select("INBOX")
            client.uid("STORE", "1:*", "-FLAGS", r"(\Seen)")
            server.deliver(mails.apple())
            wait_for(lambda: len(received(database)) == 3, "the third is taken")
            wait_for(lambda: server.seen() == [True, True, True], "all are marked again")
        finally:
            for worker in workers:
                worker.stop()

    assert received(database) == ["reply", "reply", "reply"]


def test_mail_server_that_goes_away_and_comes_back_is_read_again(
    database: Database, clock: SetClock, server: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "calls.worker")
    server.deliver(mails.exchange())
    worker = Worker(tools(database, clock, ImapMailbox(address_of(server.url))))
    worker.start()
    try:
        wait_for(lambda: len(received(database)) == 1, "what was there is taken")
        server.stop()
        wait_for(lambda: caplog.records, "it was noticed")
        server.start()
        server.deliver(mails.google())
        wait_for(lambda: len(received(database)) == 2, "what came is taken")
    finally:
        worker.stop()

    said = [it.getMessage().partition(":")[0] for it in caplog.records]
    assert said == ["the mailbox can't be read, and is tried again and again", "the mailbox is read again"]


def test_hostile_mailbox_stops_nothing(database: Database, clock: SetClock, server: Dovecot) -> None:
    hostile = [it for it in HOSTILE.values() if it and b"\0" not in it]  # which no IMAP server takes
    server.deliver(*hostile, mails.exchange())
    worker = Worker(tools(database, clock, ImapMailbox(address_of(server.url))))
    worker.start()
    try:
        wait_for(lambda: len(server.seen()) == len(hostile) + 1 and all(server.seen()), "all are marked")
    finally:
        worker.stop()

    assert received(database)[-1] == "reply"


def test_served_installation_reads_its_mailbox(tmp_path: Path, server: Dovecot, servers: list[Served]) -> None:
    served = Served(tmp_path, CALLS_IMAP=server.tls_url, CALLS_IMAP_AUTHSERV=AUTHSERV)
    servers.append(served)
    served.start()

    server.deliver(mails.exchange())

    wait_for(lambda: server.seen() == [True], "it is marked")
    database = Database(served.database, is_serving=False)
    assert received(database) == ["reply"]
    database.close()


# With a mailbox that does as it is told


def read_by(database: Database, clock: SetClock, mailbox: FakeMailbox) -> None:
    """Read until the mailbox says that it is enough."""
    attempt = Worker(tools(database, clock, None)).attempt
    reader = Reader(tools(database, clock, mailbox), mailbox, attempt, mailbox.stop)
    reader.pauses = (0,)
    reader.read()


def test_worker_without_a_mailbox_reads_none(database: Database, clock: SetClock) -> None:
    worker = Worker(tools(database, clock, None))

    worker.start()
    worker.stop()

    assert received(database) == []


def test_mail_stays_unmarked_while_the_database_takes_nothing(database: Database, clock: SetClock) -> None:
    mailbox = FakeMailbox([mails.exchange()], rounds=3)
    with database.transaction() as session:
        session.execute(sa.text("ALTER TABLE received RENAME TO elsewhere"))

    read_by(database, clock, mailbox)
    assert mailbox.seen == [False]

    with database.transaction() as session:
        session.execute(sa.text("ALTER TABLE elsewhere RENAME TO received"))
    again = FakeMailbox(mailbox.mails, rounds=3)
    read_by(database, clock, again)
    assert (again.seen, received(database)) == ([True], ["reply"])


def test_reader_waits_while_the_mail_server_is_away(database: Database, clock: SetClock) -> None:
    mailbox = FakeMailbox([mails.exchange()], rounds=5, faults=[MailboxAway("gone"), MailboxAway("gone")])

    read_by(database, clock, mailbox)

    assert (mailbox.seen, mailbox.is_closed) == ([True], True)
