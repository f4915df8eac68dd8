"""The builders make rows that both databases take, and the databases of two tests do not meet."""

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.registrations.models import Registration
from tests.builders import a_call, a_member, a_pass, a_registration, a_show


@pytest.mark.parametrize("turn", [1, 2])
def test_builders_fill_in_what_was_not_said(database: Database, turn: int) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session, slug="ask-tara"), capacity=2)
        a_registration(session, call)
        a_member(session)
        a_pass(session, call.show)

    with database.reading() as session:
        registration = session.scalars(sa.select(Registration)).one()
        assert (registration.call.seats_left, registration.call.starts_at.isoformat()) == (1, "2026-11-25T00:00:00+00:00")
