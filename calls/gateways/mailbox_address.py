"""Which mailbox, and how to be let in there: read from an address like imaps://name:password@mail.example.com/INBOX."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from calls.gateways.mail_server import Server

_PORTS = {"imap": 143, "imaps": 993}
_EXAMPLE = "Write it like imaps://name:password@mail.example.com:993/INBOX."


@dataclass(frozen=True)
class Address:
    """A folder of a mail server."""

    server: Server
    folder: str = "INBOX"


def address_of(url: str) -> Address:
    """The mailbox that an address names. Raises ValueError with a sentence that repeats nothing of the address: it is secret."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"The mailbox's address cannot be read: its host or its port is wrong. {_EXAMPLE}") from None
    problem = _problem(parts)
    if problem:
        raise ValueError(f"{problem} {_EXAMPLE}")
    server = Server(
        host=parts.hostname or "",
        port=port or _PORTS[parts.scheme],
        is_tls_from_start=parts.scheme == "imaps",
        name=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        authority=parse_qs(parts.query).get("cafile", [None])[0],
    )
    return Address(server, unquote(parts.path.strip("/")) or "INBOX")


def _problem(parts: SplitResult) -> str | None:
    wishes = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme not in _PORTS:
        return "The mailbox's address begins with neither imaps:// nor imap://."
    if not parts.hostname:
        return "The mailbox's address names no host (signs like / # ? @ in a password are written %2F %23 %3F %40)."
    if not parts.username or not parts.password:
        return "The mailbox's address needs a name and a password."
    if parts.fragment or set(wishes) - {"cafile"}:
        return "The mailbox's address goes on after the folder (signs like / # ? in a password are written %2F %23 %3F)."
    if re.search("[^ -~]", unquote(parts.path)):
        return "The folder that the mailbox's address names is to be written as the server lists it (modified UTF-7)."
    if wishes and not Path(wishes["cafile"][0]).is_file():
        return "The file that the mailbox's address names as cafile is not there."
    return None
