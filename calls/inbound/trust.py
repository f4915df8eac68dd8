"""Whether the mail server that received a mail vouches for its sender (RFC 8601).

Anybody can write an Authentication-Results header into a mail. Believed are those that bear the name of our own mail server
(its authserv-id, CALLS_IMAP_AUTHSERV), since a server strips that name from what comes in (RFC 8601 section 5); and of them
only the topmost, down to the next server's mark, for a mail grows at its top. Without the setting nothing is believed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import getaddresses

from calls.ground.addresses import ascii_address, both_forms, is_email, mail_address
from calls.inbound.mime import Part

GOOGLE = "calendar-notification@google.com"

_RESULT = re.compile(r"\s*([A-Za-z0-9_-]+)(?:\s*/\s*[0-9]+)?\s*=\s*([A-Za-z0-9_-]+)")
_PROPERTY = re.compile(r'([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)\s*=\s*(?:"([^"]*)"|([^\s;"]+))')


@dataclass(frozen=True)
class Sender:
    """Who a mail is from: the one address of From (or nothing), those of Reply-To, and whether the server vouches for it."""

    address: str
    replies_to: tuple[str, ...]
    is_authentic: bool

    @property
    def addresses(self) -> frozenset[str]:
        """From and Reply-To, lower-cased, a domain in Punycode also as it is read."""
        return frozenset(form for it in (self.address, *self.replies_to) if it for form in both_forms(it))


@dataclass(frozen=True)
class Verdict:
    """What one method says: `dmarc`, `pass`, and the properties that it looked at."""

    method: str
    result: str
    properties: dict[str, str]


def sender(mail: Part, authserv: str) -> Sender:
    """Who the mail is from, and whether that is so: by DMARC, or for Google Calendar's own mails by Google's DKIM (M18, M19)."""
    senders = _addresses(mail.all("from"))
    address = senders[0] if len(senders) == 1 and len(mail.all("from")) == 1 else ""
    verdicts = list(_believed(mail, authserv)) if authserv and address else []
    is_authentic = _passes_dmarc(address, verdicts) or (address == GOOGLE and _is_signed_by_google(verdicts))
    return Sender(address, tuple(_addresses(mail.all("reply-to"))), is_authentic)


def _passes_dmarc(address: str, verdicts: list[Verdict]) -> bool:
    """The topmost word on DMARC counts, and only for the domain that it was said of."""
    found = next((it for it in verdicts if it.method == "dmarc"), None)
    if found is None or found.result != "pass":
        return False
    return _domain(found.properties.get("header.from", "")) == _domain(address) != ""


def _is_signed_by_google(verdicts: list[Verdict]) -> bool:
    signed = [it.properties for it in verdicts if it.method == "dkim" and it.result == "pass"]
    return any("google.com" in (_domain(it.get("header.d", "")), _domain(it.get("header.i", ""))) for it in signed)


def _believed(mail: Part, authserv: str) -> Iterator[Verdict]:
    """What our own server says, the topmost first. A Received below it is the mark of the server before, or of a forger."""
    has_begun = False
    for name, value in mail.headers:
        if name == "authentication-results":
            pieces = list(_split(_without_comments(value)))
            if pieces and (pieces[0].split() or [""])[0].strip('"').lower() == authserv.lower():
                has_begun = True
                yield from _verdicts(pieces[1:])
        elif name == "received" and has_begun:
            return


def _verdicts(pieces: list[str]) -> Iterator[Verdict]:
    for piece in pieces:
        said = _RESULT.match(piece)
        if said:
            properties = {name.lower(): quoted or plain for name, quoted, plain in _PROPERTY.findall(piece[said.end() :])}
            yield Verdict(said[1].lower(), said[2].lower(), properties)


def _without_comments(value: str) -> str:
    """The value without what stands in brackets (RFC 5322 3.2.2), which may be anything that a sender wrote."""
    kept, depth, is_quoted = [], 0, False
    letters = iter(value)
    for letter in letters:
        if letter == "\\" and (is_quoted or depth):
            next(letters, "")
        elif letter == '"' and not depth:
            is_quoted = not is_quoted
            kept.append(letter)
        elif letter == "(" and not is_quoted:
            depth += 1
            kept.append(" ")
        elif letter == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(letter)
    return "".join(kept)


def _split(value: str) -> Iterator[str]:
    """What stands between semicolons; one inside quotation marks parts nothing."""
    return (it.group() for it in re.finditer(r'(?:"[^"]*"|[^;"]|")+', value))


def _addresses(values: list[str]) -> list[str]:
    return [mail_address(it) for _, it in getaddresses(values) if is_email(mail_address(it))]


def _domain(value: str) -> str:
    """What stands behind the @, in Punycode; the whole where there is none."""
    domain = value.rpartition("@")[2].strip().rstrip(".").lower()
    try:
        return ascii_address(f"x@{domain}")[2:] if domain and not domain.isascii() else domain
    except ValueError:
        return ""
