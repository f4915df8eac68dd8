"""What letters say: the facts behind each placeholder, from plain values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from calls.ground import when, zones
from calls.ground.text import in_words
from calls.messages import reminders
from calls.messages.wording import Line, Link, Passage

NO_ROOM = "The host will say how to get in; you will get a mail."


def your_time(starts_at: datetime, show_zone: str, zone: str) -> str:
    """The reader's own time, or nothing where her clock shows the same."""
    if zones.offset(starts_at, zone) == zones.offset(starts_at, show_zone):
        return ""
    return f"For you: {when.full(starts_at, zone)}"


def starts_in(starts_at: datetime, now: datetime) -> str:
    return reminders.until(starts_at, now)


def way_in(phone: str, code: str, tap: str, web_link: str) -> Passage:
    """How to get in, a line a way. The web link itself is behind the reader's own link, which the letter has anyway."""
    if not phone and not web_link:
        return Passage((Line(NO_ROOM, {}),))
    lines = []
    if phone:
        lines.append(Line("By phone: {phone}, code {code}" if code else "By phone: {phone}", {"phone": phone, "code": code}))
        lines.append(Line("", {}))
        lines.append(Line("Or [dial with one tap]({tap})", {"tap": Link(tap)}))
    if web_link:
        lines += [Line("", {}), Line("On the web: by your own link, from 15 minutes before the start.", {})]
    return Passage(tuple(lines))


def dates(rows: Sequence[tuple[str, datetime, str, str]]) -> Passage:
    """A list of calls: name, start, the show's zone, the reader's zone."""
    lines = []
    for name, starts_at, show_zone, zone in rows:
        mine = zones.offset(starts_at, zone) == zones.offset(starts_at, show_zone)
        also = "" if mine else f"; for you {when.short_day(starts_at, zone)}, {when.clock(starts_at, zone)}"
        lines.append(Line("- {when}{also}: {name}", {"when": when.full(starts_at, show_zone), "also": also, "name": name}))
    return Passage(tuple(lines))


def news(lines: Sequence[str]) -> Passage:
    """What is new, a sentence each."""
    return Passage(tuple(Line("- {it}", {"it": it}) for it in lines))


def why(kind: str, facts: Mapping[str, Any]) -> str:
    """Why a schedule is another where no person changed it, from what was kept of the change."""
    if kind != "show.clocks_moved":
        return ""
    return f"The clock rules of {in_words(facts['places'])} changed; by the clocks there the calls are at the hour they were."


def answers(yes: str, maybe: str, no: str) -> Passage:
    """The question of an invitation with a link for each answer, a line each."""
    choices = (("Yes", yes), ("Maybe", maybe), ("No", no))
    links = (Line(f"[{word}]({{link}})", {"link": Link(address)}, is_plain=True) for word, address in choices)
    return Passage((Line("Can you come?", {}), *links))


def said_no(way: str) -> str:
    """Why she gave her seat up, where she did so by answering No."""
    said = {"mail": "We did this because your calendar answered No.", "page": "We did this because you answered No."}
    return said.get(way, "")


def proposed(starts_at: datetime | None, written: str, show_zone: str, zone: str) -> str:
    """The time that the reader proposed, in her own zone and in the show's; as it was written where nobody knows its zone."""
    if starts_at is None:
        return f"You proposed: {written}" if written else ""
    mine = f"You proposed: {when.full(starts_at, zone)}"
    is_same = zones.offset(starts_at, zone) == zones.offset(starts_at, show_zone)
    return mine if is_same else f"{mine}\nThat is {when.full(starts_at, show_zone)}"
