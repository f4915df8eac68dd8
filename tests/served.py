"""`calls serve` as a real process on loopback, for tests: it can be killed, started again, cut off and deprived.

It lives by the machine's clock, and on SQLite its pages do not hear of what another process changes, so plan shows before
they are looked at. A test that wants a clock of its own serves with `tests.installation` instead.
"""

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from datetime import time as clock_time
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import IO, Any

import httpx

from calls.ground.database import Database
from calls.history.keeping import Actor
from calls.joining import opening
from calls.joining.rooms import WayIn
from calls.shows import planning
from calls.shows.models import Show
from calls.shows.planning import Plan
from calls.team import staffing
from tests.calendars.judging import JUDGE
from tests.gateways.mail_servers import free_port

PATIENCE = 60.0
LAST_WORD = 10.0  # seconds that a server gets to stop in good order
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # making the usual one takes longer than most answers


class Served:
    """One installation: its address, its data folder, its database, its log, and its end.

    `words` are further words of the command, and settings are given by name: `CALLS_SMTP=…`, `CALLS_DATABASE=…`.
    Browsers may come from any network address.
    """

    def __init__(self, folder: Path, *words: str, **given: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = folder / "data"
        self.log_file = folder / "serve.log"
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = {
            "CALLS_URL": self.url,
            "CALLS_DATA": str(self.data),
            "CALLS_DATABASE": f"sqlite:///{self.data / 'calls.sqlite3'}",
            "CALLS_TRUSTED_PROXIES": "127.0.0.1",
            **given,
        }
        self._words = words
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._browsers = ExitStack()

    @property
    def database(self) -> str:
        """The address of its database."""
        return self.settings["CALLS_DATABASE"]

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """All that it has said on standard error, over all its starts."""
        return self.log_file.read_text()

    def start(self) -> "Served":
        """Start, or start again at the same address; returns once it is ready."""
        self._log = self.log_file.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "calls", "serve", "--port", str(self.port), *self._words],
            env=self._environment(),
            stderr=self._log,
            start_new_session=True,
        )
        wait_for(lambda: self._is_over() or self.status("/health/ready") == 200, "the server is ready")
        assert not self._is_over(), self.log
        return self

    def browser(self, address: str = "203.0.113.7") -> httpx.Client:
        """A browser at this network address, with cookies of its own; it follows no redirect by itself.

        It is closed after the test.
        """
        headers = {"x-forwarded-for": address, "origin": self.url, "sec-fetch-site": "same-origin"}
        made = httpx.Client(base_url=self.url, headers=headers, timeout=30, verify=NO_TLS, trust_env=False)
        made.event_hooks = {"response": [JUDGE.answer]}
        self._browsers.callback(made.close)
        return made

    def status(self, path: str) -> int:
        """The status of an answer; 0 where there is none."""
        try:
            return httpx.get(self.url + path, timeout=30, verify=NO_TLS, trust_env=False).status_code
        except httpx.TransportError:
            return 0

    def figure(self, line: str) -> float:
        """One figure of /metrics by its whole name, labels included."""
        said = httpx.get(f"{self.url}/metrics", timeout=30, verify=NO_TLS, trust_env=False).text
        return next(float(it.removeprefix(line)) for it in said.splitlines() if it.startswith(f"{line} "))

    def letters(self) -> list[EmailMessage]:
        """The mails in its outbox folder, oldest first."""
        files = sorted((self.data / "outbox").glob("*.eml"))
        return [message_from_bytes(it.read_bytes(), _class=EmailMessage, policy=policy.default) for it in files]

    def readers(self) -> list[str]:
        """Whom those mails went to, an address for each."""
        return [reader(it) for it in self.letters()]

    def letters_to(self, email: str) -> list[EmailMessage]:
        """Those of them that went to one address, once there is one."""
        wait_for(lambda: email in self.readers(), f"a mail to {email}")
        return [it for it in self.letters() if reader(it) == email]

    def run(self, *words: str) -> str:
        """What another command says on the same settings, like `calls owner`."""
        command = [sys.executable, "-m", "calls", *words]
        return subprocess.run(command, env=self._environment(), check=True, capture_output=True, text=True).stdout

    def stop(self) -> int:
        """Stop in good order, or by force after ten seconds; the exit code."""
        if self._process is None:
            return 0
        if not self._is_over():
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(timeout=LAST_WORD)
        except subprocess.TimeoutExpired:
            return self.kill()
        finally:
            self._forget()

    def leave(self) -> None:
        """Close all browsers."""
        self._browsers.close()

    def kill(self) -> int:
        """End it as a power cut does, and its children with it."""
        assert self._process is not None
        if not self._is_over():
            os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        self._forget()
        return code

    def _environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("CALLS_")} | self.settings

    def _is_over(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _forget(self) -> None:
        if self._log is not None:
            self._log.close()
        if self._is_over():
            self._process = None


def reader(letter: EmailMessage) -> str:
    """The address that a mail went to."""
    return parseaddr(str(letter["to"]))[1]


@contextmanager
def stopped_after() -> Iterator[list[Served]]:
    """Whatever is put into the list is stopped in the end."""
    servers: list[Served] = []
    try:
        yield servers
    finally:
        for server in servers:
            server.leave()
            server.stop()
            JUDGE.outbox(server.data / "outbox")


def plan_a_show(database: Database, now: datetime, **facts: Any) -> tuple[Actor, Show]:
    """A show planned by its host as in real life: weekly, the first call in three days, with a number and a code to dial."""
    known: dict[str, Any] = {
        "name": "Ask Tara",
        "slug": "ask-tara",
        "host_name": "Tara",
        "first_day": (now + timedelta(days=3)).date(),
        "first_time": clock_time(19, 0),
        "zone": "America/New_York",
        "minutes": 60,
        "rrule": "FREQ=WEEKLY",
    }
    plan = Plan(**known | facts)
    with database.transaction() as session:
        host = staffing.actor(staffing.open_account(session, "tara@example.com", "Tara", now=now))
        assert host.account_id is not None
        show = planning.create(session, host.account_id, plan, by=host, now=now)
        opening.give_room(session, show, None, WayIn("+1 555 010 4477", "4821 3"), by=host, now=now, is_first=True)
        return host, show


def register(browser: httpx.Client, page: str, email: str, name: str = "Ann Lee", **typed: str) -> httpx.Response:
    """Fill in the form on the page of a call (`/show/date`), or on a show's with `call="all"`, and send it."""
    form = {"name": name, "email": email, "zone": "Europe/Berlin", "question": "", "website": ""}
    return browser.post(page, data=form | typed)


def wait_for(is_so: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something is so; AssertionError with `what` when it never becomes so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds:g} seconds: {what}"
        time.sleep(0.05)
