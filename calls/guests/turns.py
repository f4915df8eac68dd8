"""The order in which people of the bench are asked, and how single wishes change it."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Waiting = TypeVar("Waiting", bound=Hashable)


def arranged(waiting: Sequence[Waiting], wanted: Mapping[Waiting, int]) -> list[Waiting]:
    """The order once some have the turn that is wanted for them, the first being 1; the others keep theirs among themselves.

    A number beyond the end is the end. Who does not wait, or has that turn already, is passed over.
    """
    moving = {it: wanted[it] for number, it in enumerate(waiting, 1) if wanted.get(it, number) != number}
    order = [it for it in waiting if it not in moving]
    for it in sorted(moving, key=lambda one: moving[one]):
        order.insert(max(1, min(moving[it], len(order) + 1)) - 1, it)
    return order
