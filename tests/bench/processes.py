"""The processes that are measured, and those that measure: started, asked, and stopped."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any

PATIENCE = 60.0
TICKS = os.sysconf("SC_CLK_TCK")
PROXY = "127.0.0.0/8"
SECRET = "the secret of the bench, long enough to be one"


@dataclass(frozen=True)
class Answered:
    """One answer, whole."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """A server on this machine."""

    process: subprocess.Popen[bytes]
    port: int

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Answered:
        """One request on a connection of its own; underscores in the names of headers stand for dashes."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        lines = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, lines)
        response = connection.getresponse()
        answered = Answered(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        connection.close()
        return answered

    def cpu_seconds(self) -> float:
        """The processor time it has used so far; not a number where the system does not say (only Linux does)."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return float("nan")
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident(self) -> tuple[float, float]:
        """Megabytes of memory now, and the most it ever had; the latter where the system says it."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            now = float(subprocess.check_output(["ps", "-o", "rss=", "-p", str(self.process.pid)])) * 1024 / 1e6
            return now, now
        kilobytes = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status))
        return int(kilobytes["VmRSS"]) * 1024 / 1e6, int(kilobytes["VmHWM"]) * 1024 / 1e6

    def rest(self, seconds: float = PATIENCE) -> bool:
        """Wait until it has caught up with what it was asked to do; False when it has not after that long."""
        return wait_until(self._is_at_rest, seconds, 0.5)

    def _is_at_rest(self) -> bool:
        figures = self.ask("/metrics").body.splitlines()
        return {b"calls_follow_up_age_seconds 0.0", b"calls_outbox_age_seconds 0.0"} <= set(figures)


def wait_until(is_so: Callable[[], bool], seconds: float, pause: float = 0.1) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(pause)
    return False


@contextmanager
def ours(folder: Path, database: str, *, mail: int = 0, words: Sequence[str] = ()) -> Iterator[Server]:
    """`calls serve` as anybody starts it, answering; its log goes into the folder."""
    log = folder / "serve.log"
    with log.open("wb") as into, _ended(start(folder, database, into, mail=mail, words=words)) as process:
        yield Server(process, answering_port(process, log))


def start(folder: Path, database: str, log: IO[bytes], *, mail: int = 0, words: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
    """Begin to start `calls serve`."""
    settings = {
        "CALLS_DATA": str(folder),
        "CALLS_DATABASE": database,
        "CALLS_SECRET": SECRET,
        "CALLS_TRUSTED_PROXIES": PROXY,
        "CALLS_SMTP": f"smtp://127.0.0.1:{mail}" if mail else "outbox:",
    }
    return _started(["calls", "serve", "--port", "0", *words], settings, stderr=log)


def answering_port(process: "subprocess.Popen[bytes]", log: Path) -> int:
    """The port that it says it listens on, once it answers there."""

    def port() -> int:
        found = re.search(rb"listens on .*, port (\d+)", log.read_bytes())
        return int(found[1]) if found else 0

    def is_ready() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"calls serve ended: {log.read_text()[-2000:]}")
        try:
            return bool(port()) and Server(process, port()).ask("/health/ready").status == 200
        except OSError:
            return False

    if not wait_until(is_ready, PATIENCE, 0.01):
        raise TimeoutError("calls serve does not answer")
    return port()


@contextmanager
def bare(folder: Path, answers: Sequence[Mapping[str, Any]], database: str = "") -> Iterator[Server]:
    """The bare handlers: these answers, and registering where a database is named."""
    file = folder / "bare.json"
    file.write_text(json.dumps({"answers": answers, "database": database}))
    with _ended(_started(["tests.bench.bare", str(file)], {}, stdout=subprocess.PIPE)) as process:
        yield Server(process, int(_line(process)[0]))


@dataclass(frozen=True)
class Sink:
    """A mail server that takes everything."""

    port: int
    figures: int

    def arrived(self, domain: str) -> tuple[int, float]:
        """How many letters came for a domain, and when the last one did (Unix time)."""
        with socket.create_connection(("127.0.0.1", self.figures), PATIENCE) as connection, connection.makefile() as said:
            told = json.load(said)
        return told["letters"].get(domain, 0), told["last"].get(domain, 0.0)


@contextmanager
def sink() -> Iterator[Sink]:
    """A mail server in a process of its own."""
    with _ended(_started(["tests.bench.sink"], {}, stdout=subprocess.PIPE)) as process:
        mail, figures = _line(process)
        yield Sink(int(mail), int(figures))


def load(server: Server, plan: dict[str, Any], *expected: int) -> dict[str, Any]:
    """Let the load client do this against the server; every answer must have an expected status."""
    with _ended(_started(["tests.bench.load"], {}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)) as process:
        said, _ = process.communicate(json.dumps({"host": "127.0.0.1", "port": server.port, **plan}).encode())
    told: dict[str, Any] = json.loads(said)
    if not told["statuses"] or not set(told["statuses"]) <= {str(it) for it in expected}:
        raise RuntimeError(f"{expected} was expected, but the answers were {told['statuses']}")
    return told


def _line(process: "subprocess.Popen[bytes]") -> list[bytes]:
    if process.stdout is None:
        raise RuntimeError("the process was started without a way to hear it")
    return process.stdout.readline().split()


def _started(words: Sequence[str], settings: Mapping[str, str], **pipes: Any) -> "subprocess.Popen[bytes]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CALLS_")}
    return subprocess.Popen[bytes]([sys.executable, "-m", *words], env={**environment, **settings}, **pipes)


@contextmanager
def _ended(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    """The process, which is asked to end and then made to."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
