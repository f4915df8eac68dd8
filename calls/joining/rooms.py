"""What a way in may be, and how it is said: a number with its code, a web link, or both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from calls.ground import text
from calls.ground.refusals import Invalid

NUMBER = re.compile(r"\+?[0-9][0-9 ()./-]{4,38}[0-9]")
CODE = re.compile(r"[0-9][0-9 *#-]{0,29}")


@dataclass(frozen=True)
class WayIn:
    """How people get in. `is_page_only` keeps number and code out of calendars."""

    phone: str = ""
    code: str = ""
    web_link: str = ""
    is_page_only: bool = False

    def __bool__(self) -> bool:
        return bool(self.phone or self.web_link)


NOWHERE = WayIn()


def way_in_of(ways: Mapping[tuple[UUID, UUID | None], WayIn], show_id: UUID, call_id: UUID | None) -> WayIn:
    """The way into a call: its own, else its show's (which `call_id` None asks for), else nowhere yet."""
    return ways.get((show_id, call_id)) or ways.get((show_id, None)) or NOWHERE


def checked(way_in: WayIn) -> WayIn:
    """The way in as it will be kept, or what is wrong with it, each beside its field."""
    clean = WayIn(
        text.clean_line(way_in.phone), text.clean_line(way_in.code), text.clean_line(way_in.web_link), way_in.is_page_only
    )
    errors = {}
    if clean.phone and not NUMBER.fullmatch(clean.phone):
        errors["phone"] = "Give a phone number with its country code, like +1 555 010 0100."
    if clean.code and not CODE.fullmatch(clean.code):
        errors["code"] = "A code has digits only, and * or # where the line wants them."
    if clean.code and not clean.phone:
        errors["code"] = "A code needs the number that it is typed at."
    if clean.web_link and not _is_link(clean.web_link):
        errors["web_link"] = "Give a whole web address that begins with https://."
    if errors:
        raise Invalid(errors)
    return clean


def _is_link(address: str) -> bool:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"https", "http"}
        and bool(parts.hostname)
        and len(address) <= 2000
        and not re.search(r"[\s<>\"'\\^`{|}]", address)
    )


def tap(way_in: WayIn) -> str:
    """The one-tap number: dial, wait twice, type the code (RFC 3966 leaves the commas to the phones; all take them)."""
    number = re.sub(r"[^+0-9]", "", way_in.phone)
    code = re.sub(r"[^0-9*#]", "", way_in.code)
    if not code:
        return f"tel:{number}"
    ending = "" if code.endswith("#") else "#"
    return f"tel:{number},,{code}{ending}".replace("#", "%23")


def in_words(way_in: WayIn) -> str:
    """Number and code in one line, as a calendar's place or a letter says it."""
    if not way_in.phone:
        return ""
    return f"{way_in.phone}, code {way_in.code}" if way_in.code else way_in.phone


def digest(way_in: WayIn) -> str:
    """A short mark by which a changed way in is known from the one last told."""
    return sha256("\n".join((way_in.phone, way_in.code, way_in.web_link)).encode()).hexdigest()[:16]
