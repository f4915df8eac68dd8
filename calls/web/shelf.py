"""The last good answers, kept on disk: for a process that was started anew and finds the database away (F19 of calendars.md).

An answer has one place and one address under which it is found; both stand on disk as digests only. What is kept is no more
than a copy: where it cannot be written or read, nobody is the worse for it. Several processes may share the folder.
"""

import errno
import gzip
import hashlib
import json
import logging
import os
import secrets
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from calls.ground.tokens import digest
from calls.web.answers import Answer, Prepared

logger = logging.getLogger("calls.web")

MOST = 20_000
MOST_BYTES = 200_000_000
LARGEST = 4_000_000
ROOM = 0.9  # how full it is left when something had to be given up
UNFINISHED = ".part"
SHARE = 20  # the folder is looked through after each twentieth of what it may hold
ABANDONED = 600.0  # seconds after which a file that was never finished belongs to nobody


class Shelf:
    """Answers by place, the longest unasked given up first. Without a folder it keeps nothing.

    `salt` is worked out of the installation's secret: with another secret nothing of before is found. `most` and `most_bytes`
    may be passed by a twentieth for each process before the oldest are given up.
    """

    def __init__(
        self, folder: Path | None = None, salt: str = "", *, most: int = MOST, most_bytes: int = MOST_BYTES
    ) -> None:
        self._folder = folder
        self._salt = salt
        self._most, self._most_bytes = most, most_bytes
        self._written = self._written_bytes = 0
        self._is_looked_through = self._is_failing = False
        self._lock = Lock()

    def put(self, place: str, address: str, prepared: Prepared, is_current: Callable[[], bool]) -> None:
        """Keep an answer, if it is still current once it is this one's turn; a place that was cleared since stays clear."""
        if self._folder is None or prepared.size > LARGEST:
            return
        made = _packed(digest(address), prepared)
        with self._lock:
            if is_current():
                self._try_to_write(self._folder, self._file(self._folder, place), made)

    def find(self, place: str, address: str) -> Answer | None:
        """The answer that was kept here for this address; None for any other address, and for what is damaged."""
        if self._folder is None:
            return None
        with suppress(OSError):
            return _unpacked(digest(address), self._file(self._folder, place).read_bytes())
        return None

    def forget(self, place: str, address: str) -> None:
        """Give up what was kept here for this address: it is gone. What another address of the same place finds stays."""
        if self.find(place, address) is not None:
            self.clear(place)

    def clear(self, place: str, but: str = "") -> None:
        """Give up whatever was kept here, but for what is found under the one address."""
        if self._folder is None:
            return
        with self._lock, suppress(OSError):
            if not but or self.find(place, but) is None:
                self._file(self._folder, place).unlink(missing_ok=True)

    def _file(self, folder: Path, place: str) -> Path:
        return folder / digest(f"{self._salt}\n{place}")

    def _try_to_write(self, folder: Path, file: Path, made: bytes) -> None:
        """A full disk, or one that may only be read, is told of once, and again after it was mended."""
        try:
            _write(folder, file, made, self._note)
            self._is_failing = False
        except OSError as trouble:
            if not self._is_failing:
                logger.warning("the last good feeds cannot be kept on disk: %s", os.strerror(trouble.errno or 0))
            self._is_failing = True
            return
        is_much = self._written * SHARE > self._most or self._written_bytes * SHARE > self._most_bytes
        if is_much or not self._is_looked_through:
            self._make_room(folder)

    def _note(self, size: int) -> None:
        self._written += 1
        self._written_bytes += size

    def _make_room(self, folder: Path) -> None:
        """Give up the oldest where there is too much, and what others began and never finished."""
        self._is_looked_through, self._written, self._written_bytes = True, 0, 0
        whole = sorted(_whole(folder, time.time() - ABANDONED))
        count, size = len(whole), sum(it[1] for it in whole)
        if count <= self._most and size <= self._most_bytes:
            return
        for _, bytes_, name in whole:
            if count <= self._most * ROOM and size <= self._most_bytes * ROOM:
                return
            with suppress(OSError):
                (folder / name).unlink(missing_ok=True)
            count, size = count - 1, size - bytes_


def _write(folder: Path, file: Path, made: bytes, note: Callable[[int], None]) -> None:
    """Put the bytes there at once and whole, readable by the owner alone. The same bytes are only marked as asked for anew."""
    with suppress(OSError):
        if file.read_bytes() == made:
            os.utime(file)
            return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f"{secrets.token_hex(8)}{UNFINISHED}"
    try:
        with open(unfinished, "xb", buffering=0, opener=_private) as into:
            if into.write(made) != len(made):
                raise OSError(errno.ENOSPC, "a part of it could not be written")
        unfinished.replace(file)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    note(len(made))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _whole(folder: Path, abandoned_before: float) -> Iterator[tuple[float, int, str]]:
    """What is kept: when it was asked for last, its size and its file. Clears away what was abandoned unfinished."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                about = entry.stat(follow_symlinks=False)
                if not entry.name.endswith(UNFINISHED):
                    yield about.st_mtime, about.st_size, entry.name
                elif about.st_mtime < abandoned_before:
                    Path(entry.path).unlink()


def _packed(address: str, prepared: Prepared) -> bytes:
    """An answer as it lies on disk: a line that says what it is, and its body, packed where that helps."""
    answer = prepared.answer
    body = answer.body if prepared.small is None else prepared.small.body
    about = {
        "address": address,
        "mark": _mark(body),
        "is_packed": prepared.small is not None,
        "content_type": answer.content_type,
        "cache_control": answer.cache_control,
        "last_modified": answer.last_modified and answer.last_modified.isoformat(),
        "headers": answer.headers,
    }
    return json.dumps(about).encode() + b"\n" + body


def _unpacked(address: str, made: bytes) -> Answer | None:
    """The answer; None where it was kept for another address, or is not whole."""
    line, _, body = made.partition(b"\n")
    try:
        about = json.loads(line)
        if not secrets.compare_digest(about["address"], address) or about["mark"] != _mark(body):
            return None
        moment = about["last_modified"]
        return Answer(
            gzip.decompress(body) if about["is_packed"] else body,
            about["content_type"],
            cache_control=about["cache_control"],
            last_modified=datetime.fromisoformat(moment) if moment else None,
            headers=tuple((name, value) for name, value in about["headers"]),
        )
    except (ValueError, TypeError, LookupError, OSError, EOFError, zlib.error):
        return None


def _mark(body: bytes) -> str:
    """By this a file is known that a power cut left with a part of its bytes."""
    return hashlib.sha256(body).hexdigest()
