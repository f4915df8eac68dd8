"""What an invitation says where the host writes nothing else: words that fit anybody, in which {name} becomes the guest's."""

from calls.ground import text
from calls.ground.refusals import Invalid

NAME = "{name}"
LONGEST = 5_000
MOST_OF_NAME = 100

_ASKS = {
    "call": "I host {show}, a live call of {minutes} minutes with one guest and an audience that asks. "
    "I would like that guest to be you.",
    "extra": "I host {show}, a live call of {minutes} minutes with one guest and an audience that asks. "
    "I would like to make an extra one with you, at a time that suits you.",
    "talk": "I host {show}, a live call with a guest and an audience that asks. Before we agree on anything, "
    "I would like to talk with you for {minutes} minutes, just the two of us.",
}
_REST = {
    "call": "There is nothing to install and little to prepare: we talk, and the listeners put their questions to you. "
    "Choose a date that suits you. If none does, tell me, and I will look for another.",
    "extra": "There is nothing to install and little to prepare: we talk, and the listeners put their questions to you. "
    "Choose a time from those when I am free. If none suits you, tell me.",
    "talk": "Choose a time from those when I am free. If none suits you, tell me, and I will look for another.",
}


def default(purpose: str, show: str, host: str, minutes: int) -> str:
    """The words for this purpose, in the host's voice and with {name} still in them."""
    asks = _ASKS[purpose].replace("{show}", _inert(show)).replace("{minutes}", str(minutes))
    closing = [_inert(host)] if host else []
    return "\n\n".join([f"Hello {NAME},", asks, _REST[purpose], *closing])


def checked(words: str) -> str:
    """The host's words as they will be kept. Raises Invalid."""
    taken = text.clean(words).strip()
    if not taken:
        raise Invalid({"words": "Write a few words; without any, nobody knows why she is asked."})
    if len(taken) > LONGEST:
        raise Invalid({"words": f"Write at most {LONGEST:,} characters."})
    return taken


def to(name: str, words: str) -> str:
    """The words as one guest reads them."""
    return words.replace(NAME, _inert(text.excerpt(name, MOST_OF_NAME)))


def passed_on(words: str, by: str) -> str:
    """The words for somebody to whom a guest has passed her invitation on."""
    return f"{_inert(text.excerpt(by, MOST_OF_NAME))} was asked first, and suggested you.\n\n{words}"


def _inert(name: str) -> str:
    """A name within words that are read as Markdown and go to a stranger: on one line, no link, no emphasis, no {name}."""
    return "".join(it if it not in "<>[]()*_`#{}\\|" else " " for it in text.clean_line(name)).replace("://", " ").strip()
