"""The log: one entry a line, nothing of anybody's in it."""

import io
import json
import logging
from collections.abc import Iterator
from time import thread_time
from uuid import UUID

import pytest

from calls.ground.logs import configure, without_secrets
from calls.ground.tokens import Keys


@pytest.fixture(autouse=True)
def log_of_pytest() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def written(form: str, level: str, *args: object, **extra: object) -> str:
    stream = io.StringIO()
    configure(form, level, stream)
    logging.getLogger("calls.test").info(*args, **extra)  # type: ignore[arg-type]
    return stream.getvalue()


def test_readable_entry_is_one_line() -> None:
    line = written("text", "info", "started on %s", "port 8000")

    assert line.split(" ", 2)[2] == "INFO    calls.test started on port 8000\n"


def test_json_entry_is_one_object_with_its_facts() -> None:
    entry = json.loads(written("json", "info", "answered", extra={"facts": {"status": 200}}))

    assert entry | {"time": ""} == {"time": "", "level": "info", "logger": "calls.test", "message": "answered", "status": 200}


def test_level_decides_what_is_written() -> None:
    assert written("text", "warning", "hush") == ""


def test_what_was_typed_starts_no_entry_and_moves_no_cursor() -> None:
    line = written("text", "info", "name %s", "Ann\n2026-01-01 00:00:00 ERROR   calls forged\x1b[2J\r\u2028x")

    assert line.split(" calls.test ", 1)[1] == "name Ann\n    2026-01-01 00:00:00 ERROR   calls forged?[2J??x\n"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("to ann@example.org now", "to [address] now"),
        ("Key (email)=(ann.o'x@example.org) exists", "Key (email)=([address]) exists"),
        ("smtp://user:pass@mail.example.org:587 failed", "smtp://[password] at mail.example.org:587 failed"),
        (f"GET /j/{Keys(b'x').token('join', UUID(int=1))} 200", "GET /j/[secret] 200"),
        ("GET /sign-in/v7z7iue6j4iqhk4djjkqo74nre6ae46g 200", "GET /sign-in/[secret] 200"),
        ("call 01931c3e-0000-7000-8000-0000000000aa moved", "call 01931c3e-0000-7000-8000-0000000000aa moved"),
    ],
)
def test_secrets_and_addresses_are_struck_out(line: str, left: str) -> None:
    assert without_secrets(line) == left


@pytest.mark.parametrize("line", ["a" * 200_000, "@" * 100_000, "a@" * 100_000, "://" * 100_000 + "@", "a:b" * 60_000])
def test_long_junk_costs_little(line: str) -> None:
    started = thread_time()

    without_secrets(line)

    assert thread_time() - started < 1


def test_traceback_is_written_without_what_was_typed() -> None:
    stream = io.StringIO()
    configure("json", "info", stream)

    try:
        raise ValueError("cannot take ann@example.org")
    except ValueError:
        logging.getLogger("calls.test").exception("failed")

    assert json.loads(stream.getvalue())["traceback"].endswith("ValueError: cannot take [address]")
