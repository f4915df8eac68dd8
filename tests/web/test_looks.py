"""The looks that can be counted: contrast of every colour on every ground, by day and by night, and the size of the style."""

import math
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "calls" / "web" / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
COLOUR = re.compile(r"--([a-z-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\);")
DAY, NIGHT = 0, 1
Colour = tuple[float, float, float]


def palette() -> dict[str, tuple[Colour, Colour]]:
    found = COLOUR.findall((STATIC / "css" / "tokens.css").read_text())
    return {name: (numbers(day), numbers(night)) for name, day, night in found}


def numbers(words: str) -> Colour:
    lightness, chroma, hue = (float(word) for word in words.split())
    return lightness, chroma, hue


def luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.2) of a colour in OKLCH, by the matrices of CSS Color 4."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_palette_is_eleven_colours_with_a_day_and_a_night() -> None:
    names = sorted(palette())

    assert names == sorted(["paper", "card", "line", "edge", "ink", "quiet", "accent", "on-accent", "good", "warn", "bad"])


@pytest.mark.parametrize("time", [DAY, NIGHT])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_words_are_readable_on_every_ground(ground: str, time: int) -> None:
    colours = palette()
    words = ("ink", "quiet", "accent", "good", "warn", "bad")

    weak = {name for name in words if contrast(colours[name][time], colours[ground][time]) < 6.9}

    assert weak == set()


@pytest.mark.parametrize("time", [DAY, NIGHT])
def test_words_on_buttons_are_readable(time: int) -> None:
    colours = palette()

    weak = {name for name in ("accent", "bad") if contrast(colours["on-accent"][time], colours[name][time]) < 6.9}

    assert weak == set()


@pytest.mark.parametrize("time", [DAY, NIGHT])
def test_the_edge_of_a_field_is_seen_on_every_ground(time: int) -> None:
    colours = palette()

    faint = {ground for ground in ("paper", "card") if contrast(colours["edge"][time], colours[ground][time]) < 3.0}

    assert faint == set()


def test_black_on_white_has_the_greatest_contrast_there_is() -> None:
    assert round(contrast((0, 0, 0), (1, 0, 0)), 2) == 21.0


def test_the_style_is_six_sheets_of_at_most_five_hundred_lines() -> None:
    lines = sum(len(sheet.read_text().splitlines()) for sheet in SHEETS)

    assert [sheet.stem for sheet in SHEETS] == ["elements", "layout", "parts", "print", "reset", "tokens"]
    assert lines <= 500


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_a_colour_is_written_only_among_the_tokens(sheet: Path) -> None:
    written = re.findall(r"oklch\(\d|rgb\(|hsl\(|#[0-9a-f]{3,8}\b", sheet.read_text())

    assert written == [] or sheet.stem in ("tokens", "print")
