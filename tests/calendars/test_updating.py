"""A person's entry keeps its UID for life, and its counter rises at whatever befalls it or its call."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls.calendars import updating
from calls.calendars.models import Entry, Feed
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.registrations import queries, registering
from tests.builders import NOW, a_call, a_registration, a_show, an_attendee
from tests.fakes import FakeMail
from tests.studio import ANN, Studio, a_studio


def entry_of(database: Database, registration_id: UUID) -> Entry:
    with database.reading() as session:
        return session.scalars(sa.select(Entry).where(Entry.registration_id == registration_id)).one()


def shown(studio: Studio, registration_id: UUID) -> tuple[str, int]:
    """UID and SEQUENCE as her calendar shows them."""
    entry = entry_of(studio.database, registration_id)
    with studio.database.reading() as session:
        registration = queries.registration_by_id(session, registration_id)
        assert registration is not None
        return entry.uid, updating.sequence(entry, registration.call)


@pytest.fixture
def studio(database: Database, clock: SetClock) -> Studio:
    return a_studio(database, clock, FakeMail(clock))


def test_entry_begins_at_nought_whatever_became_of_the_call_before(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session), sequence=7)
        registration = a_registration(session, call)
        updating.open_entries(session, [registration], NOW)

    assert updating.sequence(entry_of(database, registration.id), call) == 0


def test_entries_and_feeds_are_opened_once(database: Database) -> None:
    with database.transaction() as session:
        show = a_show(session)
        person = an_attendee(session, account_id=show.account_id)
        calls = [a_call(session, show), a_call(session, show, starts_at=NOW + timedelta(days=9))]
        registrations = [a_registration(session, call, person) for call in calls]
        for _ in range(2):
            updating.open_entries(session, registrations, NOW)

    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 2
        assert session.scalar(sa.select(sa.func.count()).select_from(Feed)) == 1
        assert len({it.uid for it in session.scalars(sa.select(Entry))}) == 2


def test_moved_call_raises_every_entry_without_writing_one(studio: Studio) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    before = entry_of(studio.database, registration_id)
    studio.wait(hours=1)
    studio.move("2026-11-25T18:00:00")
    studio.wait(minutes=11)

    after = entry_of(studio.database, registration_id)

    assert (after.offset, after.revised_at, after.uid) == (before.offset, before.revised_at, before.uid)
    assert shown(studio, registration_id) == (before.uid, 1)


def test_counter_never_falls_when_a_registration_moves_to_a_calmer_date(studio: Studio) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    for guest in ("A", "B", "C"):
        studio.ask("guest", guest_name=guest)
        studio.wait(minutes=11)
    found = [shown(studio, registration_id)]
    for number in (1, 0, 2):
        with studio.registration(registration_id) as (session, registration, by):
            registering.move_to(session, registration, studio.call(session, number), by=by, now=studio.clock.now())
        studio.work()
        found.append(shown(studio, registration_id))

    assert [sequence for _, sequence in found] == [3, 4, 5, 6]
    assert len({uid for uid, _ in found}) == 1


def test_revision_is_strictly_later_after_each_deed_of_one_second(studio: Studio) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    for guest in ("A", "B", "C"):
        studio.ask("guest", guest_name=guest)
        studio.wait(minutes=10)
    revisions = []
    for number in (1, 0, 2):
        with studio.registration(registration_id) as (session, registration, by):
            registering.move_to(session, registration, studio.call(session, number), by=by, now=studio.clock.now())
        studio.write()
        with studio.registration(registration_id) as (_, registration, _by):
            revisions.append(updating.revised_at(entry_of(studio.database, registration_id), registration.call))

    assert revisions == sorted(set(revisions))
    assert {it.microsecond for it in revisions} == {0}


def test_counter_is_never_shown_below_nought(database: Database) -> None:
    with database.transaction() as session:
        call = a_call(session, a_show(session), sequence=1)
        entry = Entry(registration_id=a_registration(session, call).id, uid="inv-1", offset=-4, revised_at=NOW, created_at=NOW)

    assert updating.sequence(entry, call) == 0


def test_rotated_feed_has_another_generation_and_keeps_its_row(studio: Studio) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    with studio.registration(registration_id) as (session, registration, _):
        first = updating.open_feed(session, registration.attendee_id, studio.clock.now())
        id, generation = first.id, first.generation
        updating.rotate_feed(session, first, studio.clock.now())
        again = updating.open_feed(session, registration.attendee_id, studio.clock.now())

    assert (again.id, again.generation, again.withdrawn_at) == (id, generation + 1, studio.clock.now())
