"""Messages go into the outbox once, each for its reader's day and night, and news only once while it waits."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from calls.messages import writing
from calls.messages.models import Message, Silence
from calls.registrations import queries
from calls.registrations.models import Registration
from tests.fakes import FakeMail
from tests.studio import ANN, BOB, CLEO, Studio


def people(studio: Studio) -> list[Registration]:
    with studio.database.reading() as session:
        call = studio.call(session)
        return list(queries.registrations_of_call(session, call.id))


def test_message_of_one_cause_is_written_once(studio: Studio) -> None:
    studio.register(ANN)
    registrations = people(studio)

    written = []
    for cause in ("one", "one", "two"):
        with studio.database.transaction() as session:
            kind = "registration_confirmed"
            written.append(writing.to_registered(session, kind, cause, registrations, studio.clock.now()))

    assert written == [1, 0, 1]


def test_mail_to_many_is_due_by_the_day_of_each(studio: Studio) -> None:
    for person in (ANN, BOB, CLEO):
        studio.register(person)

    with studio.database.transaction() as session:
        writing.to_registered(session, "call_invited", "week", people(studio), studio.clock.now())

    due = {it.attendee_id: it.due_at for it in studio.messages()}
    names = {it.attendee_id: it.attendee.name for it in people(studio)}
    assert {names[key]: at for key, at in due.items() if key} == {
        "Ann Lee": studio.clock.now(),
        "Bob Ray": datetime(2026, 11, 22, 20, tzinfo=UTC),
        "Cleo Marsh": studio.clock.now(),
    }


def test_who_wants_no_mail_is_passed_over(studio: Studio) -> None:
    studio.register(ANN)
    studio.register(CLEO)
    [ann, _] = people(studio)
    with studio.database.transaction() as session:
        session.add(Silence(attendee_id=ann.attendee_id, kind="all", created_at=studio.clock.now()))
        written = writing.to_registered(session, "call_invited", "week", people(studio), studio.clock.now())

    assert written == 1


def test_news_that_waits_takes_up_what_comes_after_it(studio: Studio, mail: FakeMail) -> None:
    studio.clock.advance(hours=10)
    studio.register(ANN, 1)
    studio.work()
    for guest in ("Dr. Ono", "Prof. Lin", "Dr. Wu"):
        studio.ask("guest", 1, guest_name=guest)
        studio.wait(minutes=11)

    assert studio.outbox() == [("registration_confirmed", "sent"), ("news", "waiting")]


def test_news_that_waits_goes_earlier_when_its_call_comes_nearer(studio: Studio, mail: FakeMail) -> None:
    studio.clock.advance(hours=10)
    studio.register(ANN, 1)
    studio.work()
    studio.ask("guest", 1, guest_name="Dr. Ono")
    studio.wait(minutes=11)
    [_, held] = studio.messages()
    studio.move("2026-11-22T23:45:00", 1)

    studio.wait(minutes=11)

    [_, message] = studio.messages()
    assert held.due_at == datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert message.due_at == datetime(2026, 11, 23, 1, 45, tzinfo=UTC)
    studio.until(message.due_at)
    assert [it.subject for it in mail.letters[1:]] == ["Moved: Ask Tara: Dr. Ono, now Mon 23 Nov 2026"]


def test_row_has_every_column_that_a_message_needs(studio: Studio) -> None:
    now = studio.clock.now()

    with studio.database.transaction() as session:
        assert writing.write(session, [writing.row("reminder", "key", now, now + timedelta(hours=1))]) == 1
        assert writing.write(session, []) == 0
        message = session.scalars(sa.select(Message)).one()

    assert (message.key, message.state, message.facts, message.tries, message.call_id) == ("key", "waiting", {}, 0, None)
