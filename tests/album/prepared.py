"""Guests of the stage with their prep: one who has sent everything, one who has just begun, one whose booking has ended."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground.links import Links
from calls.guests import pictures, preparing, queries
from calls.guests import prep as rules
from calls.guests.models import Booking, Terms
from calls.guests.preparing import Typed
from calls.history.keeping import Actor
from calls.shows.models import Call
from tests.guests.booked import a_booking, from_a_phone

LONG = "Supercalifragilisticexpialidocious" * 6
SENT = {
    "name": "Prof. عائشة Lind",
    "topic": "Why we sleep, and what to do at 3 a.m.",
    "phone": "+46 8 123 456",
    "bio": f"She has studied sleep for twenty years, in Lund and Boston. She wrote **Night**.\n\n- Swims\n- {LONG}\n<b>Bold</b>",
    "links": f"https://lind.example.com\nhttps://lind.example.com/{'x' * 150}",
    "please_ask": f"What about naps?\n{LONG}\nهل تحلمين؟",
    "please_dont": "My family\n<script>alert(1)</script>",
    "offer": "The first chapter of Night, with the code TARA.",
}


def prepare(session: Session, calls: list[Call], now: datetime) -> list[Booking]:
    """Book three guests for three calls; a second guest holds the first of them."""
    sent = a_booking(session, calls[0], guest={"name": "Prof. Lind", "email": "lind@example.com", "zone": "Europe/Stockholm"})
    begun = a_booking(session, calls[1], guest={"name": "Ada", "email": "ada@example.com"}, state="chosen", confirmed_at=None)
    ended = a_booking(session, calls[2], guest={"name": "Bo", "email": "bo@example.com"})
    known = {"name": LONG, "email": "long@example.jp"}
    held = a_booking(session, calls[0], place=1, guest=known, state="chosen", confirmed_at=None)
    by = Actor("guest", sent.guest_id, sent.guest.name)
    preparing.save(session, sent, Typed(SENT, rules.marks(rules.values(preparing.found(session, sent)))), by=by, now=now)
    for booking in (sent, ended):
        preparing.set_picture(session, booking, pictures.cut(from_a_phone()), by=by, now=now)
    mark = rules.mark(queries.conditions_of(session, sent.show_id).consent)
    preparing.consent(session, sent, "yes", mark, by=by, now=now)
    preparing.agree(session, sent, now=now)
    preparing.hand_on(session, sent, by=by, now=now)
    session.merge(Terms(show_id=sent.show_id, consent="The call is recorded for the archive of the show."))
    ended.state = "declined"
    session.flush()
    return [sent, begun, ended, held]


def links_of(bookings: list[Booking], links: Links) -> dict[str, str]:
    """The guests' pages by name."""
    sent, begun, ended, _ = bookings
    pages = {f"guest {name}": links.guest(it.invitation_id) for name, it in (("sent", sent), ("begun", begun), ("ended", ended))}
    return pages | {"assistant": links.prep(sent.id, 1)}
