"""People first: background work steps aside while somebody waits, and goes on all the same when the rush does."""

from pathlib import Path
from threading import Thread
from time import monotonic

from calls.ground.courtesy import LONGEST, QUIET, Courtesy
from calls.ground.database import Database

ALMOST = 0.9


def seconds_aside(courtesy: Courtesy) -> float:
    began_at = monotonic()
    courtesy.step_aside()
    return monotonic() - began_at


def test_nobody_asking_is_waited_for_by_nobody() -> None:
    assert seconds_aside(Courtesy()) < QUIET


def test_somebody_asking_is_let_past_for_a_while() -> None:
    courtesy = Courtesy()

    with courtesy:
        aside = seconds_aside(courtesy)

    assert aside >= LONGEST * ALMOST


def test_somebody_just_answered_may_ask_again_first() -> None:
    courtesy = Courtesy()

    with courtesy:
        pass
    aside = seconds_aside(courtesy)

    assert QUIET * ALMOST <= aside < LONGEST * ALMOST


def test_failed_answer_is_over_too() -> None:
    courtesy = Courtesy()

    try:
        with courtesy:
            raise ValueError
    except ValueError:
        seconds_aside(courtesy)

    assert seconds_aside(courtesy) < QUIET


def test_database_for_later_waits_before_it_writes(tmp_path: Path) -> None:
    waits: list[str] = []
    database = Database(f"sqlite:///{tmp_path / 'calls.sqlite3'}")
    later = database.for_later(lambda: waits.append("wait"))

    with database.transaction(), later.reading():
        pass
    before = list(waits)
    with later.transaction():
        pass

    assert (before, waits) == ([], ["wait"])
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
