"""Which mailbox, and how to be let in there: read from an address like imaps://name:password@mail.example.com/INBOX."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from calls.gateways.mail_server import Form, Server

IMAP = Form(
    "mailbox",
    {"imaps": 993, "imap": 143},
    "folder",
    "Write it like imaps://name:password@mail.example.com:993/INBOX.",
)


@dataclass(frozen=True)
class Address:
    """A folder of a mail server."""

    server: Server
    folder: str = "INBOX"


def address_of(url: str) -> Address:
    """The mailbox that an address names. Raises ValueError with a sentence that repeats nothing of the address: it is secret."""
    server, parts = IMAP.read(url)
    folder = unquote(parts.path.strip("/"))
    if not server.name or not server.password:
        raise IMAP.fault("needs a name and a password")
    if re.search("[^ -~]", folder):
        raise IMAP.fault("names a folder that is to be written as the server lists it (modified UTF-7)")
    return Address(server, folder or "INBOX")
