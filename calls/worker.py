"""What runs by the clock and in the background: one table of chores, and two loops, with a mailbox and a web two more.

One loop does the chores, one sends, one reads mails and one busy calendars, so that a slow server holds up nothing else. Any
number of workers may run beside each other on PostgreSQL; every chore claims what it does, and does it again harmlessly after
a crash.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls import follow_ups, pending
from calls.busy_reader import BusyReader
from calls.ground.database import EVERYTHING, TROUBLE, cause
from calls.guests import booking
from calls.guests import inviting as guest_inviting
from calls.history.models import Change
from calls.inbound import taking
from calls.messages import inviting, reminding, reminding_guests, sending
from calls.reader import Reader
from calls.sender import Sender, Tools, in_words
from calls.shows import laying_out, rescheduling
from calls.team import signing_in
from calls.wishes import wishing

logger = logging.getLogger("calls.worker")

LONGEST_WAITING = (Change.try_at, Change.id)  # as their index has them, without a look at all that was followed up long ago
BATCH = 5  # changes a transaction, since on SQLite everybody else waits for it
NAP = 5.0
TOO_MANY_TROUBLES = 2  # in a row, each with another thing: the database's fault then, and not a thing's
PAUSES = tuple(timedelta(seconds=it) for it in (5, 30, 120, 600, 3600))
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

Chore = Callable[[Session, datetime], bool]


def follow_up(session: Session, now: datetime, most: int = BATCH) -> bool:
    """Take the next steps of the changes that wait longest; True while there may be more."""
    waiting = sa.and_(Change.followed_up_at.is_(None), Change.try_at <= now)
    found = session.scalars(
        sa.select(Change).where(waiting).order_by(*LONGEST_WAITING).limit(most).with_for_update(skip_locked=True)
    ).all()
    for change in found:
        follow_ups.follow_up(session, change, now)
        if change.followed_up_at is None:
            break  # a batch of many was written: let others write before the next
    return bool(found)


def lay_out(session: Session, now: datetime) -> bool:
    laying_out.lay_out_all(session, now)
    return False


def derive_again(session: Session, now: datetime) -> bool:
    return rescheduling.derive_again(session, now)


def release(session: Session, now: datetime) -> bool:
    sending.release(session, now)
    return False


def forget(session: Session, now: datetime) -> bool:
    signing_in.forget(session, now=now)
    return False


def forget_mails(session: Session, now: datetime) -> bool:
    taking.forget(session, now)
    return False


def forget_votes(session: Session, now: datetime) -> bool:
    wishing.forget(session, now)
    return False


def lapse(session: Session, now: datetime) -> bool:
    """End the holds and invitations whose time is over, one at a time."""
    return booking.let_lapse(session, now) + guest_inviting.let_lapse(session, now) > 0


CHORES: tuple[tuple[str, timedelta, Chore], ...] = (
    ("changes that take effect", SECOND, pending.take_next),
    ("follow-ups", timedelta(0), follow_up),
    ("holds that end", 10 * SECOND, lapse),
    ("reminders", 10 * SECOND, reminding.write_due),
    ("reminders to guests", MINUTE, reminding_guests.write_due),
    ("letters left behind", MINUTE, release),
    ("invitations of the week", 10 * MINUTE, inviting.invite_due),
    ("time-zone rules", HOUR, derive_again),
    ("calls laid out ahead", 6 * HOUR, lay_out),
    ("old sign-ins", 6 * HOUR, forget),
    ("mails that came in long ago", 6 * HOUR, forget_mails),
    ("votes that nobody confirmed", 6 * HOUR, forget_votes),
)


class Worker:
    """The loops, their waking and their end."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self.last_round: datetime | None = None
        self._due: dict[str, float] = {}
        self._wake = (threading.Event(), threading.Event(), threading.Event())
        self._stop = threading.Event()
        self.sender = Sender(tools, self.attempt, self._stop)
        self._threads = [
            threading.Thread(target=self._loop, args=(self._wake[0], self.do_chores), name="chores", daemon=True),
            threading.Thread(target=self._loop, args=(self._wake[1], self.sender.send), name="sender", daemon=True),
        ]
        if tools.mailbox:
            reader = Reader(tools, tools.mailbox, self.attempt, self._stop)
            reading = (threading.Event(), reader.read)
            self._threads.append(threading.Thread(target=self._loop, args=reading, name="reader", daemon=True))
        if tools.web:
            busy = (self._wake[2], BusyReader(tools, tools.web, self.attempt, self._stop).read)
            self._threads.append(threading.Thread(target=self._loop, args=busy, name="busy reader", daemon=True))
        tools.database.on_commit(self._hear)

    def start(self) -> None:
        """Begin. Where this is the only process, what a dead one had claimed is free again at once."""
        if self.tools.database.is_sqlite:
            with self.tools.database.transaction() as session:
                sending.release(session, self.tools.clock.now(), is_alone=True)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after what is being done now."""
        self._stop.set()
        for wake in self._wake:
            wake.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=40)
        self.sender.end()

    def _hear(self, tags: frozenset[str]) -> None:
        if not tags.isdisjoint({"changes", EVERYTHING}):
            self._wake[0].set()
        if not tags.isdisjoint({"messages", EVERYTHING}):
            self._wake[1].set()
        if not tags.isdisjoint({"change:busy_calendar.set", EVERYTHING}):
            self._wake[2].set()

    def _loop(self, wake: threading.Event, work: Callable[[], None]) -> None:
        while not self._stop.is_set():
            wake.clear()
            self.attempt(work.__name__, work)
            wake.wait(NAP if wake in self._wake[1:] else SECOND.total_seconds())

    def attempt(self, name: str, work: Callable[[], object]) -> Exception | None:
        """Do something that may go wrong; returns the fault. Here alone any fault is caught, for work goes on."""
        try:
            work()
        except TROUBLE as trouble:
            logger.warning("%s: waiting for the database: %s", name, cause(trouble))
            self._stop.wait(SECOND.total_seconds())  # the disk may be full, and this goes on until it is not
            return trouble
        except Exception as fault:
            logger.exception("%s failed", name)
            return fault
        return None

    def do_chores(self) -> None:
        """One round of the table: each chore that is due, until it has no more to do."""
        for name, every, chore in CHORES:
            now = monotonic()  # a clock that is set back must not keep a chore from its turn
            if now >= self._due.get(name, now):
                self._due[name] = now + every.total_seconds()
                if self.attempt(name, lambda chore=chore: self._exhaust(chore)) and chore is follow_up:  # type: ignore[misc]
                    self._find_poison()
        self.last_round = self.tools.clock.now()

    def _exhaust(self, chore: Chore) -> None:
        has_more = True
        while has_more and not self._stop.is_set():
            with self.tools.database.transaction() as session:
                has_more = chore(session, self.tools.clock.now())

    def _find_poison(self) -> None:
        """Follow up one change at a time, so that the one that fails is put off and all others go on."""
        now = self.tools.clock.now()
        with self.tools.database.reading() as session:
            waiting = sa.and_(Change.followed_up_at.is_(None), Change.try_at <= now)
            ids = session.scalars(sa.select(Change.id).where(waiting).order_by(*LONGEST_WAITING).limit(BATCH)).all()
        troubles = 0
        for change_id in ids:
            fault = self.attempt("one follow-up", lambda change_id=change_id: self._follow_up_one(change_id))  # type: ignore[misc]
            troubles = troubles + 1 if isinstance(fault, TROUBLE) else 0
            if troubles == TOO_MANY_TROUBLES:
                return
            if fault and not troubles:
                self._put_off(change_id, fault)

    def _follow_up_one(self, change_id: UUID) -> None:
        with self.tools.database.transaction() as session:
            change = session.get(Change, change_id, with_for_update=True)
            if change and change.followed_up_at is None:
                follow_ups.follow_up(session, change, self.tools.clock.now())

    def _put_off(self, change_id: UUID, fault: Exception) -> None:
        """Try a change again later. Only these columns are read, since the others may be what is broken."""
        with self.tools.database.transaction() as session:
            tries = session.scalar(sa.select(Change.tries).where(Change.id == change_id)) or 0
            later = self.tools.clock.now() + PAUSES[min(tries, len(PAUSES) - 1)]
            values = {"try_at": later, "tries": tries + 1, "fault": in_words(fault)[:500]}
            session.execute(sa.update(Change).where(Change.id == change_id).values(**values))

    def settle(self) -> None:
        """Do all that is due now, in this thread: for tests and for `calls demo`'s first page."""
        for _ in range(10):
            self._due.clear()
            self.do_chores()
            self.sender.try_now()
