"""People from a file: what would become of each, and that it then does."""

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound
from calls.guests import file, importing
from calls.guests.models import Guest
from tests.builders import NOW, a_guest
from tests.guests.benches import a_leader, an_owner, kept

SHEET = """Name,E-mail,Phone
Ann Lee,ann@example.com,
Keiko O.,KEIKO@example.com,
"Ono, Keiko",,
"Ono, Keiko",other@example.com,
Rosa,,+81 3 5555 0101
Bad,nope,
,none@example.com,
Ann again,ann@example.com,
Bob,,
bob,,
"""


def test_fate_of_each_row_is_said_and_nothing_is_done(database: Database) -> None:
    with database.transaction() as session:
        by, other = an_owner(session), an_owner(session)
        assert by.account_id
        a_guest(session, account_id=by.account_id, name="Dr. Keiko Ono", email="keiko@example.com", phone="(03) 5555-0101")
        a_guest(session, account_id=other.account_id, name="Ann Lee", email="ann@example.com")

        fates = importing.judge(session, by.account_id, file.rows(SHEET))

        assert [(it.number, it.fate, it.why) for it in fates] == [
            (2, "new", ""),
            (3, "known", "Dr. Keiko Ono has that address already."),
            (4, "known", "Dr. Keiko Ono is on the bench already."),
            (5, "new", "Perhaps a double of Dr. Keiko Ono."),
            (6, "new", "Perhaps a double of Dr. Keiko Ono."),
            (7, "faulty", "E-mail: Enter one e-mail address, like name@example.com."),
            (8, "faulty", "Name: Give a name."),
            (9, "known", "Ann Lee has that address already."),
            (10, "new", ""),
            (11, "known", "Bob is on the bench already."),
        ]
        assert kept(session) == []


def test_whoever_is_new_is_put_on_the_bench_and_the_others_stay_as_they_are(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        assert by.account_id
        a_guest(session, account_id=by.account_id, name="Dr. Keiko Ono", email="keiko@example.com")

        number = importing.take_in(session, by.account_id, file.rows(SHEET), "Autumn", by=by, now=NOW)

        guests = session.scalars(sa.select(Guest).order_by(Guest.name)).all()
        assert number == 4
        assert [(it.name, it.email, it.tags, it.place) for it in guests] == [
            ("Ann Lee", "ann@example.com", ["autumn"], None),
            ("Bob", None, ["autumn"], None),
            ("Dr. Keiko Ono", "keiko@example.com", [], None),
            ("Ono, Keiko", "other@example.com", ["autumn"], None),
            ("Rosa", None, ["autumn"], None),
        ]
        assert kept(session) == [("guest.imported", {})] * 4


def test_same_file_again_brings_nobody(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        assert by.account_id
        rows = file.rows("Ann,ann@example.com\nBob\n")
        importing.take_in(session, by.account_id, rows, by=by, now=NOW)

        with pytest.raises(Invalid, match="There is nobody new in it"):
            importing.take_in(session, by.account_id, rows, by=by, now=NOW)


def test_five_thousand_at_once(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        assert by.account_id
        rows = file.rows("Name,E-mail\n" + "".join(f"Person {it},p{it}@example.com\n" for it in range(5_000)))

        assert importing.take_in(session, by.account_id, rows, by=by, now=NOW) == 5_000


def test_only_whoever_may_invite_guests_imports(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        assert by.account_id
        rows = file.rows("Ann\n")

        with pytest.raises(NotAllowed):
            importing.take_in(session, by.account_id, rows, by=a_leader(session, by), now=NOW)
        with pytest.raises(NotFound):
            importing.take_in(session, by.account_id, rows, by=an_owner(session), now=NOW)
