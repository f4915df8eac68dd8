"""What a guest sends in for a call: which of it is needed, what may stand in each field, and two who type at once.

Needed are three, so that a busy person is done in a minute; everything else is welcome, and may come later.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from calls.ground.text import clean, clean_line, excerpt
from calls.guests import answers

REQUIRED = tuple(answers.LONGEST)
TEXTS = answers.LONGEST | {"bio": 5_000, "please_ask": 4_000, "please_dont": 2_000, "offer": 1_000}
FIELDS = (*TEXTS, "links")
MOST_LINKS, LONGEST_LINK = 12, 500
LINK = re.compile(r"https?://[^\s<>\"'\\^`{|}/?#]+\.[^\s<>\"'\\^`{|}]+", re.IGNORECASE)
WORDS = {
    "name": "name as announced",
    "topic": "topic line",
    "phone": "phone for the day",
    "bio": "a few lines about you",
    "picture": "a photo",
    "links": "links",
    "please_ask": "what to ask you",
    "please_dont": "what not to ask",
    "offer": "an offer for the listeners",
    "consent": "whether the call may be recorded",
}
ANSWERS = ("yes", "no")
MARK = 12


class Given(Protocol):
    """What a prep's row holds."""

    name: str
    topic: str
    phone: str
    bio: str
    links: list[str]
    please_ask: str
    please_dont: str
    offer: str
    picture_id: UUID | None
    consent: str


@dataclass(frozen=True)
class Merged:
    """What is to be kept by field, and where two have typed different things: what stands there now."""

    values: dict[str, str]
    clashes: dict[str, str]


def missing(prep: Given | None) -> list[str]:
    """What is still needed, in words; all three where nothing was sent in."""
    return [WORDS[name] for name in REQUIRED if prep is None or not getattr(prep, name)]


def is_ready(prep: Given | None) -> bool:
    """Whether the three that are needed are there."""
    return not missing(prep)


def welcome(prep: Given | None) -> list[str]:
    """What would be welcome and is not there, in words."""
    rest = [name for name in WORDS if name not in REQUIRED]
    return [WORDS[name] for name in rest if prep is None or not getattr(prep, "picture_id" if name == "picture" else name)]


def progress(prep: Given | None) -> str:
    """How far it is: "2 of 3 needed, 4 more welcome"."""
    needed, more = len(REQUIRED) - len(missing(prep)), len(welcome(prep))
    begun = "All 3 needed are there" if needed == len(REQUIRED) else f"{needed} of {len(REQUIRED)} needed"
    return f"{begun}, {more} more welcome" if more else f"{begun}, and everything else too"


def values(prep: Given) -> dict[str, str]:
    """What stands in each field, as it is typed: links one a line."""
    return {name: getattr(prep, name) for name in TEXTS} | {"links": "\n".join(prep.links)}


def cleaned(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed as it is kept, field by field; of fields that did not come nothing is said."""
    texts = {name: clean_line(typed[name]) if name in REQUIRED else clean(typed[name]).strip() for name in TEXTS if name in typed}
    return texts | ({"links": "\n".join(links_in(typed["links"]))} if "links" in typed else {})


def links_in(text: str) -> list[str]:
    """The links of a text with one a line; one that begins with its host is made whole."""
    lines = [line for row in clean(text).split("\n") if (line := clean_line(row))]
    return list(dict.fromkeys(f"https://{line}" if "://" not in line else line for line in lines))


def faults(typed: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each cleaned field that cannot be kept. None is needed: what is missing is only asked for again."""
    found = {name: f"Use at most {most:,} characters." for name, most in TEXTS.items() if len(typed.get(name, "")) > most}
    phone = typed.get("phone", "")
    if phone and not answers.NUMBER.fullmatch(phone):
        found["phone"] = "Give a phone number with its country code, like +1 555 010 0100."
    links = typed.get("links", "").split("\n") if typed.get("links") else []
    wrong = next((link for link in links if len(link) > LONGEST_LINK or not LINK.fullmatch(link)), "")
    if len(links) > MOST_LINKS:
        found["links"] = f"Give at most {MOST_LINKS} links."
    if wrong:
        found["links"] = f"Give each link as a whole web address, one a line. This is none: {excerpt(wrong, 80)}"
    return found


def marks(stands: Mapping[str, str]) -> str:
    """What stands in each field, as a short mark that a form can carry: by it one knows later who has changed what."""
    return " ".join(f"{name}:{mark(stands[name])}" for name in FIELDS)


def marks_after(seen: str, stands: Mapping[str, str], typed: Mapping[str, str]) -> str:
    """The marks for a form that stays open: of a field that does not show what stands there, the mark stays as it was."""
    before = _marks_in(seen)
    now = {name: [mark(stands[name])] if typed.get(name) == stands[name] else before.get(name, []) for name in FIELDS}
    return " ".join(f"{name}:{it}" for name, marks in now.items() for it in marks)


def merged(stands: Mapping[str, str], typed: Mapping[str, str], seen: str) -> Merged:
    """Put together what stands and what was typed by somebody who saw what `seen` marks.

    A field that only one has changed is as that one wants it. One that both have changed, to different things, is a clash and
    stays as it stands: nothing is lost without a word.
    """
    before = _marks_in(seen)
    kept, clashes = dict(stands), {}
    for name, value in typed.items():
        shown = before.get(name, [mark("")])
        if value == stands[name] or shown[0] == mark(value):
            continue
        if mark(stands[name]) in shown:
            kept[name] = value
        else:
            clashes[name] = stands[name]
    return Merged(kept, clashes)


def mark(value: str) -> str:
    """A short mark of some words, by which it is known whether they are still the same."""
    return sha256(value.encode()).hexdigest()[:MARK]


def _marks_in(seen: str) -> dict[str, list[str]]:
    """The marks of each field: of what the form was made from, and of what it has sent itself without hearing back."""
    found: dict[str, list[str]] = {}
    for pair in seen.split():
        name, _, it = pair.partition(":")
        found.setdefault(name, []).append(it)
    return found
