"""Send messages through one mail server (RFC 5321)."""

import base64
import queue
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from calls.gateways.mail_answers import MailDelayed, MailRefused, expect, told_as_mail
from calls.gateways.mail_server import Server
from calls.ground.addresses import ascii_address, email_problem

_SECONDS_TO_CONNECT = 10
_SECONDS_TO_ANSWER = 30
_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")


class SmtpMail:
    """Sends through one server, over connections that stay open between messages, one for each thread that sends."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._trust = ssl.create_default_context()
        if server.authority:
            _believe(self._trust, server.authority)
        self._idle: queue.LifoQueue[smtplib.SMTP] = queue.LifoQueue()

    def send(self, envelope_from: str, to: str, message: bytes) -> None:
        if _BARE_LINE_END.search(message):
            # A bare line end is how one message is smuggled in behind another.
            raise MailRefused("The message holds a line that does not end as mail lines do.")
        sender = _wire_address(envelope_from) if envelope_from else ""
        receiver = _wire_address(to)
        connection = self._begin(sender, len(message))
        is_usable = False
        try:
            with told_as_mail():
                expect(connection.rcpt(receiver), 250, 251)
                expect(connection.data(message), 250)
            is_usable = True
        except (MailRefused, MailDelayed):
            is_usable = _is_reset(connection)
            raise
        finally:
            self._let_go(connection, is_usable)

    def probe(self) -> None:
        connection = self._connect()
        try:
            with told_as_mail():
                expect(connection.noop(), 250)
        finally:
            _hang_up(connection)

    def close(self) -> None:
        while (connection := self._take_idle()) is not None:
            with suppress(OSError):
                connection.quit()
            _hang_up(connection)

    def _begin(self, sender: str, size: int) -> smtplib.SMTP:
        """A connection on which this message is begun. Servers drop idle ones, so those are tried before a new one is opened:
        nothing of the message has been said yet, and it cannot be sent twice by this."""
        while (connection := self._take_idle()) is not None:
            if _is_begun(connection, sender, size):
                return connection
            _hang_up(connection)
        connection = self._connect()
        with _hung_up_on_failure(connection), told_as_mail():
            expect(_say_sender(connection, sender, size), 250)
        return connection

    def _connect(self) -> smtplib.SMTP:
        with told_as_mail(is_about_message=False):
            connection = _open(self._server, self._trust)
            with _hung_up_on_failure(connection):
                _enter(connection, self._server, self._trust)
            return connection

    def _take_idle(self) -> smtplib.SMTP | None:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return None

    def _let_go(self, connection: smtplib.SMTP, is_usable: bool) -> None:
        if is_usable:
            self._idle.put(connection)
        else:
            _hang_up(connection)


def _believe(trust: ssl.SSLContext, authority: str) -> None:
    try:
        trust.load_verify_locations(authority)
    except OSError:
        raise ValueError("The file that the mail server's address names as cafile holds no certificate in PEM form.") from None


def _wire_address(address: str) -> str:
    if email_problem(address) is not None:
        raise MailRefused("The message has an address that mail cannot be sent to.")
    return ascii_address(address)


def _open(server: Server, trust: ssl.SSLContext) -> smtplib.SMTP:
    if server.is_tls_from_start:
        return smtplib.SMTP_SSL(server.host, server.port, server.own_name, timeout=_SECONDS_TO_CONNECT, context=trust)
    return smtplib.SMTP(server.host, server.port, server.own_name, timeout=_SECONDS_TO_CONNECT)


def _enter(connection: smtplib.SMTP, server: Server, trust: ssl.SSLContext) -> None:
    if connection.sock:
        connection.sock.settimeout(_SECONDS_TO_ANSWER)
    connection.ehlo_or_helo_if_needed()
    is_offered = connection.has_extn("starttls")
    if not server.is_tls_from_start and server.wants_tls and (is_offered or server.needs_tls):
        connection.starttls(context=trust)
        connection.ehlo_or_helo_if_needed()
    if server.name:
        _log_in(connection, server)


def _log_in(connection: smtplib.SMTP, server: Server) -> None:
    if "PLAIN" not in connection.esmtp_features.get("auth", "").split():
        connection.login(server.name, server.password)
        return
    # RFC 4616 sends UTF-8, and the library's own way ASCII only.
    words = base64.b64encode(f"\0{server.name}\0{server.password}".encode()).decode()
    expect(connection.docmd("AUTH", f"PLAIN {words}"), 235)


def _is_begun(connection: smtplib.SMTP, sender: str, size: int) -> bool:
    """Whether an idle connection still takes a message. Its server's refusal is said again by a fresh one."""
    try:
        expect(_say_sender(connection, sender, size), 250)
    except OSError:
        return False
    return True


def _say_sender(connection: smtplib.SMTP, sender: str, size: int) -> tuple[int, bytes]:
    return connection.mail(sender, [f"size={size}"] if connection.has_extn("size") else [])


def _is_reset(connection: smtplib.SMTP) -> bool:
    """Whether the connection is good for the next message after one was not taken."""
    try:
        expect(connection.rset(), 250)
    except OSError:
        return False
    return True


@contextmanager
def _hung_up_on_failure(connection: smtplib.SMTP) -> Iterator[None]:
    with ExitStack() as ending:
        ending.callback(_hang_up, connection)
        yield
        ending.pop_all()


def _hang_up(connection: smtplib.SMTP) -> None:
    with suppress(OSError):
        connection.close()
