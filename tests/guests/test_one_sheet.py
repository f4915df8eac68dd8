"""One-sheets as people write them, split; and whatever else somebody pastes."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.guests import one_sheet
from calls.guests.one_sheet import Split, split

PLAIN = """SPEAKER ONE-SHEET
Dr. Ken Ono

About Dr. Ono
Ken Ono has studied sleep for twenty years.
He asks: why do we sleep? Nobody knew.

- Author of "Night" (2021)

Suggested Interview Questions:
1. Why do we sleep?
2) How much is enough?
• What do you do at 3 a.m.?
Tell us about the mountain.

Connect with Ken
Website: https://kenono.example.com/book, www.nights.example.org
Twitter: twitter.com/kenono
"""
MARKDOWN = """# Ada Lind
## Bio
Ada **climbs**.

## Questions to ask Ada
- What is up there?
- Who carries the tent?

## Links
[Her page](https://ada.example.com)
"""
BARE = """I am Mei. I bake bread, see mei-bakes.co.uk.
What is a starter?
How hot is hot?
Write to mei@example.com."""


def test_plain_one_sheet_is_told_apart() -> None:
    assert split(PLAIN) == Split(
        bio="Dr. Ken Ono\n\nKen Ono has studied sleep for twenty years.\nHe asks: why do we sleep? Nobody knew.\n\n"
        'Author of "Night" (2021)',
        questions="Why do we sleep?\nHow much is enough?\nWhat do you do at 3 a.m.?\nTell us about the mountain.",
        links=["https://kenono.example.com/book", "https://www.nights.example.org", "https://twitter.com/kenono"],
    )


def test_one_sheet_in_markdown_is_told_apart() -> None:
    found = split(MARKDOWN)

    assert found.questions == "What is up there?\nWho carries the tent?"
    assert (found.links, "Ada **climbs**." in found.bio, "##" in found.bio) == (["https://ada.example.com"], True, False)


def test_sheet_without_headings_is_told_apart_by_its_lines() -> None:
    assert split(BARE) == Split(
        bio="I am Mei. I bake bread, see mei-bakes.co.uk.\nWrite to mei@example.com.",
        questions="What is a starter?\nHow hot is hot?",
        links=["https://mei-bakes.co.uk"],
    )


@pytest.mark.parametrize(
    "heading",
    ["Questions", "QUESTIONS:", "Sample questions", "**Interview questions**", "Ask me", "Please ask me about:", "My questions"],
)
def test_heading_of_questions_comes_in_many_spellings(heading: str) -> None:
    found = split(f"Somebody.\n\n{heading}\nThe sea\nThe night")

    assert (found.bio, found.questions) == ("Somebody.", "The sea\nThe night")


def test_what_stands_after_a_heading_on_its_line_belongs_to_it() -> None:
    found = split("Bio: Somebody who swims.\nLinks: https://a.example.com and b.example.org")

    assert (found.bio, found.links) == ("Somebody who swims.", ["https://a.example.com", "https://b.example.org"])


def test_words_of_a_sentence_are_no_heading() -> None:
    text = "About me there is little to say, and this is longer than any heading would be.\nShe asks questions for a living."

    assert split(text) == Split(bio=text, questions="", links=[])


def test_markup_stays_the_text_that_it_is() -> None:
    found = split("<script>alert(1)</script>\n<b>Who am I?</b>\nhttps://a.example.com/<script>")

    assert found.bio == "<script>alert(1)</script>\n<b>Who am I?</b>\nhttps://a.example.com/<script>"
    assert found.links == ["https://a.example.com/"]


@given(st.text(max_size=400))
def test_no_word_of_whatever_is_pasted_is_lost(text: str) -> None:
    found = split(text)

    kept = " ".join([found.bio, found.questions, *found.links])
    words = [word for word in text.split() if word.isalnum() and word.isascii() and not _is_heading(text, word)]
    assert [word for word in words if word not in kept] == []


def _is_heading(text: str, word: str) -> bool:
    """Whether the word stands on a line that may be a heading, or may be but a mark before a point."""
    lines = [line for line in text.splitlines() if word in line]
    return any(len(line) <= one_sheet.LONGEST_HEADING for line in lines)


@pytest.mark.parametrize("piece", ["a.", "- ", "1) ", "http://", "www.", "Q&A:", "?", "(", "x.com/", "#", "about "])
def test_long_nonsense_takes_no_time(piece: str) -> None:
    begun = perf_counter()

    split(piece * (one_sheet.MOST // len(piece)))

    assert perf_counter() - begun < 2
