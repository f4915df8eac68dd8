"""What a letter says when it goes: the newest state, what is new since the last one, and nothing that is no longer true."""

from dataclasses import replace
from datetime import timedelta
from email.headerregistry import Address
from typing import Any, cast

import pytest
import sqlalchemy as sa

from calls.calendars import updating
from calls.history.keeping import Actor
from calls.joining.rooms import WayIn
from calls.messages import mails, sending
from calls.messages.composing import sample
from calls.messages.models import DROPPED, Message, Silence, Words
from calls.registrations import attending, passing, queries, registering
from calls.registrations.attending import Person
from calls.registrations.models import Attendee
from tests.calendars.grammar import check_mail_part
from tests.fakes import FakeMail, Letter
from tests.studio import ANN, BOB, CLEO, DESK, Studio, facts_of

OTHER_ROOM = WayIn("+1 555 010 0177", "900", "")


def told(letters: list[Letter]) -> list[tuple[str, str, str]]:
    """What each letter is about, and what its calendar part asks for."""
    return [(it.subject.partition(",")[0].partition(":")[0], it.method, it.entry("SEQUENCE")) for it in letters]


def fate(studio: Studio, kind: str) -> list[str | None]:
    return [it.fault for it in studio.messages() if it.kind == kind and it.state == DROPPED]


def test_moved_call_is_told_once_with_both_times_and_its_entry(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    studio.wait(hours=1)
    studio.move("2026-11-25T18:00:00")

    studio.wait(minutes=11)
    studio.wait(hours=5)

    [first, moved] = mail.letters
    assert moved.subject == "Moved: Ask Tara, now Thu 26 Nov 2026"
    assert "It was: Tuesday 24 November 2026, 19:00, New York time" in moved.text
    assert "It is now: Wednesday 25 November 2026, 18:00, New York time" in moved.text
    assert "For you: Thursday 26 November 2026, 00:00, Berlin time" in moved.text
    assert (moved.method, moved.entry("SEQUENCE"), moved.entry("DTSTART")) == ("REQUEST", "1", "20261125T230000Z")
    assert moved.entry("UID") == first.entry("UID")
    assert moved.mail["In-Reply-To"] == first.id
    assert check_mail_part(cast(bytes, moved.calendar)) == []


def test_change_that_is_undone_is_heard_of_by_nobody(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    studio.wait(hours=1)
    pending_id = studio.move("2026-11-25T18:00:00")
    studio.wait(minutes=9)
    assert pending_id is not None
    studio.undo(pending_id)

    studio.wait(hours=3)

    assert len(mail.letters) == 1


def test_changes_within_twenty_minutes_share_one_letter(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    studio.wait(hours=1)
    for kind, facts in (
        ("guest", {"guest_name": "Dr. Ono"}),
        ("way_in", facts_of(OTHER_ROOM)),
        ("guest", {"guest_name": "Prof. Lin"}),
    ):
        studio.ask(kind, **facts)
        studio.wait(minutes=11)

    studio.until(studio.clock.now() + timedelta(hours=1))

    changed = mail.letters[1:]
    assert [(it.at - mail.letters[0].at) / timedelta(minutes=1) for it in changed] == [71, 93]
    assert "Speaking now: Dr. Ono." in changed[0].text
    assert "Speaking now: Prof. Lin." in changed[1].text
    assert "How to get in is new, see below." in changed[1].text
    assert "+1 555 010 0177, code 900" in changed[1].text


def test_letter_that_waits_for_the_morning_says_only_the_last_of_all_changes(studio: Studio, mail: FakeMail) -> None:
    studio.clock.advance(hours=9)
    studio.register(CLEO, 1)
    studio.work()
    studio.register(ANN, 1)
    studio.work()
    for wall in ("2026-12-02T18:00:00", "2026-12-03T18:00:00"):
        studio.move(wall, 1)
        studio.wait(minutes=30)

    studio.until(studio.clock.now() + timedelta(hours=12))

    assert [it.subject for it in mail.to("ann@example.com")[1:]] == ["Moved: Ask Tara, now Fri 4 Dec 2026"]
    assert [it.at.hour for it in mail.to("ann@example.com")[1:]] == [6]
    assert "It was: Tuesday 1 December 2026, 19:00" in mail.to("ann@example.com")[1].text
    assert len(mail.to("cleo@example.com")) == 3


def test_call_moved_away_from_tonight_is_told_in_the_night(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    with studio.database.reading() as session:
        starts_at = studio.call(session).starts_at
    studio.clock.set(starts_at - timedelta(hours=2))
    studio.move("2026-11-26T10:00:00")

    studio.work()

    assert [it.subject for it in mail.letters[1:]] == ["Moved: Ask Tara, now Thu 26 Nov 2026"]


def test_cancelled_and_restored_call_is_taken_out_and_put_in_again(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    studio.wait(hours=1)
    studio.ask("cancel", reason="Tara has a cold. See https://tara.example for more.")
    studio.wait(minutes=11)
    studio.wait(hours=1)
    studio.ask("restore")
    studio.wait(minutes=11)

    assert told(mail.letters) == [
        ("You are registered for Ask Tara", "REQUEST", "0"),
        ("Cancelled", "CANCEL", "1"),
        ("It takes place after all", "REQUEST", "2"),
    ]
    assert "Tara has a cold. See https://tara.example for more." in mail.letters[1].text
    assert [check_mail_part(cast(bytes, it.calendar)) for it in mail.letters] == [[], [], []]


def test_person_who_gives_up_her_seat_and_comes_back_has_one_entry(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    studio.cancel_registration(registration_id)
    studio.wait(minutes=1)
    assert studio.register(ANN) == registration_id
    studio.wait(minutes=1)

    assert told(mail.letters) == [
        ("You are registered for Ask Tara", "REQUEST", "0"),
        ("You gave up your seat", "CANCEL", "1"),
        ("You are registered for Ask Tara", "REQUEST", "2"),
    ]
    assert mail.letters[1].entry("STATUS") == ""
    assert len({it.entry("UID") for it in mail.letters}) == 1


def test_registration_that_moves_to_another_date_keeps_its_entry_and_raises_it(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    studio.wait(hours=1)
    studio.move("2026-11-25T18:00:00")
    studio.wait(minutes=11)
    with studio.registration(registration_id) as (session, registration, by):
        registering.move_to(session, registration, studio.call(session, 1), by=by, now=studio.clock.now())
    studio.wait(minutes=1)

    assert told(mail.letters) == [
        ("You are registered for Ask Tara", "REQUEST", "0"),
        ("Moved", "REQUEST", "1"),
        ("Your new date", "REQUEST", "2"),
    ]
    assert len({it.entry("UID") for it in mail.letters}) == 1
    assert mail.letters[2].entry("DTSTART") == "20261202T000000Z"


def test_letter_between_a_move_to_another_date_and_its_follow_up_waits(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    studio.wait(hours=1)
    studio.ask("guest", guest_name="Dr. Ono")
    studio.wait(minutes=11)
    studio.ask("guest", guest_name="Prof. Lin")
    studio.clock.advance(minutes=30)
    studio.write()
    with studio.registration(registration_id) as (session, registration, by):
        registering.move_to(session, registration, studio.call(session, 1), by=by, now=studio.clock.now())

    studio.worker.sender.send()
    assert len(mail.letters) == 2
    studio.wait(seconds=5)

    assert told(mail.letters)[2:] == [("Your new date", "REQUEST", "3")]


def test_resent_confirmation_of_a_changed_call_says_what_changed(studio: Studio, mail: FakeMail) -> None:
    studio.clock.advance(hours=9, minutes=30)
    registration_id = studio.register(ANN, 1)
    studio.work()
    studio.move("2026-12-02T18:00:00", 1)
    studio.wait(minutes=11)
    with studio.registration(registration_id) as (session, registration, by):
        registering.ask_again(session, registration, by=by, now=studio.clock.now())

    studio.work()
    studio.until(studio.clock.now() + timedelta(hours=10))

    assert [it.subject for it in mail.letters[1:]] == ["Moved: Ask Tara, now Thu 3 Dec 2026"]


def test_confirmation_asked_for_twice_at_once_goes_once(studio: Studio, mail: FakeMail) -> None:
    for _ in range(3):
        studio.register(ANN)

    studio.work()
    studio.register(ANN)
    studio.wait(minutes=1)

    assert len(mail.letters) == 2


def test_person_whose_call_is_cancelled_before_she_heard_of_anything_hears_that(studio: Studio, mail: FakeMail) -> None:
    mail.is_down = True
    studio.register(ANN)
    studio.work()
    studio.ask("cancel", reason="")
    studio.wait(minutes=11)

    mail.is_down = False
    studio.worker.settle()

    assert told(mail.letters) == [("Cancelled", "", "")]


def test_person_who_gave_her_address_later_hears_of_changes(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(Person("Dee", "", "Europe/Berlin", "+1 555 010 0199"), by_hand=True)
    studio.work()
    with studio.registration(registration_id) as (session, registration, by):
        attending.change_email(session, registration.attendee, "dee@example.com", by=by, now=studio.clock.now())
    studio.move("2026-11-25T18:00:00")

    studio.wait(minutes=11)

    assert {it.to for it in mail.letters} == {"dee@example.com"}
    assert [it.entry("DTSTART") for it in mail.letters if it.calendar] == ["20261125T230000Z"]


def test_nothing_is_said_about_a_call_that_is_over(studio: Studio, mail: FakeMail) -> None:
    mail.is_down = True
    registration_id = studio.register(ANN)
    studio.work()
    studio.clock.advance(days=3)
    studio.cancel_registration(registration_id)
    mail.is_down = False

    studio.worker.settle()

    assert mail.letters == []
    assert fate(studio, "registration_cancelled") == ["the call is over"]


def test_person_who_wants_no_mail_gets_answers_alone(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    with studio.registration(registration_id) as (session, registration, _):
        session.add(Silence(attendee_id=registration.attendee_id, kind="all", created_at=studio.clock.now()))
    studio.move("2026-11-24T12:00:00")
    studio.until(studio.clock.now() + timedelta(days=3))
    studio.register(ANN, 1)
    studio.work()

    assert told(mail.letters) == [
        ("You are registered for Ask Tara", "REQUEST", "0"),
        ("You are registered for Ask Tara", "REQUEST", "0"),
    ]


def test_silence_counts_for_what_waits_already(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    studio.move("2026-11-25T18:00:00")
    studio.clock.advance(minutes=11)
    studio.write()
    with studio.registration(registration_id) as (session, registration, _):
        session.add(Silence(attendee_id=registration.attendee_id, kind="all", created_at=studio.clock.now()))

    studio.wait(minutes=20)

    assert len(mail.letters) == 1
    assert fate(studio, "news") == ["the person wants no more of these"]


def test_two_people_of_one_call_learn_nothing_of_each_other(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.register(CLEO)

    studio.work()

    [ann, cleo] = mail.letters
    whole = {it.to: it.raw + (it.calendar or b"") + it.text.encode() + it.html.encode() for it in mail.letters}
    assert ann.entry("UID") != cleo.entry("UID")
    assert [b"cleo" in whole[ann.to].lower(), b"ann" in whole[cleo.to].lower().replace(b"cannot", b"")] == [False, False]
    assert [it.mail["To"].addresses for it in mail.letters] == [
        (Address("Ann Lee", addr_spec="ann@example.com"),),
        (Address("Cleo Marsh", addr_spec="cleo@example.com"),),
    ]


def test_listener_with_the_address_of_the_sender_gets_no_invitation(studio: Studio, mail: FakeMail) -> None:
    studio.worker.sender.tools = replace(studio.worker.tools, desk=replace(DESK, mail_from="{show} <Shows@Calls.example>"))
    studio.register(Person("Tara", "shows@calls.example", "Europe/Berlin"))

    studio.work()

    assert [(it.to, it.calendar) for it in mail.letters] == [("shows@calls.example", None)]


def test_each_show_writes_from_an_address_of_its_own_where_the_setting_says_so(studio: Studio, mail: FakeMail) -> None:
    studio.worker.sender.tools = replace(studio.worker.tools, desk=replace(DESK, mail_from="{show} <calls+{show}@calls.example>"))
    studio.register(ANN)

    studio.work()

    [letter] = mail.letters
    assert letter.mail["From"].addresses == (Address("Ask Tara", addr_spec="calls+ask-tara@calls.example"),)
    assert letter.entry("ORGANIZER") == "mailto:calls+ask-tara@calls.example"


def test_address_of_a_show_with_a_long_name_is_one_that_mail_takes() -> None:
    desk = replace(DESK, mail_from=f"{'x' * 50}-{{show}}@calls.example")

    assert desk.sender("Ask Tara", "ask-tara-whatever").address == f"{'x' * 50}-ask-tara-what@calls.example"
    assert desk.sender("Ask Tara", "ask-tara-what-ever").address == f"{'x' * 50}-ask-tara-what@calls.example"


def test_calendar_part_is_left_out_for_who_subscribes_to_her_feed(studio: Studio, mail: FakeMail) -> None:
    first = studio.register(ANN)
    studio.work()
    with studio.registration(first) as (session, registration, by):
        attending.change_person(session, registration.attendee, "Ann", "Europe/Berlin", "feed", by=by, now=studio.clock.now())
    studio.register(ANN, 1)
    studio.ask("guest", 0, guest_name="Dr. Ono")
    studio.wait(minutes=21)

    assert [it.method for it in mail.letters] == ["REQUEST", "", "REQUEST"]


def test_pass_is_confirmed_with_its_dates_and_no_letter_for_each(studio: Studio, mail: FakeMail) -> None:
    studio.take_pass(CLEO)

    studio.work()

    [letter] = mail.letters
    assert letter.subject == "You are registered for all calls of Ask Tara"
    assert letter.text.count("19:00, New York time") == 12
    assert "and 4 more" in letter.text
    assert letter.calendar is None


def test_letter_about_a_pass_leads_to_her_page_while_her_feed_is_withdrawn(studio: Studio, mail: FakeMail) -> None:
    first = studio.register(CLEO)
    studio.work()
    with studio.registration(first) as (session, registration, _):
        feed = updating.open_feed(session, registration.attendee_id, studio.clock.now())
        updating.withdraw_feed(session, feed, studio.clock.now())
    studio.take_pass(CLEO)
    studio.work()

    letter = mail.letters[-1]
    assert letter.subject == "You are registered for all calls of Ask Tara"
    assert ("/feeds/" in letter.text, "/r/" in letter.text) == (False, True)


def test_pass_given_back_is_told_by_one_letter_and_one_for_each_call_in_her_calendar(studio: Studio, mail: FakeMail) -> None:
    pass_id = studio.take_pass(CLEO)
    studio.work()
    studio.until(studio.clock.now() + timedelta(hours=2))
    before = len(mail.letters)
    with studio.database.transaction() as session:
        a_pass = queries.pass_by_id(session, pass_id)
        assert a_pass is not None
        by = Actor("attendee", a_pass.attendee_id, a_pass.attendee.name)
        passing.cancel_pass(session, a_pass, by=by, now=studio.clock.now())

    studio.work()
    studio.until(studio.clock.now() + timedelta(hours=1))

    assert [it.method for it in mail.letters[1:before]] == ["REQUEST"]
    assert sorted(told(mail.letters[before:])) == [
        ("You gave up your seat", "CANCEL", "1"),
        ("You gave your pass back", "", ""),
    ]


def test_pass_that_a_host_makes_at_night_is_told_in_the_morning(studio: Studio, mail: FakeMail) -> None:
    studio.clock.advance(hours=10)
    studio.take_pass(ANN, by_hand=True)
    studio.take_pass(BOB)

    studio.work()
    assert [it.to for it in mail.letters] == ["bob@example.com"]
    studio.until(studio.clock.now() + timedelta(hours=9))

    [letter] = [it for it in mail.to("ann@example.com") if "all calls" in it.subject]
    assert (letter.at.hour, letter.at.minute) == (6, 0)


def test_new_schedule_is_told_to_who_holds_a_pass_by_one_letter(studio: Studio, mail: FakeMail) -> None:
    studio.take_pass(CLEO)
    studio.register(ANN, 4)
    studio.until(studio.clock.now() + timedelta(hours=2))
    before = len(mail.letters)
    plan = {"first_day": "2026-11-25", "first_time": "18:00", "zone": "America/New_York", "minutes": 60}
    studio.ask("reschedule", None, rrule="FREQ=WEEKLY;BYDAY=WE", **plan)

    studio.until(studio.clock.now() + timedelta(minutes=40), 5)

    cleo = [it for it in mail.letters[before:] if it.to == "cleo@example.com"]
    ann = [it for it in mail.letters[before:] if it.to == "ann@example.com"]
    assert sorted(it.subject for it in cleo) == ["Moved: Ask Tara, now Wed 25 Nov 2026", "New dates: Ask Tara"]
    assert [it.subject for it in ann] == ["Moved: Ask Tara, now Thu 24 Dec 2026"]


def test_own_words_of_a_show_are_used_and_nobody_elses(studio: Studio, mail: FakeMail) -> None:
    with studio.database.transaction() as session:
        words = {"subject": "Welcome, {name}!", "body": "See you at {call}.\n\n{when}\n\n[Come in]({join})\n"}
        session.add(Words(show_id=studio.show_id, mail="registration_confirmed", **words))
    studio.register(Person("Zoë {show} <b>*x*</b>", "zoe@example.com", "Europe/Berlin"))

    studio.work()

    [letter] = mail.letters
    assert letter.subject == "Welcome, Zoë {show} <b>*x*</b>!"
    assert letter.text.startswith("See you at Ask Tara.")
    assert "<b>" not in letter.html.partition("</style>")[2].partition('role="main"')[2]


@pytest.mark.parametrize("name", sorted(name for name, mail in mails.MAILS.items() if mail.is_editable))
def test_every_mail_of_a_show_reads_well_in_text_and_html(studio: Studio, name: str) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    with studio.database.reading() as session:
        registration = queries.registration_by_id(session, registration_id)
        assert registration is not None
        parts = sample(session, DESK, registration.call.show, name, DESK.standard_words(name), registration, studio.clock.now())

    for words in parts:
        visible = words.partition("</style>")[2] or words
        assert "{" not in visible
        assert "None" not in visible


def test_batch_of_letters_costs_a_handful_of_statements(studio: Studio, mail: FakeMail) -> None:
    for number in range(40):
        studio.register(Person(f"Listener {number}", f"listener{number}@example.com", "Europe/Berlin"))
    studio.write()
    with studio.database.transaction() as session:
        ids = sending.claim(session, studio.clock.now())
    statements: list[str] = []

    def count(*args: Any) -> None:
        statements.append(args[2])

    with studio.database.reading() as session:
        sa.event.listen(studio.database.reader, "before_cursor_execute", count)
        outcomes = sending.prepare(session, ids, DESK, studio.clock.now())
        sa.event.remove(studio.database.reader, "before_cursor_execute", count)

    assert len(outcomes) == 40
    assert len([it for it in statements if it.startswith("SELECT")]) <= 12


def test_body_of_a_letter_is_kept_as_it_went(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)

    studio.work()

    with studio.database.reading() as session:
        row = session.execute(sa.select(Message.body, Message.address, Message.subject)).one()
        attendee = session.scalars(sa.select(Attendee)).one()
    assert tuple(row) == (mail.letters[0].raw, attendee.email, mail.letters[0].subject)


def test_person_removed_twice_within_minutes_gets_one_letter(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(CLEO, 1)
    studio.work()
    studio.remove(registration_id)
    studio.work()
    studio.register(CLEO, 1)
    studio.write()
    studio.cancel_registration(registration_id)
    studio.work()

    studio.wait(minutes=30)

    assert told(mail.letters) == [
        ("You are registered for Ask Tara", "REQUEST", "0"),
        ("You gave up your seat", "CANCEL", "3"),
    ]
    assert fate(studio, "registration_removed") == ["a later letter has said it"]


def test_call_that_only_takes_longer_is_not_told_as_moved(studio: Studio, mail: FakeMail) -> None:
    studio.register(CLEO, 1)
    studio.work()
    studio.move("2026-12-01T19:00", 1, minutes=90)

    studio.wait(minutes=30)

    assert told(mail.letters) == [("You are registered for Ask Tara", "REQUEST", "0"), ("Changed", "REQUEST", "1")]
    assert "- It takes 90 minutes now." in mail.letters[1].text
    assert mail.letters[1].entry("DTEND") == "20261202T013000Z"
