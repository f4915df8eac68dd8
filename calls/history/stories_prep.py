"""What befalls a guest's prep, as sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from calls.ground.text import clean_line

Facts = Mapping[str, Any]


def _of(done: str) -> Callable[[Facts], str]:
    """A sentence with the guest's name in the place of {guest}."""
    return lambda facts: done.replace("{guest}", clean_line(facts["guest"]))


def _consented(facts: Facts) -> str:
    said = "Agreed to being recorded" if facts["answer"] == "yes" else "Did not agree to being recorded"
    return f"{said}: “{clean_line(facts['words'])}”"


SENTENCES: dict[str, str | Callable[[Facts], str]] = {
    "picture.removed": _of("Took the photo of {guest} away."),
    "picture.set": _of("Sent a photo of {guest}."),
    "prep.completed": _of("Sent all that is needed of {guest}."),
    "prep.consented": _consented,
    "prep.handed_on": _of("Opened a link for an assistant of {guest}."),
    "prep.saved": _of("Wrote in the prep of {guest}."),
    "prep.taken_back": _of("Withdrew the link of an assistant of {guest}."),
}
