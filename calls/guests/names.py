"""By what name guests are announced, and whether a new name is news to those who come."""

from collections.abc import Iterable, Sequence

from calls.ground import text

LONGEST = 200


def announced(names: Sequence[str]) -> str:
    """The guests of a call in one line, as far as there is room: "Ada and Ben"."""
    return text.excerpt(text.in_words(names), LONGEST)


def is_news(was: str, before: Sequence[str], now: Sequence[str], own: Iterable[str] = ()) -> bool:
    """Whether those registered must be told that others speak: somebody whom they were promised does not any more.

    `was` is what was announced, `before` the guests it was made of. A name that the host gave beforehand is no promise of
    somebody else where it is one of the guest's `own` names.
    """
    if not was:
        return False
    if was == announced(before):
        return not set(before) <= set(now)
    known = {it.casefold() for it in (*own, *now)}
    return was.casefold() not in known
