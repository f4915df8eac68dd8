"""The last seats, wanted by two hundred at once: as many as there are, not one more; and what would happen unguarded."""

import time
from functools import partial

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.registrations import registering, seating
from calls.registrations.registering import Full, Take
from calls.shows.models import Call
from tests.builders import NOW, a_call, a_show
from tests.registrations.careless import LooksOnce
from tests.registrations.people import at_once, person, seated, taken

PEOPLE, SEATS = 200, 20
DAY = "2026-11-24"


def race(database: Database, take: Take) -> tuple[list[object], list[float]]:
    """Two hundred register for twenty seats at once; returns what each was told, and how long each had to wait."""
    with database.transaction() as session:
        a_call(session, a_show(session), capacity=SEATS)
    waits: list[float] = []

    def register(number: int) -> bool:
        began_at = time.monotonic()
        try:
            with database.transaction() as session:
                call = session.scalars(sa.select(Call)).one()
                return registering.register(session, call, person(number), by=None, now=NOW, take=take).is_new
        finally:
            waits.append(time.monotonic() - began_at)

    return at_once([partial(register, number) for number in range(PEOPLE)]), waits


def test_last_seats_are_given_once_and_each_is_told_the_truth(database: Database) -> None:
    outcomes, waits = race(database, seating.take)

    with database.reading() as session:
        assert (taken(session), seated(session)) == ({DAY: SEATS}, {DAY: SEATS})
    assert (outcomes.count(True), outcomes.count(Full)) == (SEATS, PEOPLE - SEATS)
    assert max(waits) < 10


def test_unguarded_seats_are_oversold_and_this_race_finds_it(database: Database) -> None:
    outcomes, _ = race(database, LooksOnce())

    with database.reading() as session:
        assert seated(session) == {DAY: PEOPLE}
    assert outcomes.count(True) == PEOPLE


@pytest.mark.parametrize("round_", range(12))
def test_thirty_for_the_last_three_seats_time_and_again(database: Database, round_: int) -> None:
    with database.transaction() as session:
        a_call(session, a_show(session), capacity=3 + round_, taken=round_)

    def register(number: int) -> bool:
        with database.transaction() as session:
            call = session.scalars(sa.select(Call)).one()
            return registering.register(session, call, person(number), by=None, now=NOW).is_new

    outcomes = at_once([partial(register, number) for number in range(30)])

    with database.reading() as session:
        assert (seated(session), taken(session)) == ({DAY: 3}, {DAY: 3 + round_})
    assert (outcomes.count(True), outcomes.count(Full)) == (3, 27)
