"""A real mail server for tests: it speaks SMTP on loopback, and keeps what it was sent."""

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.calendars.judging import JUDGE

LOG_IN = LoginPassword(b"calls", "pass/wörd@1".encode())


@dataclass(frozen=True)
class Letter:
    """What came in one envelope. `connection` tells the connections apart by the port on the other side."""

    sender: str
    receivers: list[str]
    message: bytes
    is_encrypted: bool
    connection: int


@dataclass
class Mailbox:
    """Takes letters, after giving the answers it was told to give first."""

    letters: list[Letter] = field(default_factory=list)
    answers_to_sender: list[str] = field(default_factory=list)
    answers_to_receiver: list[str] = field(default_factory=list)
    answers_to_message: list[str] = field(default_factory=list)
    log_ins: list[bool] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - the server library names its hooks so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers_to_sender:
            return self.answers_to_sender.pop(0)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers_to_receiver:
            return self.answers_to_receiver.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.answers_to_message:
            return self.answers_to_message.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        JUDGE.mail(content)
        peer: Any = session.peer
        self.letters.append(Letter(envelope.mail_from or "", envelope.rcpt_tos, content, session.ssl is not None, peer[1]))
        return "250 OK"

    def admit(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, log_in: LoginPassword) -> AuthResult:
        self.log_ins.append(log_in == LOG_IN)
        return AuthResult(success=log_in == LOG_IN, handled=False)


class MailServer(Controller):
    """The server, running in a thread of its own on a free port of 127.0.0.1."""

    def __init__(self, mailbox: Mailbox, *, tls_from_start: ssl.SSLContext | None = None, **options: Any) -> None:
        self._opened: list[SMTP] = []
        super().__init__(mailbox, hostname="127.0.0.1", port=free_port(), ssl_context=tls_from_start, **options)

    def factory(self) -> SMTP:
        made: SMTP = super().factory()  # type: ignore[no-untyped-call]
        self._opened.append(made)
        return made

    def hang_up_on_all(self) -> None:
        """Drop every open connection, as a server does with idle ones and when it starts again."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(timeout=5)

    async def _hang_up(self) -> None:
        for protocol in self._opened:
            if isinstance(protocol.transport, asyncio.Transport):
                protocol.transport.abort()


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
