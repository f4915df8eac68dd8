"""A mail that came in is taken once; what became of it is said without a secret, and is forgotten after thirty days."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.history.models import Change
from calls.inbound import taking
from calls.inbound.reading import read
from calls.messages import queries as outbox
from calls.messages.models import Message, Received
from calls.registrations.attending import Person
from calls.registrations.models import Attendee
from tests.builders import NOW
from tests.fakes import FakeMail
from tests.inbound import mails
from tests.inbound.answering import KeptAnswers
from tests.inbound.mails import ANN, AUTHSERV, UID, bounced, mail, outlook_counter, reply
from tests.studio import ANN as ANN_LEE
from tests.studio import CLEO, Studio, a_studio


@pytest.fixture
def answering() -> KeptAnswers:
    return KeptAnswers()


def take(database: Database, raw: bytes, answering: KeptAnswers) -> str:
    with database.transaction() as session:
        return taking.take(session, read(raw, authserv=AUTHSERV, now=NOW), answering, now=NOW)


def received(database: Database) -> list[tuple[str, str, str, str]]:
    with database.reading() as session:
        rows = session.scalars(sa.select(Received).order_by(Received.id))
        return [(it.kind, it.sender, it.subject, it.became) for it in rows]


def test_answer_is_handed_on_and_kept(database: Database, answering: KeptAnswers) -> None:
    became = take(database, mails.exchange(), answering)

    assert became == "Understood."
    assert [(it.uid, it.answer) for it in answering.answers] == [(UID, "accepted")]
    assert received(database) == [("reply", ANN, "Accepted: Ask Tara", "Understood.")]


def test_proposal_is_handed_on_and_kept(database: Database, answering: KeptAnswers) -> None:
    take(database, outlook_counter(), answering)

    assert [it.uid for it in answering.proposals] == [UID]
    assert [it[0] for it in received(database)] == ["counter"]


def test_same_mail_twice_is_one(database: Database, answering: KeptAnswers) -> None:
    take(database, mails.google(), answering)

    assert take(database, mails.google(), answering) == "It was taken before."
    assert len(answering.answers) == len(received(database)) == 1


def test_mail_whose_taking_failed_is_taken_the_next_time(database: Database, answering: KeptAnswers) -> None:
    with pytest.raises(KeyboardInterrupt), database.transaction() as session:
        taking.take(session, read(mails.google(), authserv=AUTHSERV, now=NOW), answering, now=NOW)
        raise KeyboardInterrupt

    assert received(database) == []
    assert take(database, mails.google(), answering) == "Understood."


def test_answer_that_is_refused_keeps_no_other_from_counting(database: Database, answering: KeptAnswers) -> None:
    answering.refused = {"inv-first"}
    both = reply(uid="inv-first") + reply(uid="inv-second")

    became = take(database, mail(both), answering)

    assert became == "This call is over. Understood."
    assert [it.uid for it in answering.answers] == ["inv-second"]


def test_mail_that_says_nothing_is_kept_and_left_alone(database: Database, answering: KeptAnswers) -> None:
    take(database, mail("Hello Tara\n", "text/plain", subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?="), answering)

    assert received(database) == [("other", ANN, "Grüße", "It holds no answer of a calendar; left alone.")]
    assert (answering.answers, answering.proposals) == ([], [])


def test_mail_that_could_not_be_taken_is_kept_aside_once(database: Database) -> None:
    found = read(mails.google(), authserv=AUTHSERV, now=NOW)
    for _ in range(2):
        with database.transaction() as session:
            taking.keep_aside(session, found, now=NOW)

    assert [(it[0], it[3]) for it in received(database)] == [("other", "It was understood, but not taken: see the log.")]


def test_mails_are_forgotten_after_thirty_days(database: Database, answering: KeptAnswers) -> None:
    take(database, mails.google(), answering)
    for days, left in ((30, 1), (31, 0)):
        with database.transaction() as session:
            taking.forget(session, NOW + timedelta(days=days))
        assert len(received(database)) == left


# Bounces


@pytest.fixture
def studio(database: Database, clock: SetClock) -> Studio:
    """Ann and Cleo are registered, and their letters have gone out."""
    studio = a_studio(database, clock, FakeMail(clock))
    for person in (ANN_LEE, CLEO):
        studio.register(person, 1)
    studio.work()
    return studio


def letter_id(studio: Studio, address: str = ANN) -> str:
    """The Message-ID of the last letter to an address."""
    assert isinstance(studio.mail, FakeMail)
    return studio.mail.to(address)[-1].id.strip("<>")


def marked(database: Database) -> list[tuple[str | None, str | None]]:
    with database.reading() as session:
        rows = session.scalars(sa.select(Attendee).where(Attendee.bounced_at.is_not(None)))
        return [(it.email, it.bounce) for it in rows]


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_bounce_marks_the_address_with_what_the_server_said(studio: Studio, answering: KeptAnswers, returned: str) -> None:
    raw = bounced(letter_id(studio), returned=returned)

    became = take(studio.database, raw, answering)

    assert became == "An address takes no mail; it is marked, and stands on the board."
    assert marked(studio.database) == [(ANN, "550 5.1.1 <[address]> no such user here")]
    with studio.database.reading() as session:
        assert session.scalars(sa.select(Change.by_name).where(Change.kind == "attendee.bounced")).all() == ["Calls"]
    assert [it[0] for it in received(studio.database)] == ["bounce"]


def test_bounce_of_a_later_letter_marks_the_address_too(studio: Studio, answering: KeptAnswers) -> None:
    """The first letter bears the UID of the entry as its id; a later one that of its message."""
    first = letter_id(studio)
    studio.ask("guest", 1, guest_name="Dr. Ono")
    studio.wait(minutes=11)
    studio.wait(minutes=10)

    assert letter_id(studio) != first
    take(studio.database, bounced(letter_id(studio)), answering)
    assert len(marked(studio.database)) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "4.4.1", "action": "delayed"},
        {"status": "4.2.2"},
        {"action": "delayed"},
        {"action": "relayed"},
        {"action": "delivered", "status": "2.0.0"},
        {"status": "nonsense"},
        {"returned": "text/plain"},
    ],
)
def test_report_of_nothing_that_failed_for_good_marks_nobody(
    studio: Studio, answering: KeptAnswers, facts: dict[str, str]
) -> None:
    take(studio.database, bounced(letter_id(studio), **facts), answering)

    assert marked(studio.database) == []
    assert [it[0] for it in received(studio.database)] == ["other"]


def test_stranger_cannot_silence_somebody_by_a_forged_bounce(studio: Studio, answering: KeptAnswers) -> None:
    """Who knows no letter to an address, or only one to herself, marks nobody."""
    of_cleo = letter_id(studio, CLEO.email)
    forged = ["0" * 32 + "@calls.example", "inv-guessed@calls.example", "", "x@y", of_cleo]

    said = {take(studio.database, bounced(it), answering) for it in forged}

    assert marked(studio.database) == []
    assert said == {
        "A report about a letter that is none of ours; left alone.",
        "A report of a mail server about nothing that failed for good, or about no letter of ours; left alone.",
    }


def test_bounce_names_the_address_in_punycode_as_the_mail_went(studio: Studio, answering: KeptAnswers) -> None:
    studio.register(Person("Jörg Roth", "jorg@bücher.example", "Europe/Berlin"), 1)
    studio.work()

    take(studio.database, bounced(letter_id(studio, "jorg@bücher.example"), "jorg@xn--bcher-kva.example"), answering)

    assert [it[0] for it in marked(studio.database)] == ["jorg@bücher.example"]


def test_bounce_of_an_address_that_she_left_marks_nobody(studio: Studio, answering: KeptAnswers) -> None:
    with studio.database.transaction() as session:
        session.execute(sa.update(Attendee).where(Attendee.email == ANN).values(email="new@example.com"))

    became = take(studio.database, bounced(letter_id(studio)), answering)

    assert became == "A report about an address that is no longer in use; left alone."
    assert marked(studio.database) == []


def test_bounced_address_gets_only_what_she_asks_for(studio: Studio, answering: KeptAnswers) -> None:
    take(studio.database, bounced(letter_id(studio)), answering)
    assert isinstance(studio.mail, FakeMail)
    studio.mail.letters.clear()
    with studio.database.reading() as session:
        assert outbox.hearers(session, [studio.call(session, 1).id]) == (1, 0, 0)

    studio.ask("guest", 1, guest_name="Dr. Ono")
    studio.wait(minutes=11)
    studio.wait(minutes=10)

    assert [it.to for it in studio.mail.letters] == [CLEO.email]
    with studio.database.reading() as session:
        dropped = session.scalars(sa.select(Message.fault).where(Message.state == "dropped", Message.kind == "news")).all()
    assert dropped == ["mail to this address came back"]

    studio.register(ANN_LEE, 1)
    studio.work()

    assert studio.mail.letters[-1].to == ANN
    assert marked(studio.database) == []
