"""The file that a backup is: a ZIP of one member of lines for each table, the secret if it belongs in it, and a manifest.

The manifest is written last and tells what must be in the rest, so a file that was cut off is known as such.
"""

import hashlib
import hmac
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from calls.ground.refusals import Refused

FORMAT = 1
MANIFEST = "manifest.json"
SECRET = "secret"
# What zipfile raises for a file that is no archive or is damaged: a flipped bit may ask for a password or a newer release.
UNREADABLE = (zipfile.BadZipFile, KeyError, EOFError, zlib.error, RuntimeError)


@dataclass(frozen=True)
class Rows:
    """What a backup says of one table."""

    columns: list[str]
    count: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup is, and what must be in it. `secret_mark` knows the secret again without telling it."""

    format: int
    calls: str
    revision: str
    tzdata: str
    made_at: str
    database: str
    secret_mark: str
    tables: dict[str, Rows]

    @property
    def count(self) -> int:
        return sum(rows.count for rows in self.tables.values())


def mark(secret: bytes) -> str:
    """What is said of a secret in a backup that does not hold it."""
    return hmac.digest(secret, b"calls/backup", "sha256").hex()


def member(table: str) -> str:
    return f"rows/{table}.jsonl"


class Archive:
    """A backup opened for reading. Raises Refused where the file is none, or is damaged."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = _manifest(self._zip.read(MANIFEST))
        except FileNotFoundError:
            raise Refused(f"There is no file {path}.") from None
        except (*UNREADABLE, ValueError, TypeError):
            raise Refused(f"{path} is no backup of Calls, or only the beginning of one.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()

    @property
    def secret(self) -> bytes | None:
        """The installation's secret, where it was one of its data folder."""
        return self._zip.read(SECRET) if SECRET in self._zip.namelist() else None

    def check(self) -> None:
        """Read everything once and compare it with what the manifest says."""
        for table, rows in self.manifest.tables.items():
            digest, count = hashlib.sha256(), 0
            for line in self.lines(table):
                digest.update(line)
                count += 1
            if (count, digest.hexdigest()) != (rows.count, rows.sha256):
                raise Refused(f"The backup is damaged: its rows of “{table}” are not those that were written. Take another one.")
        secret = self.secret
        if secret is not None and mark(secret) != self.manifest.secret_mark:
            raise Refused("The backup is damaged: the secret in it is not the one that was written. Take another one.")

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of one table, one line each, without holding them all."""
        try:
            with self._zip.open(member(table)) as lines:
                yield from lines
        except UNREADABLE:
            raise Refused(f"The backup is damaged: its rows of “{table}” cannot be read. Take another one.") from None


def written(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), indent=2).encode()


def _manifest(text: bytes) -> Manifest:
    facts = json.loads(text)
    if facts["format"] != FORMAT:
        raise Refused("This backup was made by a newer release of Calls; restore it with that one.")
    return Manifest(**facts | {"tables": {name: Rows(**rows) for name, rows in facts["tables"].items()}})
