"""Which steps a call may take, at each stage."""

from datetime import UTC, datetime, timedelta

import pytest

from calls.ground.refusals import Refused
from calls.shows import stages

START = datetime(2026, 11, 24, 19, tzinfo=UTC)
END = START + timedelta(hours=1)
SECOND = timedelta(seconds=1)
BEFORE = START - timedelta(days=2)


@pytest.mark.parametrize(
    ("cancelled_at", "now", "stage"),
    [
        (None, START - SECOND, "planned"),
        (None, START, "live"),
        (None, END - SECOND, "live"),
        (None, END, "over"),
        (BEFORE, START - SECOND, "cancelled"),
        (BEFORE, START, "cancelled"),
        (BEFORE, END, "cancelled"),
    ],
)
def test_stage_follows_the_clock_unless_cancelled(cancelled_at: datetime | None, now: datetime, stage: str) -> None:
    assert stages.stage(cancelled_at, START, END, now) == stage


MOVE, CANCEL, RESTORE = stages.check_movable, stages.check_cancellable, stages.check_restorable


@pytest.mark.parametrize(
    ("check", "cancelled_at", "now"),
    [(MOVE, None, BEFORE), (CANCEL, None, BEFORE), (CANCEL, None, START), (RESTORE, BEFORE, BEFORE), (RESTORE, BEFORE, START)],
)
def test_step_is_allowed(check: object, cancelled_at: datetime | None, now: datetime) -> None:
    assert callable(check)
    assert check(cancelled_at, START, END, now) is None


@pytest.mark.parametrize(
    ("check", "cancelled_at", "now", "sentence"),
    [
        (MOVE, BEFORE, BEFORE, "This call is cancelled; restore it first, then move it."),
        (MOVE, None, START, "This call is going on now, so it can no longer be moved."),
        (MOVE, None, END, "This call is over, so it can no longer be moved."),
        (CANCEL, BEFORE, BEFORE, "This call is cancelled already."),
        (CANCEL, None, END, "This call is over, so it can no longer be cancelled."),
        (RESTORE, None, BEFORE, "This call is not cancelled, so there is nothing to restore."),
        (RESTORE, BEFORE, END, "The time of this call has gone by, so it can no longer be restored; add an extra date instead."),
    ],
)
def test_step_is_refused(check: object, cancelled_at: datetime | None, now: datetime, sentence: str) -> None:
    assert callable(check)
    with pytest.raises(Refused) as refusal:
        check(cancelled_at, START, END, now)

    assert refusal.value.sentence == sentence


@pytest.mark.parametrize(
    ("ahead", "is_at_once"),
    [(timedelta(hours=3, seconds=1), False), (timedelta(hours=3), True), (timedelta(), True), (timedelta(days=-1), True)],
)
def test_change_close_to_the_start_goes_at_once(ahead: timedelta, is_at_once: bool) -> None:
    assert stages.goes_at_once(START, START - ahead) is is_at_once


def test_undo_lasts_ten_minutes() -> None:
    assert timedelta(minutes=10) == stages.UNDO
    assert timedelta(hours=3) == stages.AT_ONCE
