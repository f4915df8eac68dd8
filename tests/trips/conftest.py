"""A studio whose letters go through a real mail server."""

from collections.abc import Iterator

import pytest

from calls.gateways.mail import SmtpMail
from calls.gateways.mail_server import server_at
from calls.ground.clock import SetClock
from calls.ground.database import Database
from tests.gateways.mail_servers import Mailbox, MailServer
from tests.studio import Studio, a_studio


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def studio(database: Database, clock: SetClock, mailbox: Mailbox) -> Iterator[Studio]:
    server = MailServer(mailbox)
    server.start()
    gateway = SmtpMail(server_at(f"smtp://127.0.0.1:{server.port}"))
    yield a_studio(database, clock, gateway)
    gateway.close()
    server.stop()
