"""A mail server with one mail, which at first it does not hand out, as one does whose mailbox is locked for a moment."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

MAIL = b"Subject: one\r\n\r\nHello\r\n"


class BusyServer(socketserver.ThreadingTCPServer):
    """Says NO to so many requests for the mail."""

    daemon_threads = True

    def __init__(self, times: int) -> None:
        super().__init__(("127.0.0.1", 0), _Client)
        self.times = times
        self.is_seen = False

    @property
    def url(self) -> str:
        return f"imap://name:password@127.0.0.1:{self.server_address[1]}"

    def answers(self, command: bytes) -> tuple[bytes, bytes]:
        """What is said beside the answer, and the answer."""
        if b"CAPABILITY" in command:
            return b"* CAPABILITY IMAP4rev1\r\n", b"OK"
        if b"SELECT" in command:
            return b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] it is\r\n", b"OK [READ-WRITE]"
        if b"SEARCH" in command:
            return b"* SEARCH\r\n" if self.is_seen else b"* SEARCH 7\r\n", b"OK"
        if b"SIZE" in command and self.times:
            self.times -= 1
            return b"", b"NO [INUSE]"
        if b"SIZE" in command:
            return b"* 1 FETCH (UID 7 RFC822.SIZE %d)\r\n" % len(MAIL), b"OK"
        if b"FETCH" in command:
            return b"* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n%s)\r\n" % (len(MAIL), MAIL), b"OK"
        self.is_seen = self.is_seen or b"STORE" in command
        return b"", b"OK"


class _Client(socketserver.StreamRequestHandler):
    server: BusyServer

    def handle(self) -> None:
        self.wfile.write(b"* OK here\r\n")
        for line in self.rfile:
            tag, _, command = line.strip().partition(b" ")
            beside, answer = self.server.answers(command.upper())
            self.wfile.write(beside + tag + b" " + answer + b" that is all\r\n")


@contextmanager
def busy_server(times: int) -> Iterator[BusyServer]:
    with BusyServer(times) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
