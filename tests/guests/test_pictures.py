"""Photos as people and attackers send them: what becomes of each is a clean picture or a sentence."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from calls.ground.refusals import Invalid
from calls.guests import pictures
from calls.guests.cuts import Cut
from calls.guests.pictures import HEIC, NO_PICTURE, cut
from tests.guests.booked import GPS, a_photo, from_a_phone
from tests.measures import memory_taken

SKY, LAWN = (40, 90, 200), (40, 160, 60)


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(BytesIO(jpeg))
    image.load()
    return image


def is_near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 20 for one, other in zip(pixel, colour, strict=True))


def refusal_of(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        cut(content)
    return refused.value.errors["picture"]


def a_png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG that says to be of this size, whatever is in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(900, 1200), (1200, 900), (300, 3000), (3000, 300), (200, 200), (4000, 6000)])
def test_picture_is_cut_square_and_wide_whatever_its_shape(size: tuple[int, int]) -> None:
    made = cut(a_photo(size))

    assert (opened(made.square).size, opened(made.wide).size) == ((640, 640), (1200, 630))
    assert (opened(made.square).format, opened(made.square).mode) == ("JPEG", "RGB")


def test_cut_keeps_the_middle_and_of_a_tall_picture_the_upper_part() -> None:
    tall = opened(cut(a_photo((600, 1200))).square)
    broad = Image.new("RGB", (1200, 600), SKY)
    broad.paste(LAWN, (0, 0, 600, 600))
    file = BytesIO()
    broad.save(file, "PNG")
    middle = opened(cut(file.getvalue()).square)

    assert (is_near(tall.getpixel((320, 10)), SKY), is_near(tall.getpixel((320, 600)), LAWN)) == (True, True)
    assert is_near(tall.getpixel((320, 400)), SKY)  # in the very middle of the picture it would be lawn
    assert (is_near(middle.getpixel((10, 320)), LAWN), is_near(middle.getpixel((630, 320)), SKY)) == (True, True)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"),
        ("PNG", "LA"), ("PNG", "1"), ("PNG", "I;16"), ("WEBP", "RGB"), ("WEBP", "RGBA"), ("GIF", "P"),
    ],
)  # fmt: skip
def test_every_kind_of_colour_becomes_a_plain_picture(kind: str, mode: str) -> None:
    made = opened(cut(a_photo((400, 400), kind, mode)).square)

    top, below = made.getpixel((320, 20)), made.getpixel((320, 620))
    assert made.mode == "RGB"
    assert top != below or mode == "1"
    assert mode in {"L", "LA", "1", "I;16"} or (is_near(top, SKY) and is_near(below, LAWN))


def test_what_can_be_seen_through_stands_on_white() -> None:
    file = BytesIO()
    Image.new("RGBA", (400, 400), (255, 0, 0, 0)).save(file, "PNG")

    assert is_near(opened(cut(file.getvalue()).square).getpixel((320, 320)), (255, 255, 255))


def test_of_a_moving_picture_the_first_frame_is_shown() -> None:
    file = BytesIO()
    frames = [Image.new("RGB", (300, 300), colour) for colour in (SKY, LAWN)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])

    assert is_near(opened(cut(file.getvalue()).square).getpixel((320, 320)), SKY)


@pytest.mark.parametrize(
    ("orientation", "sky"),
    [(1, "top"), (2, "top"), (3, "bottom"), (4, "bottom"), (5, "left"), (6, "right"), (7, "right"), (8, "left"), (99, "top")],
)
def test_picture_is_turned_upright_as_the_phone_was_held(orientation: int, sky: str) -> None:
    made = opened(cut(from_a_phone(orientation, (900, 900))).square)

    edges = {"top": (320, 10), "bottom": (320, 630), "left": (10, 320), "right": (630, 320)}
    assert [edge for edge, place in edges.items() if is_near(made.getpixel(place), SKY) and edge == sky] == [sky]


def test_nothing_that_the_camera_wrote_is_left() -> None:
    sent = from_a_phone(6)
    assert opened(sent).getexif().get_ifd(GPS) != {}

    made = cut(sent)

    for jpeg in (made.square, made.wide):
        image = opened(jpeg)
        assert dict(image.getexif()) == {}
        assert not {"exif", "comment", "icc_profile", "xmp", "photoshop"} & set(image.info)
        assert b"Phone of Ken" not in jpeg
        assert b"at home" not in jpeg
        assert b"Exif" not in jpeg


def test_picture_is_small_enough_to_be_sent_often_even_where_it_is_nothing_but_noise() -> None:
    file = BytesIO()
    Image.effect_noise((1300, 1300), 200).convert("RGB").save(file, "PNG")

    made = cut(file.getvalue())

    assert max(len(made.square), len(made.wide)) <= pictures.MOST_BYTES
    assert len(cut(a_photo()).square) < 20_000


def test_equal_pictures_have_one_digest_and_others_another() -> None:
    same = {cut(a_photo()).digest, cut(a_photo()).digest}

    assert (len(same), cut(a_photo((700, 700))).digest in same) == (1, False)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", NO_PICTURE), (b"not a picture", NO_PICTURE), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NO_PICTURE),
        (b"%PDF-1.7 " + b"x" * 500, NO_PICTURE), (b"II*\0" + b"\0" * 100, NO_PICTURE), (b"GIF89a", NO_PICTURE),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, NO_PICTURE), (b"\0\0\0\x18ftypheic" + b"\0" * 100, HEIC),
        (b"\0\0\0\x18ftypmif1" + b"\0" * 100, HEIC), (b"\0\0\0\x18ftypavif" + b"\0" * 100, HEIC),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 100, NO_PICTURE), (b"MZ" + b"\0" * 500, NO_PICTURE),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_told_by_its_content(content: bytes, sentence: str) -> None:
    assert refusal_of(content) == sentence


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.98])
def test_picture_that_is_not_all_there_is_refused(kind: str, part: float) -> None:
    file = BytesIO()
    Image.effect_noise((400, 400), 90).convert("RGB").save(file, kind)
    whole = file.getvalue()

    assert refusal_of(whole[: int(len(whole) * part)]) in {pictures.BROKEN, NO_PICTURE}


def test_picture_too_small_to_be_shown_is_refused() -> None:
    assert refusal_of(a_photo((199, 900))) == pictures.TOO_SMALL


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("width", "height"), [(100_000, 100_000), (30_000, 30_000), (13_000, 13_000), (200, 1_000_000), (6_000, 5_000)]
)
def test_bomb_is_refused_by_what_its_head_says_and_is_never_unpacked(width: int, height: int) -> None:
    bomb = a_png(width, height, b"\0" * 30_000_000)

    with memory_taken() as taken:
        said = refusal_of(bomb)

    assert (said, len(bomb) < 100_000) == (pictures.TOO_MANY, True)
    assert taken.bytes < 20_000_000


def test_bomb_that_lies_about_its_size_unpacks_no_more_than_it_says() -> None:
    liar = a_png(300, 300, b"\0" * 100_000_000)

    with memory_taken() as taken:
        cut(liar)

    assert taken.bytes < 60_000_000


def test_picture_of_thousands_of_scans_is_refused_unread() -> None:
    file = BytesIO()
    Image.effect_noise((3000, 3000), 50).save(file, "JPEG", progressive=True)
    whole = file.getvalue()
    scan = whole.rindex(b"\xff\xda")
    many = whole[:scan] + whole[scan:-2] * 60 + b"\xff\xd9"

    assert refusal_of(many) == pictures.TOO_MANY


def test_largest_photo_of_a_phone_costs_little(tmp_path: Path) -> None:
    sent = a_photo((8_000, 6_200), progressive=True)

    with memory_taken() as taken:
        made = cut(sent)

    assert opened(made.square).size == (640, 640)
    assert taken.bytes < 250_000_000


@given(st.data())
@settings(max_examples=150)
def test_bytes_changed_at_will_are_a_picture_or_a_refusal(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]))
    content = bytearray(a_photo((220, 230), kind))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=12)):
        content[place] = data.draw(st.integers(0, 255))

    try:
        made = cut(bytes(content))
    except Invalid as refused:
        assert set(refused.errors) == {"picture"}
    else:
        assert isinstance(made, Cut)
