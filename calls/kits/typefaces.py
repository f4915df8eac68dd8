"""Fonts for pictures: for each line the first font that has a sign for every letter in it.

Those that come with the product write Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic. For other scripts the
machine's own fonts are looked through, once. What no font can write is not written, rather than shown as boxes.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

OWN = Path(__file__).parent / "fonts"
HEADING = (OWN / "DejaVuSerif-Bold.ttf", OWN / "DejaVuSans-Bold.ttf")
TEXT = (OWN / "DejaVuSans.ttf",)
MACHINES = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"), Path("/System/Library/Fonts"))
WIDE_SCRIPTS = ("NotoSansCJK", "NotoSerifCJK", "NotoSansDevanagari", "NotoSansThai", "NotoSansBengali", "NotoSansTamil")
_NOBODYS = "\U0010ffff"  # a code point that never is a character, so that its sign is that for a missing one
_PICTURES = {"So", "Cs", "Co", "Sk"}
_UNSEEN = {"Cf", "Mn", "Me", "Zs", "Zl", "Zp", "Cc"}


def font(line: str, size: int, *, is_heading: bool = False) -> FreeTypeFont | None:
    """The font to write a line with, at so many pixels; None where there is none for it."""
    wanted = frozenset(it for it in line if unicodedata.category(it) not in _UNSEEN)
    own = (*HEADING, *TEXT) if is_heading else TEXT
    for path in [*own, *_of_machine()]:
        if wanted <= _written_by(path, wanted):
            return _opened(path, size)
    return None


def plain(line: str) -> str:
    """The line without pictures and emoji, which no font here writes."""
    return " ".join("".join(it for it in line if unicodedata.category(it) not in _PICTURES and it != "\ufe0f").split())


@cache
def _opened(path: Path, size: int) -> FreeTypeFont:
    return ImageFont.truetype(path, size)


def _written_by(path: Path, letters: frozenset[str]) -> frozenset[str]:
    return frozenset(it for it in letters if _has(path, it))


@cache
def _has(path: Path, letter: str) -> bool:
    own = _opened(path, 24)
    return bytes(own.getmask(letter)) != bytes(own.getmask(_NOBODYS))


@cache
def _of_machine() -> tuple[Path, ...]:
    """Fonts of this machine for scripts that the product's own lack."""
    return tuple(_readable(path for folder in MACHINES if folder.is_dir() for path in sorted(folder.rglob("*.[to]t[cf]"))))


def _readable(paths: Iterator[Path]) -> Iterator[Path]:
    for path in paths:
        if path.name.startswith(WIDE_SCRIPTS) and "Regular" in path.name:
            try:
                _opened(path, 24)
            except OSError:
                continue
            yield path
