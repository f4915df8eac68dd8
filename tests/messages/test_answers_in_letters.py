"""“Can you come?” stands in every letter that invites, and only there, whoever wrote its words; never in its calendar part."""

import re

import sqlalchemy as sa

from calls.calendars import answering
from calls.calendars.answers import DECLINED, Answered
from calls.calendars.models import Entry
from calls.ground.tokens import id_in
from calls.messages import editing
from tests.fakes import FakeMail, Letter
from tests.studio import ANN, DESK, LINKS, Studio


def links(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"https://calls\.example/a/[\w-]+", text)))


def question(letter: Letter) -> list[str]:
    """The line of the letter's text that asks, and the three that follow it."""
    return "".join(letter.text.partition("Can you come?")[1:]).splitlines()[:4]


def set_words(studio: Studio, mail: str, subject: str, body: str) -> None:
    with studio.database.transaction() as session:
        editing.set_words(session, studio.show(session), mail, subject, body, by=studio.by, now=studio.clock.now())


def say_no(studio: Studio) -> None:
    with studio.database.transaction() as session:
        entry = session.scalars(sa.select(Entry)).one()
        no = Answered(entry.uid, 0, studio.clock.now(), frozenset({ANN.email}), is_authentic=True, answer=DECLINED)
        answering.take(session, no, now=studio.clock.now())


def test_letters_that_invite_ask_by_three_links_and_others_do_not(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(ANN)
    studio.work()
    studio.wait(hours=1)
    studio.move("2026-11-25T18:00:00")
    studio.wait(minutes=11)
    studio.wait(hours=1)
    studio.ask("cancel", reason="")
    studio.wait(minutes=11)

    mine = [LINKS.answer(it, registration_id) for it in ("accepted", "tentative", "declined")]
    assert [(it.method, links(it.text), links(it.html)) for it in mail.letters] == [
        ("REQUEST", mine, mine),
        ("REQUEST", mine, mine),
        ("CANCEL", [], []),
    ]
    assert question(mail.letters[0]) == ["Can you come?", f"Yes: {mine[0]}", f"Maybe: {mine[1]}", f"No: {mine[2]}"]
    assert [b"/a/" in (it.calendar or b"") for it in mail.letters] == [False] * 3
    assert {id_in(it.rpartition("/")[2]) for it in mine} == {registration_id}


def test_who_reads_her_calendar_by_feed_is_not_asked_in_mails(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(ANN)
    with studio.registration(registration_id) as (_, registration, _by):
        registration.attendee.calendar = "feed"
    studio.work()

    [letter] = mail.letters
    assert (letter.method, links(letter.text), "Can you come" in letter.text) == ("", [], False)


def test_hosts_own_words_are_given_the_question_where_they_lack_it(studio: Studio, mail: FakeMail) -> None:
    set_words(studio, "registration_confirmed", "You are in", "See you, {name}!")
    studio.register(ANN)
    studio.work()

    [letter] = mail.letters
    assert letter.text.startswith("See you, Ann Lee!\r\n\r\nCan you come?\r\nYes: https://calls.example/a/")
    assert len(links(letter.html)) == 3


def test_hosts_own_place_for_the_question_is_kept(studio: Studio, mail: FakeMail) -> None:
    set_words(studio, "registration_confirmed", "You are in", "Hello.\n\n{answers}\n\nSee you, {name}!")
    studio.register(ANN)
    studio.work()

    [letter] = mail.letters
    assert letter.text.startswith("Hello.\r\n\r\nCan you come?\r\nYes:")
    assert letter.text.count("Can you come?") == 1


def test_hosts_own_words_about_a_seat_given_up_say_that_the_calendar_did_it(studio: Studio, mail: FakeMail) -> None:
    set_words(studio, "registration_cancelled", "Gone", "Bye, {name}. {manage}")
    registration_id = studio.register(ANN)
    studio.work()
    say_no(studio)
    studio.work()
    studio.register(ANN)
    studio.work()
    studio.wait(hours=1)
    studio.cancel_registration(registration_id)
    studio.work()

    gone = [it for it in mail.letters if it.subject == "Gone"]
    assert ["We did this because your calendar answered No." in it.text for it in gone] == [True, False]


def test_preview_of_own_words_shows_what_is_added(studio: Studio) -> None:
    studio.register(ANN)
    studio.work()
    with studio.database.reading() as session:
        words = ("Moved", "It moved.")
        seen = editing.preview(session, DESK, studio.show(session), "call_moved", words, studio.clock.now())

    assert seen is not None
    assert "It moved.\n\nCan you come?\nYes: https://calls.example/a/" in seen[1].text
