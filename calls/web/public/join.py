"""One person's way in: before, during and after her call, by the server's time. Only the button counts as coming."""

from calls.ground.refusals import Refused
from calls.joining import doors, entering, rooms
from calls.joining import queries as joining
from calls.joining.rooms import NOWHERE, WayIn
from calls.registrations.models import Registration
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import leave, page
from calls.web.public import shown
from calls.web.public.holders import joining as holder_of


@get("/j/{token}")
def join(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        mine = holder_of(ask, session)
        way_in = joining.way_in(session, mine.call) if _door(ask, mine) == "open" else NOWHERE
        return _join_page(ask, mine, way_in)


@post("/j/{token}")
def enter(ask: Ask) -> Answer:
    way = "web" if ask.form.value("way") == "web" else "phone"
    try:
        with ask.house.database.transaction() as session:
            mine = holder_of(ask, session)
            way_in = entering.enter(session, mine, way, now=ask.now)
    except Refused as refusal:
        with ask.house.database.reading() as session:
            mine = holder_of(ask, session)
            way_in = joining.way_in(session, mine.call) if _door(ask, mine) == "open" else NOWHERE
            return _join_page(ask, mine, way_in, 409, sentence=refusal.sentence)
    return leave(way_in.web_link) if way == "web" else _join_page(ask, mine, way_in, is_dialling=True)


def _door(ask: Ask, mine: Registration) -> str:
    """The state of the door for this person: whoever gave her seat back has none."""
    call = mine.call
    if not mine.is_confirmed:
        return "given back"
    return doors.door(call.starts_at, call.ends_at, call.cancelled_at, ask.now)


def _join_page(
    ask: Ask, mine: Registration, way_in: WayIn, status: int = 200, *, is_dialling: bool = False, sentence: str = ""
) -> Answer:
    opens_at = mine.call.starts_at - doors.BEFORE
    return page(
        ask,
        "public/join.html",
        status,
        private=True,
        form_targets=[way_in.web_link] if way_in.web_link else [],
        show=mine.call.show,
        mine=mine,
        call=mine.call,
        door=_door(ask, mine),
        opens_at=opens_at,
        seconds=int((opens_at - ask.now).total_seconds()) + 1,
        was=shown.moved_from(mine.call),
        way_in=way_in,
        tap=rooms.tap(way_in) if way_in.phone else "",
        is_dialling=is_dialling,
        sentence=sentence,
        manage=ask.house.links.here.registration(mine.id, mine.attendee.generation),
    )


PAGES = (join, enter)
