"""Stop mails, by a link in each of them: one click in a mail program (RFC 8058), or a page that says what still comes."""

from sqlalchemy.orm import Session

from calls.ground.links import GUEST_SILENCE, UNSUBSCRIBE
from calls.ground.refusals import Invalid, NotFound
from calls.ground.tokens import id_in
from calls.guests import silencing as of_guests
from calls.guests.models import Guest
from calls.messages import queries, silencing
from calls.registrations.models import Attendee
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import page, redirect, text
from calls.web.public.holders import GONE

ONE_CLICK = "List-Unsubscribe"
REMINDERS, ALL = "reminders", "all"


@get("/unsubscribe/{token}")
def unsubscribe(ask: Ask) -> Answer:
    with ask.house.database.reading() as session:
        guest = _guest(ask, session)
        if guest:
            return page(ask, "public/unsubscribe_guest.html", private=True, guest=guest)
        attendee = _attendee(ask, session)
        silences = queries.silences_of(session, [attendee.id]).get(attendee.id, frozenset())
        return page(ask, "public/unsubscribe.html", private=True, attendee=attendee, silences=silences)


@post("/unsubscribe/{token}")
def silence(ask: Ask) -> Answer:
    is_one_click = ask.form.has(ONE_CLICK)
    with ask.house.database.transaction() as session:
        guest = _guest(ask, session)
        if guest:
            of_guests.silence(session, guest, now=ask.now)
        else:
            silencing.silence(session, _attendee(ask, session), _kind(ask, is_one_click=is_one_click), now=ask.now)
    # A mail program that sends the one click follows no redirect (RFC 8058 section 3.1).
    return text("You are unsubscribed.\n") if is_one_click else redirect(ask.path)


@post("/unsubscribe/{token}/undo")
def undo(ask: Ask) -> Answer:
    with ask.house.database.transaction() as session:
        guest = _guest(ask, session)
        if guest:
            of_guests.unsilence(session, guest, now=ask.now)
        else:
            silencing.unsilence(session, _attendee(ask, session), _kind(ask, is_one_click=False), now=ask.now)
    return redirect(ask.path.removesuffix("/undo"))


def _kind(ask: Ask, *, is_one_click: bool) -> str:
    kind = (ask.query.value("kind") or ALL) if is_one_click else ask.form.value("kind")
    if kind not in {REMINDERS, ALL}:
        raise Invalid({"kind": "Choose what shall no longer come."})
    return kind


def _guest(ask: Ask, session: Session) -> Guest | None:
    """The guest whose link it is; None where it is no guest's. Who was merged into another is that one now."""
    token = ask.part("token")
    id = id_in(token)
    if id is None or not ask.house.keys.fits(token, GUEST_SILENCE, id):
        return None
    guest = session.get(Guest, id)
    return session.get(Guest, guest.merged_into_id) if guest and guest.merged_into_id else guest


def _attendee(ask: Ask, session: Session) -> Attendee:
    token = ask.part("token")
    id = id_in(token)
    attendee = session.get(Attendee, id) if id else None
    if id is None or attendee is None or not ask.house.keys.fits(token, UNSUBSCRIBE, id, attendee.generation):
        raise NotFound(GONE)
    return attendee


PAGES = (unsubscribe, silence, undo)
