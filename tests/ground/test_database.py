"""Two kinds of transaction, what is told of them, and the columns that every table shares."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby
from typing import cast

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from calls.ground.database import CHANNEL, EVERYTHING, Database, UtcTime, insert_once, is_away, new_id, rehearsing, touch
from calls.ground.listening import Listener
from calls.team.models import Account
from tests.builders import NOW, a_show, an_account

ACCOUNTS = cast(sa.Table, Account.__table__)


def names(session: Session) -> list[str]:
    return list(session.scalars(sa.select(Account.name).order_by(Account.name)))


def heard_by(database: Database) -> list[frozenset[str]]:
    heard: list[frozenset[str]] = []
    database.on_commit(heard.append)
    return heard


def test_what_a_transaction_writes_is_there_when_it_ends(database: Database) -> None:
    with database.transaction() as session:
        session.add(Account(name="Tara", created_at=NOW))

    with database.reading() as session:
        assert names(session) == ["Tara"]


def test_what_fails_is_as_if_it_never_was_and_nobody_hears_of_it(database: Database) -> None:
    heard = heard_by(database)

    with pytest.raises(ValueError, match="trouble"), database.transaction() as session:
        an_account(session)
        touch(session, "accounts")
        raise ValueError("trouble")

    with database.reading() as session:
        assert (names(session), heard) == ([], [])
    with database.transaction() as session:
        an_account(session, name="Next")
    with database.reading() as session:
        assert names(session) == ["Next"]


def test_listeners_hear_what_was_touched_once_it_can_be_read(database: Database) -> None:
    seen: list[tuple[list[str], frozenset[str]]] = []

    def hear(tags: frozenset[str]) -> None:
        with database.reading() as session:
            seen.append((names(session), tags))

    database.on_commit(hear)
    with database.transaction() as session:
        an_account(session, name="Tara")
        touch(session, "one", "two")
        touch(session, "two")
        assert seen == []
    with database.transaction() as session:
        names(session)

    assert seen == [(["Tara"], frozenset({"one", "two"}))]


def test_reader_sees_one_state_from_beginning_to_end(database: Database) -> None:
    with database.transaction() as session:
        an_account(session, name="First")

    with database.reading() as reader:
        before = names(reader)
        with database.transaction() as session:
            an_account(session, name="Second")
        during = names(reader)
    with database.reading() as reader:
        after = names(reader)

    assert (before, during, after) == (["First"], ["First"], ["First", "Second"])


def test_what_a_reader_writes_is_thrown_away(database: Database) -> None:
    with database.reading() as session:
        session.add(Account(name="Tara", created_at=NOW))
        session.flush()

    with database.reading() as session:
        assert names(session) == []


def test_rehearsal_leaves_no_trace(database: Database) -> None:
    heard = heard_by(database)
    with database.transaction() as session:
        account = an_account(session, name="Tara")
        touch(session, "real")
        with rehearsing(session):
            account.name = "Anna"
            an_account(session, name="Another")
            touch(session, "rehearsed")
            assert names(session) == ["Anna", "Another"]
        found = (account.name, names(session))

    assert found == ("Tara", ["Tara"])
    assert heard == [frozenset({"real"})]


def test_rehearsal_that_fails_leaves_no_trace_either(database: Database) -> None:
    heard = heard_by(database)
    with database.transaction() as session:
        account = an_account(session, name="Tara")
        with pytest.raises(ValueError, match="trouble"), rehearsing(session):
            account.name = "Anna"
            touch(session, "rehearsed")
            raise ValueError("trouble")

    with database.reading() as session:
        assert (names(session), heard) == (["Tara"], [])


def test_fifty_writers_lose_nothing(database: Database) -> None:
    with database.transaction() as session:
        account_id = an_account(session, name="0").id

    def count() -> None:
        for _ in range(4):
            with database.transaction() as session:
                account = session.get_one(Account, account_id, with_for_update=True)
                account.name = str(int(account.name) + 1)

    threads = [threading.Thread(target=count) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    with database.reading() as session:
        assert names(session) == ["200"]


def test_rows_that_are_there_already_are_passed_over(database: Database) -> None:
    rows = [{"id": new_id(), "created_at": NOW, "name": name} for name in ("Ada", "Bea", "Cleo")]
    with database.transaction() as session:
        numbers = [insert_once(session, ACCOUNTS, it) for it in (rows[:1], rows[:2], rows, rows, [])]

    with database.reading() as session:
        assert (numbers, names(session)) == ([1, 1, 1, 0, 0], ["Ada", "Bea", "Cleo"])


@pytest.mark.parametrize("offset", [timedelta(), timedelta(hours=-7), timedelta(hours=5, minutes=45)])
def test_moment_comes_back_in_utc_to_the_microsecond(database: Database, offset: timedelta) -> None:
    moment = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=timezone(offset))
    with database.transaction() as session:
        account_id = an_account(session, created_at=moment).id

    with database.reading() as session:
        found = session.get_one(Account, account_id).created_at
        assert (found, found.tzinfo) == (moment, UTC)
        assert session.scalar(sa.select(Account.id).where(Account.created_at == moment)) == account_id


def test_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="a moment needs its zone"), database.transaction() as session:
        an_account(session, created_at=datetime(2026, 11, 22, 12))  # noqa: DTZ001 -- that is the fault

    with database.reading() as session:
        assert names(session) == []


def test_no_moment_is_none() -> None:
    dialect = sa.create_engine("sqlite://").dialect

    assert (UtcTime().process_bind_param(None, dialect), UtcTime().process_result_value(None, dialect)) == (None, None)


def test_small_letters_are_those_of_every_language(database: Database) -> None:
    with database.transaction() as session:
        an_account(session, name="ÖKONOM Ďábel")
        found = session.scalar(sa.select(Account.name).where(sa.func.lower(Account.name) == "ökonom ďábel"))
        nothing = session.scalar(sa.select(sa.func.lower(sa.null())))

    assert (found, nothing) == ("ÖKONOM Ďábel", None)


def test_row_that_points_nowhere_is_refused(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.transaction() as session:
        a_show(session, account_id=new_id())

    with database.reading() as session:
        assert names(session) == []


def test_identifiers_sort_by_the_time_they_were_made() -> None:
    made = [new_id() for _ in range(1000)]

    assert (sorted(made), len(set(made))) == (made, 1000)


def test_other_processes_hear_what_was_committed(postgres_address: str) -> None:
    here, there = Database(postgres_address), Database(postgres_address)
    heard: list[frozenset[str]] = []
    arrived = threading.Event()

    def hear(tags: frozenset[str]) -> None:
        heard.append(tags)
        arrived.set()

    there.on_commit(hear)
    listener = Listener(there)
    listener.start()
    arrived.wait(10)  # everything, once it listens
    for tags in (("one", "two"), tuple(f"show:{new_id()}" for _ in range(300))):
        arrived.clear()
        with here.transaction() as session:
            an_account(session)
            touch(session, *tags)
        arrived.wait(10)
    listener.stop()
    here.close()
    there.close()

    # Whoever has to connect again tells everything once more.
    assert [tags for tags, _ in groupby(heard)] == [frozenset({EVERYTHING}), frozenset({"one", "two"}), frozenset({EVERYTHING})]


def test_process_hears_its_own_changes_once_and_what_it_does_not_know_of_from_the_server(postgres_address: str) -> None:
    here = Database(postgres_address)
    heard: list[frozenset[str]] = []
    here.on_commit(heard.append)
    listener = Listener(here)
    listener.start()
    wait_until_told(here, heard, "beginning")
    heard.clear()

    with here.transaction() as session:
        an_account(session)
        touch(session, "mine")
    name = here.voice.name
    wait_until_told(here, heard, "first")
    here.voice.change()
    notify(here, f"{name} unsure")
    wait_until_told(here, heard, "second")
    listener.stop()
    here.close()

    told = [tag for tags in heard for tag in sorted(tags)]
    assert [tag for tag in told if tag in {"mine", "unsure"}] == ["mine", "unsure"]


def wait_until_told(database: Database, heard: list[frozenset[str]], tag: str) -> None:
    """Until a notice of another process has come, and with it all that went before."""
    end = time.monotonic() + 20
    while not any(tag in tags for tags in heard):
        assert time.monotonic() < end
        notify(database, f"somebody {tag}")
        time.sleep(0.05)


def notify(database: Database, payload: str) -> None:
    with database.writer.begin() as connection:
        connection.execute(sa.text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload})


def test_statement_that_fails_is_not_the_database_being_away(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError) as fault, database.reading() as session:
        session.execute(sa.text("SELECT nothing FROM nowhere"))

    assert not is_away(fault.value)
    assert not is_away(None)


def test_server_that_hangs_up_is_away(postgres_address: str) -> None:
    here = Database(postgres_address)
    with pytest.raises(sa.exc.OperationalError) as fault, here.transaction() as session:
        session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    here.close()

    assert is_away(fault.value)


def test_server_that_does_not_answer_is_away() -> None:
    nobody = Database("postgresql://calls@127.0.0.1:1/calls")
    with pytest.raises(sa.exc.OperationalError) as fault, nobody.transaction():
        pass
    nobody.close()

    assert is_away(fault.value)
