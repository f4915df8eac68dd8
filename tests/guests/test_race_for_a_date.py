"""Two guests want one date at the same moment, fifty times: one has it each time, the other sees what is left."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import httpx
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.clock import SetClock
from calls.guests import benching, inviting
from calls.guests.inviting import Offer
from calls.guests.models import STANDING, Booking
from calls.guests.person import Person
from calls.shows import queries as shows
from calls.shows.models import Show
from tests.builders import NOW
from tests.calendars.judging import JUDGE
from tests.served import plan_a_show
from tests.served_here import ServedHere, served_here

TRIES = 50


@dataclass(frozen=True)
class Try:
    """Two guests' pages, the date that both want, and the other one that both are offered."""

    pages: tuple[str, str]
    wanted: str
    other: str


def tries_of(served: ServedHere) -> list[Try]:
    """A call and its two guests for each try, and one call more, which nobody chooses."""
    by, planned = plan_a_show(served.database, NOW)
    links, found = served.built.house.links.here, []
    with served.database.transaction() as session:
        show = session.get_one(Show, planned.id)
        *calls, spare = shows.calls_to_come(session, [show.id], NOW, TRIES + 1)
        for number, call in enumerate(calls):
            people = [Person(f"Guest {number}{which}", f"{which}{number}@example.org") for which in "ab"]
            guests = [benching.add(session, show.account_id, it, by=by, now=NOW) for it in people]
            asked = [inviting.invite(session, show, it, Offer("call", [call, spare]), by=by, now=NOW) for it in guests]
            pages = (links.guest(asked[0].id), links.guest(asked[1].id))
            found.append(Try(pages, str(call.id), str(spare.id)))
    return found


def chosen_by(session: Session) -> list[int]:
    """How many standing bookings each call has that has any."""
    standing = sa.select(sa.func.count()).where(Booking.state.in_(STANDING)).group_by(Booking.call_id)
    return list(session.scalars(standing))


def test_two_guests_want_one_date_fifty_times(address: str, tmp_path: Path) -> None:
    with served_here(tmp_path, SetClock(NOW), CALLS_DATABASE=address) as served, ThreadPoolExecutor(2) as two:
        tries, barrier = tries_of(served), Barrier(2)

        def choose(page: str, date: str) -> httpx.Response:
            with httpx.Client(base_url=served.url, headers={"origin": served.url}, trust_env=False, timeout=30) as client:
                client.event_hooks = {"response": [JUDGE.answer]}
                client.get("/health/live")
                barrier.wait(30)
                return client.post(page, data={"date": date})

        outcomes = [list(two.map(choose, it.pages, (it.wanted, it.wanted))) for it in tries]
        with served.database.reading() as session:
            standing = chosen_by(session)

    late = [next(it.text for it in answers if it.status_code == 409) for answers in outcomes]
    assert [sorted(it.status_code for it in answers) for answers in outcomes] == [[303, 409]] * TRIES
    assert standing == [1] * TRIES
    assert ["Somebody else has just chosen this date. Below is what is left." in it for it in late] == [True] * TRIES
    assert [re.findall(r'name="date" value="([^"]+)"', it) for it in late] == [[it.other] for it in tries]
