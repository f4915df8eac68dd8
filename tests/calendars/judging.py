"""The judge sits beside every test: each calendar that is mailed, answered or put into an outbox is read by the grammar checker.

What a test is handed by the stand-in for a mail server, by a real one, by a browser or by an outbox folder is judged as it comes.
Mails are judged among each other too: to one person's calendar nothing older may go after something newer (M9, M13).
"""

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from pathlib import Path

from httpx import Response

from tests.calendars.grammar import check_download, check_feed, check_mail_part
from tests.calendars.lines import Component, parsed, unfolded

CALENDAR, ATTACHMENT = "text/calendar", "application/ics"
ANSWERED_TO = ("REPLY", "COUNTER")  # what people send to us, which no test is handed by us
METHODS = ("REQUEST", "CANCEL", "DECLINECOUNTER")


@dataclass(frozen=True)
class Mailed:
    """What one person's calendar was sent last about one call."""

    method: str
    sequence: int
    stamp: str


@dataclass
class Judge:
    """Collects the faults of all calendars that it is shown, and counts these."""

    faults: list[str] = field(default_factory=list)
    seen: int = 0
    _last: dict[tuple[str, str], Mailed] = field(default_factory=dict)

    def begin(self) -> None:
        """Know nothing of what was shown before."""
        self.faults.clear()
        self._last.clear()
        self.seen = 0

    def mail(self, raw: bytes) -> None:
        """One mail as it went out. Mails without a calendar are none of the judge's business."""
        letter = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
        parts = [it for it in letter.walk() if it.get_content_type() in (CALENDAR, ATTACHMENT)]
        if not parts:
            return
        self.seen += 1
        bodies = [bytes(it.get_payload(decode=True) or b"") for it in parts]
        calendar = _calendar(bodies[0])
        about = f"the mail {letter['Subject']!r} to {letter['To']}"
        faults = check_mail_part(bodies[0]) + _carried(letter, parts, bodies)
        if calendar is not None:
            faults += _addressed(letter, calendar) + self._in_order(letter, calendar)
        self.faults += [f"{about}: {fault}" for fault in faults]

    def answer(self, response: Response) -> None:
        """One answer of the web, as httpx hands it to its hooks."""
        if response.status_code == 200 and response.request.method == "GET":
            self.body(response.request.url.path, response.headers.get("content-type", ""), response.read())

    def body(self, path: str, content_type: str, body: bytes) -> None:
        """What an address gave: a feed, or a file to keep."""
        is_feed = path.startswith("/feeds/") or path.endswith("/calendar.ics")
        if not content_type.startswith(CALENDAR):
            self.faults += [f"the feed at {path} is answered with {content_type}, which empties calendars"] if is_feed else []
            return
        self.seen += 1
        kind = "feed" if is_feed else "file"
        self.faults += [f"the {kind} at {path}: {it}" for it in (check_feed if is_feed else check_download)(body)]

    def outbox(self, folder: Path) -> None:
        """All mails in an outbox folder."""
        for file in sorted(folder.glob("*.eml")):
            self.mail(file.read_bytes())

    def _in_order(self, letter: EmailMessage, calendar: Component) -> list[str]:
        event = calendar.components[0] if calendar.components else Component("VEVENT")
        sequence = event.value("SEQUENCE")
        now = Mailed(calendar.value("METHOD"), int(sequence) if sequence.isdigit() else -1, event.value("DTSTAMP"))
        if now.method not in ("REQUEST", "CANCEL"):
            return []
        place = event.value("UID"), str(letter["To"])
        last = self._last.setdefault(place, now)
        self._last[place] = now
        if last in (now, Mailed(now.method, now.sequence, "")):
            return []
        faults = []
        if (now.sequence, now.stamp) < (last.sequence, last.stamp):
            faults.append(f"SEQUENCE {now.sequence} of {now.stamp} goes after {last.sequence} of {last.stamp}")
        if last.method != now.method and now.sequence <= last.sequence:
            faults.append(f"{now.method} {now.sequence} does not stand above {last.method} {last.sequence}")
        return faults


JUDGE = Judge()


@contextmanager
def judged() -> Iterator[Judge]:
    """Every calendar that is shown to the judge meanwhile must be right."""
    JUDGE.begin()
    yield JUDGE
    assert not JUDGE.faults, "\n".join(JUDGE.faults)


def _calendar(ics: bytes) -> Component | None:
    lines, _ = unfolded(ics)
    return parsed(lines)[0]


def _carried(letter: EmailMessage, parts: list[EmailMessage], bodies: list[bytes]) -> list[str]:
    """How the mail holds its calendar (M3): last of the alternatives, in base64, and once more as invite.ics, the same bytes."""
    faults = []
    if [it.get_content_type() for it in parts] != [CALENDAR, ATTACHMENT]:
        faults.append(f"the calendar stands as {', '.join(it.get_content_type() for it in parts)}")
    if len(set(bodies)) != 1:
        faults.append("the attached calendar is another one")
    inline = parts[0]
    method = next((line[7:] for line in bodies[0].decode(errors="replace").split("\r\n") if line.startswith("METHOD:")), "")
    if inline.get_param("method") != method:
        faults.append(f"the part says method={inline.get_param('method')}, its calendar {method}")
    if str(inline.get_param("charset")).lower() != "utf-8" or inline["Content-Transfer-Encoding"] != "base64":
        faults.append("the calendar part is not UTF-8 in base64")
    if inline["Content-Disposition"] is not None:
        faults.append("the calendar part is sent as an attachment only")
    alternatives = next((it for it in letter.walk() if it.get_content_type() == "multipart/alternative"), None)
    kinds = [it.get_content_type() for it in alternatives.iter_parts()] if alternatives else []
    if kinds != ["text/plain", "text/html", CALENDAR]:
        faults.append(f"the alternatives are {', '.join(kinds) or 'none'}")
    if parts[-1].get_filename() != "invite.ics":
        faults.append(f"the file is named {parts[-1].get_filename()}")
    return faults


def _addressed(letter: EmailMessage, calendar: Component) -> list[str]:
    """One receiver, who is the attendee, and a sender, who is the organizer (M1, M4)."""
    event = calendar.components[0] if calendar.components else Component("VEVENT")
    faults = []
    lines = [str(it) for name in ("To", "Cc", "Bcc") for it in letter.get_all(name, [])]
    receivers = [address for _, address in getaddresses(lines)]
    if len(receivers) != 1:
        faults.append(f"it goes to {len(receivers)} people")
    asked = [each.value.removeprefix("mailto:").lower() for each in event.all("ATTENDEE")]
    if asked != [it.lower() for it in receivers]:
        faults.append("the attendee is not the receiver")
    if event.value("ORGANIZER").removeprefix("mailto:").lower() != parseaddr(str(letter["From"]))[1].lower():
        faults.append("the organizer is not the sender")
    return faults
