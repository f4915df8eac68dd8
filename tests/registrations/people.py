"""People, a show to come to, and many at once."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.refusals import Refusal
from calls.history.models import Change
from calls.registrations.attending import Person
from calls.registrations.models import CONFIRMED, Registration
from calls.shows.models import Call

ADA = Person("Ada", "ada@example.com", "Europe/Berlin")


def person(number: int) -> Person:
    return Person(f"Ada {number}", f"ada{number}@example.com", "Europe/Berlin")


def kept(session: Session, prefix: str = "") -> list[str]:
    """What the history says was done, in order."""
    return list(session.scalars(sa.select(Change.kind).where(Change.kind.startswith(prefix)).order_by(Change.id)))


def taken(session: Session) -> dict[str, int]:
    """The seats that each call says are taken, by its address; calls with none left out."""
    rows = session.execute(sa.select(Call.address, Call.taken).where(Call.taken > 0).order_by(Call.address))
    return {it.address: it.taken for it in rows}


def seated(session: Session) -> dict[str, int]:
    """The seats that registrations hold, by the call's address."""
    rows = session.scalars(
        sa.select(Call.address).join(Registration, Registration.call_id == Call.id).where(Registration.state == CONFIRMED)
    )
    return dict(sorted(Counter(rows).items()))


def at_once(works: Iterable[Callable[[], object]]) -> list[object]:
    """Do things at the same moment, each in a thread of its own; returns what each returned, or the kind of its refusal."""
    todo = list(works)
    barrier, outcomes = threading.Barrier(len(todo)), list[object]([None] * len(todo))

    def do(place: int) -> None:
        barrier.wait(30)
        try:
            outcomes[place] = todo[place]()
        except Refusal as refusal:
            outcomes[place] = type(refusal)

    threads = [threading.Thread(target=do, args=(place,)) for place in range(len(todo))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes
