"""The suite's judge of calendars: every rule of RFC 5545, 5546 and 7986, and of the design, that the text alone can break.

Each check returns its faults as sentences; no fault, no sentence. It shares nothing with the code that it judges.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tests.calendars.lines import Component, Property, parsed, unfolded

_DATE = re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_UTC = re.compile(rf"{_DATE.pattern}T([01]\d|2[0-3])[0-5]\d[0-5]\dZ")
_DURATION = re.compile(r"-?P(\d+W|(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?)")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[A-Za-z0-9%:/?#\[\]@!$&'()*+,;=._~-]+")
_TEXT = re.compile(r"(?:[^\\,;]|\\[\\,;nN])*")
_TEXTS = re.compile(r"(?:[^\\;]|\\[\\,;nN])*")
_MAILTO = re.compile(r"mailto:[^\s@]+@[^\s@]+", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>()\[\]:;,\"\\/]+@(?:[\w-]+\.)+[^\W\d_]{2,}")
_SECRET = re.compile(r"https?://[^\s\\]+/(?:r|a|g|j|o|feeds)/[\w-]{16,}")

_FORMS: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("UID", "SUMMARY", "DESCRIPTION", "COMMENT", "LOCATION", "PRODID", "COLOR"), _TEXT),
    **dict.fromkeys(("NAME", "X-WR-CALNAME", "X-WR-CALDESC"), _TEXT),
    **dict.fromkeys(("DTSTAMP", "LAST-MODIFIED", "CREATED"), _UTC),
    **dict.fromkeys(("DTSTART", "DTEND"), re.compile(rf"(?:{_UTC.pattern})|(?:{_DATE.pattern})")),
    **dict.fromkeys(("URL", "SOURCE", "CONFERENCE", "IMAGE"), _URI),
    **dict.fromkeys(("ORGANIZER", "ATTENDEE"), _MAILTO),
    **dict.fromkeys(("REFRESH-INTERVAL", "X-PUBLISHED-TTL", "TRIGGER"), _DURATION),
    "VERSION": re.compile(r"2\.0"),
    "CALSCALE": re.compile("GREGORIAN"),
    "METHOD": re.compile("REQUEST|CANCEL|DECLINECOUNTER"),
    "SEQUENCE": re.compile(r"\d{1,9}"),
    "STATUS": re.compile("CONFIRMED|TENTATIVE|CANCELLED"),
    "TRANSP": re.compile("OPAQUE|TRANSPARENT"),
    "CLASS": re.compile("PUBLIC|PRIVATE|CONFIDENTIAL"),
    "CATEGORIES": _TEXTS,
    "ACTION": re.compile("DISPLAY"),
    "X-MICROSOFT-DISALLOW-COUNTER": re.compile("TRUE"),
}
# RFC 7986 5.7, 5.8, 5.11: these have no default type.
_TYPED = {"REFRESH-INTERVAL": "DURATION", "SOURCE": "URI", "CONFERENCE": "URI", "IMAGE": "URI"}


@dataclass(frozen=True)
class Part:
    """Which properties a component must have, each once, and which it may have, at most once."""

    must: str
    may: str = ""

    def faults(self, component: Component) -> list[str]:
        counts = Counter(each.name for each in component.properties)
        must, may = self.must.split(), self.may.split()
        missing = [f"{component.name} has no {name}" for name in must if not counts[name]]
        foreign = [f"{component.name} may not have {name}" for name in sorted(counts.keys() - {*must, *may})]
        twice = [f"{component.name} has {name} {count} times" for name, count in sorted(counts.items()) if count > 1]
        return missing + foreign + twice


_HEAD = "VERSION PRODID CALSCALE"
_EVENT = "UID SEQUENCE DTSTAMP LAST-MODIFIED CREATED DTSTART DTEND SUMMARY TRANSP CLASS"
_ABOUT = "LOCATION URL DESCRIPTION"
_FEED = Part(
    f"{_HEAD} NAME X-WR-CALNAME URL REFRESH-INTERVAL X-PUBLISHED-TTL LAST-MODIFIED", "DESCRIPTION X-WR-CALDESC COLOR SOURCE"
)
_FEED_EVENT = Part(f"{_EVENT} STATUS", f"{_ABOUT} CONFERENCE CATEGORIES IMAGE")
_FILE_EVENT = Part(f"{_EVENT} STATUS", _ABOUT)
_ALARM = Part("ACTION TRIGGER DESCRIPTION")
_REQUEST_EVENT = Part(f"{_EVENT} STATUS ORGANIZER ATTENDEE", f"{_ABOUT} X-MICROSOFT-DISALLOW-COUNTER")
# RFC 5546 3.2.8: what was countered, who did it, and that it stands as it stood.
_REFUSAL_EVENT = Part("UID SEQUENCE DTSTAMP LAST-MODIFIED CREATED DTSTART DTEND SUMMARY ORGANIZER ATTENDEE COMMENT")
_CANCEL_EVENT = Part(f"{_EVENT} ORGANIZER ATTENDEE", f"{_ABOUT} STATUS")
_ENDINGS = {"CANCEL": _CANCEL_EVENT, "DECLINECOUNTER": _REFUSAL_EVENT}


def check_feed(ics: bytes, *, with_alarms: bool = False) -> list[str]:
    """What is wrong with a feed. Alarms are a fault, unless a personal feed was asked for them (F16)."""
    return _judge(ics, lambda calendar: _feed_faults(calendar, with_alarms))


def check_mail_part(ics: bytes) -> list[str]:
    """What is wrong with the calendar part of a mail to one person: a REQUEST, a CANCEL or a DECLINECOUNTER."""
    return _judge(ics, _mail_faults)


def check_download(ics: bytes) -> list[str]:
    """What is wrong with a file that a person downloads from her page."""
    return _judge(ics, lambda calendar: Part(_HEAD).faults(calendar) + _one_event_faults(calendar, _FILE_EVENT))


def _judge(ics: bytes, faults_of_kind: Callable[[Component], list[str]]) -> list[str]:
    lines, cut_faults = unfolded(ics)
    calendar, grammar_faults = parsed(lines)
    if calendar is None:
        return cut_faults + grammar_faults
    inside = [fault for component in calendar.walk() for fault in _component_faults(component)]
    return cut_faults + grammar_faults + inside + faults_of_kind(calendar)


def _component_faults(component: Component) -> list[str]:
    """What holds wherever the component stands: known parts, the form of every value, moments in UTC, an end after the start."""
    if component.name not in ("VCALENDAR", "VEVENT", "VALARM"):
        return [f"{component.name} has no place here"]
    faults = [fault for each in component.properties for fault in _value_faults(each)]
    starts, ends = component.value("DTSTART"), component.value("DTEND")
    if starts and ends and (len(starts) != len(ends) or not starts < ends):
        faults.append(f"an event ends at {ends} that starts at {starts}")
    if component.value("STATUS") == "CANCELLED" and component.value("TRANSP") != "TRANSPARENT":
        faults.append("a cancelled event takes up time")
    if component.name == "VEVENT" and component.value("DTSTAMP") != component.value("LAST-MODIFIED"):
        faults.append("DTSTAMP is not LAST-MODIFIED")
    return faults


def _value_faults(each: Property) -> list[str]:
    faults = []
    if each.name in _FORMS and not _FORMS[each.name].fullmatch(each.value):
        faults.append(f"{each.name} cannot be {each.value[:40]!r}")
    wanted = _TYPED.get(each.name) or ("DATE" if each.name in ("DTSTART", "DTEND") and _DATE.fullmatch(each.value) else None)
    if each.parameters.get("VALUE") != wanted:
        faults.append(f"{each.name} says VALUE={each.parameters.get('VALUE')}, not {wanted}")
    if "TZID" in each.parameters:
        faults.append(f"{each.name} names a zone")
    if _SECRET.search(each.value):
        faults.append(f"{each.name} holds a link with a secret")
    return faults


def _feed_faults(calendar: Component, with_alarms: bool) -> list[str]:
    events = [component for component in calendar.components if component.name == "VEVENT"]
    faults = _FEED.faults(calendar) + [fault for event in events for fault in _feed_event_faults(event, with_alarms)]
    if not events:
        faults.append("a feed without events")
    if calendar.value("NAME") != calendar.value("X-WR-CALNAME"):
        faults.append("NAME is not X-WR-CALNAME")
    if calendar.value("DESCRIPTION") != calendar.value("X-WR-CALDESC"):
        faults.append("DESCRIPTION is not X-WR-CALDESC")
    uids = Counter(event.value("UID") for event in events)
    faults += [f"{uid} stands there {count} times" for uid, count in uids.items() if count > 1]
    places = [(event.value("DTSTART"), event.value("UID")) for event in events]
    if places != sorted(places):
        faults.append("the events are not in order of start and UID")
    for component in calendar.walk():
        faults += [f"{each.name} holds a mail address" for each in component.properties if _names_somebody(each)]
    return faults


def _feed_event_faults(event: Component, with_alarms: bool) -> list[str]:
    faults = _FEED_EVENT.faults(event)
    if event.value("STATUS") == "CANCELLED" and not event.value("SUMMARY").startswith("CANCELLED: "):
        faults.append("a cancelled event does not say so in its SUMMARY")
    if len(event.value("DTSTART")) == len("20261014") and event.value("TRANSP") != "TRANSPARENT":
        faults.append("an all-day notice takes up time")
    for alarm in event.components:
        faults += _ALARM.faults(alarm) if with_alarms else ["an alarm that nobody asked for"]
    return faults


def _names_somebody(each: Property) -> bool:
    written_out = each.value.replace("\\n", " ").replace("\\N", " ")
    return each.name != "UID" and bool(_ADDRESS.search(written_out) or any("@" in value for value in each.parameters.values()))


def _one_event_faults(calendar: Component, part: Part) -> list[str]:
    if [component.name for component in calendar.components] != ["VEVENT"]:
        return ["there is not exactly one event"]
    event = calendar.components[0]
    faults = part.faults(event) + [f"{component.name} in a single event" for component in event.components]
    if len(event.value("DTSTART")) == len("20261014"):
        faults.append("a call lasts all day")
    return faults


def _mail_faults(calendar: Component) -> list[str]:
    method = calendar.value("METHOD")
    is_cancel = method == "CANCEL"
    faults = Part(f"{_HEAD} METHOD").faults(calendar)
    faults += _one_event_faults(calendar, _ENDINGS.get(method, _REQUEST_EVENT))
    event = calendar.components[0] if calendar.components else Component("VEVENT")
    for attendee in event.all("ATTENDEE"):
        faults += _attendee_faults(event, attendee, method not in _ENDINGS)
    if is_cancel and (event.value("STATUS") not in ("", "CANCELLED") or event.value("TRANSP") != "TRANSPARENT"):
        faults.append("a CANCEL leaves the event standing")
    if not is_cancel and event.value("STATUS") == "CANCELLED":
        faults.append("a REQUEST for a cancelled event")
    elsewhere = [each for each in event.properties if each.name not in ("DESCRIPTION", "ORGANIZER", "ATTENDEE")]
    faults += [f"{each.name} names somebody" for each in elsewhere if _names_somebody(each)]
    return faults


def _attendee_faults(event: Component, attendee: Property, is_request: bool) -> list[str]:
    faults = []
    if attendee.value.lower() == event.value("ORGANIZER").lower():
        faults.append("the attendee is the organizer")
    needed = {"CUTYPE", "ROLE", "PARTSTAT"} | ({"RSVP"} if is_request else set())
    if attendee.parameters.keys() - {"CN"} != needed:
        faults.append(f"ATTENDEE carries {', '.join(attendee.parameters)}")
    allows_counter = not event.all("X-MICROSOFT-DISALLOW-COUNTER")
    is_guest = attendee.parameters.get("ROLE") == "REQ-PARTICIPANT"
    if is_request and allows_counter != is_guest:
        faults.append("a guest may propose another time, an attendee may not")
    return faults
