"""What befalls people on the bench, as sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from calls.ground.text import clean_line, in_words

Facts = Mapping[str, Any]

FIELDS = {
    "name": "name",
    "email": "e-mail address",
    "phone": "phone number",
    "zone": "time zone",
    "met": "where you met",
    "topics": "topics",
    "notes": "notes",
    "tags": "tags",
    "contacted_on": "last contact",
    "looked_after_by_id": "who looks after them",
}


def _changed(facts: Facts) -> str:
    return f"Changed {in_words([FIELDS[it] for it in facts['what']])}."


def _moved(facts: Facts) -> str:
    was, to = facts["was"], facts["to"]
    if to is None:
        return "Took them out of turn."
    return f"Gave them turn {to}." if was is None else f"Moved them from turn {was} to turn {to}."


def _merged(facts: Facts) -> str:
    return f"Merged a double into this one: {clean_line(facts['double'])}."


SENTENCES: dict[str, str | Callable[[Facts], str]] = {
    "guest.added": "Put on the bench.",
    "guest.changed": _changed,
    "guest.imported": "Put on the bench from a file.",
    "guest.merged": _merged,
    "guest.moved": _moved,
}
