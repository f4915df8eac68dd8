"""A connection all of whose waits end together, and which takes in no more than so many bytes."""

import io
import socket
import ssl
from time import monotonic


class TooMuch(Exception):
    """More comes than may."""


class LimitedLine:
    """A connection to one address until a moment of the monotonic clock. Whatever lasts longer raises TimeoutError."""

    def __init__(self, ip: str, port: int, end: float, most: int) -> None:
        self._end = end
        self._left = most
        self._socket = socket.create_connection((ip, port), timeout=self._patience())

    def encrypt(self, trust: ssl.SSLContext, name: str) -> None:
        """Begin TLS with whoever can show a certificate of that name. Raises OSError."""
        self._socket.settimeout(self._patience())
        self._socket = trust.wrap_socket(self._socket, server_hostname=name)

    def sendall(self, content: bytes) -> None:
        self._socket.settimeout(self._patience())
        self._socket.sendall(content)

    def take(self, into: memoryview) -> int:
        """The next bytes, put where they are wanted; 0 at the end."""
        self._socket.settimeout(self._patience())
        number = self._socket.recv_into(into)
        self._left -= number
        if self._left < 0:
            raise TooMuch
        return number

    def makefile(self, mode: str = "rb") -> io.BufferedReader:
        """What http.client reads from."""
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """http.client lets go of a connection once it has an answer's head; the rest still comes until `hang_up`."""

    def hang_up(self) -> None:
        self._socket.close()

    def _patience(self) -> float:
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Incoming(io.RawIOBase):
    """The incoming half of a line."""

    def __init__(self, line: LimitedLine) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        return self._line.take(into)
