"""The worker: every chore in its turn, no bad row in the way of another, and an end that leaves nothing under way."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from calls import worker
from calls.gateways.mail import FolderMail
from calls.ground.clock import SetClock
from calls.ground.database import Database, new_id
from calls.ground.listening import Listener
from calls.history.models import Change
from calls.messages.models import SENDING, SENT, WAITING
from calls.registrations.attending import Person
from calls.sender import Tools
from calls.shows.models import Call
from calls.team.models import SignInLink
from calls.worker import Worker
from tests.builders import NOW, a_member
from tests.fakes import FakeMail, Letter
from tests.studio import ANN, CLEO, DESK, Studio, a_studio


@pytest.fixture
def mail(clock: SetClock) -> FakeMail:
    return FakeMail(clock)


@pytest.fixture
def studio(database: Database, clock: SetClock, mail: FakeMail) -> Studio:
    return a_studio(database, clock, mail)


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)
    assert is_so()


def a_change(studio: Studio, kind: str) -> None:
    with studio.database.transaction() as session:
        facts = {"thing_id": new_id(), "by_kind": "system", "by_name": "Calls", "facts": {}, "try_at": studio.clock.now()}
        session.add(Change(id=new_id(), created_at=studio.clock.now(), kind=kind, **facts))


def test_every_chore_is_done_in_a_round(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)

    studio.worker.settle()

    assert [it.to for it in mail.letters] == ["ann@example.com"]
    assert studio.worker.last_round == studio.clock.now()


def test_running_worker_sends_what_is_committed_at_once(studio: Studio, mail: FakeMail) -> None:
    studio.worker.start()
    try:
        for person in (ANN, CLEO):
            studio.register(person)
        wait_until(lambda: len(mail.letters) == 2)
    finally:
        studio.worker.stop()

    assert [state for _, state in studio.outbox()] == [SENT, SENT]
    assert mail.is_closed


def test_worker_that_ends_finishes_its_letter_and_leaves_none_under_way(studio: Studio, mail: FakeMail) -> None:
    for number in range(30):
        studio.register(Person(f"L{number}", f"l{number}@example.com", "Europe/Berlin"))
    studio.write()
    begun = threading.Event()

    def take_its_time(_: Letter) -> None:
        begun.set()
        time.sleep(0.02)

    mail.after_each = take_its_time
    studio.worker.start()
    begun.wait(10)

    studio.worker.stop()

    states = [state for _, state in studio.outbox()]
    assert SENDING not in states
    assert states.count(SENT) == len(mail.letters)
    assert states.count(WAITING) == 30 - len(mail.letters)


@pytest.mark.parametrize("fault", ["unknown kind", "no json"])
def test_change_that_cannot_be_followed_up_keeps_no_other_waiting(studio: Studio, mail: FakeMail, fault: str) -> None:
    a_change(studio, "planets.aligned" if fault == "unknown kind" else "pass.taken")
    broken = sa.text("UPDATE changes SET facts = '{broken' WHERE kind = 'pass.taken'")  # as no act writes it
    if fault == "no json" and not studio.database.is_sqlite:
        with pytest.raises(sa.exc.DataError), studio.database.transaction() as session:
            session.execute(broken)
        return  # PostgreSQL takes nothing that is no JSON
    if fault == "no json":
        with studio.database.transaction() as session:
            session.execute(broken)
    studio.register(ANN)

    studio.worker.settle()

    with studio.database.reading() as session:
        left = session.execute(sa.select(Change.tries, Change.try_at).where(Change.followed_up_at.is_(None))).one()
    assert [it.to for it in mail.letters] == ["ann@example.com"]
    assert left == (1, studio.clock.now() + timedelta(seconds=5))


def test_change_that_fails_is_tried_again_with_growing_pauses(studio: Studio) -> None:
    a_change(studio, "planets.aligned")

    tried = []
    for pause in (0, 5, 30, 120, 600, 3600, 3600):
        studio.clock.advance(seconds=pause)
        studio.worker.settle()
        with studio.database.reading() as session:
            tried.append(session.scalars(sa.select(Change.tries).where(Change.followed_up_at.is_(None))).one())

    assert tried == [1, 2, 3, 4, 5, 6, 7]


def test_what_waits_is_found_without_a_look_at_all_that_was_ever_done(sqlite_address: str) -> None:
    file = Database(sqlite_address)
    asked: list[tuple[str, Any]] = []
    sa.event.listen(file.writer, "before_cursor_execute", lambda _, __, said, values, *___: asked.append((said, values)))

    with file.transaction() as session:
        worker.follow_up(session, NOW)
        statement, values = asked[-1]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    file.close()

    assert plan[0].detail == "SEARCH changes USING INDEX ix_changes_to_follow_up (try_at<?)"


def test_broken_chore_keeps_no_other_from_its_turn(studio: Studio, mail: FakeMail) -> None:
    a_change(studio, "planets.aligned")
    studio.register(CLEO)
    studio.worker.settle()
    with studio.database.reading() as session:
        start = studio.call(session).starts_at
    studio.clock.set(start - timedelta(hours=24))

    studio.worker.settle()

    assert [it.subject for it in mail.letters[1:]] == ["Ask Tara starts in 24 hours"]


def test_calls_are_laid_out_ahead_as_time_passes(studio: Studio) -> None:
    with studio.database.transaction() as session:
        studio.show(session).rrule = "FREQ=WEEKLY;BYDAY=TU"
    studio.worker.settle()
    studio.clock.advance(days=100)

    studio.worker.settle()
    studio.worker.settle()

    with studio.database.reading() as session:
        last = session.scalar(sa.select(sa.func.max(Call.starts_at)))
        days = session.scalars(sa.select(Call.planned_day)).all()
    assert last is not None
    assert last - studio.clock.now() >= timedelta(days=366)
    assert len(days) == len(set(days))


def test_old_sign_ins_are_forgotten(studio: Studio) -> None:
    with studio.database.transaction() as session:
        link = {"token_hash": "old", "ends_at": NOW - timedelta(days=2), "created_at": NOW - timedelta(days=2)}
        session.add(SignInLink(id=new_id(), member=a_member(session), **link))

    studio.worker.settle()

    with studio.database.reading() as session:
        assert session.scalars(sa.select(SignInLink)).all() == []


def test_chores_have_names_of_their_own() -> None:
    names = [name for name, _, _ in worker.CHORES]

    assert len(names) == len(set(names))


def test_demo_outbox_is_filled_by_the_same_worker(database: Database, clock: SetClock, tmp_path: Path) -> None:
    folder = FolderMail(tmp_path / "outbox", clock)
    studio = a_studio(database, clock, folder)
    studio.register(ANN)

    studio.worker.settle()

    assert len(folder.letters()) == 1


def test_worker_hears_what_another_process_commits(postgres_address: str, clock: SetClock, mail: FakeMail) -> None:
    studio = a_studio(Database(postgres_address), clock, mail)
    here = Database(postgres_address)
    heard: list[str] = []
    here.on_commit(heard.extend)
    listener = Listener(here)
    listener.start()
    try:
        wait_until(lambda: "everything" in heard)
        studio.register(ANN)
        wait_until(lambda: "change:registration.confirmed" in heard)
    finally:
        listener.stop()
        here.close()
        studio.database.close()


def test_listener_that_lost_the_database_hears_again_and_forgets_what_it_missed(
    postgres_address: str, clock: SetClock, mail: FakeMail
) -> None:
    studio = a_studio(Database(postgres_address), clock, mail)
    here = Database(postgres_address)
    heard: list[str] = []
    here.on_commit(heard.extend)
    listener = Listener(here)
    listener.start()
    try:
        wait_until(lambda: heard.count("everything") == 1)
        with studio.database.transaction() as session:
            mine = "datname = current_database() AND pid <> pg_backend_pid()"
            session.execute(sa.text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"))
        wait_until(lambda: heard.count("everything") >= 3)
        studio.register(ANN)
        wait_until(lambda: "change:registration.confirmed" in heard)
    finally:
        listener.stop()
        here.close()
        studio.database.close()


def test_two_workers_beside_each_other_follow_up_and_send_everything_once(
    postgres_address: str, clock: SetClock, mail: FakeMail
) -> None:
    studio = a_studio(Database(postgres_address), clock, mail)
    other_mail = FakeMail(clock)
    other = Worker(Tools(Database(postgres_address), clock, other_mail, DESK))
    studio.worker.start()
    other.start()
    try:
        for number in range(60):
            studio.register(Person(f"L{number}", f"l{number}@example.com", "Europe/Berlin"))
        wait_until(lambda: len(mail.letters) + len(other_mail.letters) >= 60)
        wait_until(lambda: {state for _, state in studio.outbox()} == {SENT})
    finally:
        studio.worker.stop()
        other.stop()
        other.tools.database.close()
        studio.database.close()

    addresses = sorted(it.to for it in [*mail.letters, *other_mail.letters])
    assert addresses == sorted(f"l{number}@example.com" for number in range(60))
