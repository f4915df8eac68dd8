"""What a person's calendar is sent, whatever held the mails up: nothing older after something newer, nothing needless (M9-M15).

The judge beside every test (tests/calendars/judging.py) holds M1 to M7, M11 and M13 for each mail that goes out here.
"""

import pytest

from calls.messages.models import DROPPED, WAITING
from calls.shows import editing, planning
from tests.fakes import FakeMail, Letter
from tests.studio import ANN, BOB, Studio


def told(letters: list[Letter]) -> list[tuple[str, str, str]]:
    """What each letter asks of a calendar, for when."""
    return [(it.method, it.entry("SEQUENCE"), it.entry("DTSTART")) for it in letters]


def fates(studio: Studio) -> list[str]:
    return sorted(it.fault or it.state for it in studio.messages() if it.state in (DROPPED, WAITING))


def there_again(studio: Studio, mail: FakeMail) -> None:
    """The mail server takes letters again, and it is the next forenoon everywhere."""
    mail.is_down = False
    studio.clock.advance(hours=20)
    studio.write()
    studio.worker.settle()


def test_changes_while_the_mail_server_is_away_go_as_their_last_state_alone(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    mail.is_down = True
    for wall in ("2026-11-25T18:00:00", "2026-11-25T20:00:00", "2026-11-26T19:00:00"):
        studio.move(wall)
        studio.wait(minutes=25)
    there_again(studio, mail)

    assert told(mail.letters) == [("REQUEST", "0", "20261125T000000Z"), ("REQUEST", "3", "20261127T000000Z")]
    assert set(fates(studio)) <= {"the person knows already"}


def test_invitation_that_never_went_is_not_sent_after_the_call_was_cancelled(studio: Studio, mail: FakeMail) -> None:
    mail.is_down = True
    studio.register(ANN)
    studio.work()
    studio.ask("cancel", reason="The line is dead.")
    studio.wait(minutes=11)
    there_again(studio, mail)

    assert [it.subject.partition(":")[0] for it in mail.letters] == ["Cancelled"]
    assert told(mail.letters) == [("", "", "")]  # nothing stands in her calendar that could be taken out


def test_cancel_that_waits_is_dropped_when_the_call_takes_place_after_all(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    mail.is_down = True
    studio.ask("cancel")
    studio.wait(minutes=11)
    studio.ask("restore")
    studio.wait(minutes=11)
    there_again(studio, mail)

    assert [it.method for it in mail.letters] == ["REQUEST"]
    assert "the person knows already" in fates(studio)


def test_letter_put_off_by_one_receivers_server_goes_as_what_is_true_when_it_goes(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.register(BOB)
    studio.work()
    mail.delayed = {"ann@example.com"}
    studio.move("2026-11-25T18:00:00")
    studio.wait(minutes=25)
    studio.move("2026-11-26T18:00:00")
    studio.wait(minutes=25)
    mail.delayed = set()
    for _ in range(8):
        studio.wait(hours=1)

    assert told(mail.to("ann@example.com")) == [("REQUEST", "0", "20261125T000000Z"), ("REQUEST", "2", "20261126T230000Z")]
    assert [it.entry("SEQUENCE") for it in mail.to("bob@example.com")][-1] == "2"


def test_restored_call_stands_above_its_cancel_and_a_later_cancel_above_that(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    for kind in ("cancel", "restore", "cancel", "restore"):
        studio.wait(minutes=30)
        studio.ask(kind)
        studio.wait(minutes=11)

    asked = [(it.method, int(it.entry("SEQUENCE"))) for it in mail.letters]
    assert asked == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2), ("CANCEL", 3), ("REQUEST", 4)]
    assert len({it.entry("UID") for it in mail.letters}) == 1
    stamps = [it.entry("DTSTAMP") for it in mail.letters]
    assert stamps == sorted(set(stamps))


def test_one_person_is_withdrawn_without_a_status_while_the_call_goes_on(studio: Studio, mail: FakeMail) -> None:
    own, by_host = studio.register(ANN), studio.register(BOB)
    studio.work()
    studio.cancel_registration(own)
    studio.remove(by_host)
    studio.wait(hours=12)

    last = [mail.to(it)[-1] for it in ("ann@example.com", "bob@example.com")]
    assert [(it.method, it.entry("SEQUENCE"), it.entry("STATUS")) for it in last] == [("CANCEL", "1", "")] * 2
    assert [it.subject.partition(":")[0] for it in last] == ["You gave up your seat", "You are no longer registered"]


@pytest.mark.parametrize("what", ["call", "show"])
def test_other_words_go_to_nobody(studio: Studio, mail: FakeMail, what: str) -> None:
    studio.register(ANN)
    studio.work()
    with studio.database.transaction() as session:
        if what == "call":
            editing.describe(session, studio.call(session), "Roses", "Quite other words", by=studio.by, now=studio.clock.now())
        else:
            show = studio.show(session)
            details = planning.Details("Ask Tara anything", "Quite other words", "Tara", show.capacity)
            planning.change(session, show, details, by=studio.by, now=studio.clock.now())
    studio.wait(hours=1)

    assert told(mail.letters) == [("REQUEST", "0", "20261125T000000Z")]


def test_update_asks_for_an_answer_anew(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    studio.move("2026-11-25T18:00:00")
    studio.wait(minutes=30)

    update = mail.letters[-1]
    assert b"PARTSTAT=NEEDS-ACTION;RSVP=TRUE" in (update.calendar or b"").replace(b"\r\n ", b"")
    assert update.entry("DTSTAMP") > mail.letters[0].entry("DTSTAMP")


def test_call_that_passed_while_the_mail_server_was_away_is_told_of_to_nobody(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    mail.is_down = True
    studio.move("2026-11-24T17:00:00")
    studio.wait(minutes=30)
    studio.clock.advance(days=4)
    mail.is_down = False
    studio.worker.settle()

    assert told(mail.letters) == [("REQUEST", "0", "20261125T000000Z")]
    assert "the call is over" in fates(studio)
