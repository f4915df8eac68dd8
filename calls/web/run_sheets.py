"""What stands on the sheet that a call is led by, gathered: the host's with all there is, a guest's with what is hers to know.

Names and addresses of listeners are on no guest's sheet, nor what another guest has asked for.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.ground import when
from calls.ground.text import clean, excerpt
from calls.guests import prep as rules
from calls.guests import queries as guests
from calls.guests import run_sheet
from calls.guests.models import Booking, Picture, Prep
from calls.guests.run_sheet import Next
from calls.joining import queries as joining
from calls.joining import rooms
from calls.joining.rooms import WayIn
from calls.shows import queries as shows
from calls.shows.models import Call

MOST_QUESTIONS = 20
LONGEST_QUESTION = 300
RECORDING = {
    "yes": "agreed to being recorded",
    "no": "does not want to be recorded",
    "": "has not said whether the call may be recorded",
}


@dataclass(frozen=True)
class Speaker:
    """One guest, as the sheet speaks of her; what is not for the reader is empty."""

    name: str
    topic: str = ""
    introduction: list[str] = field(default_factory=list)
    picture: Picture | None = None
    phone: str = ""
    ask: list[str] = field(default_factory=list)
    dont: list[str] = field(default_factory=list)
    offer: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    recording: str = ""
    missing: list[str] = field(default_factory=list)
    is_held: bool = False


@dataclass(frozen=True)
class Sheet:
    """The whole of it. `questions` are pairs of what is asked and by whom (nobody's name on a guest's)."""

    call: Call
    way_in: WayIn
    tap: str
    opening: str
    speakers: list[Speaker]
    questions: list[tuple[str, str]]
    has_more: bool
    closing: list[str]


def of_host(session: Session, call: Call, now: datetime) -> Sheet:
    """Everything, with those who hold the date without having confirmed it."""
    bookings = list(guests.bookings_of_call(session, call.id))
    return _sheet(session, call, bookings, {it.id for it in bookings}, is_host=True, now=now)


def of_guest(session: Session, booking: Booking, call: Call, now: datetime) -> Sheet:
    """What is this guest's: of others on the call only how they are introduced."""
    bookings = [it for it in guests.bookings_of_call(session, call.id) if it.is_confirmed or it.id == booking.id]
    return _sheet(session, call, bookings, {booking.id}, is_host=False, now=now)


def _sheet(session: Session, call: Call, bookings: list[Booking], own: set[UUID], *, is_host: bool, now: datetime) -> Sheet:
    preps = guests.preps_of(session, [it.id for it in bookings])
    pictures = guests.pictures_of(session, [it.picture_id for it in preps.values() if it.picture_id])
    speakers = [_speaker(it, preps.get(it.id), pictures, it.id in own, is_host) for it in bookings]
    if not speakers and call.guest_name:
        speakers = [Speaker(call.guest_name, introduction=run_sheet.introduction(call.guest_name, "", call.title))]
    asked = joining.asked(session, call.id, MOST_QUESTIONS + 1)
    way_in = joining.way_in(session, call)
    return Sheet(
        call=call,
        way_in=way_in,
        tap=rooms.tap(way_in) if way_in.phone else "",
        opening=run_sheet.opening(call.show.name, call.show.host_name),
        speakers=speakers,
        questions=[(excerpt(it.text, LONGEST_QUESTION), who.name if is_host else "") for it, who in asked[:MOST_QUESTIONS]],
        has_more=len(asked) > MOST_QUESTIONS,
        closing=run_sheet.closing([it.name for it in speakers], _following(session, call)),
    )


def _speaker(booking: Booking, prep: Prep | None, pictures: dict[UUID, Picture], is_own: bool, is_host: bool) -> Speaker:
    name = prep.name if prep and prep.name else booking.guest.name
    is_held = not booking.is_confirmed
    if prep is None:
        introduction = run_sheet.introduction(name, booking.guest.bio, "")
        return Speaker(name, introduction=introduction, missing=rules.missing(None) if is_own else [], is_held=is_held)
    introduction = run_sheet.introduction(name, prep.bio, prep.topic)
    picture = pictures.get(prep.picture_id) if prep.picture_id else None
    if not is_own:
        return Speaker(name, prep.topic, introduction, picture, is_held=is_held)
    return Speaker(
        name=name,
        topic=prep.topic,
        introduction=introduction,
        picture=picture,
        phone=prep.phone,
        ask=_lines(prep.please_ask),
        dont=_lines(prep.please_dont),
        offer=_lines(prep.offer),
        links=prep.links,
        recording=RECORDING[prep.consent] if is_host else "",
        missing=rules.missing(prep),
        is_held=is_held,
    )


def _lines(text: str) -> list[str]:
    """What stands on each line, without the marks of a list."""
    return [words for line in clean(text).split("\n") if (words := line.strip().lstrip("-*•–— ").strip())]


def _following(session: Session, call: Call) -> Next | None:
    """The next call of the show that is not cancelled."""
    coming = shows.calls_to_come(session, [call.show_id], call.ends_at, limit=8)
    following = next((it for it in coming if it.cancelled_at is None and it.starts_at > call.starts_at), None)
    return Next(following.guest_name, _day(following)) if following else None


def _day(call: Call) -> str:
    return f"{when.day(call.starts_at, call.zone)}, {when.clock(call.starts_at, call.zone)}"
