"""The picture of a call for previews of its link."""

from io import BytesIO

import pytest
from PIL import Image

from calls.kits import typefaces
from calls.kits.drawing import INK, PAPER, PHOTO, SIZE, draw
from calls.kits.poster import Poster
from tests.guests.booked import a_photo

WHEN = ("Tuesday 24 November 2026", "19:00 New York time")
HOSTILE = (
    "<script>alert(1)</script> {{ 7*7 }} %s \x00",
    "x" * 5_000,
    "ten words that go on and on and on " * 40,
    "\u202eecin ton\u2066\u200f",
    "\U0001f525\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea",
    "\ud83d",
    "a\u0301\u0302\u0303" * 60,
    "\U000e0001\U0010ffff\ufdd0",
    "",
    "   ",
)
SCRIPTS = {
    "Arabic": "\u0644\u0645\u0627\u0630\u0627 \u0646\u0646\u0627\u0645",
    "Hebrew": "\u05dc\u05de\u05d4 \u05d0\u05e0\u05d7\u05e0\u05d5 \u05d9\u05e9\u05e0\u05d9\u05dd",
    "Greek": "\u0393\u03b9\u03b1\u03c4\u03af \u03ba\u03bf\u03b9\u03bc\u03cc\u03bc\u03b1\u03c3\u03c4\u03b5",
    "Cyrillic": "\u041f\u043e\u0447\u0435\u043c\u0443 \u043c\u044b \u0441\u043f\u0438\u043c",
    "Armenian": "\u053b\u0576\u0579\u0578\u0582",
    "Georgian": "\u10e0\u10d0\u10e2\u10dd\u10db",
}


def opened(poster: Poster) -> Image.Image:
    picture = Image.open(BytesIO(draw(poster)))
    picture.load()
    return picture


def inked(picture: Image.Image) -> int:
    """How many points of it have the colour of the heading."""
    wanted = tuple(bytes.fromhex(INK.removeprefix("#")))
    return sum(number for number, colour in picture.convert("RGB").getcolors(1 << 24) or [] if colour == wanted)


def test_poster_is_a_picture_of_the_size_that_previews_take() -> None:
    picture = opened(Poster("Ask Tara", "Why we sleep", WHEN))

    assert (picture.format, picture.size) == ("PNG", SIZE)
    assert inked(picture) > 2_000


def test_same_words_make_the_same_bytes() -> None:
    assert draw(Poster("Ask Tara", "Sleep", WHEN)) == draw(Poster("Ask Tara", "Sleep", WHEN))


def test_photo_fills_the_right_side_and_no_letter_runs_into_it() -> None:
    photo = a_photo((640, 640))
    with_short, with_long = (opened(Poster("Ask Tara", words, WHEN, photo=photo)) for words in ("Sleep", "Sleeplessness " * 30))
    right = (SIZE[0] - PHOTO, 0, *SIZE)

    assert with_short.crop(right).tobytes() == with_long.crop(right).tobytes()
    red, green, blue = with_short.convert("RGB").getpixel((SIZE[0] - 20, 20))  # type: ignore[misc]
    assert red < green < blue  # the sky


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_is_typed_makes_a_picture(words: str) -> None:
    picture = opened(Poster(words, words, (words, words)))

    assert picture.size == SIZE
    paper = tuple(bytes.fromhex(PAPER.removeprefix("#")))
    assert {picture.convert("RGB").getpixel((SIZE[0] - 1, y)) for y in range(SIZE[1])} == {paper}


@pytest.mark.parametrize("words", SCRIPTS.values(), ids=SCRIPTS)
def test_scripts_of_our_own_fonts_are_written(words: str) -> None:
    assert typefaces.font(words, 40, is_heading=True) is not None
    assert inked(opened(Poster("Ask Tara", words, WHEN))) > 500


def test_letters_that_no_font_has_leave_out_their_line_and_no_other() -> None:
    unknown = "\U00013000\U00013001"  # hieroglyphs

    assert typefaces.font(unknown, 40) is None
    assert inked(opened(Poster("Ask Tara", unknown, ("", "")))) == 0
    assert inked(opened(Poster("Ask Tara", unknown, WHEN))) > 500


def test_emoji_are_left_out_and_the_rest_is_written() -> None:
    assert typefaces.plain("Sleep \U0001f634 well \u2764\ufe0f!") == "Sleep well !"
