"""Calendars of hosts, good and hostile, written as their programs would."""

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Somebody//Somewhere//EN\r\n"
BOMBED_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Bomb\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"
    "RRULE:FREQ={rule}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def calendar(*parts: str) -> str:
    return f"{HEAD}{''.join(parts)}END:VCALENDAR\r\n"


def entry(*lines: str, uid: str = "one@example.com") -> str:
    return "".join(f"{line}\r\n" for line in ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT"))


def an_hour(start: str, *lines: str, uid: str = "one@example.com") -> str:
    """An entry of an hour from a start in UTC, like 20261201T090000."""
    return entry(f"DTSTART:{start}Z", "DURATION:PT1H", *lines, uid=uid)


def many(number: int, *lines: str) -> str:
    """So many entries of a minute, all at other times, each with these lines."""
    starts = [f"2027{1 + it % 12:02}{1 + it % 28:02}T{it % 24:02}{it % 60:02}00Z" for it in range(number)]
    return calendar(*(entry(f"DTSTART:{it}", "DURATION:PT1M", *lines, uid=str(place)) for place, it in enumerate(starts)))
