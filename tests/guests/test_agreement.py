"""The six lines."""

from datetime import UTC, datetime

import pytest

from calls.guests import agreement
from calls.guests.agreement import Meeting
from calls.guests.terms import DEFAULTS, Conditions

FOR_HER = "For the guest: Wednesday 25 November 2026, 09:00, Tokyo time (UTC+09:00)."
EVENING = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


def test_six_lines_say_what_else_goes_wrong() -> None:
    lines = agreement.lines(Conditions(style=""), Meeting(EVENING, 60, "America/New_York", "Asia/Tokyo"))

    assert agreement.labelled(lines) == [
        ("Length", "60 minutes."),
        (
            "Day and time",
            f"Tuesday 24 November 2026, 19:00, New York time (UTC−05:00). {FOR_HER}",
        ),
        ("Style", DEFAULTS.style),
        ("May the guest pitch?", DEFAULTS.pitch),
        ("Who listens", DEFAULTS.listeners),
        ("How to connect", DEFAULTS.connect),
    ]


def test_show_has_words_of_its_own_on_one_line() -> None:
    own = Conditions(style="No\nslides.", pitch="No.", listeners="Parents.", connect="By phone.")

    lines = agreement.lines(own, Meeting(EVENING, 30, "UTC", "UTC"))

    assert lines[:2] == ["30 minutes.", "Wednesday 25 November 2026, 00:00, UTC (UTC+00:00)."]
    assert lines[2:] == ["No slides.", "No.", "Parents.", "By phone."]


@pytest.mark.parametrize(("month", "here", "there"), [(10, "(UTC+02:00)", "(UTC−04:00)"), (11, "(UTC+01:00)", "(UTC−04:00)")])
def test_both_clocks_are_said_over_a_change_of_one(month: int, here: str, there: str) -> None:
    moment = datetime(2026, 10, 28 if month == 11 else 20, 18, 0, tzinfo=UTC)

    time = agreement.lines(Conditions(), Meeting(moment, 60, "Europe/Berlin", "America/New_York"))[1]

    assert (here in time, there in time) == (True, True)


def test_time_is_said_once_where_both_clocks_show_the_same() -> None:
    time = agreement.lines(Conditions(), Meeting(EVENING, 60, "Europe/Berlin", "Europe/Paris"))[1]

    assert time == "Wednesday 25 November 2026, 01:00, Berlin time (UTC+01:00)."
