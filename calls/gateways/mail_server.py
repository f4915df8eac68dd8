"""A mail server, and how to be let in there: read from an address like smtp://name:password@mail.example.com:587."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Server:
    """A mail server and how to be let in there."""

    host: str
    port: int
    is_tls_from_start: bool
    name: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    authority: str | None = None  # file of a private certificate authority, believed beside those of the system
    own_name: str | None = None  # what we call ourselves to it; None takes the machine's name

    @property
    def is_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def wants_tls(self) -> bool:
        """A server on the same machine often has a certificate for show only, and nobody listens in between."""
        return not self.is_loopback or bool(self.name) or self.authority is not None

    @property
    def needs_tls(self) -> bool:
        """A password crosses no network in the clear."""
        return bool(self.name) and not self.is_loopback


@dataclass(frozen=True)
class Form:
    """How the address of a server is written.

    `what` is what it is the address of, `ports` which port each scheme stands for, `end` the last part that there may be.
    """

    what: str
    ports: Mapping[str, int]
    end: str
    example: str

    def read(self, url: str) -> tuple[Server, SplitResult]:
        """The server that an address names, and the address in its parts.

        Raises ValueError with a sentence that repeats nothing of the address: it is secret.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise self.fault("cannot be read: its host or its port is wrong") from None
        wishes = parse_qs(parts.query, keep_blank_values=True)
        if parts.scheme not in self.ports:
            raise self.fault(f"begins with neither {' nor '.join(f'{it}://' for it in self.ports)}")
        if not parts.hostname:
            raise self.fault("names no host (signs like / # ? @ in a password are written %2F %23 %3F %40)")
        if parts.fragment or set(wishes) - {"cafile"}:
            raise self.goes_on()
        if wishes and not Path(wishes["cafile"][0]).is_file():
            raise self.fault("names a file as cafile that is not there")
        server = Server(
            host=parts.hostname,
            port=port or self.ports[parts.scheme],
            is_tls_from_start=parts.scheme.endswith("s"),
            name=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            authority=wishes["cafile"][0] if wishes else None,
        )
        return server, parts

    def fault(self, words: str) -> ValueError:
        """What is wrong with an address, as the rest of a sentence that begins with what it is called."""
        return ValueError(f"The {self.what}'s address {words}. {self.example}")

    def goes_on(self) -> ValueError:
        return self.fault(f"goes on after the {self.end} (signs like / # ? in a password are written %2F %23 %3F)")


SMTP = Form(
    "mail server",
    {"smtp": 587, "smtps": 465},
    "port",
    "Write it like smtp://name:password@mail.example.com:587, smtps://name:password@mail.example.com, or outbox:",
)


def server_at(url: str, *, own_name: str | None = None) -> Server:
    """The server to send by. Raises ValueError with a sentence that repeats nothing of the address: it is secret."""
    server, parts = SMTP.read(url)
    if parts.path not in ("", "/"):
        raise SMTP.goes_on()
    if bool(server.name) != bool(server.password):
        raise SMTP.fault("has a name without a password, or a password without a name")
    return replace(server, own_name=own_name)
