"""What a show agrees with its guests where its host has not said otherwise, and what can be agreed at all."""

from dataclasses import asdict, dataclass

from calls.ground import text
from calls.ground.refusals import Invalid
from calls.guests.holds import FEWEST_HOURS, MOST_HOURS

LONGEST_LINE = 300
LONGEST_CONSENT = 1_000


@dataclass(frozen=True)
class Conditions:
    """The terms of a show as values; the fields are those of its row. A line that is left empty is the default's."""

    hold_hours: int = 72
    is_approved_by_itself: bool = True
    asks_next: bool = True
    style: str = "A conversation: the host asks first, then the listeners do. Nothing is read out."
    pitch: str = "You may name one offer of yours, towards the end."
    listeners: str = "The listeners of the show, live. Some hear the recording later."
    connect: str = "By phone or in the browser. The number, the code and your link are on your page before the call."
    consent: str = "The call may be recorded, and the recording may be played to listeners of the show afterwards."
    takes_wishes: bool = False
    shows_race: bool = False


LINES = ("style", "pitch", "listeners", "connect", "consent")
DEFAULTS = Conditions()


def filled(conditions: Conditions) -> Conditions:
    """The same with the default words in place of lines that are empty."""
    return _with(conditions, {it: getattr(DEFAULTS, it) for it in LINES if not getattr(conditions, it)})


def checked(conditions: Conditions) -> Conditions:
    """The terms as they will be kept, or what is wrong with them, each beside its field. A default line is kept as empty."""
    errors = {}
    if not FEWEST_HOURS <= conditions.hold_hours <= MOST_HOURS:
        errors["hold_hours"] = f"Give a number of hours between {FEWEST_HOURS} and {MOST_HOURS}."
    lines = {it: text.clean_line(getattr(conditions, it)) for it in LINES}
    for name, line in lines.items():
        most = LONGEST_CONSENT if name == "consent" else LONGEST_LINE
        if len(line) > most:
            errors[name] = f"Use at most {most:,} characters."
    if errors:
        raise Invalid(errors)
    return _with(conditions, {it: "" if line == getattr(DEFAULTS, it) else line for it, line in lines.items()})


def _with(conditions: Conditions, lines: dict[str, str]) -> Conditions:
    return Conditions(**asdict(conditions) | lines)
