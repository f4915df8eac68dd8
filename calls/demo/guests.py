"""Guests of the sample show: one who has confirmed and sends friends, one who is asked, and whom listeners wish for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from calls.guests import benching, booking, inviting, queries, setting_terms
from calls.guests.answers import Answers
from calls.guests.inviting import Offer
from calls.guests.models import Guest
from calls.guests.person import Person
from calls.history.keeping import Actor
from calls.shows.models import Call, Show
from calls.wishes import deciding, wishing
from calls.wishes.models import Wish
from calls.wishes.wishing import Proposed

KEIKO = Person(
    "Dr. Keiko Ono", "ono@keiko-ono.example", zone="Asia/Tokyo", met="A talk on sleep in Lisbon", topics="Sleep", tags=("sleep",)
)
MARGUERITE = Person("Marguerite Dufour", "marguerite@example.org", zone="Europe/Paris", met="Her letter to the editor")
BIO = """Keiko Ono runs the sleep clinic of a hospital in Osaka, and has written *Awake at Three*.

She has slept badly herself for ten years, and says so."""
LINKS = ["https://keiko-ono.example/awake-at-three"]
WISHES = (
    (
        Proposed("Dr. Malik Osei", "He wrote about shame as nobody else."),
        ("ann@example.org", "mei@example.org", "carl@example.org"),
    ),
    (Proposed("Ines Duarte", "How does one begin to sing at sixty?"), ("sofia@example.org",)),
)
UNDECIDED = Proposed("Prof. Wendy Lau", "My daughter reads everything by her.", "https://lau.example")


def book(session: Session, show: Show, calls: Sequence[Call], *, by: Actor, now: datetime) -> None:
    """The first call's guest chooses and confirms it; somebody is asked for the one that has none."""
    conditions = replace(queries.conditions_of(session, show.id), takes_wishes=True, shows_race=True)
    setting_terms.set_terms(session, show, conditions, by=by, now=now)
    keiko = benching.add(session, show.account_id, KEIKO, by=by, now=now)
    keiko.bio, keiko.links = BIO, LINKS
    _confirm(session, show, keiko, calls[0], by, now)
    marguerite = benching.add(session, show.account_id, MARGUERITE, by=by, now=now)
    benching.move(session, marguerite, 1, by=by, now=now)
    open_ones = [it for it in calls if not it.guest_name]
    inviting.invite(session, show, marguerite, Offer(calls=open_ones), by=by, now=now)


def wish(session: Session, show: Show, *, by: Actor, now: datetime) -> None:
    """Two wishes that all see, and one that waits for the host."""
    for proposed, emails in WISHES:
        wished = [_voted(session, show, proposed, email, now) for email in emails]
        deciding.show(session, wished[0], show, by=by, now=now)
    _voted(session, show, UNDECIDED, "juergen@example.org", now)


def _voted(session: Session, show: Show, proposed: Proposed, email: str, now: datetime) -> Wish:
    vote = wishing.propose(session, show, proposed, email, now=now)
    wish = session.get_one(Wish, vote.wish_id)
    wishing.confirm(session, vote, wish, show, now=now)
    return wish


def _confirm(session: Session, show: Show, guest: Guest, call: Call, by: Actor, now: datetime) -> None:
    invitation = inviting.invite(session, show, guest, Offer(calls=[call]), by=by, now=now)
    herself = Actor("guest", guest.id, guest.name)
    chosen = booking.choose(session, invitation, call, by=herself, now=now)
    booking.accept(session, chosen, Answers(guest.name, "Sleep without pills", "+81 3 5555 0101"), by=herself, now=now)
