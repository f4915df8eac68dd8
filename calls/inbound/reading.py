"""What one mail is: answers of a calendar, a report of what could not be delivered, or something that is left alone.

Reading is done before any transaction, takes no longer than the mail is large, and never fails: a mail that cannot be read is one
of those that are left alone.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from calls.calendars.answers import Answered, Proposed
from calls.ground.text import excerpt
from calls.inbound import bounces, replies, trust
from calls.inbound.bounces import Bounce
from calls.inbound.mime import Part, opened

REPLY, COUNTER, BOUNCE, OTHER = "reply", "counter", "bounce", "other"
LARGEST = 5_000_000  # bytes of a mail that is read whole
LONGEST_SUBJECT = 200
# What a mail can make those raise who read and take it. Anything else is the machine's trouble.
FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)

_HEAD = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEAD = 100_000


@dataclass(frozen=True)
class Mail:
    """One mail that came in. `digest` tells it from every other; `about` says what kind of `other` it is."""

    raw: bytes
    digest: str
    sender: str = ""
    subject: str = ""
    answers: tuple[Answered | Proposed, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    about: str = ""

    @property
    def kind(self) -> str:
        if self.answers:
            return REPLY if isinstance(self.answers[0], Answered) else COUNTER
        return BOUNCE if self.bounces else OTHER


def read(raw: bytes, *, authserv: str, now: datetime, is_whole: bool = True) -> Mail:
    """What the mail is. `authserv` is whose word on senders is believed; a mail that is too big is known by its headers."""
    digest = hashlib.sha256(raw).hexdigest()
    if len(raw) > LARGEST or not is_whole:
        ends = _HEAD.search(raw, 0, _LONGEST_HEAD)
        head = raw[: ends.end() if ends else _LONGEST_HEAD]
        return _described(head, digest, "It is too big to be read; its headers are kept.")
    try:
        return _read(raw, digest, authserv, now)
    except FAULTS:
        return Mail(raw, digest, about="It could not be read.")


def _read(raw: bytes, digest: str, authserv: str, now: datetime) -> Mail:
    mail = opened(raw)
    sender = trust.sender(mail, authserv)
    # A calendar's answer says that it was made by a machine, as what is left alone does: it is looked for first (M18).
    answers = tuple(replies.answers(mail, sender, now))
    returned = () if answers else tuple(bounces.bounces(mail))
    return Mail(raw, digest, sender.address, _subject(mail), answers, returned, _about(mail))


def _described(head: bytes, digest: str, about: str) -> Mail:
    try:
        mail = opened(head)
        return Mail(head, digest, trust.sender(mail, "").address, _subject(mail), about=about)
    except FAULTS:
        return Mail(head, digest, about=about)


def _subject(mail: Part) -> str:
    return excerpt(mail.words("subject"), LONGEST_SUBJECT)


def _about(mail: Part) -> str:
    """What is said of a mail that neither answers nor reports a failure for good."""
    if bounces.is_report(mail):
        return "A report of a mail server about nothing that failed for good, or about no letter of ours; left alone."
    automatic = mail.first("auto-submitted").partition(";")[0].strip().lower()
    if automatic not in {"", "no"} or mail.first("x-auto-response-suppress") or _is_bulk(mail):
        return "Written by a machine, and no answer; left alone."
    return "It holds no answer of a calendar; left alone."


def _is_bulk(mail: Part) -> bool:
    return mail.first("precedence").strip().lower() in {"bulk", "list", "junk", "auto_reply"}
