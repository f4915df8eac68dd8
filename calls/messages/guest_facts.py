"""What letters about guests say: the facts behind each placeholder, from plain values."""

from collections.abc import Sequence
from datetime import datetime

from calls.ground import when, zones
from calls.ground.text import count, in_words
from calls.messages import facts
from calls.messages.wording import Line, Link, Passage, as_written

ANY_DATE = "Any open date can be yours; your page shows which are free, in your time."
ANY_TIME = "Your page shows the times that are free, in your time."
MISSING = "Still needed from you: {missing}."
ALL_THERE = "We have all that is needed from you. Whatever you want to add can be added at any time."


def asked(votes: int) -> str:
    """How many listeners wished for her; nothing where it is not known."""
    return count(votes, "One of our listeners asked for you.", "{n} of our listeners asked for you.") if votes else ""


def offered(dates: Sequence[tuple[datetime, str]], zone: str, *, is_any_date: bool, is_talk: bool) -> Passage:
    """The dates to choose from, each as start and zone of the show; they are said in the guest's zone too."""
    if is_talk:
        return Passage((Line("{it}", {"it": ANY_TIME}),))
    if is_any_date or not dates:
        return Passage((Line("{it}", {"it": ANY_DATE}),))
    return Passage(tuple(Line("- {when}", {"when": _both(it, show_zone, zone)}) for it, show_zone in dates))


def _both(starts_at: datetime, show_zone: str, zone: str) -> str:
    here = when.full(starts_at, show_zone)
    if zones.offset(starts_at, show_zone) == zones.offset(starts_at, zone):
        return here
    return f"{here}; for you {when.short_day(starts_at, zone)}, {when.clock(starts_at, zone)}"


def answers(yes: str, no: str) -> Passage:
    """The question about a held date with a link for each answer: a line in HTML, two in plain text."""
    links = {"yes": Link(yes), "no": Link(no)}
    return Passage((Line("Or with one tap: [Yes, I’ll do it]({yes})", links), Line("· [No, I can’t]({no})", links)))


def agreement(labelled: Sequence[tuple[str, str]]) -> Passage:
    """The lines of the agreement, each with its label."""
    lines = ((label if label.endswith("?") else f"{label}:", words) for label, words in labelled)
    return Passage(tuple(Line("- **{label}** {words}", {"label": label, "words": words}) for label, words in lines))


def way_in(phone: str, code: str, tap: str, web_link: str) -> Passage:
    """How to get in, a line a way. Who speaks needs no link of her own: she gets the line's and the room's."""
    if not phone and not web_link:
        return Passage((Line("{it}", {"it": facts.NO_ROOM}),))
    lines = []
    if phone:
        lines.append(Line("By phone: {phone}, code {code}" if code else "By phone: {phone}", {"phone": phone, "code": code}))
        lines += [Line("", {}), Line("Or [dial with one tap]({tap})", {"tap": Link(tap)})]
    if web_link:
        lines += [Line("", {}), Line("In the browser: {link}", {"link": Link(web_link)})]
    return Passage(tuple(lines))


def paragraphs(text: str) -> Passage:
    """Somebody's own words with their paragraphs; addresses in them are links, and nothing else is more than words."""
    blocks = [as_written(block).lines for block in text.split("\n\n") if block.strip()]
    return Passage(tuple(line for number, block in enumerate(blocks) for line in ((Line("", {}),) if number else ()) + block))


def green_room(opens_at: datetime, zone: str) -> str:
    return (
        f"Please be there 15 minutes before, at {when.clock(opens_at, zone)} {zones.time_name(zone)}: "
        "time to test the line and to say hello."
    )


def missing(names: Sequence[str]) -> str:
    """What a guest still has to send, in a sentence."""
    return MISSING.replace("{missing}", in_words(list(names))) if names else ALL_THERE


def said(words: str) -> Passage:
    """What somebody wrote, set apart as hers."""
    return Passage(tuple(Line("> {it}", {"it": line}) for line in words.split("\n") if line.strip()))


def result(attended: int, through: int, of_these: int) -> Passage:
    """What the call became: how many were there; how many registered through her link, and how many of these were there.

    Where nobody is known of, nothing is counted.
    """
    lines = []
    if attended:
        lines.append(count(attended, "One person was there to hear you.", "{n} people were there to hear you."))
    if through:
        lines.append(count(through, "One person registered through your link.", "{n} people registered through your link."))
    if of_these:
        lines.append(count(of_these, "One of those who came had your link.", "{n} of those who came had your link."))
    return Passage(tuple(Line("- {it}", {"it": it}) for it in lines))
