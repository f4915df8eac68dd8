"""What the calendar parts of a mail answer: a yes, no or maybe (REPLY), or another time (COUNTER); rules M16 to M22.

Other parts of other methods say nothing to us, our own invitations that come back among them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from calls.calendars.answers import ANSWERS, Answered, Heard, Proposed
from calls.ground import text
from calls.ground.addresses import both_forms, is_email, mail_address
from calls.inbound import lines, moments
from calls.inbound.lines import Component, Property
from calls.inbound.mime import Part, leaves
from calls.inbound.trust import Sender

KINDS = ("text/calendar", "application/ics")
LARGEST = 1_000_000  # bytes of one part
MOST_PARTS = 20
MOST_ANSWERS = 20  # in one mail
LONGEST_COMMENT = 1000
LONGEST_WORDS = 200
LONGEST_UID = 255

Key = tuple[str, str, str]


@dataclass(frozen=True)
class _Letter:
    """What all answers of one mail have in common."""

    sender: Sender
    written_at: datetime
    now: datetime


def answers(mail: Part, sender: Sender, now: datetime) -> list[Answered | Proposed]:
    """Every answer of the mail, each once: Google holds its part twice (M18). `now` stands in for a date that is missing."""
    letter = _Letter(sender, _written_at(mail, now), now)
    found: dict[Key, Answered | Proposed] = {}
    for method, event, zones in _events(mail):
        key = (event.value("UID"), event.value("RECURRENCE-ID"), method)
        heard = None if key in found else _heard(method, event, zones, letter)
        if heard:
            found[key] = heard
        if len(found) == MOST_ANSWERS:
            break
    return list(found.values())


def _events(mail: Part) -> Iterator[tuple[str, Component, list[Component]]]:
    """Each VEVENT that answers, with its METHOD, and the zones that are described beside it."""
    parts = (it for it in leaves(mail) if it.kind in KINDS)
    for part, _ in zip(parts, range(MOST_PARTS), strict=False):
        for calendar in lines.calendars(part.text(LARGEST) or ""):
            method = (calendar.value("METHOD") or part.parameter("method")).strip().upper()
            if method in {"REPLY", "COUNTER"}:
                for event in calendar.components("VEVENT"):
                    yield method, event, calendar.components("VTIMEZONE")


def _heard(method: str, event: Component, zones: list[Component], letter: _Letter) -> Answered | Proposed | None:
    attendees, uid = event.all("ATTENDEE"), event.first("UID")
    if uid is None or not 0 < len(uid.text.strip()) <= LONGEST_UID or len(attendees) > 1:
        return None
    common = Heard(
        uid=uid.text.strip(),
        sequence=_number(event.value("SEQUENCE")),
        stamped_at=min(moments.written_in_utc(event.value("DTSTAMP")) or letter.written_at, letter.now),
        addresses=letter.sender.addresses | _address(attendees),
        is_authentic=letter.sender.is_authentic,
        comment=_comment(event),
    )
    return _answered(common, attendees) if method == "REPLY" else _proposed(common, event, zones)


def _answered(common: Heard, attendees: list[Property]) -> Answered | None:
    answer = attendees[0].parameters.get("PARTSTAT", "").strip().lower() if attendees else ""
    return Answered(**vars(common), answer=answer) if answer in ANSWERS else None


def _proposed(common: Heard, event: Component, zones: list[Component]) -> Proposed | None:
    start, end = event.first("DTSTART"), event.first("DTEND")
    if start is None:
        return None
    starts_at, ends_at = moments.moment(start, zones), moments.moment(end, zones) if end else None
    lasting = moments.length(event.value("DURATION"))
    if starts_at and not end and lasting:
        ends_at = starts_at + lasting
    is_sound = starts_at is not None and ends_at is not None and timedelta() < ends_at - starts_at
    words = " – ".join(moments.in_words(it) for it in (start, end) if it)
    return Proposed(
        **vars(common),
        starts_at=starts_at,
        ends_at=ends_at if is_sound else None,
        words=text.excerpt(words, LONGEST_WORDS),
    )


def _address(attendees: list[Property]) -> frozenset[str]:
    """The ATTENDEE's, with or without its mailto:, in whatever letters."""
    values = (it.value.strip() for it in attendees)
    found = (mail_address(it[7:] if it[:7].lower() == "mailto:" else it) for it in values)
    return frozenset(form for it in found if is_email(it) for form in both_forms(it))


def _comment(event: Component) -> str:
    """COMMENT and nothing else: what stands in the mail's own text is often all of ours, quoted (M21)."""
    said = "\n".join(it.text for it in event.all("COMMENT")[:5])
    return text.clean(said).strip()[:LONGEST_COMMENT]


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _written_at(mail: Part, now: datetime) -> datetime:
    """The mail's Date, but never later than now: a clock that is ahead would make every later answer look like an older one."""
    try:
        written = parsedate_to_datetime(mail.first("date"))
        return min(written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC), now)
    except (ValueError, TypeError, OverflowError, IndexError):
        return now
