"""Hear what other processes commit: PostgreSQL tells all of them, so that each forgets what it kept and wakes its worker."""

import logging
import threading

import psycopg
from psycopg.conninfo import make_conninfo

from calls.ground.database import CHANNEL, EVERYTHING, STAY_AWAKE, Database

logger = logging.getLogger("calls.listening")

PATIENCE = 5
HEARTBEAT = 1.0  # seconds, and how long an end has to wait at most


class Listener:
    """A thread that passes on the tags of transactions committed anywhere. On SQLite there is nobody else to hear."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)

    def start(self) -> None:
        if not self._database.is_sqlite:
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * PATIENCE)

    def _listen(self) -> None:
        address = self._database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        way = make_conninfo(address, connect_timeout=PATIENCE, **STAY_AWAKE)
        while not self._stop.is_set():
            try:
                with psycopg.connect(way, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._forget_all()
                    self._hear(connection)
            except psycopg.Error as trouble:
                logger.warning("the database does not tell of changes: %s", type(trouble).__name__)
                self._forget_all()
                self._stop.wait(1.0)

    def _hear(self, connection: psycopg.Connection) -> None:
        while not self._stop.is_set():
            for notice in connection.notifies(timeout=HEARTBEAT, stop_after=1):
                self._database.tell(frozenset(notice.payload.split()))
            connection.execute("SELECT 1")

    def _forget_all(self) -> None:
        """What was missed while nobody listened may be anything."""
        self._database.tell(frozenset({EVERYTHING}))
