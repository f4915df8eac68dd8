"""What becomes of a photo: two shapes of it. Apart from the making of them, whose library few processes ever need."""

from dataclasses import dataclass

LARGEST_FILE = 8_000_000  # bytes
SHAPES = ("square", "wide")


@dataclass(frozen=True, slots=True)
class Cut:
    """The two pictures as JPEG, and the digest by which they are known."""

    square: bytes
    wide: bytes
    digest: str
