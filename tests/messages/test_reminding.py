"""Reminders fall due by the clock alone, in any zone, once each, and never for what is no longer so."""

from datetime import datetime, timedelta

import pytest

from calls.ground.database import new_id
from calls.messages import reminding
from calls.messages.models import Reminder, Silence
from tests.builders import a_registration, an_attendee
from tests.fakes import FakeMail
from tests.studio import ANN, CLEO, Studio


def start_of(studio: Studio, number: int = 0) -> datetime:
    with studio.database.reading() as session:
        return studio.call(session, number).starts_at


def reminded(mail: FakeMail, start: datetime) -> list[float]:
    """How many minutes before the start each reminder went."""
    return [(start - it.at) / timedelta(minutes=1) for it in mail.letters if " starts " in it.subject]


def test_reminders_go_at_their_moments_and_name_the_way_in(studio: Studio, mail: FakeMail) -> None:
    studio.register(CLEO)
    studio.work()
    start = start_of(studio)

    studio.until(start + timedelta(hours=2))

    assert reminded(mail, start) == [1440, 60, 15]
    assert [it.subject for it in mail.letters[1:]] == [
        "Ask Tara starts in 24 hours",
        "Ask Tara starts in 60 minutes",
        "Ask Tara starts in 15 minutes",
    ]
    assert ["code 48213" in it.text for it in mail.letters] == [True] * 4
    assert {it.calendar for it in mail.letters[1:]} == {None}


def test_reminder_at_night_waits_for_the_morning_and_the_near_ones_do_not(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    start = start_of(studio)

    studio.until(start + timedelta(hours=1))

    assert reminded(mail, start) == [18 * 60, 60, 15]


def test_reminder_follows_a_call_that_moves(studio: Studio, mail: FakeMail) -> None:
    studio.register(CLEO)
    studio.work()
    studio.wait(hours=2)
    studio.move("2026-11-26T12:00:00")
    studio.wait(minutes=10)
    start = start_of(studio)

    studio.until(start + timedelta(hours=1), 5)

    assert reminded(mail, start) == [1440, 60, 15]
    assert len(mail.letters) == 5


def test_cancelled_call_reminds_nobody(studio: Studio, mail: FakeMail) -> None:
    studio.register(CLEO)
    studio.work()
    studio.wait(hours=2)
    studio.ask("cancel", reason="")

    studio.until(start_of(studio) + timedelta(hours=1))

    assert [it.method for it in mail.letters] == ["REQUEST", "CANCEL"]


def test_reminder_written_before_its_call_was_cancelled_is_dropped(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    start = start_of(studio)
    studio.until(start - timedelta(hours=20))
    assert studio.outbox() == [("registration_confirmed", "sent"), ("reminder", "waiting")]
    studio.ask("cancel", reason="")

    studio.until(start)

    assert [it.subject.partition(":")[0] for it in mail.letters[1:]] == ["Cancelled"]


def test_guest_who_changed_since_is_told_by_the_reminder_that_goes_first(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    start = start_of(studio)
    studio.until(start - timedelta(hours=20))
    studio.ask("guest", guest_name="Dr. Ono")

    studio.until(start - timedelta(hours=10))

    assert [it.subject.partition(":")[0] for it in mail.letters[1:]] == ["Changed"]
    assert "Speaking now: Dr. Ono." in mail.letters[1].text


def test_who_registers_after_a_reminder_was_due_had_it_in_the_confirmation(studio: Studio, mail: FakeMail) -> None:
    start = start_of(studio)
    studio.clock.set(start - timedelta(minutes=50))
    studio.register(CLEO)
    studio.work()

    studio.until(start + timedelta(hours=1))

    assert mail.letters[0].text.count("It starts in 50 minutes.") == 1
    assert reminded(mail, start) == [15]


def test_who_was_written_to_a_moment_ago_gets_no_reminder_on_top(studio: Studio, mail: FakeMail) -> None:
    start = start_of(studio)
    studio.clock.set(start - timedelta(minutes=65))
    studio.register(CLEO)
    studio.work()

    studio.until(start + timedelta(hours=1))

    assert reminded(mail, start) == [15]


@pytest.mark.parametrize(("minutes", "expected"), [(17, []), (40, [15])])
def test_last_reminder_is_left_out_only_right_after_a_change(
    studio: Studio, mail: FakeMail, minutes: int, expected: list[int]
) -> None:
    start = start_of(studio)
    studio.register(CLEO)
    studio.work()
    studio.clock.set(start - timedelta(minutes=minutes))
    before = len(mail.letters)
    studio.ask("guest", guest_name="Dr. Ono")
    studio.work()

    studio.until(start, 1)

    after = [it for it in mail.letters[before:] if " starts " in it.subject]
    assert [(start - it.at) / timedelta(minutes=1) for it in after] == expected


def test_day_of_silence_brings_one_reminder_and_no_storm(studio: Studio, mail: FakeMail) -> None:
    studio.register(CLEO)
    studio.work()
    start = start_of(studio)
    studio.clock.set(start - timedelta(minutes=30))

    studio.work()
    studio.clock.advance(days=1)
    studio.work()

    assert reminded(mail, start) == [30]


def test_clock_that_is_set_back_reminds_nobody_twice(studio: Studio, mail: FakeMail) -> None:
    studio.register(CLEO)
    studio.work()
    start = start_of(studio)
    studio.until(start - timedelta(minutes=30))

    for minutes in (90, 24 * 60 + 5):
        studio.clock.set(start - timedelta(minutes=minutes))
        studio.until(start - timedelta(minutes=30))

    assert reminded(mail, start) == [1440, 60]


def test_rule_added_after_its_moment_sends_nobody_anything(studio: Studio, mail: FakeMail) -> None:
    studio.register(CLEO)
    studio.work()
    start = start_of(studio)
    studio.clock.set(start - timedelta(hours=30))
    with studio.database.transaction() as session:
        rule = {"show_id": studio.show_id, "minutes": 2880, "created_at": studio.clock.now()}
        session.add(Reminder(id=new_id(), **rule))

    studio.until(start)

    assert reminded(mail, start) == [1440, 60, 15]


def test_person_who_wants_no_reminders_gets_none_and_hears_of_changes(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(CLEO)
    studio.work()
    with studio.registration(registration_id) as (session, registration, _):
        session.add(Silence(attendee_id=registration.attendee_id, kind="reminders", created_at=studio.clock.now()))
    studio.wait(hours=2)
    studio.ask("guest", guest_name="Dr. Ono")

    studio.until(start_of(studio))

    assert [it.subject.partition(":")[0] for it in mail.letters[1:]] == ["Changed"]


def test_large_call_is_reminded_in_batches_each_person_once(studio: Studio, mail: FakeMail) -> None:
    with studio.database.transaction() as session:
        call = studio.call(session)
        for _ in range(410):
            a_registration(session, call, an_attendee(session, account_id=call.show.account_id, zone="America/New_York"))
    studio.clock.set(start_of(studio) - timedelta(minutes=60))

    rounds = []
    has_more = True
    while has_more:
        with studio.database.transaction() as session:
            has_more = reminding.write_due(session, studio.clock.now())
        rounds.append(len(studio.messages()))

    assert rounds == [200, 400, 410, 410]
    assert len({it.registration_id for it in studio.messages()}) == 410


def test_reminder_of_a_call_that_moved_into_reach_goes_with_the_news(studio: Studio, mail: FakeMail) -> None:
    studio.register(CLEO, 1)
    studio.work()
    studio.wait(hours=2)
    studio.move("2026-11-23T09:00:00", 1)

    studio.wait(minutes=11)
    studio.wait(minutes=30)

    assert [it.subject for it in mail.letters[1:]] == ["Moved: Ask Tara, now Mon 23 Nov 2026"]
