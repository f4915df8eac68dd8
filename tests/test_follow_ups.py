"""What follows from each change is done once, in batches, whatever it is done beside and however often it is begun."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from calls import follow_ups, hearers, pending
from calls.calendars import updating
from calls.calendars.models import Entry, Feed
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.history.models import Change
from calls.messages.models import Message
from calls.registrations import attending, passing, registering
from calls.registrations.attending import Person
from calls.registrations.models import Registration
from tests.builders import a_registration, an_attendee
from tests.fakes import FakeMail
from tests.studio import ANN, BOB, CLEO, Studio, a_studio


@pytest.fixture
def studio(database: Database, clock: SetClock) -> Studio:
    return a_studio(database, clock, FakeMail(clock))


def change_of(studio: Studio, kind: str) -> Change:
    with studio.database.reading() as session:
        return session.scalars(sa.select(Change).where(Change.kind == kind).order_by(Change.id.desc())).first() or Change()


def step(studio: Studio, kind: str) -> tuple[int, str | None, bool]:
    """Follow the last change of a kind up once: how many messages there are then, where it stands, and whether it is done."""
    with studio.database.transaction() as session:
        wanted = sa.select(Change).where(Change.kind == kind).order_by(Change.id.desc())
        change = session.scalars(wanted).first()
        assert change is not None
        follow_ups.follow_up(session, change, studio.clock.now())
        number = session.scalar(sa.select(sa.func.count()).select_from(Message)) or 0
        return number, change.cursor and "further on", change.followed_up_at is not None


def test_change_without_follow_ups_is_done_at_once(studio: Studio) -> None:
    with studio.database.reading() as session:
        open_ones = session.scalars(sa.select(Change.kind).where(Change.followed_up_at.is_(None))).all()
        done = set(session.scalars(sa.select(Change.kind).where(Change.followed_up_at.is_not(None))))

    assert open_ones == []
    assert {"account.opened", "show.created"} <= done


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_another_mail_address_ends_the_feeds_own_and_opens_none_that_was_withdrawn(studio: Studio, is_withdrawn: bool) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    with studio.registration(registration_id) as (session, registration, by):
        feed = updating.open_feed(session, registration.attendee_id, studio.clock.now())
        if is_withdrawn:
            updating.withdraw_feed(session, feed, studio.clock.now())
        attending.change_email(session, registration.attendee, "ann@new.example.com", by=by, now=studio.clock.now())
    studio.work()

    with studio.database.reading() as session:
        found = session.scalars(sa.select(Feed)).one()
    assert (found.generation, found.is_open) == (1, not is_withdrawn)


def test_large_call_is_told_in_batches_each_person_once(studio: Studio) -> None:
    with studio.database.transaction() as session:
        call = studio.call(session)
        for _ in range(410):
            a_registration(session, call, an_attendee(session, account_id=call.show.account_id))
    studio.ask("guest", guest_name="Dr. Ono")
    studio.clock.advance(minutes=11)
    with studio.database.transaction() as session:
        pending.take_next(session, studio.clock.now())

    steps = [step(studio, "call.guest_changed") for _ in range(3)]

    assert steps == [(200, "further on", False), (400, "further on", False), (410, None, True)]
    with studio.database.reading() as session:
        assert len(set(session.scalars(sa.select(Message.registration_id)))) == 410


def test_step_that_is_taken_again_after_a_crash_writes_nothing_twice(studio: Studio) -> None:
    for person in (ANN, BOB, CLEO):
        studio.register(person)
    studio.work()
    studio.ask("guest", guest_name="Dr. Ono")
    studio.wait(minutes=11)
    before = len(studio.messages())
    studio.update(Change, change_of(studio, "call.guest_changed").id, followed_up_at=None, step=0, cursor=None)
    studio.update(Change, change_of(studio, "registration.confirmed").id, followed_up_at=None, step=1, cursor=None)

    studio.write()

    assert len(studio.messages()) == before


def test_new_registration_gets_its_entry_and_its_letter(studio: Studio) -> None:
    studio.register(ANN)
    studio.write()

    with studio.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 1
    assert [(kind, state) for kind, state in studio.outbox()] == [("registration_confirmed", "waiting")]
    assert studio.messages()[0].facts == {"is_asked": True}


def test_person_whom_a_host_adds_at_night_sleeps_on(studio: Studio) -> None:
    studio.clock.advance(hours=10)
    studio.register(ANN, by_hand=True)

    studio.write()

    [message] = studio.messages()
    assert (message.due_at, message.facts) == (studio.clock.now() + timedelta(hours=8), {})


def test_date_that_is_added_seats_who_holds_a_pass_and_tells_her(studio: Studio) -> None:
    studio.take_pass(CLEO)
    studio.work()
    studio.ask("extra", None, wall="2026-11-28T12:00:00", minutes=45)

    studio.wait(minutes=11)
    studio.wait(minutes=30)

    mail = studio.mail
    assert isinstance(mail, FakeMail)
    about_it = [it for it in mail.letters if it.entry("DTSTART") == "20261128T170000Z"]
    assert [(it.to, it.method, it.subject) for it in about_it] == [
        ("cleo@example.com", "REQUEST", "A date was added: Ask Tara, Sat 28 Nov 2026")
    ]
    assert [it.fault for it in studio.messages() if it.fault] == ["the call is in the person's calendar already"]


def test_address_that_changed_is_sent_everything_anew(studio: Studio) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    studio.clock.advance(minutes=1)
    with studio.registration(registration_id) as (session, registration, by):
        attending.change_email(session, registration.attendee, "ann@elsewhere.example", by=by, now=studio.clock.now())

    studio.work()

    mail = studio.mail
    assert isinstance(mail, FakeMail)
    [before, anew] = mail.letters
    assert (before.to, anew.to, anew.subject) == ("ann@example.com", "ann@elsewhere.example", before.subject)


def test_registration_of_a_pass_is_told_with_the_pass(studio: Studio) -> None:
    studio.take_pass(CLEO)

    studio.write()

    with studio.database.reading() as session:
        registrations = session.scalar(sa.select(sa.func.count()).select_from(Registration))
        entries = session.scalar(sa.select(sa.func.count()).select_from(Entry))
    assert (registrations, entries) == (16, 16)
    assert sorted(kind for kind, _ in studio.outbox()) == ["call_invited", "pass_confirmed"]


def test_show_that_changes_its_way_in_tells_everybody_of_every_call_once(studio: Studio) -> None:
    studio.register(ANN, 0)
    studio.register(ANN, 1)
    studio.register(CLEO, 2)
    studio.work()
    studio.wait(hours=1)
    studio.ask("way_in", None, phone="+1 555 010 0177", code="900", web_link="", is_page_only=False)

    studio.wait(minutes=11)

    mail = studio.mail
    assert isinstance(mail, FakeMail)
    assert sorted(it.to for it in mail.letters[3:]) == ["ann@example.com", "ann@example.com", "cleo@example.com"]
    assert {it.entry("SEQUENCE") for it in mail.letters[3:]} == {"1"}


def test_hearers_are_counted_before_the_deed(studio: Studio) -> None:
    studio.register(ANN)
    studio.register(Person("Dee", "", "Europe/Berlin"), by_hand=True)
    studio.take_pass(CLEO)
    studio.work()

    with studio.database.reading() as session:
        found = hearers.of_calls(session, [studio.call(session).id])

    assert (found.attendees, found.without_email, found.silenced, found.holders) == (2, 1, 0, 1)
    assert not found.is_nobody


def test_person_who_gave_up_a_date_of_her_pass_keeps_the_others(studio: Studio) -> None:
    studio.take_pass(CLEO)
    studio.work()
    with studio.database.reading() as session:
        call = studio.call(session, 3)
        registration_id = session.scalars(sa.select(Registration.id).where(Registration.call_id == call.id)).one()
    with studio.registration(registration_id) as (session, registration, by):
        registering.cancel(session, registration, by=by, now=studio.clock.now())
    studio.work()

    with studio.database.transaction() as session:
        passing.admit_holders(session, studio.call(session, 3), None, by=studio.by, now=studio.clock.now())
        states = session.scalars(sa.select(Registration.state).where(Registration.id == registration_id)).one()

    assert states == "cancelled"
