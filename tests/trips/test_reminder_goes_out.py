"""Trip 4: reminders go out by the clock, through a real mail server, to people in three zones."""

from datetime import timedelta

from calls.ground.clock import SetClock
from tests.gateways.mail_servers import Mailbox
from tests.studio import ANN, BOB, CLEO, Studio
from tests.trips.letters import letters_to


def test_reminder_goes_out(studio: Studio, mailbox: Mailbox, clock: SetClock) -> None:
    for person in (ANN, BOB, CLEO):
        studio.register(person)
    studio.work()
    with studio.database.reading() as session:
        start = studio.call(session).starts_at

    came: dict[str, list[float]] = {ANN.email: [], BOB.email: [], CLEO.email: []}
    while clock.now() < start + timedelta(minutes=75):
        before = len(mailbox.letters)
        studio.wait(minutes=15)
        for letter in mailbox.letters[before:]:
            came[letter.receivers[0]].append((start - clock.now()) / timedelta(minutes=1))

    # The call is at 19:00 in New York, at 01:00 in Berlin and at 11:00 in Melbourne; a day before, it is night in Berlin.
    assert came == {ANN.email: [18 * 60, 60, 15], BOB.email: [1440, 60, 15], CLEO.email: [1440, 60, 15]}
    last = letters_to(mailbox, BOB.email, clock)[-1]
    assert last.subject == "Ask Tara starts in 15 minutes"
    assert "For you: Wednesday 25 November 2026, 11:00, Melbourne time (UTC+11:00)" in last.text
    assert "By phone: +1 555 010 0100, code 48213" in last.text
    assert "https://calls.example/j/" in last.text
    assert last.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert last.mail["List-Unsubscribe"].startswith("<https://calls.example/unsubscribe/")


def test_reminders_follow_a_call_that_is_cancelled_and_restored(studio: Studio, mailbox: Mailbox, clock: SetClock) -> None:
    studio.register(CLEO)
    studio.work()
    with studio.database.reading() as session:
        start = studio.call(session).starts_at
    clock.set(start - timedelta(hours=26))
    studio.ask("cancel", reason="")
    studio.wait(minutes=11)
    studio.until(start - timedelta(hours=6))
    studio.ask("restore")

    studio.until(start + timedelta(hours=1))

    subjects = [it.subject for it in letters_to(mailbox, CLEO.email, clock)]
    assert subjects == [
        "You are registered for Ask Tara, Tue 24 Nov 2026",
        "Cancelled: Ask Tara, Tue 24 Nov 2026",
        "It takes place after all: Ask Tara, Tue 24 Nov 2026",
        "Ask Tara starts in 60 minutes",
        "Ask Tara starts in 15 minutes",
    ]
