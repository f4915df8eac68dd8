"""The calls of a pass enter their holder's calendar one by one, each in its last week (M8)."""

from datetime import UTC, datetime, timedelta

from calls import worker
from calls.messages.models import Silence
from calls.registrations import attending
from tests.fakes import FakeMail
from tests.studio import ANN, CLEO, Studio


def invitations(mail: FakeMail) -> list[tuple[datetime, str]]:
    return [(it.at, it.entry("DTSTART")) for it in mail.letters if it.method == "REQUEST"]


def test_call_of_a_pass_is_sent_to_its_holder_in_its_last_week_once(studio: Studio, mail: FakeMail) -> None:
    studio.take_pass(CLEO)

    studio.until(studio.clock.now() + timedelta(days=8))

    [first, second] = invitations(mail)
    assert [first[1], second[1]] == ["20261125T000000Z", "20261202T000000Z"]
    assert second[0].isoformat() == "2026-11-25T00:00:00+00:00"
    assert mail.letters[1].subject == "This week: Ask Tara, Tue 24 Nov 2026"


def test_who_chose_her_feed_is_invited_to_nothing(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(CLEO, 5)
    studio.work()
    with studio.registration(registration_id) as (session, registration, by):
        attending.change_person(session, registration.attendee, "Cleo", "America/New_York", "feed", by=by, now=studio.clock.now())
    studio.take_pass(CLEO)

    studio.until(studio.clock.now() + timedelta(days=3))

    assert [dtstart for _, dtstart in invitations(mail)] == ["20261230T000000Z"]


def test_single_registration_is_not_invited_again(studio: Studio, mail: FakeMail) -> None:
    studio.register(CLEO, 1)

    studio.until(studio.clock.now() + timedelta(days=4))

    assert len(invitations(mail)) == 1


def test_who_wants_no_mail_is_not_invited_and_holds_up_nobody(studio: Studio, mail: FakeMail) -> None:
    studio.take_pass(CLEO)
    studio.take_pass(ANN)
    studio.work()
    with studio.registration(studio.register(CLEO, 0)) as (session, registration, _):
        session.add(Silence(attendee_id=registration.attendee_id, kind="all", created_at=studio.clock.now()))
    studio.clock.advance(minutes=30)

    studio.work()

    assert [it.to for it in mail.letters if "This week" in it.subject] == ["ann@example.com"]


def test_call_that_moved_since_the_pass_was_taken_is_told_as_moved(studio: Studio, mail: FakeMail) -> None:
    studio.take_pass(CLEO)
    studio.work()
    studio.wait(hours=1)
    studio.move("2026-12-02T18:00:00", 1)
    studio.wait(minutes=11)

    studio.until(studio.clock.now() + timedelta(days=6))

    about_second = [it for it in mail.letters if it.entry("DTSTART") == "20261202T230000Z" or "Wed 2 Dec" in it.subject]
    assert [it.subject.partition(":")[0] for it in about_second] == ["Moved", "This week"]


def follow_up(studio: Studio) -> None:
    """What follows from the changes, without the round that invites every ten minutes."""
    has_more = True
    while has_more:
        with studio.database.transaction() as session:
            has_more = worker.follow_up(session, studio.clock.now())


def test_pass_taken_an_hour_before_a_call_brings_its_invitation_with_it(studio: Studio, mail: FakeMail) -> None:
    studio.clock.advance(seconds=(datetime(2026, 11, 24, 23, tzinfo=UTC) - studio.clock.now()).total_seconds())
    studio.take_pass(CLEO)

    follow_up(studio)
    studio.worker.sender.send()

    assert [it.subject for it in mail.letters] == [
        "You are registered for all calls of Ask Tara",
        "This week: Ask Tara, Tue 24 Nov 2026",
    ]
    assert [dtstart for _, dtstart in invitations(mail)] == ["20261125T000000Z"]
