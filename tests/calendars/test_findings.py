"""What a calendar test shows, from what was ticked and heard."""

import pytest

from calls.calendars import findings
from calls.calendars.findings import CANCELLED, CHANGED, INVITED, OTHER, PROGRAMS, STEPS, STRANGER, TICKS, UNPROVEN, Known

ALL = [Known(step, frozenset(TICKS[step]), "accepted" if step == INVITED else "") for step in STEPS]


def told(*steps: Known, program: str = "google", is_read: bool = True) -> tuple[str, list[str]]:
    summary = findings.summary(steps, program, is_read=is_read)
    return summary.result, [it.words for it in summary.points if it.tone != "good"]


def test_calendar_that_does_everything_works() -> None:
    assert told(*ALL) == ("works", [])


def test_calendar_works_without_a_mailbox_as_far_as_was_tested() -> None:
    steps = [Known(it.step, it.ticks) for it in ALL]

    assert told(*steps, is_read=False) == ("works", ["Whether answers come back was not tested: no mailbox is set."])


def test_test_is_unfinished_until_every_step_was_looked_at() -> None:
    begun = [Known(INVITED), *ALL[:1], Known(CHANGED)]

    assert [told(*steps)[0] for steps in (begun[:1], begun[1:2], begun[1:], [*ALL[:2], Known(CANCELLED)])] == ["unfinished"] * 4


@pytest.mark.parametrize(
    ("step", "missing", "words"),
    [
        (INVITED, "stands", "The invitation does not stand in your calendar."),
        (INVITED, "buttons", "There were no buttons: the calendar part of the mail was not understood."),
        (CHANGED, "once", "The entry stands there twice: the update was taken for another invitation."),
        (CANCELLED, "gone", "The entry is still there as if nothing had happened."),
    ],
)
def test_what_was_not_seen_is_to_be_mended(step: str, missing: str, words: str) -> None:
    steps = [Known(it.step, it.ticks - {missing} if it.ticks else None, it.answer) for it in ALL]

    assert told(*steps) == ("to mend", [words])
    assert step in {it.step for it in steps if it.ticks != frozenset(TICKS[it.step])}


def test_entry_that_did_not_move_is_not_said_to_stand_there_twice() -> None:
    assert told(ALL[0], Known(CHANGED, frozenset()), ALL[2]) == ("to mend", ["The entry did not move."])


@pytest.mark.parametrize("program", PROGRAMS)
def test_everything_that_can_be_missing_has_a_mend_for_each_program(program: str) -> None:
    for step in STEPS:
        points = findings.summary([Known(step, frozenset())], program, is_read=False).points

        assert all(it.mend for it in points if it.tone == "bad")


def test_answer_is_missed_from_the_second_step_on() -> None:
    unheard = [Known(it.step, it.ticks) for it in ALL]

    assert told(unheard[0]) == ("unfinished", [])
    assert told(*unheard) == ("to mend", [findings.NO_ANSWER])


@pytest.mark.parametrize("doubt", [STRANGER, UNPROVEN])
def test_answer_that_was_not_believed_is_said_with_its_mend(doubt: str) -> None:
    steps = [Known(INVITED, ALL[0].ticks, doubt=doubt), *ALL[1:]]

    assert told(*steps) == ("to mend", [findings.DOUBTS[doubt][0]])


def test_answer_that_counts_outweighs_one_that_was_not_believed() -> None:
    assert told(Known(INVITED, ALL[0].ticks, "declined", STRANGER), *ALL[1:]) == ("works", [])


def test_ones_own_program_is_looked_for_first() -> None:
    apple, other = ([it for it, _ in findings.look_for(INVITED, program)] for program in ("apple", OTHER))

    assert apple == ["Apple Calendar", "Outlook", "Google Calendar", "Thunderbird"]
    assert other == ["Outlook", "Google Calendar", "Apple Calendar", "Thunderbird"]
