"""serve and work, as processes: they start, answer, take turns, and stop in good order."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Operator
from tests.conftest import NewAddress

PATIENCE = 60


class Server:
    """A command that goes on until it is stopped."""

    def __init__(self, operator: Operator, *words: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CALLS_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "calls", *words],
            env=environment | operator.settings,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []

    def wait_for(self, words: str) -> str:
        """Wait for a line on standard error that has these words."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if words in line:
                return line
        raise AssertionError(f"“{words}” was never said, but: {''.join(self.said)}")

    def port(self) -> int:
        """The port, once something answers there."""
        found = re.search(r"port (\d+)", self.wait_for("listens on"))
        assert found is not None
        port = int(found[1])
        end = time.monotonic() + PATIENCE
        while get(port, "/health/ready") != 200 and time.monotonic() < end:
            time.sleep(0.05)
        return port

    def stop(self) -> int:
        """Ask it to stop; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture
def started() -> Iterator[list[Server]]:
    """Servers that are killed after the test, should it have failed to stop them."""
    servers: list[Server] = []
    yield servers
    for server in servers:
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()


@pytest.fixture
def on_postgres(operator: Operator, new_postgres: NewAddress) -> Operator:
    operator.settings["CALLS_DATABASE"] = new_postgres()
    return operator


def test_serve_answers_and_stops_in_good_order(operator_of_either: Operator, started: list[Server]) -> None:
    server = start(started, operator_of_either, "serve", "--port", "0")

    ready = get(server.port(), "/health/ready")

    assert (ready, server.stop()) == (200, 0)


def test_serve_finishes_an_answer_that_is_under_way(operator: Operator, started: list[Server]) -> None:
    server = start(started, operator, "serve", "--port", "0")
    port = server.port()
    with socket.create_connection(("127.0.0.1", port)) as client:
        head = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 12\r\n"
        client.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=".encode())
        time.sleep(0.3)

        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        client.sendall(b"a@b.cd")

        assert client.recv(12) == b"HTTP/1.1 303"
    assert server.process.wait(timeout=PATIENCE) == 0


def test_serve_of_a_file_that_is_served_already_is_refused(operator: Operator, started: list[Server]) -> None:
    start(started, operator, "serve", "--port", "0").port()

    second = start(started, operator, "serve", "--port", "0")

    assert second.wait_for("Error").startswith("Error: `calls serve` is running on ")
    assert second.process.wait(timeout=PATIENCE) == 1


def test_serve_after_a_kill_starts_again(operator: Operator, started: list[Server]) -> None:
    first = start(started, operator, "serve", "--port", "0")
    first.port()
    first.process.kill()
    first.process.wait()

    second = start(started, operator, "serve", "--port", "0")

    assert get(second.port(), "/health/live") == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CALLS_SMTP", "smtp://hush@mail.example.com"),
        ("CALLS_IMAP", "imaps://me:hush@mail.example.com/INBOX?tls=off"),
        ("CALLS_IMAP", "imaps://me:hush@mail.example.com/INBOX?cafile=/nowhere"),
    ],
)
def test_serve_with_an_address_that_a_gateway_cannot_read_is_a_sentence(operator: Operator, name: str, value: str) -> None:
    done = operator.run("serve", "--port", "0", **{name: value})

    assert (done.exit_code, done.stderr.splitlines()[-1].startswith(f"Error: {name}: The mail")) == (1, True)
    assert ("Traceback" in done.output, "hush" in done.output) == (False, False)


def test_serve_on_a_port_that_is_taken_is_a_sentence(operator: Operator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        done = operator.run("serve", "--port", port)

    assert done.exit_code == 1
    assert done.stderr == (
        f"Error: Nothing can listen on 127.0.0.1, port {port}: Address already in use. Choose another with --host or --port.\n"
    )


def test_serve_by_several_processes_answers_and_stops(on_postgres: Operator, started: list[Server]) -> None:
    server = start(started, on_postgres, "serve", "--port", "0", "--processes", "2")

    port = server.port()

    assert [get(port, "/health/live") for _ in range(8)] == [200] * 8
    assert server.stop() == 0


def test_serve_by_several_processes_needs_postgres(operator: Operator) -> None:
    done = operator.run("serve", "--port", 0, "--processes", 2)

    assert (done.exit_code, done.stderr[:47]) == (1, "Error: On SQLite one process does everything. F")


def test_work_stops_in_good_order(on_postgres: Operator, started: list[Server]) -> None:
    worker = start(started, on_postgres, "work")

    worker.wait_for("The worker works")

    assert worker.stop() == 0


def test_work_needs_postgres(operator: Operator) -> None:
    done = operator.run("work")

    assert (done.exit_code, done.stderr[:54]) == (1, "Error: On SQLite the worker runs inside `calls serve`.")


def start(started: list[Server], operator: Operator, *words: str) -> Server:
    server = Server(operator, *words)
    started.append(server)
    return server


def get(port: int, path: str) -> int:
    """The status of an answer; 0 where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
