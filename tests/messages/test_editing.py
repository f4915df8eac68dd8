"""Mails in the host's own words, and when reminders go."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.ground.links import Links
from calls.ground.refusals import Invalid, NotAllowed, NotFound
from calls.ground.tokens import Keys
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.messages import editing, placeholders, queries, retrying
from calls.messages.desk import Desk
from calls.messages.mails import MAILS
from calls.messages.models import FAILED, WAITING, Message
from calls.shows.models import Show
from calls.team.staffing import actor
from calls.web.pages import templates
from calls.web.static import Static
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_registration, a_show, an_account, an_attendee

EDITABLE = [name for name, mail in MAILS.items() if mail.is_editable]


@pytest.fixture
def desk(keys: Keys) -> Desk:
    links = Links("https://calls.example", keys)
    return Desk(links, templates(links, Static()), "{show} <calls@example.com>")


@pytest.fixture
def show(database: Database) -> Show:
    with database.transaction() as session:
        return a_show(session, account=an_account(session))


@pytest.fixture
def producer(database: Database, show: Show) -> Actor:
    with database.transaction() as session:
        return actor(a_member(session, account_id=show.account_id, role="producer", name="Pia"))


def kinds(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Change.kind).order_by(Change.id)))


def test_every_placeholder_says_what_it_stands_for() -> None:
    used = {it for mail in MAILS.values() for it in mail.placeholders}

    assert placeholders.MEANINGS.keys() - used == set()
    assert placeholders.listed(["name"]) == [("{name}", "the reader’s name")]


def test_words_are_ours_until_somebody_writes_own(database: Database, desk: Desk, show: Show, producer: Actor) -> None:
    with database.transaction() as session:
        before = editing.words_of(session, desk, show, "reminder")
        editing.set_words(session, show, "reminder", " Soon: {call} ", "Hi {name},\r\n\r\n{when}\n\n", by=producer, now=NOW)
        after = editing.words_of(session, desk, show, "reminder")
        of_another_mail = editing.words_of(session, desk, show, "call_moved")

    assert before == (*desk.standard_words("reminder"), False)
    assert after == ("Soon: {call}", "Hi {name},\n\n{when}\n", True)
    assert (of_another_mail.is_own, kinds(database)) == (False, ["words.set"])


def test_words_written_twice_are_one_change(database: Database, show: Show, producer: Actor) -> None:
    for _ in range(2):
        with database.transaction() as session:
            editing.set_words(session, show, "reminder", "Soon", "Hello", by=producer, now=NOW)

    assert kinds(database) == ["words.set"]


def test_our_words_come_back(database: Database, desk: Desk, show: Show, producer: Actor) -> None:
    with database.transaction() as session:
        editing.set_words(session, show, "reminder", "Soon", "Hello", by=producer, now=NOW)
    for _ in range(2):
        with database.transaction() as session:
            editing.reset_words(session, show, "reminder", by=producer, now=NOW)
    with database.reading() as session:
        words = editing.words_of(session, desk, show, "reminder")

    assert words == (*desk.standard_words("reminder"), False)
    assert kinds(database) == ["words.set", "words.reset"]


@pytest.mark.parametrize(
    ("subject", "body", "errors"),
    [
        ("", "Hello", {"subject": "Write a subject."}),
        ("Soon", "  \n ", {"body": "Write a text."}),
        ("x" * 201, "Hello", {"subject": "The subject has at most 200 characters."}),
        ("Soon", "x" * 20_001, {"body": "The text has at most 20,000 characters."}),
    ],
)
def test_words_that_cannot_be_sent_are_refused(
    database: Database, show: Show, producer: Actor, subject: str, body: str, errors: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal, database.transaction() as session:
        editing.set_words(session, show, "reminder", subject, body, by=producer, now=NOW)

    assert (refusal.value.errors, kinds(database)) == (errors, [])


def test_unknown_placeholders_are_refused_beside_their_field(database: Database, show: Show, producer: Actor) -> None:
    with pytest.raises(Invalid) as refusal, database.transaction() as session:
        editing.set_words(session, show, "pass_cancelled", "{frist_name}", "{{ config }} {was}", by=producer, now=NOW)

    known = "You can use {name}, {show}, {host} and {show_page}."
    assert refusal.value.errors == {
        "subject": f"{{frist_name}} cannot be filled in here. {known}",
        "body": f"{{config}} and {{was}} cannot be filled in here. {known}",
    }


@pytest.mark.parametrize("mail", ["sign_in", "your_links", "nothing", "../secret"])
def test_mails_that_are_not_the_hosts_are_unknown(database: Database, desk: Desk, show: Show, producer: Actor, mail: str) -> None:
    with database.transaction() as session:
        for deed in (
            lambda: editing.words_of(session, desk, show, mail),
            lambda: editing.set_words(session, show, mail, "a", "b", by=producer, now=NOW),
            lambda: editing.reset_words(session, show, mail, by=producer, now=NOW),
            lambda: editing.preview(session, desk, show, mail, ("a", "b"), NOW),
        ):
            with pytest.raises(NotFound):
                deed()


def test_words_and_reminders_are_for_those_who_write_mails(database: Database, show: Show) -> None:
    with database.transaction() as session:
        host = actor(a_member(session, account_id=show.account_id, role="host"))
        stranger = actor(a_member(session))
        for by, refusal in ((host, NotAllowed), (stranger, NotFound)):
            with pytest.raises(refusal):
                editing.set_words(session, show, "reminder", "a", "b", by=by, now=NOW)
            with pytest.raises(refusal):
                editing.reset_words(session, show, "reminder", by=by, now=NOW)
            with pytest.raises(refusal):
                editing.set_reminders(session, show, [5], by=by, now=NOW)


def test_preview_is_of_somebody_who_comes_next(database: Database, desk: Desk, show: Show) -> None:
    with database.transaction() as session:
        past = a_call(session, show, wall=FIRST_CALL - timedelta(days=14))
        later = a_call(session, show, wall=FIRST_CALL + timedelta(days=7))
        soon = a_call(session, show, guest_name="Dr. Ono")
        for name, email, call in (
            ("Paul", "p@example.com", past),
            ("Lou", "l@example.com", later),
            ("Grandma", None, soon),
            ("Sue", "s@example.com", soon),
        ):
            a_registration(session, call, an_attendee(session, account_id=show.account_id, name=name, email=email))
    with database.reading() as session:
        seen = editing.preview(session, desk, show, "reminder", ("{name}: {call}", "Hello {name}, {starts_in}"), NOW)

    assert seen is not None
    assert (seen[0], seen[1].subject) == ("Sue", "Sue: Ask Tara: Dr. Ono")
    assert seen[1].text.startswith("Hello Sue, in 2 days\n")
    assert "<p>Hello Sue, in 2 days</p>" in seen[1].html


def test_preview_is_of_somebody_who_came_when_nobody_comes(database: Database, desk: Desk, show: Show) -> None:
    with database.transaction() as session:
        past = a_call(session, show, wall=FIRST_CALL - timedelta(days=14))
        a_registration(session, past, an_attendee(session, account_id=show.account_id, name="Paul"))
    with database.reading() as session:
        seen = editing.preview(session, desk, show, "reminder", ("Hello", "{name}"), NOW)

    assert seen is not None
    assert seen[0] == "Paul"


def test_preview_of_a_show_without_anybody_is_none(database: Database, desk: Desk, show: Show) -> None:
    with database.reading() as session:
        assert editing.preview(session, desk, show, "reminder", ("Hello", "{name}"), NOW) is None


def test_links_of_a_preview_open_nothing(database: Database, desk: Desk, show: Show, keys: Keys) -> None:
    with database.transaction() as session:
        registration = a_registration(session, a_call(session, show))
    with database.reading() as session:
        seen = editing.preview(session, desk, show, "reminder", ("Hello", "{join}\n\n{manage}"), NOW)

    token = keys.token("join", registration.id)
    assert seen is not None
    assert ("https://calls.example/j/" in seen[1].text, token in seen[1].text + seen[1].html) == (True, False)
    assert keys.token("registration", registration.id) not in seen[1].text


@pytest.mark.parametrize("mail", EDITABLE)
def test_every_mail_can_be_previewed_in_our_words(database: Database, desk: Desk, show: Show, mail: str) -> None:
    with database.transaction() as session:
        a_registration(
            session, a_call(session, show, reason="Ill."), an_attendee(session, account_id=show.account_id, name="Ada")
        )
    with database.reading() as session:
        words = editing.words_of(session, desk, show, mail)
        seen = editing.preview(session, desk, show, mail, words[:2], NOW)

    assert seen is not None
    assert ("{" in seen[1].subject + seen[1].text, "Ada" in seen[1].text) == (False, True)


def test_usual_reminders_are_a_day_an_hour_and_a_quarter(database: Database, show: Show) -> None:
    for _ in range(2):
        with database.transaction() as session:
            editing.usual_reminders(session, show, now=NOW)
    with database.reading() as session:
        assert queries.reminders_of(session, show.id) == [1440, 60, 15]


def test_reminders_are_chosen(database: Database, show: Show, producer: Actor) -> None:
    with database.transaction() as session:
        editing.usual_reminders(session, show, now=NOW)
        editing.set_reminders(session, show, [5, 60, 5, 2880], by=producer, now=NOW)
        editing.set_reminders(session, show, [60, 2880, 5], by=producer, now=NOW)
    with database.reading() as session:
        chosen = queries.reminders_of(session, show.id)

    assert (chosen, kinds(database)) == ([2880, 60, 5], ["reminders.set", "reminders.set"])


@pytest.mark.parametrize("minutes", [[4], [0], [-60], [60 * 24 * 60 + 1], range(5, 18)])
def test_reminders_out_of_bounds_are_refused(database: Database, show: Show, producer: Actor, minutes: list[int]) -> None:
    with pytest.raises(Invalid) as refusal, database.transaction() as session:
        editing.set_reminders(session, show, minutes, by=producer, now=NOW)

    with database.reading() as session:
        assert (list(refusal.value.errors), queries.reminders_of(session, show.id)) == (["reminders"], [])


def a_message(show: Show, **facts: object) -> Message:
    known = {"key": "k", "kind": "reminder", "facts": {}, "due_at": NOW, "created_at": NOW, "state": FAILED, "tries": 13}
    return Message(**known | {"account_id": show.account_id, "show_id": show.id, "fault": "550 no", "sent_at": NOW} | facts)


def test_failed_mail_is_tried_again(database: Database, show: Show, producer: Actor) -> None:
    later = NOW + timedelta(hours=1)
    with database.transaction() as session:
        message = a_message(show)
        session.add(message)
        session.flush()
        retrying.try_again(session, message, by=producer, now=later)
    with database.reading() as session:
        found = session.get_one(Message, message.id)

    assert (found.state, found.tries, found.due_at, found.fault, found.sent_at) == (WAITING, 0, later, None, None)
    assert kinds(database) == ["message.tried_again"]


def test_only_a_failed_mail_is_tried_again_and_only_by_those_who_write_mails(
    database: Database, show: Show, producer: Actor
) -> None:
    with database.transaction() as session:
        host = actor(a_member(session, account_id=show.account_id, role="host"))
        failed, sent = a_message(show), a_message(show, key="s", state="sent")
        session.add_all([failed, sent])
        session.flush()
        with pytest.raises(NotAllowed):
            retrying.try_again(session, failed, by=host, now=NOW)
        with pytest.raises(Exception, match="has not failed"):
            retrying.try_again(session, sent, by=producer, now=NOW)

    assert kinds(database) == []
