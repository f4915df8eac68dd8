"""Which mail server, and how to be let in there: read from an address like smtp://name:password@mail.example.com:587."""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465}
_EXAMPLE = "Write it like smtp://name:password@mail.example.com:587, smtps://name:password@mail.example.com, or outbox:"


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


def server_at(url: str, *, own_name: str | None = None) -> Server:
    """The server that an address names. Raises ValueError with a sentence that repeats nothing of the address: it is secret."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"The mail server's address cannot be read: its host or its port is wrong. {_EXAMPLE}") from None
    problem = _problem(parts)
    if problem:
        raise ValueError(f"{problem} {_EXAMPLE}")
    return Server(
        host=parts.hostname or "",
        port=port or _PORTS[parts.scheme],
        is_tls_from_start=parts.scheme == "smtps",
        name=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        authority=parse_qs(parts.query).get("cafile", [None])[0],
        own_name=own_name,
    )


def _problem(parts: SplitResult) -> str | None:
    wishes = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme not in _PORTS:
        return "The mail server's address begins with neither smtp:// nor smtps://."
    if not parts.hostname:
        return "The mail server's address names no host (signs like / # ? @ in a password are written %2F %23 %3F %40)."
    if parts.path not in ("", "/") or parts.fragment or set(wishes) - {"cafile"}:
        return "The mail server's address goes on after the port (signs like / # ? in a password are written %2F %23 %3F)."
    if bool(parts.username) != bool(parts.password):
        return "The mail server's address has a name without a password, or a password without a name."
    if wishes and not Path(wishes["cafile"][0]).is_file():
        return "The file that the mail server's address names as cafile is not there."
    return None
