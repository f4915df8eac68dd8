"""One open folder on an IMAP server (RFC 3501), by the standard library's imaplib, with the IDLE that it lacks (RFC 2177)."""

import imaplib
import re
import select
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BufferedReader
from time import monotonic
from typing import cast

from calls.gateways.mail_server import Server
from calls.gateways.mailbox_address import Address
from calls.ground.logs import without_secrets
from calls.ground.text import clean_line, excerpt

_SECONDS_TO_CONNECT = 10
_SECONDS_TO_ANSWER = 20  # no longer, since the worker's end waits for it
_SECONDS_TO_END = 3
_LONGEST_ANSWER = 300
_GLANCE = 1.0  # seconds between two looks at whether to stop
_TAG = b"idle"  # imaplib's own tags are capitals and digits
_SIZE = re.compile(rb"RFC822\.SIZE ([0-9]+)", re.IGNORECASE)


class MailboxAway(Exception):
    """The mailbox cannot be read: try again later. A sentence for the operator, without a secret."""


@contextmanager
def told_as_mailbox() -> Iterator[None]:
    """Say what imaplib and the network raise in the one error of this gateway."""
    try:
        yield
    except imaplib.IMAP4.error as answer:
        raise MailboxAway(f"The mail server's answer: {_in_short(str(answer))}") from None
    except (OSError, ValueError, LookupError) as trouble:
        raise MailboxAway(f"The mail server could not be used: {_in_short(str(trouble))}") from None


class Imap:
    """A connection that has opened one folder. Whatever goes wrong raises MailboxAway, and then it is of no use any more."""

    def __init__(self, address: Address) -> None:
        with told_as_mailbox():
            self._imap = _connected(address.server)
            with _hung_up_on_failure(self._imap):
                _log_in(self._imap, address.server)
                self.can_idle = b"IDLE" in _asked(self._imap.capability()).upper().split()
                _asked(self._imap.select(_quoted(address.folder)))

    def check(self) -> None:
        with told_as_mailbox():
            _asked(self._imap.noop())

    def unseen(self) -> list[str]:
        """The mails that nobody has seen, by their numbers (UID), the oldest first."""
        with told_as_mailbox():
            _asked(self._imap.noop())  # a server may search in what it knew at its last answer
            self._imap.response("EXISTS")  # so what it has said until now is part of what it finds
            found = _asked(self._imap.uid("SEARCH", "UNSEEN"))
            return [it.decode("ascii") for it in found.split() if it.isdigit()]

    def fetch(self, uid: str, most: int, most_of_head: int) -> tuple[bytes, bool] | None:
        """A mail, and whether it is whole: of one larger than `most` bytes the headers. None where the server gives none."""
        with told_as_mailbox():
            size = _SIZE.search(_flat(self._imap.uid("FETCH", uid, "(RFC822.SIZE)")[1]))
            if size is None:
                return None
            is_whole = int(size[1]) <= most
            # The length is said again, for a server may be wrong about the size.
            wanted = f"(BODY.PEEK[]<0.{most}>)" if is_whole else f"(BODY.PEEK[HEADER]<0.{most_of_head}>)"
            found = self._imap.uid("FETCH", uid, wanted)
            content = next((it[1] for it in found[1] if isinstance(it, tuple) and f"UID {uid}".encode() in _flat(found[1])), None)
            return None if content is None else (bytes(content), is_whole)

    def mark_seen(self, uid: str) -> None:
        with told_as_mailbox():
            _asked(self._imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))

    def has_news(self) -> bool:
        """Whether the server said, beside its answers since `unseen`, that something came."""
        return any(self._imap.response("EXISTS")[1])

    def idle(self, seconds: float, stop: threading.Event) -> None:
        """Let the server tell; return when it says anything, when it is time, or soon after `stop` is set."""
        with told_as_mailbox():
            self._imap.send(_TAG + b" IDLE\r\n")
            is_told = False
            while not (line := self._line()).startswith(b"+"):
                is_told = is_told or b"EXISTS" in line
                if line.startswith(_TAG):
                    raise imaplib.IMAP4.error(line.decode("ascii", "replace"))
            end = monotonic() + seconds
            while not is_told and not stop.is_set() and monotonic() < end:
                is_told = self._hears(_GLANCE)
            self._imap.send(b"DONE\r\n")
            while not self._line().startswith(_TAG):
                pass

    def close(self) -> None:
        """Say goodbye, without waiting long for the answer."""
        self._imap.sock.settimeout(_SECONDS_TO_END)
        with suppress(imaplib.IMAP4.error, OSError, ValueError, LookupError):
            self._imap.logout()
        _hang_up(self._imap)

    def _line(self) -> bytes:
        line = self._imap.readline()
        if not line or line.startswith(b"* BYE"):
            raise imaplib.IMAP4.abort("it has hung up")
        return line

    def _hears(self, seconds: float) -> bool:
        """Whether the server says something within so many seconds."""
        if self._heard():
            return True
        waiting = select.poll()
        waiting.register(self._imap.sock, select.POLLIN)
        if not waiting.poll(seconds * 1000):
            return False
        heard = self._heard()
        if heard == b"":
            raise imaplib.IMAP4.abort("it has hung up")
        return bool(heard)

    def _heard(self) -> bytes | None:
        """The beginning of what has come already; None where that is nothing but TLS's own, b"" where it is nothing at all."""
        socket = self._imap.sock
        patience = socket.gettimeout()
        socket.setblocking(False)
        try:
            return cast(BufferedReader, self._imap.file).peek(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        finally:
            socket.settimeout(patience)


def _connected(server: Server) -> imaplib.IMAP4:
    """A connection over which a password may go: encrypted, but to this very machine."""
    trust = ssl.create_default_context()
    if server.authority:
        trust.load_verify_locations(server.authority)
    if server.is_tls_from_start:
        imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(server.host, server.port, ssl_context=trust, timeout=_SECONDS_TO_CONNECT)
    else:
        imap = imaplib.IMAP4(server.host, server.port, timeout=_SECONDS_TO_CONNECT)
        if server.needs_tls or server.authority:
            with _hung_up_on_failure(imap):
                imap.starttls(trust)  # raises where the server offers none
    imap.sock.settimeout(_SECONDS_TO_ANSWER)
    return imap


@contextmanager
def _hung_up_on_failure(imap: imaplib.IMAP4) -> Iterator[None]:
    with ExitStack() as ending:
        ending.callback(_hang_up, imap)
        yield
        ending.pop_all()


def _hang_up(imap: imaplib.IMAP4) -> None:
    with suppress(OSError):
        imap.shutdown()


def _log_in(imap: imaplib.IMAP4, server: Server) -> None:
    if "AUTH=PLAIN" in imap.capabilities:  # which takes UTF-8, and LOGIN takes ASCII alone
        imap.authenticate("PLAIN", lambda _: f"\0{server.name}\0{server.password}".encode())  # raises where it is refused
    elif not (server.name + server.password).isascii():
        raise imaplib.IMAP4.error("it takes only plain letters in a name and a password")
    else:
        imap.login(_quoted(server.name), server.password)


def _asked(answer: tuple[str, list[object]] | tuple[str, list[bytes]] | tuple[str, list[bytes | None]]) -> bytes:
    """What the server answered, if it did as it was asked."""
    said = _flat(answer[1])
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(said.decode("utf-8", "replace"))
    return said


def _flat(data: object) -> bytes:
    """All that stands in one of imaplib's answers, but for the mails in it."""
    pieces = data if isinstance(data, list) else []
    return b" ".join(it[0] if isinstance(it, tuple) else it for it in pieces if it)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _in_short(answer: str) -> str:
    return excerpt(without_secrets(clean_line(answer)), _LONGEST_ANSWER) or "none"
