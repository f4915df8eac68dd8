"""Changing clocks: the reminder of the week says first what they do to its reader; other time-zone rules are told with why."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.messages.models import Told, Words
from calls.registrations.attending import Person
from calls.shows import rescheduling
from tests.fakes import FakeMail, Letter
from tests.studio import ANN, BOB, CLEO, PLAN, Studio, a_studio

SPRING = datetime(2027, 3, 5, 12, tzinfo=UTC)
EARLIER = (
    "This week it is one hour earlier for you: 17:00 instead of 18:00, Berlin time, "
    "because the clocks go forward in New York on 14 March and in Berlin only on 28 March."
)
BACK = (
    "This week it is back at the hour it had for you before: 18:00 instead of 17:00, Berlin time, "
    "because the clocks go forward in Berlin on 28 March."
)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SPRING)


@pytest.fixture
def studio(database: Database, clock: SetClock, mail: FakeMail) -> Studio:
    """Tuesdays at noon in New York, from 9 March 2027 on; its clocks go forward on the 14th, Berlin's on the 28th."""
    plan = replace(PLAN, first_day=date(2027, 3, 9), first_time=time(12))
    return a_studio(database, clock, mail, plan=plan, reminders=(1440,))


def paragraphs(letter: Letter) -> list[str]:
    return [it for it in letter.text.replace("\r\n", "\n").split("\n\n") if it.strip()]


def reminder(studio: Studio, mail: FakeMail, person: Person, number: int) -> Letter:
    """The reminder of one call to somebody who is registered for it."""
    studio.register(person, number)
    studio.work()
    with studio.database.reading() as session:
        starts_at = studio.call(session, number).starts_at
    studio.until(starts_at - timedelta(hours=23))
    return mail.to(person.email or "")[-1]


def test_reminder_says_first_that_the_clocks_went_apart(studio: Studio, mail: FakeMail) -> None:
    letter = reminder(studio, mail, ANN, 1)

    assert letter.subject.startswith("Ask Tara starts in ")
    assert paragraphs(letter)[:2] == ["Hello Ann Lee,", EARLIER]
    assert f"<strong>{EARLIER}</strong>" in letter.html


def test_reminder_says_once_that_the_usual_hour_is_back(studio: Studio, mail: FakeMail) -> None:
    said = [paragraphs(reminder(studio, mail, ANN, number))[1] for number in range(5)]

    assert [it if it.startswith("This week") else "" for it in said] == ["", EARLIER, "", BACK, ""]


def test_reminder_of_a_call_moved_by_hand_says_nothing_of_clocks(studio: Studio, mail: FakeMail) -> None:
    studio.move("2027-03-16T13:00:00", 1)

    assert "because the clocks" not in reminder(studio, mail, ANN, 1).text


def test_reader_on_the_shows_own_clock_reads_nothing_of_clocks(studio: Studio, mail: FakeMail) -> None:
    assert "because the clocks" not in reminder(studio, mail, CLEO, 1).text


def test_hosts_own_words_have_it_before_them(studio: Studio, mail: FakeMail) -> None:
    with studio.database.transaction() as session:
        session.add(Words(show_id=studio.show_id, mail="reminder", subject="Soon", body="Dear {name}, it starts {starts_in}."))

    assert paragraphs(reminder(studio, mail, ANN, 1))[:2] == [EARLIER, "Dear Ann Lee, it starts in 24 hours."]


def test_hosts_own_words_may_have_it_where_they_like(studio: Studio, mail: FakeMail) -> None:
    with studio.database.transaction() as session:
        session.add(Words(show_id=studio.show_id, mail="reminder", subject="Soon", body="Dear {name},\n\n{clocks}\n\nBye."))

    assert paragraphs(reminder(studio, mail, ANN, 1))[:3] == ["Dear Ann Lee,", EARLIER, "Bye."]


def test_invitation_of_the_week_says_it_too(studio: Studio, mail: FakeMail) -> None:
    studio.take_pass(ANN)
    studio.until(datetime(2027, 3, 10, 12, tzinfo=UTC))

    invited = [it for it in mail.to("ann@example.com") if it.subject.startswith("This week: ")]
    assert [EARLIER in it.text for it in invited] == [False, True]


def derive_anew(studio: Studio, *numbers: int) -> None:
    """Let calls, and what was told of them, be as older time-zone rules had it; then let the night look at today's."""
    with studio.database.transaction() as session:
        for number in numbers:
            call = studio.call(session, number)
            call.set_time(call.wall, call.zone, call.minutes, 0, call.starts_at + timedelta(hours=1), "2025b")
            session.execute(sa.update(Told).where(Told.call_id == call.id).values(starts_at=call.starts_at))
    with studio.database.transaction() as session:
        while rescheduling.derive_again(session, studio.clock.now()):
            pass


@pytest.mark.parametrize(
    ("person", "lines"),
    [
        (CLEO, []),
        (ANN, ["- For you it is at 17:00 instead of 18:00, Berlin time."]),
        (BOB, ["- For you it is at 03:00 instead of 04:00, Melbourne time."]),
    ],
)
def test_mail_about_other_time_zone_rules_says_why(studio: Studio, mail: FakeMail, person: Person, lines: list[str]) -> None:
    studio.register(person, 1)
    studio.register(person, 2)
    studio.work()
    studio.wait(hours=1)
    derive_anew(studio, 1)
    studio.wait(hours=1)
    studio.until(studio.clock.now() + timedelta(hours=12))

    [first, _, letter] = mail.to(person.email or "")
    assert letter.subject.startswith("New clock rules: Ask Tara, ")
    assert paragraphs(letter)[1].split("\n") == [
        "- The clock rules of New York changed; the call is still at 12:00 there.", *lines
    ]  # fmt: skip
    assert (letter.method, letter.entry("SEQUENCE"), letter.entry("DTSTART")) == ("REQUEST", "1", "20270316T160000Z")
    assert letter.entry("UID") in {first.entry("UID"), mail.to(person.email or "")[1].entry("UID")}


def test_call_that_a_host_moved_as_well_is_told_as_moved(studio: Studio, mail: FakeMail) -> None:
    studio.register(CLEO, 1)
    studio.work()
    studio.wait(hours=1)
    derive_anew(studio, 1)
    studio.move("2027-03-16T15:00:00", 1)
    studio.clock.advance(minutes=11)
    studio.work()
    studio.wait(hours=12)

    assert [it.subject.partition(":")[0] for it in mail.letters[1:]] == ["Moved"]


def test_holder_of_a_pass_gets_one_letter_for_all_her_calls_and_the_reason(studio: Studio, mail: FakeMail) -> None:
    studio.take_pass(CLEO)
    studio.wait(hours=1)
    studio.wait(hours=1)
    before = len(mail.letters)
    derive_anew(studio, *range(3, 12))
    studio.wait(hours=2)

    assert [it.subject for it in mail.letters[before:]] == ["New dates: Ask Tara"]
    letter = mail.letters[-1]
    assert letter.subject == "New dates: Ask Tara"
    assert "- The clock rules of New York changed; by the clocks there the calls are at the hour they were." in letter.text
    assert "- Tuesday 30 March 2027, 12:00, New York time (UTC−04:00): Ask Tara" in letter.text
