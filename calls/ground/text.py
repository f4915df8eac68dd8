"""Text that people typed, made safe and readable: cleaned, shortened, counted, and put into slugs and sheets.

Markdown is in `markdown.py`, mail addresses are in `addresses.py`.
"""

import re
import unicodedata
from collections.abc import Sequence

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
# C0 and C1 controls but tab and newline, lone surrogates (PostgreSQL and UTF-8 take none), the byte order mark and its mirror.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# UAX #9: embeddings, overrides and isolates reach beyond the word they stand in; the marks U+200E, U+200F and U+061C do not.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BLANKS = re.compile("[ \t\n]+")
# OWASP "CSV Injection": what a spreadsheet takes for the start of a formula, and the full-width forms that some fold to it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LETTERS_WITHOUT_PARTS = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"}
)
_SLUG_LENGTH = 60


def clean(text: str) -> str:
    """The text as a page, a mail, a calendar and both databases can hold it; its lines end in a newline only."""
    if text.isprintable():  # as most lines are: nothing of all this is in it
        return text
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def clean_line(text: str) -> str:
    """The text on one line, without the marks by which a name could turn round what stands beside it."""
    return _BLANKS.sub(" ", _BIDI.sub("", clean(text))).strip()


def excerpt(text: str, length: int) -> str:
    """The beginning of plain text on one line, at most `length` characters, cut between words where there is a word's end."""
    line = clean_line(text)
    if len(line) <= length:
        return line
    room = line[:length]
    whole_words = room.rpartition(" ")[0] if " " in room[length // 2 :] else room[: length - 1]
    return whole_words[: length - 1].rstrip(" ,;:.–—-") + "…"


def in_words(things: Sequence[str]) -> str:
    """A list as it is said: "a", "a and b", "a, b and c"."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} and {things[-1]}"


def count(number: int, one: str, many: str) -> str:
    """`one` for exactly one, else `many` with its {n} filled in: count(3, "one seat", "{n} seats") is "3 seats"."""
    return one if number == 1 else many.replace("{n}", f"{number:,}")


def slug(name: str) -> str:
    """The name as it stands in an address: small Latin letters, digits and dashes, at most 60 of them; "show" if none is left."""
    latin = unicodedata.normalize("NFKD", name.translate(_LETTERS_WITHOUT_PARTS)).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", latin.lower().replace("'", "")).strip("-")
    return words[:_SLUG_LENGTH].rstrip("-") or "show"


def csv_cell(value: object) -> str:
    """The value as a spreadsheet shows it and never runs it (OWASP, CSV Injection). Numbers stay numbers."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = clean(value)
    is_formula = value.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if is_formula else text
