"""Making a show, publishing it, and changing its words and seats."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound
from calls.shows import editing, planning
from calls.shows.models import Call, Show
from calls.shows.planning import Details, Plan
from calls.team import staffing
from tests.builders import a_member, a_registration
from tests.shows.planned import LA, PLANNED_AT, S, a_planned_show, an_owner, at, call_on, calls_of, kinds_kept, starts

AFTER = at("2026-11-05 12:00")  # four calls of S are over by then


def test_case_1_show_is_laid_out_as_calls_of_their_own(database: Database) -> None:
    with database.transaction() as session:
        show, _ = a_planned_show(session)

    with database.reading() as session:
        calls = calls_of(session, show)
        times = starts(session, show)
    assert times == [
        *(f"2026-10-{day} 16:00" for day in (14, 21, 28)),
        *(f"2026-{day} 17:00" for day in ("11-04", "11-11", "11-18", "11-25", "12-02")),
    ]
    assert {(it.ends_at - it.starts_at).total_seconds() for it in calls} == {3600}
    assert {(it.sequence, it.capacity, it.taken, it.is_by_hand, it.revised_at) for it in calls} == {(0, 20, 0, False, PLANNED_AT)}
    assert len({it.uid for it in calls}) == 8
    assert [it.address for it in calls] == [it.wall.date().isoformat() for it in calls]


@pytest.mark.parametrize(
    ("zone", "first", "clock", "rrule", "expected"),
    [
        pytest.param(
            LA, "2027-03-07", "09:00", "FREQ=WEEKLY;COUNT=3", ["03-07 17:00", "03-14 16:00", "03-21 16:00"], id="case 7"
        ),
        pytest.param(
            "Europe/Berlin",
            "2026-10-21",
            "18:00",
            "FREQ=WEEKLY;COUNT=3",
            ["10-21 16:00", "10-28 17:00", "11-04 17:00"],
            id="case 8",
        ),
        pytest.param(
            "Australia/Sydney", "2026-10-07", "10:00", "FREQ=WEEKLY;COUNT=1", ["10-06 23:00"], id="case 9 after the change"
        ),
        pytest.param("Australia/Sydney", "2026-09-30", "10:00", "FREQ=WEEKLY;COUNT=1", ["09-30 00:00"], id="case 9 before it"),
        pytest.param("Asia/Kolkata", "2026-10-14", "19:30", "", ["10-14 14:00"], id="case 10 Kolkata"),
        pytest.param("Asia/Kathmandu", "2026-10-14", "19:30", "", ["10-14 13:45"], id="case 10 Kathmandu"),
        pytest.param(LA, "2027-03-14", "02:30", "", ["03-14 10:30"], id="case 11, in the gap"),
    ],
)
def test_calls_are_at_their_wall_time_in_their_zone(
    database: Database, zone: str, first: str, clock: str, rrule: str, expected: list[str]
) -> None:
    facts: dict[str, Any] = {
        "zone": zone,
        "first_day": date.fromisoformat(first),
        "first_time": time.fromisoformat(clock),
        "rrule": rrule,
    }
    with database.transaction() as session:
        show, _ = a_planned_show(session, now=at("2026-09-01 12:00"), **facts)

    with database.reading() as session:
        assert [it[5:] for it in starts(session, show)] == expected


@pytest.mark.parametrize(("fold", "start", "end"), [(0, "08:30", "09:30"), (1, "09:30", "10:30")])
def test_case_12_chosen_one_of_two_equal_times_counts(database: Database, fold: int, start: str, end: str) -> None:
    with database.transaction() as session:
        show, _ = a_planned_show(session, first_day=date(2026, 11, 1), first_time=time(1, 30), rrule="", fold=fold)

    with database.reading() as session:
        [call] = calls_of(session, show)
        assert (call.starts_at, call.ends_at, call.fold) == (at(f"2026-11-01 {start}"), at(f"2026-11-01 {end}"), fold)


def test_case_13_length_is_exact_across_the_change_of_clocks(database: Database) -> None:
    with database.transaction() as session:
        show, _ = a_planned_show(session, first_day=date(2026, 10, 31), first_time=time(23, 30), rrule="", minutes=180)

    with database.reading() as session:
        [call] = calls_of(session, show)
        assert (call.starts_at, call.ends_at) == (at("2026-11-01 06:30"), at("2026-11-01 09:30"))


@pytest.mark.parametrize(
    ("facts", "errors"),
    [
        ({"name": " \x00 "}, {"name": "Give the show a name of at most 200 characters."}),
        ({"name": "x" * 201}, {"name": "Give the show a name of at most 200 characters."}),
        ({"capacity": 0}, {"capacity": "Give a number of seats between 1 and 100,000."}),
        ({"capacity": 100_001}, {"capacity": "Give a number of seats between 1 and 100,000."}),
        ({"description": "x" * 20_001}, {"description": "Describe the show in at most 20,000 characters."}),
        ({"host_name": "x" * 201}, {"host_name": "Give a name of at most 200 characters."}),
        ({"minutes": 4}, {"minutes": "Give a length between 5 minutes and 24 hours."}),
        ({"minutes": 1441}, {"minutes": "Give a length between 5 minutes and 24 hours."}),
        ({"zone": "America"}, {"zone": "That time zone is not known; choose one like America/New_York."}),
        (
            {"first_day": date(2026, 9, 30), "rrule": ""},
            {"first_day": "By this schedule no call is still to come; choose later days."},
        ),
        ({"first_day": date(2026, 9, 30)}, {"first_day": "The first call would lie in the past; choose a later day or time."}),
        (
            {"first_day": date(2026, 10, 1), "first_time": time(4, 59), "rrule": "FREQ=DAILY"},
            {"first_day": "The first call would lie in the past; choose a later day or time."},
        ),
        (
            {"rrule": "FREQ=DAILY", "minutes": 1440},
            {"minutes": "One call would still be on when the next begins; give a shorter length."},
        ),
        (
            {"slug": "Ask Tara"},
            {"slug": "Use small letters, digits and dashes, at most 60, and begin and end with a letter or digit."},
        ),
        ({"slug": "host"}, {"slug": "The address /host is kept for the product itself; choose another."}),
        ({"slug": "taken"}, {"slug": "The address /taken is taken by another show; choose another."}),
        (
            {"name": "", "minutes": 0, "zone": "x"},
            {
                "name": "Give the show a name of at most 200 characters.",
                "zone": "That time zone is not known; choose one like America/New_York.",
                "minutes": "Give a length between 5 minutes and 24 hours.",
            },
        ),
    ],
)
def test_show_that_cannot_be_is_refused_beside_its_fields(
    database: Database, facts: dict[str, Any], errors: dict[str, str]
) -> None:
    with database.transaction() as session:
        _, by = a_planned_show(session, slug="taken")

    with pytest.raises(Invalid) as refusal, database.transaction() as session:
        a_planned_show(session, by, **facts)

    with database.reading() as session:
        assert (refusal.value.errors, session.scalar(sa.select(sa.func.count()).select_from(Show))) == (errors, 1)


def test_shows_of_one_name_get_addresses_of_their_own(database: Database) -> None:
    with database.transaction() as session:
        by = an_owner(session)
        slugs = [a_planned_show(session, by)[0].slug for _ in range(3)]

    assert slugs == ["ask-tara", "ask-tara-2", "ask-tara-3"]


def test_show_whose_address_was_taken_this_moment_is_refused(database: Database) -> None:
    with database.transaction() as session:
        first, by = a_planned_show(session)

    with pytest.raises(Invalid) as refusal, database.transaction() as session:
        assert by.account_id is not None
        planning.create(session, by.account_id, replace(S, name="Another", id=first.id), by=by, now=PLANNED_AT)

    assert refusal.value.errors == {"slug": "Another show has just taken the address /another; send the form once more."}


def test_draft_is_published_once(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session, is_published=False)
        assert show.published_at is None
        planning.publish(session, show, by=by, now=AFTER)
        planning.publish(session, show, by=by, now=at("2026-12-01 12:00"))

    with database.reading() as session:
        assert session.get_one(Show, show.id).published_at == AFTER
        assert kinds_kept(session) == ["show.created", "show.laid_out", "show.published"]


def test_renaming_raises_the_calls_to_come_for_calendars_show_the_name(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
    with database.transaction() as session:
        show = session.get_one(Show, show.id)
        planning.change(session, show, Details("Ask Anna", "new", "Anna", 20), by=by, now=AFTER)

    with database.reading() as session:
        told = [(it.sequence, it.revised_at > PLANNED_AT) for it in calls_of(session, show)]
        kept = session.get_one(Show, show.id)
    assert told == [(0, False)] * 4 + [(1, True)] * 4
    assert (kept.name, kept.description, kept.host_name, kept.slug) == ("Ask Anna", "new", "Anna", "ask-tara")


def test_other_words_leave_the_calls_of_a_show_as_they_are(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        planning.change(session, show, Details("Ask Tara", "Sleep, and how to find it", "Tara", 20), by=by, now=AFTER)

    with database.reading() as session:
        assert {it.sequence for it in calls_of(session, show)} == {0}


def test_usual_seats_are_those_of_each_call_to_come_without_a_number_of_its_own(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        own = call_on(session, show, "2026-11-25")
        editing.set_capacity(session, own, 5, by=by, now=PLANNED_AT)
        a_registration(session, own)
        planning.change(session, show, Details("Ask Tara", "", "", 30), by=by, now=AFTER)

    with database.reading() as session:
        assert [it.capacity for it in calls_of(session, show)] == [20, 20, 20, 20, 30, 30, 5, 30]
        assert {it.has_own_capacity for it in calls_of(session, show)} == {False, True}


def test_fewer_seats_than_are_taken_are_refused_with_the_smallest_number(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        for _ in range(3):
            a_registration(session, call_on(session, show, "2026-11-11"))
        a_registration(session, call_on(session, show, "2026-11-18"))

    with pytest.raises(Invalid) as refusal, database.transaction() as session:
        planning.change(session, session.get_one(Show, show.id), Details("Ask Tara", "", "", 2), by=by, now=AFTER)
    with database.transaction() as session:
        planning.change(session, session.get_one(Show, show.id), Details("Ask Tara", "", "", 3), by=by, now=AFTER)

    assert refusal.value.errors == {"capacity": "A call to come has 3 seats taken; the smallest number is 3."}
    with database.reading() as session:
        assert call_on(session, show, "2026-11-11").capacity == 3


def test_changing_a_show_never_writes_the_taken_seats_back(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        seen = call_on(session, show, "2026-11-11")
        session.execute(sa.update(Call.__table__).where(Call.__table__.c.id == seen.id).values(taken=7))  # type: ignore[arg-type]
        assert seen.taken == 0
        planning.change(session, show, Details("Ask Anna", "", "", 30), by=by, now=AFTER)

    with database.reading() as session:
        assert call_on(session, show, "2026-11-11").taken == 7


def test_planning_is_for_owners_and_producers_of_the_account(database: Database) -> None:
    with database.transaction() as session:
        show, by = a_planned_show(session)
        host = staffing.actor(a_member(session, account_id=by.account_id, role="host"))
        foreigner = an_owner(session)

        with pytest.raises(NotAllowed):
            planning.change(session, show, Details("x", "", "", 1), by=host, now=AFTER)
        with pytest.raises(NotFound):
            planning.change(session, show, Details("x", "", "", 1), by=foreigner, now=AFTER)
        with pytest.raises(NotFound):
            planning.publish(session, show, by=foreigner, now=AFTER)
        with pytest.raises(NotFound):
            planning.create(session, show.account_id, Plan("x", S.first_day, S.first_time, LA, 60), by=foreigner, now=AFTER)

    assert show.name == "Ask Tara"
