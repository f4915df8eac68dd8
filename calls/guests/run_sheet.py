"""The words of a run sheet: how a guest is introduced, and how a call is closed. Plain text, to be read aloud."""

import re
from dataclasses import dataclass

from calls.ground.markdown import markdown_to_text
from calls.ground.text import clean_line, in_words

MOST_WORDS = 75  # half a minute
_POINT = re.compile(r"(?:^|\n)\s*(?:[-•*]|\d{1,2}[.)])\s+|\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\s.])")


@dataclass(frozen=True)
class Next:
    """The call after this one: its guest, who may be unknown (""), and its day in words."""

    guest: str
    day: str


def brief(bio: str) -> str:
    """The beginning of a bio, as many whole sentences as can be said in half a minute; of one that is longer its first words."""
    said: list[str] = []
    for sentence in _sentences(bio):
        if len(" ".join([*said, sentence]).split()) > MOST_WORDS:
            break
        said.append(sentence)
    if said:
        return " ".join(said)
    words = clean_line(markdown_to_text(bio)).split()
    return " ".join(words[:MOST_WORDS]) + "…" if words else ""


def _sentences(bio: str) -> list[str]:
    """What is said, one sentence after the other; each point of a list is one, and so is a heading."""
    points = _POINT.split(markdown_to_text(bio))
    return [_ended(it) for point in points for it in _SENTENCE.split(clean_line(point)) if it]


def opening(show: str, host: str) -> str:
    """How the host greets the listeners; a host may be unnamed ("")."""
    greeting = f"Hello and welcome to {clean_line(show)}."
    return f"{greeting} I am {clean_line(host)}." if host else greeting


def introduction(name: str, bio: str, topic: str) -> list[str]:
    """How one guest is introduced, a paragraph each for who she is and what it is about."""
    who = f"With me is {clean_line(name)}."
    paragraphs = [f"{who} {brief(bio)}" if bio.strip() else who]
    return [*paragraphs, f"We talk about this: {_ended(clean_line(topic))}"] if topic.strip() else paragraphs


def closing(guests: list[str], following: Next | None) -> list[str]:
    """The last words: thanks, and who comes next."""
    names = in_words([clean_line(name) for name in guests])
    thanks = f"Thank you, {names}, and thank you all for your questions." if names else "Thank you all for your questions."
    if following is None:
        return [thanks]
    who = f"My next guest is {clean_line(following.guest)}, on {following.day}." if following.guest else ""
    return [thanks, who or f"We meet again on {following.day}."]


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
