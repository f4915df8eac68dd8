"""Registering for one call, giving the seat back, moving it, and being taken off."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refusal, Refused
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.registrations import adding, registering
from calls.registrations.attending import Person
from calls.registrations.models import Attendee, Registration
from calls.registrations.registering import Full
from calls.shows import editing, moving
from calls.shows.models import Call, Show
from calls.team import staffing
from tests.builders import NOW, a_call, a_member, a_registration, a_show, an_attendee
from tests.registrations.people import ADA, at_once, kept, person, seated, taken
from tests.shows.planned import an_owner

LATER = NOW + timedelta(minutes=5)
SHE = Actor("attendee", None, "Ada")


def two_calls(session: Session, by: Actor | None = None, **facts: Any) -> tuple[Call, Call]:
    """The show's calls of 24 November and 1 December."""
    account = {"account_id": by.account_id} if by else {}
    show = a_show(session, **account)
    first = a_call(session, show, **facts)
    return first, a_call(session, show, wall=first.wall + timedelta(days=7), **facts)


def call_at(session: Session, address: str = "2026-11-24") -> Call:
    return session.scalars(sa.select(Call).where(Call.address == address)).one()


def only(session: Session) -> Registration:
    return session.scalars(sa.select(Registration)).one()


def test_registration_takes_a_seat(database: Database) -> None:
    with database.transaction() as session:
        two_calls(session)
    with database.transaction() as session:
        outcome = registering.register(session, call_at(session), ADA, by=None, now=NOW)

    with database.reading() as session:
        found = only(session)
        change = session.scalars(sa.select(Change)).one()
        assert (found.id, found.attendee_id, outcome.is_new) == (outcome.registration_id, outcome.attendee_id, True)
        assert (found.state, found.confirmed_at, found.pass_id, found.attendee.email) == (
            "confirmed",
            NOW,
            None,
            "ada@example.com",
        )
        assert (taken(session), seated(session)) == ({"2026-11-24": 1}, {"2026-11-24": 1})
        assert (change.kind, change.thing_id, change.call_id, change.by_kind, change.by_id, change.facts) == (
            "registration.confirmed", found.id, found.call_id, "attendee", found.attendee_id, {"by_pass": False},
        )  # fmt: skip


def test_registering_again_changes_nothing_but_is_heard(database: Database) -> None:
    with database.transaction() as session:
        two_calls(session, capacity=1)
    with database.transaction() as session:
        first = registering.register(session, call_at(session), ADA, by=None, now=NOW)
    with database.transaction() as session:
        stranger = Person("Somebody else", " ADA@Example.com ", "Asia/Tokyo")
        second = registering.register(session, call_at(session), stranger, by=None, now=LATER)

    with database.reading() as session:
        attendee = session.scalars(sa.select(Attendee)).one()
        assert (second.registration_id, second.is_new) == (first.registration_id, False)
        assert (attendee.name, attendee.zone, only(session).confirmed_at) == ("Ada", "Europe/Berlin", NOW)
        assert (kept(session), taken(session)) == (["registration.confirmed", "registration.asked_again"], {"2026-11-24": 1})


def test_full_call_is_refused_to_the_next(database: Database) -> None:
    with database.transaction() as session:
        first, _ = two_calls(session, capacity=2)
        a_registration(session, first)
        a_registration(session, first)

    with pytest.raises(Full) as refusal, database.transaction() as session:
        registering.register(session, call_at(session), ADA, by=None, now=NOW)

    with database.reading() as session:
        assert (refusal.value.sentence, kept(session), taken(session)) == ("This call is full.", [], {"2026-11-24": 2})
        assert session.scalar(sa.select(sa.func.count()).select_from(Attendee)) == 2


@pytest.mark.parametrize(
    ("facts", "now", "sentence"),
    [
        ({"cancelled_at": NOW}, NOW, "This call has been cancelled."),
        ({}, NOW + timedelta(days=3), "This call is over."),
    ],
)
def test_call_that_nobody_can_come_to_is_refused(database: Database, facts: dict[str, Any], now: Any, sentence: str) -> None:
    with database.transaction() as session:
        two_calls(session, **facts)

        with pytest.raises(Refused) as refusal:
            registering.register(session, call_at(session), ADA, by=None, now=now)

        assert (refusal.value.sentence, taken(session)) == (sentence, {})


def test_call_cancelled_this_moment_is_not_called_full(database: Database) -> None:
    with database.transaction() as session:
        two_calls(session)
        seen = call_at(session)
        session.execute(sa.update(Call.__table__).values(cancelled_at=NOW))  # type: ignore[arg-type]

        with pytest.raises(Refused) as refusal:
            registering.register(session, seen, ADA, by=None, now=NOW)

    assert refusal.value.sentence == "This call has been cancelled."


def test_call_going_on_still_takes_people(database: Database) -> None:
    with database.transaction() as session:
        first, _ = two_calls(session)
        outcome = registering.register(session, first, ADA, by=None, now=first.starts_at + timedelta(minutes=30))

    assert outcome.is_new


@pytest.mark.parametrize(
    ("who", "errors"),
    [
        (Person("", "ada@example.com", "UTC"), {"name": "Give a name."}),
        (Person("x" * 201, "ada@example.com", "UTC"), {"name": "Give a name of at most 200 characters."}),
        (Person("Ada", "ada@example.com", "Berlin"), {"zone": "That time zone is not known; choose one from the list."}),
        (Person("Ada", "ada@example.com", "UTC", "1" * 41), {"phone": "Give a phone number of at most 40 characters."}),
    ],
)
def test_person_who_cannot_be_is_refused_beside_the_fields(database: Database, who: Person, errors: dict[str, str]) -> None:
    with database.transaction() as session:
        two_calls(session)

        with pytest.raises(Invalid) as refusal:
            registering.register(session, call_at(session), who, by=None, now=NOW)

    assert refusal.value.errors == errors


@pytest.mark.parametrize("email", ["", "ada", "ada@", "@example.com", "ada@example.com\nbcc: x@y.example", "ada@exa mple.com"])
def test_person_herself_needs_a_mail_address(database: Database, email: str) -> None:
    with database.transaction() as session:
        two_calls(session)

        with pytest.raises(Invalid) as refusal:
            registering.register(session, call_at(session), Person("Ada", email, "UTC"), by=None, now=NOW)

    assert list(refusal.value.errors) == ["email"]


def test_member_adds_people_without_an_address(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        first, _ = two_calls(session, by)
        ben = Person("Ben", "", "UTC", "+1 555 010 0100")
        outcomes = [adding.add(session, first, ben, by=by, now=NOW) for _ in range(2)]
        carl = adding.add(session, first, Person("Carl", "", "UTC"), by=by, now=NOW)
        with pytest.raises(Invalid) as refusal:
            adding.add(session, first, Person("carl", "", "UTC"), by=by, now=NOW)
        other = adding.add(session, first, Person("carl", "", "UTC"), is_another=True, by=by, now=NOW)

    assert [it.is_new for it in (*outcomes, carl, other)] == [True, False, True, True]
    assert refusal.value.errors == {
        "name": "Somebody of this name is on the list already. Tick the box if this is another person."
    }
    with database.reading() as session:
        assert taken(session) == {"2026-11-24": 3}


def test_adding_and_removing_are_for_members_who_may(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        first, _ = two_calls(session, by)
        registration = a_registration(session, first)
        host = staffing.actor(a_member(session, account_id=by.account_id, role="host"))
        refusals: list[type[Refusal]] = []
        for whoever in (host, an_owner(session), SHE):
            for deed in (
                lambda: adding.add(session, first, ADA, by=whoever, now=NOW),  # noqa: B023
                lambda: registering.register(session, first, ADA, by=whoever, now=NOW),  # noqa: B023
                lambda: registering.remove(session, registration, by=whoever, now=NOW),  # noqa: B023
            ):
                try:
                    deed()
                except Refusal as refusal:
                    refusals.append(type(refusal))

    assert refusals == [NotAllowed] * 3 + [NotFound] * 6
    with database.reading() as session:
        assert taken(session) == {"2026-11-24": 1}


@pytest.mark.parametrize("deed", ["cancel", "remove"])
def test_seat_that_is_given_back_is_free_for_another(database: Database, deed: str) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        first, _ = two_calls(session, by, capacity=1)
        registering.register(session, first, ADA, by=None, now=NOW)
    with database.transaction() as session:
        for _ in range(2):
            getattr(registering, deed)(session, only(session), by=by, now=LATER)
    with database.transaction() as session:
        ben = registering.register(session, call_at(session), person(2), by=None, now=LATER)

    with database.reading() as session:
        gone = session.scalars(sa.select(Registration).where(Registration.id != ben.registration_id)).one()
        assert (gone.state, gone.cancelled_at, ben.is_new) == ("cancelled", LATER, True)
        assert kept(session) == [
            "registration.confirmed",
            f"registration.{deed}led".replace("removeled", "removed"),
            "registration.confirmed",
        ]
        assert (taken(session), seated(session)) == ({"2026-11-24": 1}, {"2026-11-24": 1})


def test_person_who_comes_back_has_her_old_registration_again(database: Database) -> None:
    with database.transaction() as session:
        two_calls(session)
        first = registering.register(session, call_at(session), ADA, by=None, now=NOW)
        registering.cancel(session, only(session), by=SHE, now=NOW)
        again = registering.register(session, call_at(session), ADA, by=None, now=LATER)

    with database.reading() as session:
        found = only(session)
        assert (again.registration_id, again.is_new, found.id) == (first.registration_id, True, first.registration_id)
        assert (found.state, found.confirmed_at, found.cancelled_at) == ("confirmed", LATER, None)
        assert taken(session) == {"2026-11-24": 1}


def test_registration_moves_with_its_identity(database: Database) -> None:
    with database.transaction() as session:
        first, second = two_calls(session, capacity=1)
        registering.register(session, first, ADA, by=None, now=NOW)
        mine = only(session)
        standing = registering.move_to(session, mine, second, by=SHE, now=LATER)

    with database.reading() as session:
        found = only(session)
        change = session.scalars(sa.select(Change).order_by(Change.id.desc()).limit(1)).one()
        assert (standing, found.id, found.call.address, found.confirmed_at) == (mine.id, mine.id, "2026-12-01", LATER)
        assert (change.kind, change.call_id, change.facts) == ("registration.moved", second.id, {"from": str(first.id)})
        assert (taken(session), seated(session)) == ({"2026-12-01": 1}, {"2026-12-01": 1})


def test_moving_to_a_date_given_up_before_takes_that_registration_up_again(database: Database) -> None:
    with database.transaction() as session:
        first, second = two_calls(session)
        old = registering.register(session, second, ADA, by=None, now=NOW)
        registering.cancel(session, only(session), by=SHE, now=NOW)
        new = registering.register(session, first, ADA, by=None, now=NOW)
        standing = registering.move_to(session, session.get_one(Registration, new.registration_id), second, by=SHE, now=LATER)

    with database.reading() as session:
        states = {it.id: it.state for it in session.scalars(sa.select(Registration))}
        assert (standing, states) == (old.registration_id, {old.registration_id: "confirmed", new.registration_id: "cancelled"})
        assert (taken(session), seated(session)) == ({"2026-12-01": 1}, {"2026-12-01": 1})


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("cancelled", "This registration has been cancelled; register again instead."),
        ("same", "Choose another date of the same show."),
        ("other show", "Choose another date of the same show."),
        ("over", "This call is over; register for the other date instead."),
        ("target cancelled", "This call has been cancelled."),
        ("there", "You are registered for that date already."),
        ("full", "This call is full."),
    ],
)
def test_move_that_cannot_be_is_refused_and_keeps_the_seat(database: Database, case: str, sentence: str) -> None:
    with database.transaction() as session:
        first, second = two_calls(session, capacity=1)
        now = NOW
        attendee = an_attendee(session, account_id=first.show.account_id)
        mine = a_registration(session, first, attendee)
        elsewhere = a_call(session, a_show(session, account_id=first.show.account_id), address="elsewhere")
        target = {"same": first, "other show": elsewhere}.get(case, second)
        if case == "cancelled":
            registering.cancel(session, mine, by=SHE, now=NOW)
        if case == "over":
            now = first.ends_at
        if case == "target cancelled":
            second.cancelled_at = NOW
        if case == "there":
            a_registration(session, second, attendee)
        if case == "full":
            a_registration(session, second)

        with pytest.raises(Refused) as refusal:
            registering.move_to(session, mine, target, by=SHE, now=now)

        assert (refusal.value.sentence, mine.call_id) == (sentence, first.id)
        assert taken(session) == seated(session)


def test_person_may_leave_a_cancelled_call_for_another_date(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        first, second = two_calls(session, by)
        mine = a_registration(session, first)
        moving.cancel(session, first, by=by, now=NOW)
        registering.move_to(session, mine, second, by=SHE, now=NOW)

        assert (mine.call_id, taken(session)) == (second.id, {"2026-12-01": 1})


def test_confirmation_is_asked_for_again_only_while_there_is_one(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        first, _ = two_calls(session, by)
        mine = a_registration(session, first)
        registering.ask_again(session, mine, by=SHE, now=NOW)
        registering.ask_again(session, mine, by=by, now=NOW)
        with pytest.raises(NotFound):
            registering.ask_again(session, mine, by=an_owner(session), now=NOW)
        registering.cancel(session, mine, by=SHE, now=NOW)
        with pytest.raises(Refused) as refusal:
            registering.ask_again(session, mine, by=SHE, now=NOW)

        assert refusal.value.sentence == "This registration has been cancelled."
        assert kept(session) == ["registration.asked_again"] * 2 + ["registration.cancelled"]


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("round_", range(3))
def test_form_sent_eight_times_at_once_takes_one_seat_and_says_yes_to_each(
    database: Database, is_known: bool, round_: int
) -> None:
    with database.transaction() as session:
        first, _ = two_calls(session, capacity=1)
        if is_known:
            an_attendee(session, account_id=first.show.account_id, email=ADA.email)

    def register() -> bool:
        with database.transaction() as session:
            return registering.register(session, call_at(session), ADA, by=None, now=NOW).is_new

    outcomes = at_once([register] * 8)

    with database.reading() as session:
        assert (sorted(map(str, outcomes)), taken(session)) == (["False"] * 7 + ["True"], {"2026-11-24": 1})
        assert seated(session) == {"2026-11-24": 1}


@pytest.mark.parametrize("round_", range(5))
def test_moving_crosswise_cancelling_and_removing_at_once_loses_no_seat(database: Database, round_: int) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        first, second = two_calls(session, by, capacity=3)
        ids = [a_registration(session, call).id for call in (first, first, second, second)]

    def move(which: int, address: str) -> None:
        with database.transaction() as session:
            mine = session.get_one(Registration, ids[which])
            registering.move_to(session, mine, call_at(session, address), by=SHE, now=NOW)

    def cancel(which: int) -> None:
        with database.transaction() as session:
            registering.cancel(session, session.get_one(Registration, ids[which]), by=SHE, now=NOW)

    outcomes = at_once(
        [
            lambda: move(0, "2026-12-01"),
            lambda: move(2, "2026-11-24"),
            lambda: cancel(0),
            lambda: cancel(2),
            lambda: move(1, "2026-12-01"),
            lambda: move(3, "2026-11-24"),
            lambda: cancel(0),
        ]
    )

    with database.reading() as session:
        assert taken(session) == seated(session)
        assert sum(taken(session).values()) == 2
    assert [it for it in outcomes if it not in (None, Refused)] == []


def test_seats_lowered_while_people_come_never_break_either(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        first, _ = two_calls(session, by, capacity=30)
        show_id = first.show_id

    def register(number: int) -> None:
        with database.transaction() as session:
            registering.register(session, call_at(session), person(number), by=None, now=NOW)

    def lower() -> None:
        with database.transaction() as session:
            editing.set_capacity(session, call_at(session), 5, by=by, now=NOW)

    outcomes = at_once([*[partial(register, number) for number in range(30)], *[lower] * 3])

    with database.reading() as session:
        call = call_at(session)
        assert (call.taken, session.get_one(Show, show_id).capacity) == (seated(session)["2026-11-24"], 100)
        assert call.taken <= call.capacity
    assert [it for it in outcomes if it not in (None, Full, Invalid)] == []
