"""Which reminder is due: the latest one alone, none that was made too late, none right after another mail."""

from datetime import UTC, datetime, timedelta

import pytest

from calls.ground.refusals import Invalid
from calls.messages import reminders

START = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "current"),
    [(1441, None), (1440, 1440), (61, 1440), (60, 60), (16, 60), (15, 15), (1, 15), (0, None), (-5, None)],
)
def test_only_the_reminder_whose_moment_passed_last_is_due(before: int, current: int | None) -> None:
    assert reminders.current([1440, 60, 15], START, START - timedelta(minutes=before)) == current


def test_call_without_reminders_has_none_due() -> None:
    assert reminders.current([], START, START - timedelta(minutes=5)) is None


def test_rule_made_after_its_moment_does_not_count() -> None:
    noon = START - timedelta(hours=12)

    assert reminders.in_force([(1440, noon), (720, noon), (60, noon)], START) == [720, 60]


@pytest.mark.parametrize(
    ("minutes", "ago", "is_needless"),
    [
        (1440, 19, True),
        (1440, 20, False),
        (60, 19, True),
        (30, 14, True),
        (30, 15, False),
        (15, 7, True),
        (15, 8, False),
        (5, 2, True),
        (5, 3, False),
        (60, None, False),
    ],
)
def test_mail_of_a_moment_ago_serves_as_the_reminder(minutes: int, ago: int | None, is_needless: bool) -> None:
    now = START - timedelta(minutes=minutes)

    assert reminders.is_needless(minutes, None if ago is None else now - timedelta(minutes=ago), now) == is_needless


def test_rules_are_kept_once_each_and_the_earliest_first() -> None:
    assert reminders.checked([15, 1440, 15, 60]) == [1440, 60, 15]


@pytest.mark.parametrize("offsets", [[4], [0], [-1], [60 * 24 * 60 + 1], list(range(5, 18))])
def test_rules_out_of_reach_or_too_many_are_refused(offsets: list[int]) -> None:
    with pytest.raises(Invalid) as refusal:
        reminders.checked(offsets)

    assert list(refusal.value.errors) == ["reminders"]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "a minute"),
        (15, "15 minutes"),
        (60, "an hour"),
        (90, "90 minutes"),
        (1440, "a day"),
        (10080, "a week"),
        (20160, "2 weeks"),
    ],
)
def test_offset_is_said_in_its_largest_unit(minutes: int, words: str) -> None:
    assert reminders.in_words(minutes) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-3, "now"),
        (0.4, "now"),
        (1, "in a minute"),
        (15, "in 15 minutes"),
        (99, "in 99 minutes"),
        (100, "in 2 hours"),
        (1440, "in 24 hours"),
        (2160, "in 2 days"),
        (10080, "in 7 days"),
    ],
)
def test_time_left_is_said_as_people_say_it(minutes: float, words: str) -> None:
    assert reminders.until(START, START - timedelta(minutes=minutes)) == words
