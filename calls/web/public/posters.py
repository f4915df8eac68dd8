"""The picture of a call, for previews of its link wherever somebody pastes it."""

from functools import lru_cache

from calls.ground import when, zones
from calls.guests import introducing
from calls.kits.poster import Poster
from calls.shows.models import Call
from calls.web import get
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import ASK_AGAIN, keep, text
from calls.web.public import shown

PNG = "image/png"
MOST_KEPT = 8


@get("/{slug}/{address}/picture.png")
def poster(ask: Ask) -> Answer:
    ticket = ask.house.kept.begin()
    with ask.house.database.reading() as session:
        show = shown.published_show(ask, session)
        call = shown.call_here(ask, session, show)
        photo = introducing.photo_of_call(session, call.id)
        guest = f"with {call.guest_name}" if call.title and call.guest_name else ""
        words = Poster(show.name if call.name != show.name else "", call.name, _when(call), guest, photo)
    answer = text(_drawn(words), PNG, cache_control=ASK_AGAIN)
    return keep(ask, ticket, answer, tags={f"show:{show.id}"})


@lru_cache(maxsize=MOST_KEPT)
def _drawn(poster: Poster) -> bytes:
    """The picture, drawn once however often and by whichever address it is asked for."""
    from calls.kits import drawing  # noqa: PLC0415 -- see HIDDEN_DOORS in tests/test_house.py

    return drawing.draw(poster)


def _when(call: Call) -> tuple[str, ...]:
    if call.cancelled_at:
        return ("Cancelled",)
    return when.day(call.starts_at, call.zone), f"{when.clock(call.starts_at, call.zone)} {zones.time_name(call.zone)}"


PAGES = (poster,)
