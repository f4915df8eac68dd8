"""What a command stands on: the settings of the environment, and the database that they name."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from calls import settings
from calls.backups import making
from calls.cli.speaking import progress, say
from calls.ground import logs
from calls.ground.database import Database
from calls.ground.refusals import Refused
from calls.migrations import running
from calls.settings import Settings

PRIVATE = 0o077  # what the data folder's files keep from everybody else


def read_settings() -> Settings:
    """The settings of the environment."""
    keep_private()
    found = settings.read(os.environ)
    logs.configure(found.log.form, found.log.level)
    return found


def keep_private() -> None:
    """What this process makes from here on, its owner alone may read."""
    os.umask(PRIVATE)


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database, for a command beside `calls serve`: it never checkpoints SQLite's log."""
    file = sqlite_file(settings)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database, is_serving=False)
    try:
        yield database
    finally:
        database.close()


def bring_up(database: Database, settings: Settings) -> list[str]:
    """Run the steps that the database lacks, after a backup of what is there, and say so."""
    if running.standing(database) != "behind":
        return running.upgrade(database)
    with database.reader.connect() as connection:
        before = running.revision(connection)
    if before is not None:
        _back_up_before(database, settings, before)
    return running.upgrade(database, lambda step: say(f"Bringing the database to {step} …"))


def sqlite_file(settings: Settings) -> Path | None:
    """The file of a SQLite database; None on PostgreSQL."""
    kind, _, path = settings.database.partition("sqlite:///")
    return Path(path.partition("?")[0]) if not kind else None


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Be the one process that serves this SQLite file, or brings it back; refuses while another one is. Ends with the process."""
    file = sqlite_file(settings)
    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(f"{file.name}.serving").open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"`calls serve` is running on {file}. Stop it first; more than one at once needs PostgreSQL.") from None
        yield


def now() -> datetime:
    return datetime.now(UTC)


def _back_up_before(database: Database, settings: Settings, step: str) -> None:
    folder = settings.data / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now():%Y-%m-%d-%H%M%S}-{os.getpid()}-{step}.calls"
    with progress("Backing up") as tell:
        making.make(
            database, path, secret=settings.secret, keeps_secret=settings.is_secret_kept, now=now(), progress=tell
        )
    say(f"Before the database is changed, everything in it was backed up to {path}.")
