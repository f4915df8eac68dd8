"""Address cards as programs export them: vCard 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350), as far as the bench wants to know.

Each content line is read by a library. What it cannot know of vCard 2.1, which is no standard of the IETF, is put right before:
parameters without a name, and quoted-printable values over several lines. A line that cannot be read is passed over.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline, split_on_unescaped_comma, split_on_unescaped_semicolon, unescape_backslash

from calls.ground import zones
from calls.guests.person import Person, Row

START = re.compile(r"\s*BEGIN:VCARD\s*(?:\n|$)", re.IGNORECASE)
LONGEST_LINE = 20_000
MOST_VALUES = 20  # of one property of one card
_READ = re.compile(r"(?:[A-Za-z0-9-]{1,60}\.)?(BEGIN|END|FN|N|EMAIL|TEL|NOTE|CATEGORIES|TZ|TITLE|ORG|URL)[;:]", re.IGNORECASE)
_QUOTED = re.compile(r"[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]", re.IGNORECASE)
_ENCODINGS = ("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT")
# Nothing else is ever looked up by a name that a file gives: some of Python's codecs are slow on purpose.
_CHARSETS = frozenset(
    {"utf-8", "iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252", "shift_jis"}
)


@dataclass
class Card:
    """The values of one card by property, in the order in which they came, those that are preferred first."""

    number: int
    values: dict[str, list[str]] = field(default_factory=dict)
    is_ended: bool = False

    def add(self, name: str, value: str, is_preferred: bool) -> None:
        known = self.values.setdefault(name, [])
        if len(known) < MOST_VALUES:
            known.insert(0 if is_preferred else len(known), value)

    def all(self, name: str) -> list[str]:
        """The values of a property, without escapes, blanks around them, and empty ones."""
        return [it for value in self.values.get(name, ()) if (it := unescape_backslash(value).strip())]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")


def read(text: str) -> Iterator[Row]:
    """A row a card, numbered from 1. One without an end is a fault, since nobody knows what is missing."""
    for card in _cards(text):
        yield Row(card.number, _person(card), "" if card.is_ended else "The card has no end.")


def _cards(text: str) -> Iterator[Card]:
    number, card = 0, None
    for line in _lines(text):
        found = _property(line)
        if found is None:
            continue
        name, value, is_preferred = found
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            if card:
                yield card
            number += 1
            card = Card(number)
        elif name == "END" and card and value.strip().upper() == "VCARD":
            card.is_ended = True
            yield card
            card = None
        elif card:
            card.add(name, value, is_preferred)
    if card:
        yield card


def _lines(text: str) -> Iterator[str]:
    """Content lines with their folds undone. What goes beyond the longest line, a picture mostly, is left out."""
    parts: list[str] = []
    size, is_quoted = 0, False
    for line in text.split("\n"):
        is_fold = bool(parts) and line.startswith((" ", "\t"))
        goes_on = is_quoted and parts and parts[-1].endswith("=")
        if not is_fold and not goes_on:
            yield "".join(parts)
            parts, size, is_quoted = [], 0, _QUOTED.match(line[:LONGEST_LINE]) is not None
        elif goes_on:
            parts[-1] = parts[-1][:-1]
        rest = line[1:] if is_fold else line
        if size + len(rest) <= LONGEST_LINE:
            parts.append(rest)
            size += len(rest)
    yield "".join(parts)


def _property(line: str) -> tuple[str, str, bool] | None:
    """Name, value and whether it is the preferred one, of a line that matters."""
    wanted = _READ.match(line)
    if not wanted:
        return None
    try:
        _, parameters, value = Contentline(_named(line)).raw_parts()  # type: ignore[no-untyped-call]
    except ValueError:
        return None
    said = {name.upper(): str(it) for name, it in parameters.items()}
    if said.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        value = _unquoted(value, said.get("CHARSET", "utf-8").lower())
    is_preferred = "pref" in line.partition(":")[0].lower() and said.get("PREF", "1") == "1"
    return wanted[1].upper(), value, is_preferred


def _named(line: str) -> str:
    """The line with a name before each parameter: `TEL;HOME;QUOTED-PRINTABLE:` is `TEL;TYPE=HOME;ENCODING=QUOTED-PRINTABLE:`."""
    head, colon, value = line.partition(":")
    if '"' in head:
        return line  # not of version 2.1, which knows no quotation marks
    name, *parameters = head.split(";")
    named = [it if "=" in it else f"{'ENCODING' if it.upper() in _ENCODINGS else 'TYPE'}={it}" for it in parameters if it]
    return ";".join([name, *named]) + colon + value


def _unquoted(value: str, charset: str) -> str:
    plain = quopri.decodestring(value.encode("utf-8"))
    return plain.decode(charset if charset in _CHARSETS else "utf-8", "replace")


def _person(card: Card) -> Person:
    email, *more_emails = card.all("EMAIL") or [""]
    phone, *more_phones = [it.removeprefix("tel:") for it in card.all("TEL")] or [""]
    work = ", ".join(it for it in (card.first("TITLE"), card.first("ORG").strip(";").replace(";", ", ")) if it)
    notes = [work, *(f"Also: {it}" for it in (*more_emails, *more_phones)), *card.all("URL"), *card.all("NOTE")]
    return Person(
        name=card.first("FN") or _name(card),
        email=email.removeprefix("mailto:"),
        phone=phone,
        zone=next((it for it in card.all("TZ") if zones.is_zone(it)), ""),
        notes="\n".join(it for it in notes if it),
        tags=tuple(it for value in card.values.get("CATEGORIES", ()) for it in split_on_unescaped_comma(value)),
    )


def _name(card: Card) -> str:
    """From its parts: family; given; additional; titles before; titles after."""
    structured = next(iter(card.values.get("N", ())), "")
    family, given, additional, before, after = [*split_on_unescaped_semicolon(structured), "", "", "", "", ""][:5]
    return " ".join(it for part in (before, given, additional, family, after) if (it := part.strip()))
