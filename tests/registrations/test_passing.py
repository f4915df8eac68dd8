"""Passes: a seat at every call to come, those still to be laid out included."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotFound
from calls.history.keeping import SYSTEM, Actor
from calls.history.models import Change
from calls.registrations import passing, queries, registering
from calls.registrations.attending import Person
from calls.registrations.models import Pass, Registration
from calls.shows import moving
from calls.shows.models import Call, Show
from tests.builders import FIRST_CALL, NOW, a_call, a_pass, a_registration, a_show, an_attendee
from tests.registrations.people import ADA, at_once, kept, person, seated, taken
from tests.shows.planned import an_owner

LATER = NOW + timedelta(minutes=5)
SHE = Actor("attendee", None, "Ada")
DAYS = ("2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15")


def a_season(session: Session, by: Actor | None = None) -> Show:
    """Four Tuesdays: the second is full, the third is cancelled."""
    show = a_show(session, **({"account_id": by.account_id} if by else {}))
    calls = [a_call(session, show, capacity=2, wall=FIRST_CALL + timedelta(weeks=week)) for week in range(4)]
    calls[1].taken = calls[1].capacity = 1
    calls[2].cancelled_at = NOW
    session.flush()
    return show


def the_show(session: Session) -> Show:
    return session.scalars(sa.select(Show)).one()


def states(session: Session) -> dict[str, str]:
    rows = session.execute(sa.select(Call.address, Registration.state).join(Registration.call))
    return {it.address: it.state for it in rows}


def test_pass_takes_a_seat_of_each_call_that_has_one(database: Database) -> None:
    with database.transaction() as session:
        a_season(session)
    with database.transaction() as session:
        taken_pass = passing.register_for_all(session, the_show(session), ADA, by=None, now=NOW)

    with database.reading() as session:
        rows = session.scalars(sa.select(Registration)).all()
        over = session.scalars(sa.select(Change).where(Change.kind == "pass.passed_over")).one()
        assert states(session) == {"2026-11-24": "confirmed", "2026-12-15": "confirmed"}
        assert {it.pass_id for it in rows} == {taken_pass.id}
        assert taken(session) == {"2026-11-24": 1, "2026-12-01": 1, "2026-12-15": 1}
        assert kept(session) == ["pass.taken", "registration.confirmed", "pass.passed_over", "registration.confirmed"]
        assert session.get_one(Call, over.call_id).address == "2026-12-01"
        confirmed = session.scalars(sa.select(Change.facts).where(Change.kind == "registration.confirmed"))
        assert list(confirmed) == [{"by_pass": True}] * 2


def test_pass_taken_again_is_heard_and_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        show = a_season(session)
        passes = [passing.register_for_all(session, show, ADA, by=None, now=NOW).id for _ in range(2)]

    with database.reading() as session:
        assert (len(set(passes)), kept(session, "pass.a")) == (1, ["pass.asked_again"])
        assert seated(session) == {"2026-11-24": 1, "2026-12-15": 1}


def test_seat_that_somebody_has_stays_her_own_beside_the_pass(database: Database) -> None:
    with database.transaction() as session:
        show = a_season(session)
        registering.register(
            session, session.scalars(sa.select(Call).where(Call.address == DAYS[0])).one(), ADA, by=None, now=NOW
        )
        taken_pass = passing.register_for_all(session, show, ADA, by=None, now=NOW)
        passing.cancel_pass(session, taken_pass, by=SHE, now=LATER)

    with database.reading() as session:
        assert states(session) == {"2026-11-24": "confirmed", "2026-12-15": "cancelled"}
        assert seated(session) == {"2026-11-24": 1}


def test_pass_given_back_frees_its_seats_and_is_told_once(database: Database) -> None:
    with database.transaction() as session:
        taken_pass = passing.register_for_all(session, a_season(session), ADA, by=None, now=NOW)
    with database.transaction() as session:
        for _ in range(2):
            passing.cancel_pass(session, session.get_one(Pass, taken_pass.id), by=SHE, now=LATER)

    with database.reading() as session:
        assert (states(session), seated(session)) == ({"2026-11-24": "cancelled", "2026-12-15": "cancelled"}, {})
        assert taken(session) == {"2026-12-01": 1}
        assert kept(session)[4:] == ["registration.cancelled", "registration.cancelled", "pass.cancelled"]
        facts = list(session.scalars(sa.select(Change.facts).where(Change.kind == "registration.cancelled")))
        assert facts == [{"by_pass": True}] * 2
        assert session.get_one(Pass, taken_pass.id).cancelled_at == LATER


def test_calls_that_are_over_stay_as_they_were_when_a_pass_is_given_back(database: Database) -> None:
    with database.transaction() as session:
        taken_pass = passing.register_for_all(session, a_season(session), ADA, by=None, now=NOW)
        passing.cancel_pass(session, taken_pass, by=SHE, now=NOW + timedelta(days=7))

    with database.reading() as session:
        assert states(session) == {"2026-11-24": "confirmed", "2026-12-15": "cancelled"}


def test_pass_taken_up_again_brings_the_seats_back(database: Database) -> None:
    with database.transaction() as session:
        show = a_season(session)
        first = passing.register_for_all(session, show, ADA, by=None, now=NOW)
        passing.cancel_pass(session, first, by=SHE, now=NOW)
        second = passing.register_for_all(session, show, ADA, by=None, now=LATER)

    with database.reading() as session:
        assert (second.id, session.get_one(Pass, first.id).cancelled_at) == (first.id, None)
        assert states(session) == {"2026-11-24": "confirmed", "2026-12-15": "confirmed"}
        assert taken(session) == {"2026-11-24": 1, "2026-12-01": 1, "2026-12-15": 1}


@pytest.mark.parametrize("is_pass_given_back", [False, True])
def test_seat_of_a_pass_is_taken_again_as_part_of_it_while_it_stands(database: Database, is_pass_given_back: bool) -> None:
    with database.transaction() as session:
        taken_pass = passing.register_for_all(session, a_season(session), ADA, by=None, now=NOW)
        mine = session.scalars(sa.select(Registration).order_by(Registration.id)).first()
        assert mine is not None
        registering.cancel(session, mine, by=SHE, now=NOW)
        if is_pass_given_back:
            passing.cancel_pass(session, taken_pass, by=SHE, now=NOW)
    for _ in range(2):
        with database.transaction() as session:
            registering.take_again(session, session.get_one(Registration, mine.id), by=SHE, now=LATER)

    with database.reading() as session:
        again = session.get_one(Registration, mine.id)
        assert (again.state, again.pass_id) == ("confirmed", None if is_pass_given_back else taken_pass.id)
        assert taken(session)["2026-11-24"] == 1
        assert kept(session)[-1] == "registration.confirmed"
        assert kept(session).count("registration.asked_again") == 0


def test_call_laid_out_later_seats_the_holders_in_the_order_of_their_passes(database: Database) -> None:
    with database.transaction() as session:
        show = a_season(session)
        passes = [a_pass(session, show, an_attendee(session, account_id=show.account_id)) for _ in range(4)]
        passes[0].cancelled_at = NOW
        call = a_call(session, show, address="new", planned_day=None, capacity=2, wall=FIRST_CALL + timedelta(days=100))
        reached = passing.admit_holders(session, call, None, by=SYSTEM, now=NOW)

    with database.reading() as session:
        rows = sa.select(Registration.pass_id).join(Registration.call).where(Call.address == "new").order_by(Registration.id)
        assert (reached, list(session.scalars(rows))) == (None, [passes[1].id, passes[2].id])
        assert kept(session, "pass.") == ["pass.passed_over"]


def test_holders_of_many_passes_are_seated_in_batches_each_once(database: Database) -> None:
    with database.transaction() as session:
        show = a_season(session)
        for _ in range(passing.BATCH * 2):
            a_pass(session, show, an_attendee(session, account_id=show.account_id))
        a_call(session, show, address="new", planned_day=None, capacity=1000, wall=FIRST_CALL + timedelta(days=100))
    cursors, cursor = [], None
    for _ in range(3):
        with database.transaction() as session:
            call = session.scalars(sa.select(Call).where(Call.address == "new")).one()
            cursor = passing.admit_holders(session, call, cursor, by=SYSTEM, now=NOW)
            cursors.append(cursor is None)
    with database.transaction() as session:
        call = session.scalars(sa.select(Call).where(Call.address == "new")).one()
        passing.admit_holders(session, call, None, by=SYSTEM, now=NOW)

    with database.reading() as session:
        assert (cursors, seated(session)["new"], taken(session)["new"]) == ([False, False, True], 400, 400)


@pytest.mark.parametrize("case", ["given up", "has one", "cancelled", "over"])
def test_no_seat_is_forced_on_a_holder_and_none_given_where_there_is_no_call(database: Database, case: str) -> None:
    now = NOW
    with database.transaction() as session:
        by = an_owner(session)
        show = a_season(session, by)
        holder = an_attendee(session, account_id=show.account_id)
        a_pass(session, show, holder)
        call = session.scalars(sa.select(Call).where(Call.address == DAYS[0])).one()
        if case in {"given up", "has one"}:
            a_registration(session, call, holder, state="cancelled" if case == "given up" else "confirmed")
        if case == "cancelled":
            moving.cancel(session, call, by=by, now=NOW)
        if case == "over":
            now = call.ends_at
        before = (seated(session), taken(session))
        passing.admit_holders(session, call, None, by=SYSTEM, now=now)

        assert (seated(session), taken(session)) == before


def test_person_who_cannot_be_gets_no_pass(database: Database) -> None:
    with database.transaction() as session:
        show = a_season(session)

        with pytest.raises(Invalid) as refusal:
            passing.register_for_all(session, show, Person("Ada", "", "UTC"), by=None, now=NOW)
        with pytest.raises(NotFound):
            passing.register_for_all(session, show, ADA, by=an_owner(session), now=NOW)

        assert (list(refusal.value.errors), seated(session)) == (["email"], {})


@pytest.mark.parametrize("round_", range(3))
def test_passes_taken_and_given_back_at_once_keep_the_seats_in_order(database: Database, round_: int) -> None:
    with database.transaction() as session:
        show = a_season(session)
        session.execute(sa.update(Call).values(capacity=5))
        held = [passing.register_for_all(session, show, person(number), by=None, now=NOW).id for number in (1, 2)]

    def take(number: int) -> None:
        with database.transaction() as session:
            passing.register_for_all(session, the_show(session), person(number), by=None, now=NOW)

    def give_back(which: int) -> None:
        with database.transaction() as session:
            passing.cancel_pass(session, session.get_one(Pass, held[which]), by=SHE, now=NOW)

    def seat_holders() -> None:
        with database.transaction() as session:
            for address in reversed(DAYS):
                call = session.scalars(sa.select(Call).where(Call.address == address)).one()
                passing.admit_holders(session, call, None, by=SYSTEM, now=NOW)

    numbers = (3, 3, 3, 4, 5, 6, 7)
    outcomes = at_once(
        [*[partial(take, number) for number in numbers], partial(give_back, 0), partial(give_back, 1), seat_holders]
    )

    with database.reading() as session:
        found = {address: number - (address == "2026-12-01") for address, number in taken(session).items()}
        assert {address: number for address, number in found.items() if number} == seated(session)
        passes = session.scalars(sa.select(Pass).where(Pass.cancelled_at.is_(None))).all()
        assert (len(passes), outcomes) == (5, [None] * 10)
        mine = queries.registrations_of_pass(session, passes[0].id, NOW)
        assert {it.call.address for it in mine} <= set(DAYS)
