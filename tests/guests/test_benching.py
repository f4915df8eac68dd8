"""Keep the bench: add, change, look after, order."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound
from calls.guests import benching
from calls.guests.person import Person
from calls.history.keeping import SYSTEM, Actor
from tests.builders import NOW, a_guest, a_member
from tests.guests.benches import a_leader, an_owner, in_turn, kept, turns

KEIKO = Person("Keiko Ono", "Keiko@Example.com", "+81 3", "Asia/Tokyo", "A talk", "Sleep", "Mornings", ("sleep", "Autumn"))


def test_somebody_is_put_on_the_bench_without_a_turn(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        assert by.account_id

        guest = benching.add(session, by.account_id, KEIKO, by=by, now=NOW)

        assert (guest.name, guest.email, guest.tags, guest.place) == ("Keiko Ono", "keiko@example.com", ["autumn", "sleep"], None)
        assert benching.of(guest) == replace(KEIKO, email="keiko@example.com", tags=("autumn", "sleep"))
        assert kept(session) == [("guest.added", {})]


def test_many_may_be_without_an_address(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        assert by.account_id

        guests = [benching.add(session, by.account_id, Person("Somebody"), by=by, now=NOW) for _ in range(2)]

        assert [it.email for it in guests] == [None, None]


def test_address_is_on_one_bench_once_and_may_be_on_anothers(database: Database) -> None:
    with database.transaction() as session:
        by, other = an_owner(session), an_owner(session)
        assert by.account_id and other.account_id
        benching.add(session, by.account_id, KEIKO, by=by, now=NOW)
        benching.add(session, other.account_id, KEIKO, by=other, now=NOW)

        with pytest.raises(Invalid) as refusal:
            benching.add(session, by.account_id, replace(KEIKO, name="K. Ono"), by=by, now=NOW)

        assert refusal.value.errors == {"email": "Somebody on the bench has that address already."}


def test_whoever_is_met_again_is_the_same_whoever_asks(database: Database) -> None:
    with database.transaction() as session:
        owner = an_owner(session)
        assert owner.account_id
        known = a_guest(session, account_id=owner.account_id, name="Dr. Ono", email="keiko@example.com")
        by = Actor("guest", known.id, known.name)

        again = benching.meet(session, owner.account_id, KEIKO, by=by, now=NOW)
        new = [benching.meet(session, owner.account_id, Person("Rosa"), by=by, now=NOW) for _ in range(2)]

        assert (again, again.name) == (known, "Dr. Ono")
        assert new[0] is not new[1]
        assert [kind for kind, _ in kept(session)] == ["guest.added"] * 2


def test_what_is_changed_is_told_to_the_history(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        guest = a_guest(session, account_id=by.account_id, name="Keiko", email="k@example.com", bounced_at=NOW, bounce="550 No")

        benching.change(session, guest, replace(KEIKO, name="Keiko", zone=""), by=by, now=NOW)

        assert benching.of(guest) == replace(KEIKO, name="Keiko", zone="", email="keiko@example.com", tags=("autumn", "sleep"))
        assert (guest.bounced_at, guest.bounce) == (None, None)
        what = ["email", "phone", "met", "topics", "notes", "tags"]
        assert kept(session) == [("guest.changed", {"what": what})]


def test_same_again_is_no_change(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        guest = a_guest(session, account_id=by.account_id, bounced_at=NOW, bounce="550 No")

        benching.change(session, guest, benching.of(guest), by=by, now=NOW)

        assert (kept(session), guest.bounce) == ([], "550 No")


def test_address_of_another_is_refused_and_nothing_is_changed(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        a_guest(session, account_id=by.account_id, email="keiko@example.com")
        guest = a_guest(session, account_id=by.account_id, name="Rosa", email="rosa@example.com")

        with pytest.raises(Invalid):
            benching.change(session, guest, KEIKO, by=by, now=NOW)

        session.refresh(guest)
        assert (guest.name, guest.email, kept(session)) == ("Rosa", "rosa@example.com", [])


def test_contact_and_care_are_noted(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        guest = a_guest(session, account_id=by.account_id)

        benching.note_contact(session, guest, date(2026, 11, 22), by=by, now=NOW)
        benching.look_after(session, guest, by.id, by=by, now=NOW)

        assert (guest.contacted_on, guest.looked_after_by_id) == (date(2026, 11, 22), by.id)
        assert [facts["what"] for _, facts in kept(session)] == [["contacted_on"], ["looked_after_by_id"]]


def test_only_a_member_who_is_here_looks_after_somebody_but_who_does_already_stays(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        gone = a_member(session, account_id=by.account_id, removed_at=NOW)
        guest = a_guest(session, account_id=by.account_id, looked_after_by_id=gone.id)
        stranger = a_member(session)

        benching.change(session, guest, replace(benching.of(guest), notes="Still hers"), by=by, now=NOW)
        with pytest.raises(Invalid) as refusal:
            benching.look_after(session, guest, stranger.id, by=by, now=NOW)

        assert refusal.value.errors == {"looked_after_by_id": "Choose somebody from the list."}
        assert (guest.notes, guest.looked_after_by_id) == ("Still hers", gone.id)


@pytest.mark.parametrize(
    ("name", "to", "order"),
    [
        ("Cleo", 1, ["Cleo", "Ann", "Bob"]),
        ("Ann", 3, ["Bob", "Cleo", "Ann"]),
        ("Ann", 99, ["Bob", "Cleo", "Ann"]),
        ("Bob", 2, ["Ann", "Bob", "Cleo"]),
        ("Dan", 2, ["Ann", "Dan", "Bob", "Cleo"]),
        ("Bob", None, ["Ann", "Cleo"]),
    ],
)
def test_turn_is_given_and_the_others_close_up(database: Database, name: str, to: int | None, order: list[str]) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        guests = {it.name: it for it in in_turn(session, by, "Ann", "Bob", "Cleo")}
        guests["Dan"] = a_guest(session, account_id=by.account_id, name="Dan")

        benching.move(session, guests[name], to, by=by, now=NOW)

        assert {it: turn for it, turn in turns(session).items() if turn} == {it: turn for turn, it in enumerate(order, 1)}


def test_move_is_kept_with_both_turns_and_staying_is_not(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        ann, bob = in_turn(session, by, "Ann", "Bob")

        benching.move(session, bob, 1, by=by, now=NOW)
        benching.move(session, bob, 1, by=by, now=NOW)
        benching.move(session, ann, None, by=by, now=NOW)

        assert kept(session) == [("guest.moved", {"was": 2, "to": 1}), ("guest.moved", {"was": 2, "to": None})]


def test_whole_order_is_set_and_others_wait_no_longer(database: Database) -> None:
    with database.transaction() as session:
        by, other = an_owner(session), an_owner(session)
        assert by.account_id
        _, bob, cleo = in_turn(session, by, "Ann", "Bob", "Cleo")
        dan = a_guest(session, account_id=by.account_id, name="Dan")
        [eve] = in_turn(session, other, "Eve")

        ids = [cleo.id, dan.id, cleo.id, eve.id, uuid4(), bob.id]
        benching.order(session, by.account_id, ids, by=by, now=NOW)

        assert turns(session) == {"Cleo": 1, "Eve": 1, "Dan": 2, "Bob": 3, "Ann": None}
        assert [facts for _, facts in kept(session)] == [
            {"was": 1, "to": None},
            {"was": 2, "to": 3},
            {"was": 3, "to": 1},
            {"was": None, "to": 2},
        ]


def test_role_that_does_not_reach_so_far_is_refused_and_strangers_find_nothing(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        assert by.account_id
        guest = a_guest(session, account_id=by.account_id)
        others: list[tuple[Actor, type[Exception]]] = [(a_leader(session, by), NotAllowed), (an_owner(session), NotFound)]
        others += [(Actor("guest", guest.id, guest.name), NotFound), (Actor("attendee", None, "Ada"), NotFound)]

        for who, refusal in others:
            with pytest.raises(refusal):
                benching.add(session, by.account_id, KEIKO, by=who, now=NOW)
            with pytest.raises(refusal):
                benching.change(session, guest, KEIKO, by=who, now=NOW)
            with pytest.raises(refusal):
                benching.move(session, guest, 1, by=who, now=NOW)
            with pytest.raises(refusal):
                benching.order(session, by.account_id, [guest.id], by=who, now=NOW)
        benching.add(session, by.account_id, KEIKO, by=SYSTEM, now=NOW)

        assert [kind for kind, _ in kept(session)] == ["guest.added"]
