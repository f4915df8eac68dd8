"""What a calendar test shows: what to look for at each step, what was seen of it, and what is to be mended.

Nobody but the one who looks at a calendar knows what stands in it, so she ticks what she sees; what is not ticked is missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

INVITED, CHANGED, CANCELLED = "invited", "changed", "cancelled"
STEPS = (INVITED, CHANGED, CANCELLED)
STRANGER, UNPROVEN = "stranger", "unproven"

OUTLOOK, GOOGLE, APPLE, THUNDERBIRD, OTHER = "outlook", "google", "apple", "thunderbird", "other"
PROGRAMS = {
    OUTLOOK: "Outlook",
    GOOGLE: "Google Calendar",
    APPLE: "Apple Calendar",
    THUNDERBIRD: "Thunderbird",
    OTHER: "Another",
}
TICKS = {
    INVITED: {"stands": "It stands in my calendar", "buttons": "The mail had buttons for yes, no and maybe"},
    CHANGED: {"moved": "It moved to the new time", "once": "It stands there once, not twice"},
    CANCELLED: {"gone": "It is gone, or struck through"},
}
LOOK = {
    INVITED: {
        OUTLOOK: "Accept, Tentative and Decline stand above the mail; the entry is there, hatched until you answer.",
        GOOGLE: "Yes, Maybe and No stand in the mail; the entry is there at once, or as soon as you answer.",
        APPLE: "Accept, Maybe and Decline stand in the mail or in the calendar’s inbox; the entry is dotted until you answer.",
        THUNDERBIRD: "A bar above the mail has Accept, Tentative and Decline; the entry is there as soon as you answer.",
    },
    CHANGED: {
        OUTLOOK: "The entry is an hour later and hatched again, since it asks once more.",
        GOOGLE: "The entry is an hour later by itself, and asks once more.",
        APPLE: "The calendar’s inbox tells of the change; the entry is an hour later.",
        THUNDERBIRD: "The bar above the mail speaks of an update; answer there, and the entry is an hour later.",
    },
    CANCELLED: {
        OUTLOOK: "The entry is called “Cancelled: …”, or the mail offers to remove it from the calendar.",
        GOOGLE: "The entry is gone by itself.",
        APPLE: "The entry is struck through or gone; the calendar’s inbox says why.",
        THUNDERBIRD: "The bar above the mail says that it was cancelled, and offers to delete the entry.",
    },
}
MISSING = {
    "stands": "The invitation does not stand in your calendar.",
    "buttons": "There were no buttons: the calendar part of the mail was not understood.",
    "moved": "The entry did not move.",
    "once": "The entry stands there twice: the update was taken for another invitation.",
    "gone": "The entry is still there as if nothing had happened.",
}
_BY_HAND = "Open the mail in the calendar’s own mail program and press the button that it offers there"
MENDS: dict[str, Mapping[str, str]] = {
    "stands": {
        GOOGLE: "In the settings of Google Calendar, under event settings, let it add invitations from everyone; until then "
        "an invitation stands there only once you answer it.",
        OUTLOOK: "Look into the junk folder, and open the mail in Outlook itself: it adds what arrives in the inbox.",
        APPLE: "Look into the spam folder. With an account that is neither iCloud nor Exchange, open the attached invite.ics.",
        THUNDERBIRD: "Press Accept above the mail. Where no bar is, give the calendar your mail address in its properties.",
        OTHER: "Look into the spam folder; then open the attached invite.ics with your calendar.",
    },
    "buttons": {
        THUNDERBIRD: "Give the calendar your mail address in its properties: without it Thunderbird shows no buttons.",
        OTHER: "Read the mail where your calendar is kept, or open the attached invite.ics. If it is the same there, a mail "
        "server on the way has rewritten the mail: ask whoever runs it.",
    },
    "moved": {
        THUNDERBIRD: "Open the mail of the update and answer in the bar above it; Thunderbird moves nothing before.",
        OTHER: f"{_BY_HAND}. An entry that was added by hand, from a file or by another program, is moved by no mail.",
    },
    "once": {OTHER: "Delete both, and test again with one program only: of two on one calendar each may add its own entry."},
    "gone": {
        THUNDERBIRD: "Open the mail of the cancellation and press Delete in the bar above it.",
        OTHER: f"{_BY_HAND}, or delete the entry by hand.",
    },
}
NO_ANSWER = "No answer of your calendar has come."
SEND_IT = (
    "Answer once more, and let the program send the answer. If none comes then, mails to the sender’s address do not reach the "
    "mailbox that CALLS_IMAP names; the command “calls check” says what is wrong with it."
)
DOUBTS = {
    STRANGER: (
        "Your calendar answered from another address than the one invited, so the answer was not counted.",
        "Let invitations go to the address that your calendar belongs to, or make that one its main address.",
    ),
    UNPROVEN: (
        "Your calendar answered, but no mail server vouches for the sender, so the answer was not counted.",
        "Name the server whose word counts in CALLS_IMAP_AUTHSERV, and see that your own domain signs its mail (DKIM, DMARC).",
    ),
}

Tone = Literal["good", "bad", "warn", "quiet"]


@dataclass(frozen=True)
class Known:
    """What is known of one step: her ticks (None while she has said nothing), what the calendar answered, why not believed."""

    step: str
    ticks: frozenset[str] | None = None
    answer: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Point:
    """One thing that the test showed, and how to mend it."""

    tone: Tone
    words: str
    mend: str = ""


@dataclass(frozen=True)
class Summary:
    """What came out: `works`, `to mend`, or `unfinished` while something is still to be done or said."""

    result: Literal["works", "to mend", "unfinished"]
    points: tuple[Point, ...]


def look_for(step: str, program: str) -> list[tuple[str, str]]:
    """Programs with what they show at this step, hers first."""
    lines = LOOK[step]
    return [(PROGRAMS[it], lines[it]) for it in sorted(lines, key=lambda it: it != program)]


def summary(steps: Sequence[Known], program: str, *, is_read: bool) -> Summary:
    """What a test has shown so far. `is_read`: answers of calendars are read here, so that one is missed when none came."""
    points = [point for known in steps for point in _seen(known, program)]
    points += _heard(steps, is_read)
    if any(it.tone in {"bad", "warn"} for it in points):
        return Summary("to mend", tuple(points))
    is_whole = [it.step for it in steps if it.ticks is not None] == [*STEPS]
    return Summary("works" if is_whole else "unfinished", tuple(points))


def _seen(known: Known, program: str) -> Iterator[Point]:
    if known.ticks is None:
        return
    for tick, words in TICKS[known.step].items():
        if tick in known.ticks:
            yield Point("good", f"{words}.")
        elif tick != "once" or "moved" in known.ticks:
            mends = MENDS[tick]
            yield Point("bad", MISSING[tick], mends.get(program, mends[OTHER]))


def _heard(steps: Sequence[Known], is_read: bool) -> Iterator[Point]:
    """An answer is waited for until she has looked at the invitation, and missed from then on."""
    if any(it.answer for it in steps):
        yield Point("good", "Your calendar’s answer came back and was understood.")
    elif doubts := [it.doubt for it in steps if it.doubt]:
        yield Point("warn", *DOUBTS[doubts[-1]])
    elif is_read and any(it.step != INVITED for it in steps):
        yield Point("warn", NO_ANSWER, SEND_IT)
    elif not is_read:
        yield Point("quiet", "Whether answers come back was not tested: no mailbox is set.")
