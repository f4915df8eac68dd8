"""Inserting what may be there already: the number of new rows decides what is done next."""

from typing import cast

import sqlalchemy as sa

from calls.ground.database import Database, insert_once, new_id
from calls.messages.models import Silence
from tests.builders import NOW, an_attendee

TABLE = cast(sa.Table, Silence.__table__)


def test_inserting_once_says_how_many_rows_were_new(database: Database) -> None:
    with database.transaction() as session:
        rows = [{"id": new_id(), "created_at": NOW, "attendee_id": an_attendee(session).id, "kind": "all"} for _ in range(3)]

        new = [insert_once(session, TABLE, wanted) for wanted in ([], rows[:1], rows[:1], rows[:2], rows, rows)]

    assert new == [0, 1, 0, 1, 1, 0]
