"""How far a call is on its way to a guest, as the board says it."""

from datetime import timedelta

import pytest

from calls.guests.courses import FILTERS, Course, Place
from tests.builders import NOW

LATER = NOW + timedelta(days=3)
READY, MISSING = Place("Ken", True, NOW, True), Place("Mia", True, NOW, False)
HELD, ENDING = Place("Lou", False, LATER, False), Place("Lou", False, NOW + timedelta(hours=24), False)


@pytest.mark.parametrize(
    ("course", "state", "is_open", "who", "filters"),
    [
        (Course(), "open", True, "", ["no-guest"]),
        (Course(asked=2), "asked", True, "", ["no-guest"]),
        (Course(named="Dr. Ono"), "named", False, "Dr. Ono", []),
        (Course(named="Dr. Ono", asked=1), "named", False, "Dr. Ono", []),
        (Course([HELD]), "held", False, "", []),
        (Course([ENDING], asked=3), "held", False, "", ["hold-ending"]),
        (Course([READY]), "ready", False, "Ken", []),
        (Course([READY, MISSING]), "missing", False, "Ken and Mia", ["material-missing"]),
        (Course([READY, ENDING]), "ready", False, "Ken", ["hold-ending"]),
        (Course(is_over=True), "open", False, "", []),
        (Course([MISSING, ENDING], is_over=True), "missing", False, "Mia", []),
    ],
)
def test_course_is_a_word_and_stands_under_its_filters(
    course: Course, state: str, is_open: bool, who: str, filters: list[str]
) -> None:
    assert (course.state, course.is_open, course.who) == (state, is_open, who)
    assert [it for it in FILTERS if course.fits(it, NOW)] == filters
    assert (course.fits("", NOW), course.fits("nonsense", NOW)) == (True, True)


@pytest.mark.parametrize(("asked", "said"), [(0, ""), (1, "one guest asked"), (4, "4 guests asked")])
def test_number_of_those_asked_is_told_in_words(asked: int, said: str) -> None:
    assert Course(asked=asked).asked_words == said
