"""Where a registration came from, in a word: the code of somebody's short link, or a word that a host put into an address."""

import re

FIELD = "via"
_WORD = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def origin(typed: str) -> str | None:
    """The word where it is one: at most 40 small letters, digits and dashes. Anything else says nothing."""
    return typed if _WORD.fullmatch(typed) else None
