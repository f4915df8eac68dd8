"""A seat that is taken or given back says when: in whole seconds, and later than all that was shown of the call before."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.registrations import seating
from calls.registrations.welcoming import welcome
from calls.shows.models import Call
from tests.builders import NOW, a_call, a_show
from tests.registrations.people import ADA

SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(hours=2, microseconds=700_000)


@pytest.fixture
def call(database: Database) -> Call:
    with database.transaction() as session:
        return a_call(session, a_show(session), capacity=3)


def counted(database: Database) -> tuple[int, datetime | None]:
    with database.reading() as session:
        found = session.scalars(sa.select(Call)).one()
        return found.taken, found.counted_at


def take(database: Database, call: Call, now: datetime) -> bool:
    with database.transaction() as session:
        return seating.take(session, call.id, now)


def test_taken_seat_says_when_in_whole_seconds(database: Database, call: Call) -> None:
    before = counted(database)
    take(database, call, LATER)

    assert (before, counted(database)) == ((0, None), (1, NOW + timedelta(hours=2)))


def test_each_count_is_later_than_the_one_before_even_in_one_second(database: Database, call: Call) -> None:
    first = take(database, call, LATER), counted(database)
    second = take(database, call, LATER), counted(database)
    with database.transaction() as session:
        seating.give_back(session, call.id, LATER)

    whole = NOW + timedelta(hours=2)
    assert (first, second, counted(database)) == (
        (True, (1, whole)),
        (True, (2, whole + SECOND)),
        (1, whole + 2 * SECOND),
    )


def test_count_is_later_than_what_the_public_was_shown(database: Database, call: Call) -> None:
    take(database, call, NOW)

    assert counted(database) == (1, NOW + SECOND)  # the call was laid out at that very second


def test_refused_seat_changes_nothing(database: Database, call: Call) -> None:
    for _ in range(3):
        take(database, call, LATER)
    before = counted(database)
    refused = take(database, call, LATER + timedelta(days=1))

    assert (refused, counted(database)) == (False, before)


def test_seat_that_nobody_has_is_not_given_back(database: Database, call: Call) -> None:
    with database.transaction() as session:
        seating.give_back(session, call.id, LATER)

    assert counted(database) == (0, None)


def test_statement_and_row_count_alike(database: Database, call: Call) -> None:
    by_statement: list[datetime | None] = []
    by_row: list[datetime | None] = []
    for _ in range(3):
        take(database, call, LATER)
        by_statement.append(counted(database)[1])
    with database.transaction() as session:
        row = session.scalars(sa.select(Call)).one()
        row.counted_at = None
        for _ in range(3):
            row.recount(LATER)
            by_row.append(row.counted_at)

    assert by_statement == by_row


def test_newcomer_in_a_single_statement_is_counted_too(postgres_address: str) -> None:
    server = Database(postgres_address)
    with server.transaction() as session:
        a_call(session, a_show(session, slug="ask-tara"), capacity=2)
    with server.single() as session:
        welcome(session, "ask-tara", "2026-11-24", ADA, now=LATER)
    found = counted(server)
    server.close()

    assert found == (1, NOW + timedelta(hours=2))


@pytest.mark.parametrize("counted_at", [None, NOW - SECOND, NOW, NOW + timedelta(hours=1)])
def test_published_change_is_later_for_the_host_too(database: Database, call: Call, counted_at: datetime | None) -> None:
    call.counted_at = counted_at
    before = call.host_revised_at
    call.revise(NOW)

    assert (call.revised_at, call.host_revised_at > before) == (NOW + SECOND, True)
