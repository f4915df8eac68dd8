"""What somebody's calendar says about an invitation: a yes, no or maybe, or another time (RFC 5546 3.2.3 and 3.2.7)."""

from dataclasses import dataclass, field
from datetime import datetime

ACCEPTED, TENTATIVE, DECLINED = "accepted", "tentative", "declined"
ANSWERS = (ACCEPTED, TENTATIVE, DECLINED)


def is_older(stamped_at: datetime, last: datetime) -> bool:
    """Whether an answer was given before the last one. Stamps have no fractions: of one second the later to come counts."""
    return stamped_at < last.replace(microsecond=0)


@dataclass(frozen=True)
class Heard:
    """What a mail says of the invitation `uid`, and who is behind it.

    `sequence` is the revision that was answered, None where the mail does not say; `stamped_at` is DTSTAMP, else the mail's Date.
    `addresses` are lower-cased: of the ATTENDEE, of From and of Reply-To. `is_authentic` says that the mail server vouches for
    the sender. `comment` is plain text.
    """

    uid: str
    sequence: int | None
    stamped_at: datetime
    addresses: frozenset[str]
    is_authentic: bool
    comment: str = ""

    def names(self, email: str) -> bool:
        """Whether the mail says that this address is behind it."""
        return email.casefold() in {it.casefold() for it in self.addresses}


@dataclass(frozen=True)
class Answered(Heard):
    """A yes, no or maybe (M16 to M21)."""

    answer: str = field(kw_only=True)


@dataclass(frozen=True)
class Proposed(Heard):
    """Another time (M22). `starts_at` and `ends_at` are None where the zone is unknown; `words` is the time as it was written."""

    starts_at: datetime | None = field(kw_only=True)
    ends_at: datetime | None = field(kw_only=True)
    words: str = field(default="", kw_only=True)
