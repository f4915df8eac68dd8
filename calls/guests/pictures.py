"""A photo as somebody sends it, made into the two that are shown: upright, without anything that a camera wrote, square and wide.

A picture is known by its content and never by its name. Its size is looked at before a single pixel is read, and one is read at
a time, so that none costs more memory than there is.
"""

import struct
from hashlib import sha256
from io import BytesIO
from threading import Lock

from PIL import Image, ImageOps, UnidentifiedImageError

from calls.ground.refusals import Invalid
from calls.guests.cuts import Cut

SQUARE, WIDE = (640, 640), (1200, 630)
MOST_BYTES = 200_000
QUALITIES = (85, 75, 65, 55, 45, 35, 25, 15)
LEAST_SIDE = 200  # pixels
MOST_PIXELS = 24_000_000
MOST_PIXELS_OF_JPEG = 50_000_000  # phones make such, and a JPEG can be read at a part of its size
MOST_SCANS = 50  # of a progressive JPEG: each costs as much as the whole picture, and may be a few bytes long
READ_AT = (1800, 1800)
UPPER_THIRD = (0.5, 0.25)  # where faces are
PAPER = (255, 255, 255)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
APPLE = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
# What Pillow raises at files that are broken, or made to break it.
FAULTS = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, EOFError, RuntimeError),
    *(struct.error, Image.DecompressionBombError),
)
NO_PICTURE = "That is no picture we can read. Choose a JPEG, PNG, WebP or GIF."
HEIC = "That photo is a HEIC or AVIF file, which not every browser can show. Save or send it as JPEG and choose that."
TOO_SMALL = f"That picture is too small. It needs at least {LEAST_SIDE} pixels on each side."
TOO_MANY = "That picture has more pixels than we can read. Make it smaller, say 2000 pixels wide, and choose it again."
BROKEN = "That picture is broken or not all there. Choose it again, or another."

_TURN = Lock()


def cut(content: bytes) -> Cut:
    """Both shapes of a picture. Refuses with Invalid on "picture" what is none, too large, too small or broken."""
    if content[4:8] == b"ftyp" and content[8:12] in APPLE:
        raise Invalid({"picture": HEIC})
    with _TURN:
        whole = _read(content)
        square, wide = _jpeg(whole, SQUARE), _jpeg(whole, WIDE)
    return Cut(square, wide, sha256(square).hexdigest())


def _read(content: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            _check(opened, content)
            opened.draft("RGB", READ_AT)
            opened.load()
            return _plain(opened)
    except UnidentifiedImageError as fault:
        raise Invalid({"picture": NO_PICTURE}) from fault
    except Image.DecompressionBombError as fault:
        raise Invalid({"picture": TOO_MANY}) from fault
    except FAULTS as fault:
        raise Invalid({"picture": BROKEN}) from fault


def _check(opened: Image.Image, content: bytes) -> None:
    """What the head of the file says of it, before any of it is unpacked."""
    width, height = opened.size
    is_jpeg = opened.format in {"JPEG", "MPO"}
    most = MOST_PIXELS_OF_JPEG if is_jpeg else MOST_PIXELS
    if width * height > most or (is_jpeg and content.count(b"\xff\xda") > MOST_SCANS):
        raise Invalid({"picture": TOO_MANY})
    if min(width, height) < LEAST_SIDE:
        raise Invalid({"picture": TOO_SMALL})


def _plain(opened: Image.Image) -> Image.Image:
    """The first frame in plain colours, upright, on paper where it can be seen through, and no larger than needed."""
    image: Image.Image = opened
    if image.mode.startswith(("I", "F")):
        image = image.convert("L")
    elif image.has_transparency_data or image.mode in {"P", "PA"}:
        image = image.convert("RGBA")
    image.thumbnail((READ_AT[0] * 2, READ_AT[1] * 2))
    image = _upright(opened, image)
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image.convert("RGB"), mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return paper


def _upright(opened: Image.Image, image: Image.Image) -> Image.Image:
    """Turned as the camera says it was held; one that says nonsense was held upright."""
    try:
        orientation = opened.getexif().get(0x0112)
    except FAULTS:
        return image
    turn = TURNS.get(orientation) if isinstance(orientation, int) else None
    return image.transpose(turn) if turn is not None else image


# Exif 2.32, tag 0x0112: which row and column of the pixels is the top and the left of the scene.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _jpeg(whole: Image.Image, size: tuple[int, int]) -> bytes:
    """The picture in this size, as good as fits into the bytes it may have."""
    fitted = ImageOps.fit(whole, size, Image.Resampling.LANCZOS, centering=UPPER_THIRD)
    for quality in QUALITIES:
        file = BytesIO()
        fitted.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        if file.tell() <= MOST_BYTES:
            break
    return file.getvalue()
