"""What a mail server says of a letter of ours that it could not deliver (RFC 3464, in a report of RFC 6522)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser

from calls.ground.addresses import both_forms, is_email, mail_address
from calls.ground.logs import without_secrets
from calls.ground.text import excerpt
from calls.inbound.mime import Part, leaves, opened

REPORTS = ("message/delivery-status", "message/global-delivery-status")
RETURNED = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers")
LARGEST = 1_000_000
MOST = 20
LONGEST_WORDS = 300

_MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
_FOR_GOOD = re.compile(r"5\.[0-9]{1,3}\.[0-9]{1,3}")


@dataclass(frozen=True)
class Bounce:
    """An address that takes no mail, what its server said, and which letter came back, by its Message-ID without brackets.

    `addresses` are lower-cased: the one that we wrote to, and the one that it was passed on to, each in both its forms.
    """

    addresses: frozenset[str]
    words: str
    message_id: str


def is_report(mail: Part) -> bool:
    return mail.kind == "multipart/report" and mail.parameter("report-type").lower() == "delivery-status"


def bounces(mail: Part) -> list[Bounce]:
    """What failed for good, each with the letter that it is said of; nothing of a report that names no letter."""
    if not is_report(mail):
        return []
    parts = list(leaves(mail))
    message_id = next((it for it in map(_message_id, parts) if it), "")
    reports = (it.text(LARGEST) for it in parts if it.kind in REPORTS)
    return list(_failed(next(reports, "") or "", message_id)) if message_id else []


def _failed(report: str, message_id: str) -> Iterator[Bounce]:
    """The blocks of a report: the first is about the mail, each further one about one receiver."""
    for block in re.split(r"\n[ \t]*\n", report.strip(), maxsplit=MOST)[:MOST]:
        said = HeaderParser().parsestr(block)
        written = (_address(str(said.get(it, ""))) for it in ("Final-Recipient", "Original-Recipient"))
        addresses = frozenset(form for it in written if it for form in both_forms(it))
        status = str(said.get("Status", "")).split()[:1]
        has_failed = str(said.get("Action", "")).strip().lower() == "failed"
        if addresses and has_failed and status and _FOR_GOOD.fullmatch(status[0]):
            yield Bounce(addresses, _words(str(said.get("Diagnostic-Code", "")), status[0]), message_id)


def _address(value: str) -> str:
    """An address behind its type: "rfc822; ann@example.com"."""
    address = mail_address(value.rpartition(";")[2].strip().strip("<>"))
    return address if is_email(address) else ""


def _words(diagnostic: str, status: str) -> str:
    said = without_secrets(diagnostic.partition(";")[2] or diagnostic)
    return excerpt(said, LONGEST_WORDS) or f"Status {status}"


def _message_id(part: Part) -> str:
    """The Message-ID of a returned letter, or of its headers alone."""
    if part.kind not in RETURNED:
        return ""
    found = _MESSAGE_ID.search(opened(part.content(LARGEST) or b"").first("message-id"))
    return found[1] if found else ""
