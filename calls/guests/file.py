"""A file of people, whatever its kind: what bytes say, and the rows in them."""

from itertools import islice

from calls.ground.refusals import Invalid
from calls.ground.text import clean
from calls.guests import cards, columns
from calls.guests.person import Row

LARGEST = 980_000  # bytes, a line's end being two, as forms send it: with the rest of the form it stays below a form's own limit
MOST_ROWS = 5_000


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 where it says so, or else the code page of western Windows machines.

    Raises Invalid for `file` where it is no text, as what a spreadsheet program saves by itself.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        raise Invalid({"file": "That file is no text. Save the sheet as CSV first, or export the address book as vCard."})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")


def rows(text: str) -> list[Row]:
    """Everybody whom the text describes: address cards where it begins with one, else a sheet. Raises Invalid for `text`."""
    plain = clean(text)
    if len(plain.encode()) + plain.count("\n") > LARGEST:
        raise Invalid({"text": "A megabyte is the most. Split it into several, and export address cards without their pictures."})
    found = list(islice((cards if cards.START.match(plain) else columns).read(plain), MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise Invalid({"text": f"There are more than {MOST_ROWS:,} rows. Split them into several files."})
    if not found:
        raise Invalid({"text": "Nobody is found in it. Paste a sheet with a line a person, or address cards."})
    return found
