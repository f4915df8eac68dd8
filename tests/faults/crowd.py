"""People who register one after another while something goes wrong, and what each of them was answered."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import httpx
import sqlalchemy as sa

from calls.ground.database import Database
from calls.registrations.models import CONFIRMED, Attendee, Registration
from calls.shows.models import Call
from tests.served import Served, register

ANSWERED_NOT = 0


class Crowd:
    """Each person has an address of her own, comes from a network of her own, and tries once."""

    def __init__(self, served: Served, page: str) -> None:
        self._served = served
        self._page = page
        self._numbers = count(1)
        self._is_over = threading.Event()
        self.answers: dict[str, int] = {}

    @property
    def acknowledged(self) -> list[str]:
        """Who was told that she is registered."""
        return sorted(email for email, status in self.answers.copy().items() if status == 303)

    @property
    def statuses(self) -> Counter[int]:
        """How often each status was answered; 0 stands for no answer."""
        return Counter(self.answers.copy().values())

    @contextmanager
    def coming(self, at_once: int = 3, pause: float = 0.02) -> Iterator["Crowd"]:
        """Have so many come at once until the block ends, each some seconds after the one before her."""
        threads = [threading.Thread(target=self._come, args=(pause,), daemon=True) for _ in range(at_once)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join(timeout=60)

    def _come(self, pause: float) -> None:
        browser = self._served.browser()
        while not self._is_over.is_set():
            number = next(self._numbers)
            email = f"listener{number}@example.com"
            browser.cookies.clear()
            browser.headers["x-forwarded-for"] = f"10.{number % 250}.{number // 250 % 250}.1"
            try:
                self.answers[email] = register(browser, self._page, email, f"Listener {number}").status_code
            except httpx.TransportError:
                self.answers[email] = ANSWERED_NOT
            time.sleep(pause)


def registered(address: str) -> list[str]:
    """Who is registered, once for each registration."""
    with _reading(address) as session:
        wanted = sa.select(Attendee.email).join(Registration, Registration.attendee_id == Attendee.id)
        return [str(it) for it in session.scalars(wanted.where(Registration.state == CONFIRMED).order_by(Attendee.email))]


def seats_taken(address: str) -> int:
    """The seats that are taken in all calls, as the calls themselves count them."""
    with _reading(address) as session:
        return session.scalar(sa.select(sa.func.sum(Call.taken))) or 0


def pages_of_calls(address: str) -> list[str]:
    """The pages of the show's calls, the next first."""
    with _reading(address) as session:
        return [f"/ask-tara/{it}" for it in session.scalars(sa.select(Call.address).order_by(Call.starts_at))]


@contextmanager
def _reading(address: str) -> Iterator[sa.orm.Session]:
    database = Database(address, is_serving=False)
    try:
        with database.reading() as session:
            yield session
    finally:
        database.close()
