"""Every setting, read once from the environment into one frozen object. What is wrong stops the start, with its mend."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from calls.ground.addresses import is_email

Network = IPv4Network | IPv6Network
Value = TypeVar("Value")

PREFIX = "CALLS_"
OF_TESTS = "CALLS_TESTS_"
SHORTEST_SECRET = 32
OUTBOX = "outbox:"
LOG_FORMS = ("text", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")
NAMED_ADDRESS = re.compile(r"(?P<name>[^<>\x00-\x1f]*)<(?P<address>[^<>\s]+)>")
EXAMPLES = {
    "CALLS_URL": "https://calls.example.org",
    "CALLS_DATA": "/var/lib/calls",
    "CALLS_DATABASE": "postgresql://calls:password@db.example.org/calls",
    "CALLS_SECRET": "(the output of: openssl rand -hex 32)",
    "CALLS_SMTP": "smtp://name:password@mail.example.org:587",
    "CALLS_MAIL_FROM": "{show} <calls@example.org>",
    "CALLS_IMAP": "imaps://name:password@mail.example.org:993/INBOX",
    "CALLS_IMAP_AUTHSERV": "mail.example.org",
    "CALLS_METRICS_TOKEN": "(the output of: openssl rand -hex 16)",
    "CALLS_TRUSTED_PROXIES": "10.0.0.0/8,127.0.0.1",
    "CALLS_LOG": "json:info",
}


class WrongSettings(Exception):
    """One line for each wrong setting: its name, what is wrong with it, and an example. Never a secret's value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Fault(Exception):
    """What is wrong with one value, as the rest of a sentence that begins with its name."""


@dataclass(frozen=True, slots=True)
class Log:
    """How the log is written, and from which level on."""

    form: str = "text"
    level: str = "info"


@dataclass(frozen=True, slots=True)
class Settings:
    """The switches of one installation. `mail_from` may hold {show}: the show's name, or in an address its slug."""

    url: str
    data: Path
    database: str = field(repr=False)
    secret: bytes = field(repr=False)
    is_secret_kept: bool  # in the data folder, so that a backup has to hold it
    smtp: str = field(repr=False)
    mail_from: str
    imap: str = field(repr=False)
    imap_authserv: str
    metrics_token: str = field(repr=False)
    trusted_proxies: tuple[Network, ...]
    log: Log

    @property
    def secret_file(self) -> Path:
        return self.data / "secret"


def read(environ: Mapping[str, str]) -> Settings:
    """The settings in this environment. Raises WrongSettings with all faults at once; makes the secret when none is given."""
    reading = Reading(environ)
    url = reading.take("CALLS_URL", check_url, "http://127.0.0.1:8000")
    data = reading.take("CALLS_DATA", check_folder, "calls-data")
    database = reading.take("CALLS_DATABASE", check_database, f"sqlite:///{data / 'calls.sqlite3'}")
    smtp = reading.take("CALLS_SMTP", check_smtp, OUTBOX)
    mail_from = reading.take("CALLS_MAIL_FROM", check_mail_from, "") or default_sender(url)
    imap = reading.take("CALLS_IMAP", check_imap, "")
    authserv = reading.take("CALLS_IMAP_AUTHSERV", check_authserv, "")
    metrics_token = reading.take("CALLS_METRICS_TOKEN", check_token, "")
    proxies = reading.take("CALLS_TRUSTED_PROXIES", check_networks, "")
    log = reading.take("CALLS_LOG", check_log, "text")
    given = reading.take("CALLS_SECRET", check_secret, "")
    reading.finish()
    secret = given or kept_secret(data)
    mail = (smtp, mail_from, imap, authserv)
    return Settings(url, data, database, secret.encode(), not given, *mail, metrics_token, proxies, log)


class Reading:
    """Takes one setting after another and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults = [_unknown(name) for name in sorted(environ) if _is_foreign(name)]

    def take(self, name: str, check: Callable[[str], Value], default: str) -> Value:
        """The checked value; after a fault, which is noted, that of the default."""
        try:
            return check(self._environ.get(name, "").strip() or default)
        except Fault as fault:
            self._faults.append(f"{name} {fault}. Example: {name}={EXAMPLES[name]}")
            return check(default)

    def finish(self) -> None:
        """Raise WrongSettings when anything was wrong."""
        if self._faults:
            raise WrongSettings(self._faults)


def check_url(value: str) -> str:
    parts = _split(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Fault("is no web address")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise Fault("goes on after the host; Calls has a host for itself")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise Fault("must begin with https://, since plain http is for this machine alone")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def check_folder(value: str) -> Path:
    folder = Path(value).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise Fault("names a file, not a folder")
    return folder


def check_database(value: str) -> str:
    """SQLite by its file, PostgreSQL by its server. The value may hold a password and is not repeated."""
    if value.startswith("sqlite:///") and len(value) > len("sqlite:///"):
        return value
    if _split(value).scheme in {"postgresql", "postgres"}:
        return value.replace("postgres://", "postgresql://", 1)
    raise Fault("begins with neither sqlite:/// nor postgresql://")


def check_smtp(value: str) -> str:
    """The kind of address only: the mail gateway reads the rest, and says what is wrong with it."""
    parts = _split(value)
    if value != OUTBOX and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise Fault("is neither smtp://host, smtps://host nor outbox:")
    return value


def check_mail_from(value: str) -> str:
    named = NAMED_ADDRESS.fullmatch(value)
    local, _, domain = (named["address"] if named else value).rpartition("@")
    if re.search(r"[{}]", value.replace("{show}", "")):
        raise Fault("may hold {show} and no other name in braces")
    if value and ("{" in domain or not is_email(f"{local.replace('{show}', 'show')}@{domain}")):
        raise Fault("holds no mail address")
    return value


def check_imap(value: str) -> str:
    """The mailbox that answers come to, or none: the kind of address only, of which its gateway reads the rest."""
    parts = _split(value)
    if value and (parts.scheme not in {"imap", "imaps"} or not parts.hostname):
        raise Fault("is neither imaps://name:password@host nor imap://name:password@host")
    if value and not (parts.username and parts.password):
        raise Fault("needs a name and a password, signs like / # ? @ in them written %2F %23 %3F %40")
    return value


def check_authserv(value: str) -> str:
    if not re.fullmatch("[A-Za-z0-9._-]{0,253}", value):
        raise Fault("is no name that a mail server writes into Authentication-Results")
    return value.lower()


def default_sender(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return f"{{show}} <calls@{'example.com' if _is_loopback(host) else host}>"


def check_token(value: str) -> str:
    if value and (len(value) < 16 or not value.isascii()):
        raise Fault("needs at least 16 plain characters")
    return value


def check_secret(value: str) -> str:
    if value and len(value) < SHORTEST_SECRET:
        raise Fault(f"needs at least {SHORTEST_SECRET} characters")
    return value


def check_networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())
    except ValueError as fault:
        raise Fault(f"holds something that is no network: {fault}") from fault


def check_log(value: str) -> Log:
    form, _, level = value.lower().partition(":")
    if form not in LOG_FORMS or (level or "info") not in LOG_LEVELS:
        raise Fault(f"is one of {', '.join(LOG_FORMS)}, with one of {', '.join(LOG_LEVELS)} after a colon")
    return Log(form, level or "info")


def kept_secret(folder: Path) -> str:
    """The installation's own secret in its data folder, made at the first start and readable by its owner alone."""
    file = folder / "secret"
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_once(file, secrets.token_hex(32))
    secret = file.read_text(encoding="ascii").strip()
    if len(secret) < SHORTEST_SECRET:
        raise WrongSettings([f"The secret in {file} is too short to be one. Bring back the file from a backup."])
    return secret


def _make_once(file: Path, content: str) -> None:
    """Write a file whole or not at all; of two processes that start at once the first one's stays."""
    draft = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _is_foreign(name: str) -> bool:
    return name.startswith(PREFIX) and not name.startswith(OF_TESTS) and name not in EXAMPLES


def _unknown(name: str) -> str:
    near = get_close_matches(name, EXAMPLES, 1)
    return f"{name} is no setting." + (f" Did you mean {near[0]}?" if near else f" There are {', '.join(EXAMPLES)}.")


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise Fault("cannot be read: its host or its port is wrong") from None
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
