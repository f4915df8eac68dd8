"""What the picture of a call shows. Apart from its drawing, whose library few processes ever need."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Poster:
    """What stands on it. `guest` is a line below the heading, or nothing; `photo` is a JPEG, square.

    `when` is a line a part: the day, the time with its zone.
    """

    show: str
    heading: str
    when: tuple[str, ...]
    guest: str = ""
    photo: bytes | None = None
