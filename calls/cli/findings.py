"""What `calls check` looks at. Each look says what it found, and with a fault how to mend it."""

import os
import shutil
import sqlite3
import zoneinfo
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from socket import gaierror, getaddrinfo
from typing import Literal
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from calls.cli.opening import opened, sqlite_file
from calls.cli.speaking import database_trouble
from calls.gateways import mail
from calls.gateways.mailbox import ImapMailbox, MailboxAway, address_of
from calls.ground import zones
from calls.ground.database import Database
from calls.migrations import running
from calls.settings import Settings

MENDED_SQLITE = (3, 51, 3)
LEAST_FREE = 500_000_000
OLDEST_ZONES = 2  # years

Weight = Literal["ok", "note", "fault"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `note` is worth knowing, `fault` must be mended."""

    weight: Weight
    thing: str
    words: str
    mend: str = ""


def look(settings: Settings) -> Iterator[Finding]:
    """Look at everything but the settings themselves, which could be read."""
    yield from look_at_disk(settings)
    yield from look_at_database(settings)
    yield look_at_mail(settings)
    yield from look_at_mailbox(settings)
    yield look_at_zones(datetime.now(UTC))
    yield from look_at_address(settings)


def look_at_disk(settings: Settings, least: int = LEAST_FREE) -> Iterator[Finding]:
    there = next(it for it in (settings.data, *settings.data.parents) if it.exists())
    free = shutil.disk_usage(there).free
    words = f"{free / 1e9:,.1f} GB free for {settings.data}"
    if not os.access(there, os.W_OK | os.X_OK):
        mend = "Give it to the one who runs Calls, or correct CALLS_DATA."
        yield Finding("fault", "Data folder", f"{there} may not be written to", mend)
    if free < least:
        yield Finding("fault", "Disk", words, "Make room: on a full disk nobody can register.")
    else:
        yield Finding("ok", "Disk", words)


def look_at_database(settings: Settings) -> Iterator[Finding]:
    file = sqlite_file(settings)
    if file and not file.exists():
        yield Finding("note", "Database", f"{file} is not there yet", "The first `calls serve` makes it.")
        return
    try:
        with opened(settings) as database:
            yield _standing(database)
            with database.reader.connect() as connection:
                yield from _sqlite(connection) if database.is_sqlite else _postgres(connection)
    except sa.exc.DBAPIError as trouble:
        yield Finding("fault", "Database", database_trouble(trouble), "Start it, or correct CALLS_DATABASE.")


def _standing(database: Database) -> Finding:
    match running.standing(database):
        case "current":
            return Finding("ok", "Database", f"at {running.steps()[-1]}, which is this release's")
        case "behind":
            return Finding("fault", "Database", "behind this release", "Run `calls migrate`, or start `calls serve`.")
        case "unknown":
            mend = "Install that release again, or restore a backup that was made before it."
            return Finding("fault", "Database", "brought further by a newer release than this one", mend)


def _sqlite(connection: Connection) -> Iterator[Finding]:
    if sqlite3.sqlite_version_info < MENDED_SQLITE:
        words = f"SQLite {sqlite3.sqlite_version}; before 3.51.3 two processes that tidy the file at once can damage it"
        yield Finding("note", "SQLite", words, "Calls never does; keep other programs away from the file, or use a newer Python.")
    else:
        yield Finding("ok", "SQLite", sqlite3.sqlite_version)
    synchronous = connection.execute(sa.text("PRAGMA synchronous")).scalar()
    fault = connection.execute(sa.text("PRAGMA quick_check(1)")).scalar()
    if synchronous != 2:
        yield Finding("fault", "SQLite", "does not wait for the disk", "Take a SQLite built with its usual options.")
    if fault != "ok":
        yield Finding("fault", "SQLite", f"The file is damaged: {fault}", "Stop `calls serve` and restore the last good backup.")


def _postgres(connection: Connection) -> Iterator[Finding]:
    wanted = ("server_version", "server_encoding", "fsync")
    said = {name: str(connection.execute(sa.text(f"SHOW {name}")).scalar()) for name in wanted}
    yield Finding("ok", "PostgreSQL", said["server_version"])
    if said["fsync"] != "on":
        yield Finding("fault", "PostgreSQL", "does not wait for the disk, so a power cut can lose everything", "Set fsync = on.")
    if said["server_encoding"] != "UTF8":
        words = f"keeps text as {said['server_encoding']}, which cannot hold every name"
        yield Finding("fault", "PostgreSQL", words, "Make the database anew with ENCODING 'UTF8'.")


def look_at_mail(settings: Settings) -> Finding:
    if settings.smtp == "outbox:":
        words = f"none is sent; each lies as a file in {settings.data / 'outbox'}"
        return Finding("note", "Mail", words, "Set CALLS_SMTP=smtp://name:password@mail.example.com:587 to send.")
    try:
        gateway = mail.from_url(settings.smtp, settings.data)
        gateway.probe()
        gateway.close()
    except (ValueError, mail.MailDelayed, mail.MailRefused) as trouble:
        return Finding("fault", "Mail", str(trouble), "Correct CALLS_SMTP, or mend the mail server.")
    return Finding("ok", "Mail", "the server lets us in")


def look_at_mailbox(settings: Settings) -> Iterator[Finding]:
    if not settings.imap:
        mend = "Set CALLS_IMAP=imaps://name:password@mail.example.com:993/INBOX, where mail to CALLS_MAIL_FROM arrives."
        yield Finding("note", "Mailbox", "none is read, so no calendar's answer and no bounce is heard of", mend)
        return
    try:
        with closing(ImapMailbox(address_of(settings.imap))) as mailbox:
            mailbox.probe()
        yield Finding("ok", "Mailbox", "the server lets us in")
    except (ValueError, MailboxAway) as trouble:
        yield Finding("fault", "Mailbox", str(trouble), "Correct CALLS_IMAP, or mend the mail server.")
    if not settings.imap_authserv:
        words = "no sender of an answer is believed, so none counts"
        mend = "Set CALLS_IMAP_AUTHSERV to the name at the beginning of the Authentication-Results that your mail server writes."
        yield Finding("note", "Mailbox", words, mend)


def look_at_zones(now: datetime) -> Finding:
    words = f"tzdata {zones.VERSION}"
    if zoneinfo.TZPATH:
        mend = "Unset PYTHONTZPATH, and import nothing that sets the path of time zones."
        return Finding("fault", "Time zones", f"{words} is passed over for the machine's own files", mend)
    if int(zones.VERSION[:4]) < now.year - OLDEST_ZONES:
        mend = "Update the package tzdata: each year some government moves its clocks."
        return Finding("fault", "Time zones", f"{words} is years old", mend)
    return Finding("ok", "Time zones", words)


def look_at_address(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.url)
    host = parts.hostname or ""
    if parts.scheme == "http":
        mend = "Set CALLS_URL=https://calls.example.com, the address that people open."
        yield Finding("note", "Public address", f"{settings.url} can be opened on this machine alone", mend)
        return
    try:
        found = {str(it[4][0]) for it in getaddrinfo(host, parts.port or 443)}
    except gaierror:
        yield Finding("fault", "Public address", f"nobody knows where {host} is", "Make its DNS record, or correct CALLS_URL.")
        return
    yield Finding("ok", "Public address", f"{settings.url} is at {', '.join(sorted(found))}")
    if not settings.trusted_proxies and any(not ip_address(it.partition("%")[0]).is_loopback for it in found):
        words = "no proxy is trusted, so all visitors behind yours count as one"
        yield Finding("note", "Proxy", words, "Set CALLS_TRUSTED_PROXIES to the proxy's network, such as 127.0.0.1.")
