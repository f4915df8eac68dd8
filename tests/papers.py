"""What Chromium prints, read again: the words of each page of a PDF. Enough of ISO 32000 for that, and for nothing else."""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj|(\bET\b)")
RANGE = re.compile(rb"<(\w+)> <(\w+)> <(\w+)>")
CHARACTER = re.compile(rb"^<(\w+)> <(\w+)>$", re.MULTILINE)

Letters = dict[int, str]


def pages_of(pdf: bytes) -> list[str]:
    """The words on each page, those of one line or run after the other."""
    objects = {int(found[1]): found[2] for found in OBJECT.finditer(pdf)}
    pages = [it for _, it in sorted(objects.items()) if re.search(rb"/Type\s*/Page\b", it)]
    return [_words(page, objects) for page in pages]


def _words(page: bytes, objects: dict[int, bytes]) -> str:
    fonts = {name: _letters(objects[int(number)], objects) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", page)}
    letters: Letters = {}
    said = ""
    for font, glyphs, end in SHOWN.findall(_stream(objects[_reference(page, b"Contents")])):
        if font:
            letters = fonts[font]
        said += " " if end else "".join(letters.get(glyph, "?") for glyph in _numbers(glyphs))
    return " ".join(said.split())


def _letters(font: bytes, objects: dict[int, bytes]) -> Letters:
    """What each glyph of a font stands for."""
    table = _stream(objects[_reference(font, b"ToUnicode")])
    letters: Letters = {}
    for first, last, letter in RANGE.findall(table):
        for step in range(int(last, 16) - int(first, 16) + 1):
            letters[int(first, 16) + step] = chr(int(letter, 16) + step)
    for glyph, letter in CHARACTER.findall(table):
        letters[int(glyph, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    return letters


def _reference(thing: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", thing)
    assert found, name
    return int(found[1])


def _stream(thing: bytes) -> bytes:
    found = STREAM.search(thing)
    assert found
    return zlib.decompress(found[1]) if b"FlateDecode" in thing else found[1]


def _numbers(glyphs: bytes) -> list[int]:
    return [int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs), 4)]
