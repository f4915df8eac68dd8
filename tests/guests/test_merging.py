"""Two rows that are one person become one, with all that hangs on them."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars.models import Feed
from calls.follow_ups import follow_up
from calls.ground.database import Database, new_id
from calls.ground.refusals import NotAllowed, NotFound, Refused
from calls.guests import merging, queries
from calls.guests.models import Booking, Guest, Invitation, Understudy
from calls.guests.person import Person
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.messages.models import Message
from calls.wishes.models import Wish
from tests.builders import FIRST_CALL, NOW, a_booking, a_call, a_guest, a_member, a_show
from tests.guests.benches import a_leader, an_owner, in_turn, kept, turns


def follow_all(session: Session) -> None:
    session.flush()
    for change in session.scalars(sa.select(Change).where(Change.followed_up_at.is_(None)).order_by(Change.id)):
        follow_up(session, change, NOW)
    session.flush()


def test_all_that_hangs_on_the_double_moves(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        show = a_show(session, account_id=by.account_id)
        first, second = a_call(session, show), a_call(session, show, wall=FIRST_CALL + timedelta(weeks=1))
        kept_, double = (a_guest(session, account_id=by.account_id, name=it) for it in ("Keiko Ono", "K. Ono"))
        a_booking(session, kept_, first)
        a_booking(session, double, second)
        session.add(Understudy(call_id=first.id, guest_id=double.id))
        session.add(Wish(show_id=show.id, guest_id=double.id, name="Keiko", created_at=NOW))
        session.add(Feed(guest_id=double.id, created_at=NOW))
        session.add(Message(key="x", kind="guest_thanks", guest_id=double.id, facts={}, due_at=NOW, created_at=NOW))

        merging.merge(session, kept_, double, by=by, now=NOW)
        follow_all(session)

        hers = [set(session.scalars(sa.select(it.guest_id))) for it in (Invitation, Booking, Understudy, Wish, Feed, Message)]
        assert hers == [{kept_.id}] * 6
        assert [len(queries.bookings_of_guest(session, it.id)) for it in (kept_, double)] == [2, 0]
        assert double.merged_into_id == kept_.id
        assert queries.guest_of_account(session, kept_.account_id, double.id) is kept_
        assert kept(session) == [("guest.merged", {"double": "K. Ono"})]


def test_of_two_calendars_the_doubles_ends(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        guest, double = (a_guest(session, account_id=by.account_id) for _ in range(2))
        feeds = [Feed(id=new_id(), guest_id=it.id, created_at=NOW) for it in (guest, double)]
        session.add_all(feeds)

        merging.merge(session, guest, double, by=by, now=NOW)
        follow_all(session)

        assert [(it.guest_id, it.is_open, it.generation) for it in feeds] == [(guest.id, True, 0), (double.id, False, 1)]


def test_double_fills_what_is_empty_and_adds_what_is_more(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        member = a_member(session, account_id=by.account_id)
        guest = a_guest(session, account_id=by.account_id, email=None, bio="Hers", topics="Sleep", tags=["a"], notes="One")
        facts: dict[str, object] = {"bio": "Theirs", "links": ["https://x.example"], "topics": "Dreams", "tags": ["b"]}
        facts |= {"notes": "Two", "bounced_at": NOW, "bounce": "550 No", "silenced_at": NOW, "looked_after_by_id": member.id}
        double = a_guest(session, account_id=by.account_id, name="K. Ono", email="k@example.com", **facts)

        merging.merge(session, guest, double, by=by, now=NOW)

        assert (guest.email, guest.bounce, guest.silenced_at) == ("k@example.com", "550 No", NOW)
        assert (guest.bio, guest.links, guest.topics, guest.tags) == ("Hers", ["https://x.example"], "Sleep, Dreams", ["a", "b"])
        assert (guest.notes, guest.looked_after_by_id) == ("One\n\nTwo\n\nAlso: K. Ono", member.id)


def test_own_address_stays_and_so_does_what_befell_it(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        guest = a_guest(session, account_id=by.account_id, email="keiko@example.com")
        double = a_guest(session, account_id=by.account_id, email="k@example.com", bounced_at=NOW, bounce="550 No")

        merging.merge(session, guest, double, by=by, now=NOW)

        assert (guest.email, guest.bounced_at, guest.notes) == ("keiko@example.com", None, "Also: k@example.com")


def test_what_cannot_be_kept_beside_goes_into_the_notes() -> None:
    one = Person("Keiko Ono", "k@x.org", "+81", "Asia/Tokyo", "A talk", "Sleep", "Note", ("a",), date(2026, 1, 1))
    two = Person("K. Ono", "o@x.org", "+49", "Europe/Berlin", "A book", "Sleep", "Note", ("a", "b"), date(2026, 2, 2))

    both = merging.merged(one, two)

    notes = "Note\n\nAlso: K. Ono\nAlso: o@x.org\nAlso: +49\nAlso met: A book"
    expected = Person("Keiko Ono", "k@x.org", "+81", "Asia/Tokyo", "A talk", "Sleep", notes, ("a", "b"), date(2026, 2, 2))
    assert both == expected
    assert merging.merged(one, one) == one


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["Ann", "Double", "Kept"], {"Ann": 1, "Kept": 2, "Double": None}),
        (["Kept", "Ann", "Double"], {"Kept": 1, "Ann": 2, "Double": None}),
        (["Double", "Ann"], {"Kept": 1, "Ann": 2, "Double": None}),
        (["Ann", "Kept"], {"Ann": 1, "Kept": 2, "Double": None}),
        (["Ann"], {"Ann": 1, "Double": None, "Kept": None}),
    ],
)
def test_earlier_of_the_two_turns_is_hers(database: Database, names: list[str], order: dict[str, int | None]) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        guests = {it.name: it for it in in_turn(session, by, *names)}
        for name in ("Kept", "Double"):
            guests[name] = guests.get(name) or a_guest(session, account_id=by.account_id, name=name)

        merging.merge(session, guests["Kept"], guests["Double"], by=by, now=NOW)

        assert turns(session) == order


def test_double_of_a_double_leads_to_the_last(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        one, two, three = (a_guest(session, account_id=by.account_id) for _ in range(3))

        merging.merge(session, two, three, by=by, now=NOW)
        merging.merge(session, one, two, by=by, now=NOW)

        assert [session.get_one(Guest, it.id).merged_into_id for it in (two, three)] == [one.id, one.id]


def test_two_places_on_one_call_are_refused(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        call = a_call(session, a_show(session, account_id=by.account_id))
        guest, double = (a_guest(session, account_id=by.account_id) for _ in range(2))
        a_booking(session, guest, call)
        a_booking(session, double, call, place=1)

        with pytest.raises(Refused, match="Both have a place on the same call"):
            merging.merge(session, guest, double, by=by, now=NOW)


def test_who_cannot_be_merged(database: Database) -> None:
    with database.transaction() as session:
        by, other = an_owner(session), an_owner(session)
        guest, double, third = (a_guest(session, account_id=by.account_id) for _ in range(3))
        theirs = a_guest(session, account_id=other.account_id)
        merging.merge(session, third, double, by=by, now=NOW)

        refused: list[tuple[Guest, Guest, Actor, type[Exception]]] = [
            (guest, guest, by, Refused),
            (guest, double, by, Refused),
            (double, guest, by, Refused),
            (guest, theirs, by, NotFound),
            (theirs, guest, by, NotFound),
            (guest, third, other, NotFound),
            (guest, third, a_leader(session, by), NotAllowed),
        ]
        for kept_, gone, who, refusal in refused:
            with pytest.raises(refusal):
                merging.merge(session, kept_, gone, by=who, now=NOW)
