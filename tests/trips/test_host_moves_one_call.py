"""Trip 2: a host moves one call. Nobody hears for ten minutes; then mails, entries and feeds all say the same."""

from datetime import timedelta

from calls.calendars import publishing, queries
from calls.ground.clock import SetClock
from calls.registrations.models import Registration
from tests.calendars.grammar import check_feed, check_mail_part
from tests.calendars.happenings import vevents
from tests.calendars.readers import Seen, by_icalendar
from tests.gateways.mail_servers import Mailbox
from tests.studio import ANN, BOB, CLEO, LINKS, Studio
from tests.trips.letters import letters_to


def public_feed(studio: Studio) -> bytes:
    with studio.database.reading() as session:
        return publishing.public_feed(session, studio.show(session), LINKS, studio.clock.now()).body


def personal_feed(studio: Studio, registration: Registration) -> bytes:
    with studio.database.reading() as session:
        feed = queries.feed_of(session, registration.attendee_id)
        assert feed is not None
        return publishing.personal_feed(session, feed, LINKS, studio.clock.now()).body


def test_host_moves_one_call(studio: Studio, mailbox: Mailbox, clock: SetClock) -> None:
    registration_id = studio.register(ANN)
    studio.register(CLEO)
    studio.take_pass(BOB)
    studio.work()
    studio.wait(hours=8, minutes=15)  # it is morning in Melbourne, and evening in Berlin still
    with studio.database.reading() as session:
        ann = session.get_one(Registration, registration_id)
        uid = studio.call(session).uid
    before, hers_before, came_before = public_feed(studio), personal_feed(studio, ann), len(mailbox.letters)

    pending_id = studio.move("2026-11-25T18:00:00")
    studio.wait(minutes=9)
    assert pending_id is not None
    assert (public_feed(studio), personal_feed(studio, ann), len(mailbox.letters)) == (before, hers_before, came_before)
    studio.undo(pending_id)
    studio.wait(minutes=20)
    assert (public_feed(studio), personal_feed(studio, ann), len(mailbox.letters)) == (before, hers_before, came_before)
    studio.move("2026-11-25T18:00:00")
    studio.wait(minutes=10)
    studio.wait(minutes=1)

    for address, words in (
        (ANN.email, "Thursday 26 November 2026, 00:00, Berlin time (UTC+01:00)"),
        (CLEO.email, "Wednesday 25 November 2026, 18:00, New York time (UTC−05:00)"),
        (BOB.email, "Thursday 26 November 2026, 10:00, Melbourne time (UTC+11:00)"),
    ):
        first, moved = [it for it in letters_to(mailbox, address, clock) if it.calendar]
        assert moved.subject.startswith("Moved: Ask Tara, now")
        assert words in moved.text
        assert (moved.method, moved.entry("SEQUENCE"), moved.entry("UID")) == ("REQUEST", "1", first.entry("UID"))
        assert (first.entry("DTSTART"), moved.entry("DTSTART")) == ("20261125T000000Z", "20261125T230000Z")
        assert check_mail_part(moved.calendar or b"") == []
    after, hers_after = vevents(public_feed(studio)), by_icalendar(personal_feed(studio, ann))
    assert [it for it in after if after[it] != vevents(before)[it]] == [uid]
    assert [(it.starts_at.isoformat(), it.sequence) for it in hers_after] == [("2026-11-25T23:00:00+00:00", 1)]
    assert hers_after[0].uid == letters_to(mailbox, ANN.email, clock)[0].entry("UID")
    assert check_feed(public_feed(studio)) == []
    seen: list[Seen] = by_icalendar(public_feed(studio))
    assert len(seen) == 16


def test_move_of_a_call_that_is_near_is_told_at_once(studio: Studio, mailbox: Mailbox, clock: SetClock) -> None:
    studio.register(CLEO)
    studio.work()
    with studio.database.reading() as session:
        start = studio.call(session).starts_at
    clock.set(start - timedelta(hours=2))

    pending_id = studio.move("2026-11-24T21:00:00")
    studio.work()

    assert pending_id is None

    [_, moved, *_] = letters_to(mailbox, CLEO.email, clock)
    assert (moved.subject, moved.entry("DTSTART")) == ("Moved: Ask Tara, now Tue 24 Nov 2026", "20261125T020000Z")
