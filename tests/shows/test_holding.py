"""Holding a show or a call, however it was read."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from calls.ground.database import Database
from calls.shows import holding
from calls.shows.models import Call
from tests.builders import a_call, a_show


def test_hold_of_a_call_that_was_read_together_with_its_show_sees_it_as_it_is_now(database: Database) -> None:
    with database.transaction() as session:
        a_call(session, a_show(session), capacity=7)
    with database.transaction() as session:
        call = session.scalars(sa.select(Call).options(joinedload(Call.show))).one()
        session.execute(sa.update(Call).values(capacity=9).execution_options(synchronize_session=False))

        holding.hold_call(session, call)

        assert call.capacity == 9
