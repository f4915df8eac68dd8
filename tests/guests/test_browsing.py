"""Look through the bench: how far it has come with each, and who is found."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from calls.ground.database import Database
from calls.guests import browsing
from calls.guests.browsing import Wanted
from calls.guests.models import Guest
from calls.history.keeping import Actor
from calls.messages.models import Message
from calls.messages.queries import GUEST_THANKED
from calls.shows.models import Call
from tests.builders import NOW, a_booking, a_call, a_guest, a_member, a_show, an_invitation
from tests.guests.benches import an_owner, in_turn

AGO, AHEAD = NOW - timedelta(days=7), NOW + timedelta(days=7)
Happening = Callable[[Session, Guest, Call, Call], object]


def thank(session: Session, guest: Guest, state: str) -> None:
    about = {"key": str(uuid4()), "kind": "guest_thanks", "guest_id": guest.id, "facts": {}, "state": state}
    session.add(Message(due_at=NOW, created_at=NOW, **about))


def a_talk(session: Session, guest: Guest, call: Call, **facts: object) -> None:
    booking = a_booking(session, guest, call, state="lapsed")
    invitation_id = booking.invitation_id
    known = {"minutes": 30, "zone": "UTC", "call_id": None, "invitation_id": invitation_id}
    a_booking(session, guest, call, **known | facts)


HAPPENINGS: list[tuple[str, list[Happening]]] = [
    ("prospect", []),
    ("asked", [lambda s, g, was, to: an_invitation(s, g, to.show)]),
    ("asked", [lambda s, g, was, to: an_invitation(s, g, to.show, ends_at=AHEAD)]),
    ("prospect", [lambda s, g, was, to: an_invitation(s, g, to.show, ends_at=AGO)]),
    ("prospect", [lambda s, g, was, to: an_invitation(s, g, to.show, state="withdrawn")]),
    ("prospect", [lambda s, g, was, to: an_invitation(s, g, to.show, state="lapsed")]),
    ("declined", [lambda s, g, was, to: an_invitation(s, g, to.show, state="declined")]),
    ("booked", [lambda s, g, was, to: a_booking(s, g, to)]),
    ("booked", [lambda s, g, was, to: a_booking(s, g, to, state="chosen")]),
    ("prospect", [lambda s, g, was, to: a_booking(s, g, to, state="lapsed")]),
    ("prospect", [lambda s, g, was, to: a_booking(s, g, to, state="cancelled")]),
    ("declined", [lambda s, g, was, to: a_booking(s, g, to, state="declined")]),
    ("booked", [lambda s, g, was, to: a_talk(s, g, to, starts_at=AHEAD)]),
    ("prospect", [lambda s, g, was, to: a_talk(s, g, to, starts_at=AGO)]),
    ("aired", [lambda s, g, was, to: a_booking(s, g, was)]),
    ("prospect", [lambda s, g, was, to: a_booking(s, g, was, state="chosen")]),
    ("aired", [lambda s, g, was, to: a_booking(s, g, was), lambda s, g, was, to: thank(s, g, "waiting")]),
    ("thanked", [lambda s, g, was, to: a_booking(s, g, was), lambda s, g, was, to: thank(s, g, "sent")]),
    ("prospect", [lambda s, g, was, to: thank(s, g, "sent")]),
    ("asked", [lambda s, g, was, to: a_booking(s, g, was), lambda s, g, was, to: an_invitation(s, g, to.show)]),
    ("booked", [lambda s, g, was, to: a_booking(s, g, to), lambda s, g, was, to: an_invitation(s, g, to.show)]),
    (
        "aired",
        [lambda s, g, was, to: a_booking(s, g, was), lambda s, g, was, to: an_invitation(s, g, to.show, state="declined")],
    ),
]


@pytest.mark.parametrize(("expected", "happenings"), HAPPENINGS)
def test_standing_follows_from_what_happened(database: Database, expected: str, happenings: list[Happening]) -> None:
    with database.transaction() as session:
        show = a_show(session)
        was, to = a_call(session, show, starts_at=AGO), a_call(session, show, starts_at=AHEAD)
        guest = a_guest(session, account_id=show.account_id)
        other = a_guest(session, account_id=show.account_id, name="Other")

        for happen in happenings:
            happen(session, guest, was, to)
        session.flush()

        assert browsing.standing_of(session, guest, NOW, thanked=GUEST_THANKED) == expected
        assert browsing.standing_of(session, other, NOW, thanked=GUEST_THANKED) == "prospect"


def test_call_that_was_cancelled_counts_for_nothing(database: Database) -> None:
    with database.transaction() as session:
        show = a_show(session)
        guest = a_guest(session, account_id=show.account_id)
        for starts_at in (AGO, AHEAD):
            a_booking(session, guest, a_call(session, show, starts_at=starts_at, cancelled_at=NOW))

        assert browsing.standing_of(session, guest, NOW) == "prospect"


def names(session: Session, by: Actor, wanted: Wanted, limit: int = 50, offset: int = 0) -> list[str]:
    assert by.account_id
    found = browsing.guests_of(session, by.account_id, wanted, NOW, limit=limit, offset=offset)
    if offset == 0 and len(found) < limit:
        assert browsing.count_of(session, by.account_id, wanted, NOW) == len(found)
    return [guest.name for guest, _ in found]


def test_who_has_a_turn_comes_first_and_then_by_name(database: Database) -> None:
    with database.transaction() as session:
        by, other = an_owner(session), an_owner(session)
        in_turn(session, by, "Zoe", "Yan")
        for name in ("bob", "Ann", "Cleo"):
            a_guest(session, account_id=by.account_id, name=name)
        a_guest(session, account_id=other.account_id, name="Stranger")

        assert names(session, by, Wanted()) == ["Zoe", "Yan", "Ann", "bob", "Cleo"]
        assert names(session, by, Wanted(), limit=2, offset=1) == ["Yan", "Ann"]
        assert names(session, by, Wanted(has_turn=True)) == ["Zoe", "Yan"]


def test_whoever_was_merged_is_found_no_more(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        guest = a_guest(session, account_id=by.account_id, name="Kept")
        a_guest(session, account_id=by.account_id, name="Double", merged_into_id=guest.id, email=guest.email)

        assert names(session, by, Wanted()) == ["Kept"]


@pytest.mark.parametrize(
    "search", ["KEIKO", "ono", "keiko@ex", "5555", "sleep with", "lisbon", "mornings", " keiko ", "%", "5_5 ", "100%"]
)
def test_words_are_looked_for_everywhere_and_mean_themselves(database: Database, search: str) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        about = {"topics": "Sleep without pills 100% 5_5 x", "met": "A talk in Lisbon", "notes": "Mornings"}
        a_guest(session, account_id=by.account_id, name="Keiko Ono", email="keiko@example.com", phone="+81 5555", **about)
        a_guest(session, account_id=by.account_id, name="Rosa", email="rosa@example.com", phone="")

        assert names(session, by, Wanted(search=search)) == ["Keiko Ono"]


def test_tag_is_found_whole_and_in_any_letters(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        assert by.account_id
        a_guest(session, account_id=by.account_id, name="Ann", tags=["sleep", "zürich"])
        a_guest(session, account_id=by.account_id, name="Bob", tags=["sleepless", "睡眠", "100%"])
        a_guest(session, account_id=by.account_id, name="Cleo")

        found = {tag: names(session, by, Wanted(tag=tag)) for tag in ("sleep", "zürich", "睡眠", "100%", "100_", "z")}
        assert found == {"sleep": ["Ann"], "zürich": ["Ann"], "睡眠": ["Bob"], "100%": ["Bob"], "100_": [], "z": []}
        assert browsing.tags_of(session, by.account_id) == ["100%", "sleep", "sleepless", "zürich", "睡眠"]


def test_filters_count_together(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        lea = a_member(session, account_id=by.account_id)
        show = a_show(session, account_id=by.account_id)
        for name, member in (("Ann", lea), ("Bob", lea), ("Cleo", None)):
            guest = a_guest(session, account_id=by.account_id, name=name, looked_after_by_id=member.id if member else None)
            if name != "Bob":
                an_invitation(session, guest, show)

        assert names(session, by, Wanted(standing="asked")) == ["Ann", "Cleo"]
        assert names(session, by, Wanted(looked_after_by=lea.id)) == ["Ann", "Bob"]
        assert names(session, by, Wanted(standing="asked", looked_after_by=lea.id, search="a")) == ["Ann"]
