"""Hear what other processes commit: PostgreSQL tells all of them, so that each forgets what it kept and wakes its worker."""

import logging
import threading
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from calls.ground.database import CHANNEL, EVERYTHING, Database

logger = logging.getLogger("calls.listening")

PATIENCE = 5
BREATH = 0.01
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
        engine = self._database.writer.execution_options(isolation_level="AUTOCOMMIT")
        while not self._stop.is_set():
            try:
                with engine.connect() as connection:
                    driver = connection.connection.driver_connection
                    connection.detach()  # whoever listens goes on listening, and must not be lent to anybody else
                    connection.exec_driver_sql(f"LISTEN {CHANNEL}")
                    self._forget_all()
                    self._hear(driver)
            except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as trouble:
                logger.warning("the database does not tell of changes: %s", type(trouble).__name__)
                self._forget_all()
                self._stop.wait(1.0)

    def _hear(self, driver: Any) -> None:
        """Pass on what psycopg's connection hears. It is not named here, since SQLite would have to import it too."""
        while not self._stop.is_set():
            heard = [notice.payload.split() for notice in driver.notifies(timeout=HEARTBEAT, stop_after=1)]
            tags = frozenset(tag for teller, *tags in heard if teller != self._database.voice.name for tag in tags)
            if tags:  # its own it has told already
                self._database.tell(tags)
            if heard:
                self._stop.wait(BREATH)  # in a rush many notices are heard at once
            else:
                driver.execute("SELECT 1")

    def _forget_all(self) -> None:
        """What was missed while nobody listened may be anything."""
        self._database.tell(frozenset({EVERYTHING}))
