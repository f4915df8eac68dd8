"""Fetch what lies at an address of the web: the contract, and the one that keeps it, which asks public places alone.

A name is looked up once, every address that it stands for is judged, and the connection goes to one that was judged, so that
a name cannot stand for something else a moment later. No cookies, no proxy from the environment, no more bytes or seconds than
it is allowed; what a redirect leads to is judged like the first address.
"""

import http.client
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic
from typing import Protocol, cast
from urllib.parse import urljoin

from calls import __version__
from calls.gateways.limited_line import LimitedLine, TooMuch
from calls.ground.public_addresses import PUBLIC, Ip, Place, Rule
from calls.ground.refusals import Refused

SECONDS = 10.0  # for all of it, redirects included
LARGEST = 1_000_000  # bytes, as they come and as they are once unpacked
MOST_REDIRECTS = 3
MOST_TRIED = 3  # addresses of one name
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
_HEADS = 100_000  # bytes that an answer's head may take beside its body
_LONGEST_ETAG = 200
_PRINTABLE = frozenset(map(chr, range(0x20, 0x7F)))

Resolve = Callable[[str, int], Sequence[str]]


class NotFetched(Exception):
    """Nothing was fetched. A sentence for whoever typed the address, without the address itself, which may be a secret."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lies there, or None where it is what it was when its `etag` was given."""

    body: bytes | None
    etag: str = ""


class Web(Protocol):
    """Where things are fetched from. May be used by several threads at once."""

    def fetch(self, address: str, etag: str = "") -> Fetched:
        """What lies at the address; with `etag`, only if it is another by now. Raises NotFetched."""


def look_up(host: str, port: int) -> list[str]:
    """Every address that a name stands for. Raises OSError."""
    return [str(it[4][0]) for it in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class PublicWeb:
    """The web itself, as far as the rule lets it be asked."""

    rule: Rule = PUBLIC
    seconds: float = SECONDS
    resolve: Resolve = look_up
    trust: ssl.SSLContext | None = None

    def addresses(self, place: Place, end: float) -> list[Ip]:
        """What the host stands for, all of it judged. Raises Refused, and NotFetched where nobody knows it."""
        found = [place.ip] if place.ip else [ip_address(it.partition("%")[0]) for it in self._looked_up(place, end)]
        for it in found:
            self.rule.check(it)
        return found

    def fetch(self, address: str, etag: str = "") -> Fetched:
        end = monotonic() + self.seconds
        try:
            place = self.rule.place(address)
            for _ in range(MOST_REDIRECTS + 1):
                answer = self._ask(place, etag, end)
                if isinstance(answer, Fetched):
                    return answer
                place = self._led_on(place, answer)
        except Refused as refusal:
            raise NotFetched(refusal.sentence) from None
        raise NotFetched(f"The address leads on to another more than {MOST_REDIRECTS} times.")

    def _led_on(self, place: Place, location: str) -> Place:
        try:
            further = self.rule.place(urljoin(place.url, location))
        except Refused as refusal:
            raise Refused(f"{place.host} leads on to where nothing is fetched. {refusal.sentence}") from None
        except ValueError:
            raise Refused(f"{place.host} leads on to what is no address of the web.") from None
        if place.scheme == "https" and further.scheme != "https":
            raise Refused(f"{place.host} leads on to an address that is not encrypted.")
        return further

    def _looked_up(self, place: Place, end: float) -> list[str]:
        """The look-up has no patience of its own to set, so that it is left behind where it takes too long."""
        found: list[str] = []

        def look() -> None:
            try:
                found.extend(self.resolve(place.host, place.port))
            except (OSError, UnicodeError):
                found.clear()

        looking = threading.Thread(target=look, name="look-up", daemon=True)
        looking.start()
        looking.join(max(0.0, end - monotonic()))
        if looking.is_alive():
            raise NotFetched(f"It took too long to find out where {place.host} is.")
        if not found:
            raise NotFetched(f"Nobody knows where {place.host} is.")
        return found

    def _ask(self, place: Place, etag: str, end: float) -> Fetched | str:
        """What lies at one place, or the address that it leads on to."""
        try:
            line = self._connected(place, end)
            try:
                return _asked(line, place, etag)
            finally:
                line.hang_up()
        except ssl.SSLCertVerificationError:
            raise NotFetched(f"The certificate of {place.host} is not one to trust.") from None
        except TimeoutError:
            raise NotFetched(f"{place.host} took too long to answer.") from None
        except TooMuch:
            raise NotFetched(f"What {place.host} sends is larger than {LARGEST // 1_000_000} MB.") from None
        except (OSError, http.client.HTTPException, ValueError, zlib.error):
            raise NotFetched(f"{place.host} could not be reached, or gave no proper answer.") from None

    def _connected(self, place: Place, end: float) -> LimitedLine:
        """A connection to one of the addresses that were judged. The certificate must be the name's."""
        trouble: OSError | None = None
        for ip in self.addresses(place, end)[:MOST_TRIED]:
            line = None
            try:
                line = LimitedLine(str(ip), place.port, end, LARGEST + _HEADS)
                if place.scheme == "https":
                    line.encrypt(self.trust or ssl.create_default_context(), place.host)
                return line
            except OSError as fault:
                trouble = fault
                if line:
                    line.hang_up()
        raise trouble or OSError("no address")


def _asked(line: LimitedLine, place: Place, etag: str) -> Fetched | str:
    connection = http.client.HTTPConnection(place.host, place.port)
    connection.sock = cast(socket.socket, line)
    connection.putrequest("GET", place.target, skip_host=True, skip_accept_encoding=True)
    for name, value in _headers(place, etag):
        connection.putheader(name, value)
    connection.endheaders()
    with connection.getresponse() as answer:
        if answer.status in REDIRECTS and answer.headers["Location"]:
            return str(answer.headers["Location"])
        if answer.status == NOT_MODIFIED and etag:
            return Fetched(None, etag)
        if answer.status != 200:
            raise NotFetched(_in_words(answer.status, place.host))
        found = answer.headers.get("ETag", "").strip()
        return Fetched(_body(answer), found if len(found) <= _LONGEST_ETAG and _PRINTABLE.issuperset(found) else "")


def _headers(place: Place, etag: str) -> list[tuple[str, str]]:
    known = [("If-None-Match", etag)] if etag else []
    return [
        ("Host", place.authority),
        ("User-Agent", f"Calls/{__version__}"),
        ("Accept", "text/calendar, */*;q=0.1"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
        *known,
    ]


def _body(answer: http.client.HTTPResponse) -> bytes:
    """What was sent, unpacked, whole and no larger than it may be."""
    raw = answer.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise TooMuch
    if answer.length:  # it has hung up before all that it promised
        raise http.client.IncompleteRead(raw, answer.length)
    kind = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if kind in {"identity", ""}:
        return raw
    if kind not in {"gzip", "x-gzip"}:
        raise http.client.HTTPException(f"it is packed as {kind}")
    unpacking = zlib.decompressobj(wbits=31)
    unpacked = unpacking.decompress(raw, LARGEST + 1)
    if len(unpacked) > LARGEST:
        raise TooMuch
    if not unpacking.eof:
        raise zlib.error("it ends too early")
    return unpacked


def _in_words(status: int, host: str) -> str:
    if status in {401, 403, 407}:
        return f"{host} gives it to nobody without signing in ({status})."
    if status in {404, 410}:
        return f"There is nothing at that address of {host} ({status})."
    if status == 429 or status >= 500:
        return f"{host} has trouble of its own, or was asked too often ({status})."
    return f"{host} gave no calendar, but the answer {status}."
