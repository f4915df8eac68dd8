"""The picture of a call for previews of its link: show, call, date, and the guest's photo where there is one (1200 by 630)."""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps
from PIL.ImageFont import FreeTypeFont

from calls.kits import typefaces
from calls.kits.poster import Poster

SIZE = (1200, 630)
PHOTO = 470
MARGIN = 72
PAPER, INK, QUIET, ACCENT = "#fbf8f1", "#241f1a", "#5d564d", "#225a88"
HEADINGS = (76, 64, 54, 46, 38)
MOST_LINES, LEADING = 4, 1.25
TOP, HEIGHT, LINE = 142, 305, 48
CUT = "…"


def draw(poster: Poster) -> bytes:
    """The poster as PNG."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    right = SIZE[0] - MARGIN
    if poster.photo:
        photo = ImageOps.fit(Image.open(BytesIO(poster.photo)).convert("RGB"), (PHOTO, SIZE[1]))
        picture.paste(photo, (SIZE[0] - PHOTO, 0))
        right = SIZE[0] - PHOTO - MARGIN // 2
    pen.rectangle((0, 0, 18, SIZE[1]), fill=ACCENT)
    width = right - MARGIN
    _line(pen, poster.show, 34, (MARGIN, 64), width, ACCENT, is_heading=True)
    bottom = _heading(pen, poster.heading, width, HEIGHT - (LINE if poster.guest else 0))
    _line(pen, poster.guest, 36, (MARGIN, bottom), width, QUIET, is_heading=True)
    top = SIZE[1] - 70 - 46 * len(poster.when)
    for number, line in enumerate(poster.when):
        _line(pen, line, 34, (MARGIN, top + 46 * number), width, INK if number == 0 else QUIET)
    into = BytesIO()
    picture.save(into, "PNG", optimize=True)
    return into.getvalue()


def _heading(pen: ImageDraw.ImageDraw, heading: str, width: int, height: int) -> int:
    """The heading in the largest letters in which it has room, cut off where it has none; where it ends."""
    words = typefaces.plain(heading)
    fitted = next(_fitted(words, width, height), None)
    if fitted is None:
        return TOP
    own, size, lines = fitted
    for number, line in enumerate(lines[:MOST_LINES]):
        is_cut = number == MOST_LINES - 1 and len(lines) > MOST_LINES
        pen.text((MARGIN, TOP + number * size * LEADING), _cut(own, line + CUT * is_cut, width), fill=INK, font=own)
    return TOP + round(min(len(lines), MOST_LINES) * size * LEADING) + 8


def _fitted(words: str, width: int, height: int) -> Iterator[tuple[FreeTypeFont, int, list[str]]]:
    """The heading in lines, in each size in which it has room, and at last in the smallest."""
    for size in HEADINGS:
        own = typefaces.font(words, size, is_heading=True)
        if own is None:
            return
        lines = _broken(own, words, width)
        is_high = len(lines) > MOST_LINES or size * LEADING * len(lines) > height
        if size == HEADINGS[-1] or not (is_high or any(own.getlength(it) > width for it in lines)):
            yield own, size, lines


def _line(
    pen: ImageDraw.ImageDraw, words: str, size: int, at: tuple[int, int], width: int, fill: str, *, is_heading: bool = False
) -> None:
    line = typefaces.plain(words)
    own = typefaces.font(line, size, is_heading=is_heading)
    if own is not None:
        pen.text(at, _cut(own, line, width), fill=fill, font=own)


def _broken(own: FreeTypeFont, words: str, width: int) -> list[str]:
    """The words in lines that fit, as far as single words do; scripts without blanks are broken anywhere."""
    lines: list[str] = []
    for part in words.split() if " " in words else list(words):
        joined = f"{lines[-1]}{' ' if ' ' in words else ''}{part}" if lines else part
        if lines and own.getlength(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(part)
    return lines


def _cut(own: FreeTypeFont, line: str, width: int) -> str:
    if own.getlength(line) <= width:
        return line
    while line and own.getlength(line + CUT) > width:
        line = line[:-1]
    return line.rstrip() + CUT
