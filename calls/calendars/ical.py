"""Calls as iCalendar text: feeds, notices, the file a person downloads. Values in, bytes out, the same bytes every time.

Also the one place to import from: what is made in `invitation.py` and `happening.py` is named here too. The rules F1 to F23 are
those of calendars.md in the design.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from icalendar import Alarm, Event, vDate, vDuration
from icalendar import Calendar as VCalendar

from calls.calendars.happening import Happening, add_extras, event, public
from calls.calendars.invitation import Answer, Person, cancel, decline_counter, request
from calls.calendars.properties import closed, moment, opened, text, uri, without_addresses, written

__all__ = [
    "NOTHING_PLANNED",
    "Answer",
    "Calendar",
    "Happening",
    "OnFault",
    "Person",
    "cancel",
    "decline_counter",
    "download",
    "feed",
    "notice",
    "notice_uid",
    "request",
]

OnFault = Callable[[Happening, Exception], None]

NOTHING_PLANNED = "No calls are planned at the moment"

# What a broken row can raise while it is written. Anything else is a fault of the program, and is let through.
_ROW_FAULTS = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError, AssertionError)


@dataclass(frozen=True)
class Calendar:
    """What a feed says of itself. `color` is a CSS3 name; `source` the feed's own address, for public feeds only (F12)."""

    name: str
    description: str
    url: str
    color: str
    refresh_minutes: int
    source: str | None
    revised_at: datetime


def feed(
    calendar: Calendar,
    happenings: Iterable[Happening],
    alarm_minutes: int | None = None,
    *,
    empty_day: date | None = None,
    empty_text: str = NOTHING_PLANNED,
    on_fault: OnFault | None = None,
) -> bytes:
    """One VEVENT a call, ordered by start and UID, without METHOD and without people (F1, F8, F13, F16).

    A call that cannot be written is left out and handed to `on_fault`; whoever has good bytes of an earlier render then serves
    those. With no call left the feed holds one notice on `empty_day` (by default the day of the calendar's last revision), since
    some programs take a calendar without events for a broken one (F17). `alarm_minutes` is for a personal feed on request (F16).
    """
    written_events: dict[str, tuple[datetime, bytes]] = {}
    revisions = [calendar.revised_at]
    for happening in happenings:
        try:
            starts_at, vevent = moment(happening.starts_at).dt, written(_feed_event(public(happening), alarm_minutes))
            if happening.uid in written_events:
                raise ValueError(f"A feed cannot hold {happening.uid} twice.")
            written_events[happening.uid] = starts_at, vevent
            revisions.append(happening.revised_at)
        except _ROW_FAULTS as fault:
            if on_fault is not None:
                on_fault(happening, fault)

    in_order = sorted(written_events, key=lambda uid: (written_events[uid][0], uid))
    vevents = [written_events[uid][1] for uid in in_order]
    if not vevents:
        day = empty_day or calendar.revised_at.date()
        vevents = [_notice_event(calendar, empty_text, day, notice_uid(calendar.url, empty_text))]
    return closed(_head(calendar, max(revisions)), vevents)


def notice(calendar: Calendar, sentence: str, day: date, uid: str) -> bytes:
    """A feed that says one thing only, all day, as when its link was withdrawn: programs then drop the old calls (F23)."""
    return closed(_head(calendar, calendar.revised_at), [_notice_event(calendar, sentence, day, uid)])


def notice_uid(url: str, sentence: str) -> str:
    """The UID of a notice: the same for the same sentence in the same calendar, so that fetching it again adds nothing (F4)."""
    digest = hashlib.sha256(f"{url}\n{sentence}".encode()).digest()
    return f"notice-{base64.b32encode(digest)[:26].decode().lower()}@{urlsplit(url).hostname or 'localhost'}"


def download(happening: Happening) -> bytes:
    """The `.ics` a person downloads: the UID and sequence of her invitation, without METHOD, organizer and attendee.

    Not REQUEST: opened from a disk it would ask for an answer that no mail carries back. Not PUBLISH: RFC 5546 3.2.1 wants an
    ORGANIZER in it, and Google keeps a published event apart from the invitation, where a cancellation does not reach it (F13,
    M2). Without METHOD a program adds one plain event; by its UID the invitation and all that follows by mail meet the same one.
    """
    return closed(opened(), [written(event(happening))])


def _feed_event(shown: Happening, alarm_minutes: int | None) -> Event:
    vevent = event(shown)
    add_extras(vevent, shown)
    if alarm_minutes is not None and not shown.is_cancelled:
        vevent.add_component(_alarm(shown, alarm_minutes))
    return vevent


def _alarm(happening: Happening, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", text("DISPLAY"))
    alarm.add("TRIGGER", vDuration(timedelta(minutes=-minutes)))
    alarm.add("DESCRIPTION", text(happening.summary))
    return alarm


def _head(calendar: Calendar, revised_at: datetime) -> VCalendar:
    """The calendar's own properties, each name given twice: the old X- form is what most programs read (F12)."""
    name, description = without_addresses(calendar.name), without_addresses(calendar.description)
    every = vDuration(timedelta(minutes=calendar.refresh_minutes))
    vcalendar = opened()
    vcalendar.add("NAME", text(name))
    vcalendar.add("X-WR-CALNAME", text(name))
    if description:
        vcalendar.add("DESCRIPTION", text(description))
        vcalendar.add("X-WR-CALDESC", text(description))
    vcalendar.add("URL", uri(calendar.url))
    vcalendar.add("REFRESH-INTERVAL", vDuration(every.td, params={"VALUE": "DURATION"}))
    vcalendar.add("X-PUBLISHED-TTL", every)
    if calendar.color:
        vcalendar.add("COLOR", text(calendar.color))
    if calendar.source is not None:
        vcalendar.add("SOURCE", uri(calendar.source, VALUE="URI"))
    vcalendar.add("LAST-MODIFIED", moment(revised_at))
    return vcalendar


def _notice_event(calendar: Calendar, sentence: str, day: date, uid: str) -> bytes:
    """All day and free. Sequence and revision follow the day: readers keep the old one while these stand still (F5, F6)."""
    revised_at = moment(max(calendar.revised_at, datetime.combine(day, time.min, UTC)))
    vevent = Event()
    vevent.add("UID", text(uid))
    vevent.add("SEQUENCE", day.toordinal())
    vevent.add("DTSTAMP", revised_at)
    vevent.add("LAST-MODIFIED", revised_at)
    vevent.add("CREATED", revised_at)
    vevent.add("DTSTART", vDate(day, params={"VALUE": "DATE"}))
    vevent.add("DTEND", vDate(day + timedelta(days=1), params={"VALUE": "DATE"}))
    vevent.add("SUMMARY", text(without_addresses(sentence)))
    vevent.add("STATUS", text("CONFIRMED"))
    vevent.add("TRANSP", text("TRANSPARENT"))
    vevent.add("CLASS", text("PUBLIC"))
    if calendar.url:
        vevent.add("LOCATION", text(calendar.url))
        vevent.add("URL", uri(calendar.url))
        vevent.add("DESCRIPTION", text(calendar.url))
    return written(vevent)
