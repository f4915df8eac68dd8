"""What is said at the beginning and the end of a call."""

import pytest

from calls.guests import run_sheet
from calls.guests.run_sheet import MOST_WORDS, Next

SENTENCE = "She has swum in every sea that there is, and came back."


def test_guest_is_introduced_by_name_bio_and_topic() -> None:
    said = run_sheet.introduction("Dr. Ken Ono", "Ken **studies** sleep.\n\n- Professor at Keio\n- Swims", "Why we sleep")

    assert said == [
        "With me is Dr. Ken Ono. Ken studies sleep. Professor at Keio. Swims.",
        "We talk about this: Why we sleep.",
    ]


def test_guest_of_whom_nothing_is_known_is_introduced_by_name() -> None:
    assert run_sheet.introduction("Ada", " ", "") == ["With me is Ada."]


def test_long_bio_is_said_in_whole_sentences_for_half_a_minute() -> None:
    said = run_sheet.brief(" ".join([SENTENCE] * 40))

    assert said == " ".join([SENTENCE] * (MOST_WORDS // len(SENTENCE.split())))


def test_bio_that_is_one_long_sentence_is_cut_between_words() -> None:
    said = run_sheet.brief("word " * 500)

    assert said == " ".join(["word"] * MOST_WORDS) + "…"


@pytest.mark.parametrize("bio", ["", "\n\n", "---", "- ", "**"])
def test_bio_of_nothing_says_nothing_and_breaks_nothing(bio: str) -> None:
    assert len(run_sheet.brief(bio)) <= 6


def test_host_greets_with_her_name_where_it_is_known() -> None:
    assert run_sheet.opening("Ask Tara", "Tara") == "Hello and welcome to Ask Tara. I am Tara."
    assert run_sheet.opening("Ask Tara", "") == "Hello and welcome to Ask Tara."


@pytest.mark.parametrize(
    ("guests", "following", "said"),
    [
        ([], None, ["Thank you all for your questions."]),
        (["Ada"], None, ["Thank you, Ada, and thank you all for your questions."]),
        (
            ["Ada", "Bo"],
            Next("Cleo", "Tuesday 1 December 2026, 19:00"),
            [
                "Thank you, Ada and Bo, and thank you all for your questions.",
                "My next guest is Cleo, on Tuesday 1 December 2026, 19:00.",
            ],
        ),
        ([], Next("", "Tuesday"), ["Thank you all for your questions.", "We meet again on Tuesday."]),
    ],
)
def test_call_closes_with_thanks_and_who_comes_next(guests: list[str], following: Next | None, said: list[str]) -> None:
    assert run_sheet.closing(guests, following) == said
