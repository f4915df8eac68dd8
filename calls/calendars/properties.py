"""Single values of iCalendar text, from anything a person typed.

icalendar 7.3.0 writes the lines and folds them; these values go round what it gets wrong (design: calendars.md, B4 to B10).
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote

from icalendar import Calendar, Component, vCategory, vDatetime, vText, vUri

from calls.ground.text import clean, clean_line

PRODUCT = "-//Calls//Calls//EN"

_END = b"END:VCALENDAR\r\n"
_LONGEST_LINE = 75
# What a fold may not cut: an escape in a value, an escape in a parameter (RFC 6868), a character.
_WHOLES = re.compile(r"\\.|\^[n^']|.", re.DOTALL)

# RFC 3986: what may stand in a URI as it is, with "%" since addresses come to us already encoded.
_URI_MARKS = "%:/?#[]@!$&'()*+,;=-._~"
# The "@" of a mail address. Only the one character before it is looked at, so that a long word costs no more than its length.
_AT_OF_ADDRESS = re.compile(r"(?<=\S)@(?=(?:[\w-]+\.)+[^\W\d_]{2,})")


class Text(vText):
    r"""TEXT as RFC 5545 3.3.11 writes it. vText takes the two characters \N for a line break, and "C:\New" loses its N."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def text(value: str) -> Text:
    """What was typed as a TEXT value: cleaned, then escaped when it is written, so that no value can end its line."""
    return Text(clean(value))


def texts(values: tuple[str, ...]) -> vCategory:
    """Several TEXT values of one property, in the order given."""
    several = vCategory([])
    several.cats = [text(value) for value in values]
    return several


def uri(value: str, **parameters: str | list[str]) -> vUri:
    """A URI value, on one line and in ASCII whatever was handed in; URIs are not escaped (RFC 5545 3.3.13)."""
    return vUri(quote(clean_line(value), safe=_URI_MARKS), params=parameters)


def moment(value: datetime) -> vDatetime:
    """A moment as UTC with its Z, in whole seconds. A naive one raises ValueError: icalendar would take it for UTC (B9)."""
    if value.tzinfo is None:
        raise ValueError(f"A moment without a zone cannot be published: {value}.")
    return vDatetime(value.astimezone(UTC).replace(microsecond=0))


def parameter(value: str) -> str:
    """A name as a property parameter. There is no escape for a backslash there, and readers take one for an escape."""
    return clean_line(value).replace("\\", "/")


def without_addresses(value: str) -> str:
    """Text in which every mail address is spelled out ("tara at example.org"): no feed carries one (F16)."""
    return _AT_OF_ADDRESS.sub(" at ", clean(value))


def written(component: Component) -> bytes:
    """The component as bytes, its properties in the order in which they were added (F8)."""
    return b"".join(folded(line) for line in component.content_lines(sorted=False) if line)


def folded(line: str) -> bytes:
    r"""A content line in pieces of at most 75 octets (RFC 5545 3.1), cut neither inside a character nor inside an escape.

    icalendar cuts the two backslashes of a written-out \\n apart, and Google has dropped such events.
    """
    pieces, length = [b""], 0
    for whole in _WHOLES.findall(line) if len(line.encode()) > _LONGEST_LINE else [line]:
        octets = whole.encode()
        if length + len(octets) > _LONGEST_LINE:
            pieces.append(b"")
            length = 1  # the blank that starts every piece but the first
        pieces[-1] += octets
        length += len(octets)
    return b"\r\n ".join(pieces) + b"\r\n"


def opened(method: str | None = None) -> Calendar:
    """What every file starts with. Never a UID: vdirsyncer takes a calendar's UID for the UID of every event (B3)."""
    vcalendar = Calendar()
    vcalendar.add("VERSION", text("2.0"))
    vcalendar.add("PRODID", text(PRODUCT))
    vcalendar.add("CALSCALE", text("GREGORIAN"))
    if method is not None:
        vcalendar.add("METHOD", text(method))
    return vcalendar


def closed(vcalendar: Calendar, vevents: Iterable[bytes]) -> bytes:
    """The calendar's own lines around events that are written already, each once, so that a long feed is quick."""
    return written(vcalendar).removesuffix(_END) + b"".join(vevents) + _END
