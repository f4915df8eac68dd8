"""Put people from a file on the bench: first say what would become of each, then do just that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from calls.ground.database import new_id, straight
from calls.ground.refusals import Invalid, Refused
from calls.guests import benching, doubles, queries
from calls.guests import person as persons
from calls.guests.models import Guest
from calls.guests.person import Person, Row
from calls.history.keeping import Actor, Subject, keep_all
from calls.team.roles import require

_INSERT = sa.insert(cast(sa.Table, Guest.__table__))
NEW, KNOWN, FAULTY = "new", "known", "faulty"
_FIELDS = {"name": "Name", "email": "E-mail", "phone": "Phone", "zone": "Time zone"}
_FIELDS |= {"met": "Met", "topics": "Topics", "notes": "Notes", "tags": "Tags"}


@dataclass(frozen=True)
class Fate:
    """What becomes of a row: `new` is put on the bench, `known` stays as she is there, `faulty` is left out; and why."""

    number: int
    person: Person
    fate: str
    why: str = ""


def judge(session: Session, account_id: UUID, rows: Sequence[Row], tag: str = "") -> list[Fate]:
    """What would become of each row, in their order. Nothing is done. `tag` is put on all."""
    bench = _Bench(queries.known_of(session, account_id))
    return [bench.judge(row, tag) for row in rows]


def take_in(session: Session, account_id: UUID, rows: Sequence[Row], tag: str = "", *, by: Actor, now: datetime) -> int:
    """Put whoever is new on the bench, without a turn in its order; returns how many. Raises Invalid where there is nobody."""
    require(by, "invite guests", account_id)
    new = [it.person for it in judge(session, account_id, rows, tag) if it.fate == NEW]
    if not new:
        raise Invalid({"text": "There is nobody new in it."})
    made = [{"id": new_id(), "created_at": now, "account_id": account_id, **benching.row(it)} for it in new]
    try:
        with session.begin_nested():
            straight(session).execute(_INSERT, made)
    except IntegrityError as fault:
        raise Refused("Somebody of these was put on the bench this very moment. Look at the rows again.") from fault
    about = [(Subject(it["id"], account_id), {"guest": it["name"], "guest_id": str(it["id"])}) for it in made]
    keep_all(session, "guest.imported", about, by=by, now=now)
    return len(new)


class _Bench:
    """Who is on the bench already, and who will be by the rows judged so far, by what tells one from another."""

    def __init__(self, known: Iterable[doubles.Known]) -> None:
        self._by_mark: dict[str, str] = {}
        for somebody in known:
            self._note(somebody)

    def judge(self, row: Row, tag: str) -> Fate:
        if row.fault:
            return Fate(row.number, row.person, FAULTY, row.fault)
        try:
            taken = persons.checked(replace(row.person, tags=(*row.person.tags, tag)))
        except Invalid as refusal:
            said = " ".join(f"{_FIELDS[name]}: {sentence}" for name, sentence in refusal.errors.items())
            return Fate(row.number, row.person, FAULTY, said)
        same, namesake = self._by_mark.get(f"={taken.email}"), self._by_mark.get(doubles.name_mark(taken))
        if taken.email and same:
            return Fate(row.number, taken, KNOWN, f"{same} has that address already.")
        if namesake and not taken.email:
            return Fate(row.number, taken, KNOWN, f"{namesake} is on the bench already.")
        like = next((self._by_mark[it] for it in sorted(doubles.marks(taken)) if it in self._by_mark), "")
        self._note(taken)
        return Fate(row.number, taken, NEW, f"Perhaps a double of {like}." if like else "")

    def _note(self, somebody: doubles.Known) -> None:
        for mark in (*doubles.marks(somebody), f"={somebody.email}"):
            self._by_mark.setdefault(mark, somebody.name)
