"""The log: one line an entry, for people or as JSON for machines, without secrets and without addresses of people.

What is written passes through one sieve at the end, because a traceback or a library's message may hold anything.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

from calls.ground.tokens import TOKEN_LENGTH

# Mail addresses; tokens and secrets as `tokens.py` makes them, and longer signed values; passwords in addresses.
_MAIL = re.compile(r"(?<![^\s@<>\"(),;:=])[^\s@<>\"(),;:=]++@[^\s@<>\"'(),;:]+")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_PASSWORD = re.compile(r"(?<=://)[^\s/@]++@")
_SECRET = re.compile(rf"(?<![A-Za-z0-9_-])(?:[a-z2-7]{{32}}|[A-Za-z0-9_-]{{{TOKEN_LENGTH},}})(?![A-Za-z0-9_-])")


def without_secrets(line: str) -> str:
    """The line with every mail address, token and password struck out."""
    if "@" in line:
        line = _MAIL.sub("[address]", _PASSWORD.sub("[password] at ", line))
    return _SECRET.sub("[secret]", line)


class Readable(logging.Formatter):
    """Time, level, where, what: one line, and a traceback below it where there is one."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s %(message)s", "%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """The entry, its later lines set in: what somebody typed can neither start an entry nor move the cursor."""
        return _CONTROLS.sub("?", without_secrets(super().format(record)).replace("\n", "\n    "))


class Json(logging.Formatter):
    """One JSON object a line; what was logged with `extra={"facts": {...}}` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts: dict[str, object] = {
            "time": moment,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        facts |= getattr(record, "facts", {})
        if record.exc_info:
            facts["traceback"] = self.formatException(record.exc_info)
        cleaned = {name: without_secrets(value) if isinstance(value, str) else value for name, value in facts.items()}
        return json.dumps(cleaned, ensure_ascii=False, default=str)


FORMS: dict[str, type[logging.Formatter]] = {"text": Readable, "json": Json}


def configure(form: str, level: str, stream: TextIO | None = None) -> None:
    """Send the log of everything, libraries included, to one stream (standard error)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(FORMS[form]())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # No form of it writes these, so they are not looked for.
    logging.logThreads = logging.logMultiprocessing = logging.logProcesses = False
    for chatty in ("sqlalchemy", "alembic", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
