"""What becomes of an audience's wishes and of short links, as sentences for whoever reads the history."""

from collections.abc import Callable, Mapping
from typing import Any

from calls.ground.text import clean_line

Facts = Mapping[str, Any]


def _named(words: str) -> Callable[[Facts], str]:
    return lambda facts: words.replace("{name}", clean_line(facts["name"]))


def _named_or_not(facts: Facts) -> str:
    return "Agreed to be named for what a link brings." if facts["is_named"] else "Is no longer named for what a link brings."


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "share.named": _named_or_not,
    "wish.proposed": _named("Proposed {name} as a guest."),
    "wish.put_on_bench": _named("Put {name}, whom listeners wish for, on the bench."),
    "wish.refused": _named("Kept the wish for {name} from the public page."),
    "wish.shown": _named("Showed the wish for {name} on the public page."),
    "wish.voted": _named("Voted for {name}."),
}
