"""People first: background work steps aside while somebody waits, and goes on all the same when the rush does."""

from pathlib import Path
from threading import Thread
from time import monotonic, sleep, thread_time

from calls.ground.courtesy import LONGEST, QUIET, SHARE, Courtesy
from calls.ground.database import Database

ALMOST = 0.9
WORK = 0.01
SOON = WORK / SHARE / 2


def seconds_aside(courtesy: Courtesy) -> float:
    began_at = monotonic()
    courtesy.step_aside()
    return monotonic() - began_at


def work(seconds: float = WORK) -> None:
    end = thread_time() + seconds
    while thread_time() < end:
        pass


def after_work(courtesy: Courtesy, seconds: float = WORK) -> float:
    courtesy.step_aside()
    work(seconds)
    return seconds_aside(courtesy)


def test_nobody_asking_is_waited_for_by_nobody() -> None:
    assert after_work(Courtesy()) < SOON


def test_somebody_asking_is_let_past_until_work_has_had_its_share() -> None:
    courtesy = Courtesy()

    with courtesy:
        aside = after_work(courtesy)

    assert aside >= (WORK / SHARE - 2 * WORK) * ALMOST


def test_work_that_was_long_is_held_up_no_longer_than_that() -> None:
    courtesy = Courtesy()

    with courtesy:
        aside = after_work(courtesy, LONGEST * SHARE * 2)

    assert aside >= LONGEST * ALMOST


def test_waiting_for_something_else_is_not_work() -> None:
    courtesy = Courtesy()

    with courtesy:
        courtesy.step_aside()
        sleep(WORK)
        aside = seconds_aside(courtesy)

    assert aside < SOON


def test_somebody_just_answered_may_ask_again_first() -> None:
    courtesy = Courtesy(quiet=LONGEST)

    courtesy.step_aside()
    work()
    with courtesy:
        pass
    aside = seconds_aside(courtesy)

    assert aside >= SOON


def test_failed_answer_is_over_too() -> None:
    courtesy = Courtesy()

    try:
        with courtesy:
            raise ValueError
    except ValueError:
        sleep(2 * QUIET)

    assert after_work(courtesy) < SOON


def test_database_for_later_waits_before_it_reads_and_before_it_writes(tmp_path: Path) -> None:
    waits: list[str] = []
    database = Database(f"sqlite:///{tmp_path / 'calls.sqlite3'}")
    later = database.for_later(lambda: waits.append("wait"))

    with database.transaction(), database.reading():
        pass
    before = list(waits)
    with later.transaction():
        pass
    with later.reading():
        pass

    assert (before, waits) == ([], ["wait", "wait"])
    database.close()


def test_database_for_later_takes_turns_with_the_one_it_is(tmp_path: Path) -> None:
    order: list[str] = []
    database = Database(f"sqlite:///{tmp_path / 'calls.sqlite3'}")
    later = database.for_later(lambda: None)

    def write_later() -> None:
        with later.transaction():
            order.append("later")

    with database.transaction():
        thread = Thread(target=write_later)
        thread.start()
        thread.join(QUIET)
        order.append("first")
    thread.join()

    assert order == ["first", "later"]
    database.close()
