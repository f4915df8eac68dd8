"""What is due goes out once, in order, whatever the mail server, the rows and the other workers do."""

import threading
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database, new_id
from calls.messages import sending, signing
from calls.messages.models import FAILED, SENDING, SENT, WAITING, Message
from calls.registrations import attending, queries
from calls.registrations.attending import Person
from calls.registrations.models import Attendee, Registration
from calls.sender import Tools
from calls.team import signing_in
from calls.worker import Worker
from tests.fakes import FakeMail
from tests.studio import ANN, BOB, CLEO, DESK, Studio, a_studio


def a_crowd(studio: Studio, number: int) -> list[str]:
    addresses = [f"listener{it}@example.com" for it in range(number)]
    for it, address in enumerate(addresses):
        studio.register(Person(f"Listener {it}", address, "Europe/Berlin"))
    return addresses


def states(studio: Studio) -> list[str]:
    return [it.state for it in studio.messages()]


def test_confirmation_goes_at_once_with_its_entry_and_links(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)

    studio.work()

    [letter] = mail.letters
    assert (letter.to, letter.sender) == ("ann@example.com", "shows@calls.example")
    assert letter.subject == "You are registered for Ask Tara, Wed 25 Nov 2026"
    assert (letter.method, letter.entry("SEQUENCE")) == ("REQUEST", "0")
    assert letter.id == f"<{letter.entry('UID')}@calls.example>"
    assert states(studio) == [SENT]


def test_message_goes_to_the_address_that_the_person_has_when_it_goes(studio: Studio, mail: FakeMail) -> None:
    mail.is_down = True
    registration_id = studio.register(ANN)
    studio.work()
    with studio.registration(registration_id) as (session, registration, by):
        attending.change_email(session, registration.attendee, "new@example.com", by=by, now=studio.clock.now())

    mail.is_down = False
    studio.worker.settle()

    assert {it.to for it in mail.letters} == {"new@example.com"}


def test_server_that_is_down_delays_everything_and_loses_nothing(studio: Studio, mail: FakeMail) -> None:
    addresses = a_crowd(studio, 120)
    mail.is_down = True
    studio.work()

    assert mail.tried == 1
    assert set(states(studio)) == {WAITING}
    assert {it.tries for it in studio.messages()} == {0}

    mail.is_down = False
    studio.clock.advance(hours=1)
    studio.worker.settle()

    assert [it.to for it in mail.letters] == addresses


def test_server_that_takes_nothing_is_left_alone_for_a_while(studio: Studio, mail: FakeMail) -> None:
    mail.is_down = True
    studio.register(ANN)

    for _ in range(5):
        studio.work()

    assert mail.tried == 1


def test_receiver_who_is_put_off_keeps_nobody_waiting(studio: Studio, mail: FakeMail) -> None:
    mail.delayed = {"ann@example.com"}
    studio.register(ANN)
    studio.register(CLEO)

    studio.work()
    [first, _] = studio.messages()

    assert [it.to for it in mail.letters] == ["cleo@example.com"]
    assert (first.state, first.tries, first.due_at) == (WAITING, 1, studio.clock.now() + timedelta(minutes=1))
    assert first.fault == "The mail server answered 450: come back later"


def test_receiver_who_is_put_off_for_days_is_given_up(studio: Studio, mail: FakeMail) -> None:
    mail.delayed = {"ann@example.com"}
    studio.register(ANN, 3)

    for pause in sending.PAUSES:
        studio.work()
        studio.clock.advance(seconds=pause.total_seconds())
    studio.work()

    assert states(studio) == [FAILED]


def test_refused_message_is_given_up_and_shown(studio: Studio, mail: FakeMail) -> None:
    mail.refused = {"ann@example.com"}
    studio.register(ANN)

    studio.work()
    studio.wait(hours=1)

    [message] = studio.messages()
    assert (message.state, message.fault) == (FAILED, "The mail server answered 550: no such mailbox")
    assert mail.tried == 1


def test_sign_in_link_stands_nowhere_once_its_letter_has_gone(studio: Studio, mail: FakeMail) -> None:
    with studio.database.transaction() as session:
        signing.send_link(session, "tara@example.com", now=studio.clock.now())

    studio.work()

    [letter], [message] = mail.letters, studio.messages()
    with studio.database.reading() as session:
        body = session.scalar(sa.select(Message.body))
    token = letter.text.partition("/sign-in/")[2].split()[0]
    assert len(token) == 32
    assert (message.state, message.facts, body) == (SENT, {}, None)


def test_sign_in_link_that_is_refused_stands_nowhere_either(studio: Studio, mail: FakeMail) -> None:
    mail.refused = {"tara@example.com"}
    with studio.database.transaction() as session:
        signing.send_link(session, "tara@example.com", now=studio.clock.now())

    studio.work()

    [message] = studio.messages()
    assert (message.state, message.facts) == (FAILED, {})


def test_sign_in_link_that_ended_while_it_waited_is_dropped(studio: Studio, mail: FakeMail) -> None:
    with studio.database.transaction() as session:
        signing.send_link(session, "tara@example.com", now=studio.clock.now())

    studio.wait(minutes=15)

    [message] = studio.messages()
    assert (message.state, message.fault, message.facts) == ("dropped", "its link no longer works", {})
    assert mail.letters == []


def test_sign_in_link_that_was_used_meanwhile_is_dropped(studio: Studio, mail: FakeMail) -> None:
    with studio.database.transaction() as session:
        signing.send_link(session, "tara@example.com", now=studio.clock.now())
    token = studio.messages()[0].facts["token"]
    with studio.database.transaction() as session:
        signing_in.follow(session, token, "Firefox", now=studio.clock.now())

    studio.work()

    assert (studio.messages()[0].state, mail.letters) == ("dropped", [])


@pytest.mark.parametrize(
    "broken",
    [{"zone": "Atlantis/Capital"}, {"email": "no address"}, {"name": "\u202eevil\r\nBcc: all@example.com" * 40}],
    ids=["zone", "address", "name"],
)
def test_broken_person_leaves_all_others_their_letters(studio: Studio, mail: FakeMail, broken: dict[str, str]) -> None:
    victim = studio.register(BOB)
    addresses = a_crowd(studio, 3)
    with studio.database.reading() as session:
        attendee_id = session.get_one(Registration, victim).attendee_id
    studio.update(Attendee, attendee_id, **broken)

    studio.work()
    studio.until(studio.clock.now() + timedelta(days=1, hours=19), minutes=60)

    assert {address: len(mail.to(address)) for address in addresses} == dict.fromkeys(addresses, 2)
    assert {it.mail["Bcc"] for it in mail.letters} == {None}


@pytest.mark.parametrize("facts", [[], None, "words", 7, {"pass": "no id"}])
def test_message_with_broken_facts_is_given_up_and_all_others_go(studio: Studio, mail: FakeMail, facts: object) -> None:
    studio.register(BOB)
    addresses = a_crowd(studio, 3)
    studio.write()
    studio.update(Message, studio.messages()[0].id, facts=facts)

    studio.work()

    assert [it.to for it in mail.letters] == addresses
    assert states(studio) == [FAILED, SENT, SENT, SENT]


def test_message_whose_facts_are_no_json_is_given_up_and_all_others_go(studio: Studio, mail: FakeMail) -> None:
    studio.register(BOB)
    addresses = a_crowd(studio, 3)
    studio.write()
    broken = sa.text("UPDATE messages SET facts = '{broken' WHERE id = :id").bindparams(
        sa.bindparam("id", studio.messages()[0].id, sa.Uuid())
    )
    if not studio.database.is_sqlite:
        with pytest.raises(sa.exc.DataError), studio.database.transaction() as session:
            session.execute(broken)
        return  # PostgreSQL takes nothing that is no JSON
    with studio.database.transaction() as session:
        session.execute(broken)

    studio.work()

    with studio.database.reading() as session:
        found = session.execute(sa.select(Message.state).order_by(Message.id)).scalars().all()
    assert [it.to for it in mail.letters] == addresses
    assert found == [FAILED, SENT, SENT, SENT]


def test_worker_that_ends_puts_back_what_it_had_claimed(studio: Studio, mail: FakeMail) -> None:
    addresses = a_crowd(studio, 5)
    studio.write()
    mail.after_each = lambda _: studio.worker.stop()

    studio.worker.sender.send()

    assert [it.to for it in mail.letters] == addresses[:1]
    assert states(studio) == [SENT, WAITING, WAITING, WAITING, WAITING]
    assert mail.is_closed


def test_letters_that_a_slow_server_kept_waiting_are_written_anew(studio: Studio, mail: FakeMail) -> None:
    addresses = a_crowd(studio, 3)
    studio.write()
    mail.after_each = lambda _: studio.clock.set(studio.clock.now() + timedelta(minutes=2))

    studio.worker.sender.send()

    assert [it.to for it in mail.letters] == addresses
    written = [parsedate_to_datetime(it.mail["Date"]) for it in mail.letters]
    assert written == [it.at.replace(microsecond=0) for it in mail.letters]


def test_claim_of_a_process_that_died_ends_with_its_lease(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.write()
    with studio.database.transaction() as session:
        sending.claim(session, studio.clock.now())
    before_end, end = studio.clock.now() + sending.LEASE, studio.clock.now() + sending.LEASE + timedelta(seconds=1)

    with studio.database.transaction() as session:
        released = [sending.release(session, now) for now in (before_end, end, end)]

    assert released == [0, 1, 0]
    assert [it.state for it in studio.messages()] == [WAITING]


def test_claim_that_is_given_back_late_leaves_the_claim_of_another(studio: Studio) -> None:
    studio.register(ANN)
    studio.write()
    first = studio.clock.now()
    second = first + sending.LEASE + timedelta(seconds=1)
    with studio.database.transaction() as session:
        ids = sending.claim(session, first)
        sending.release(session, second)
        sending.claim(session, second)

        sending.put_back(session, ids, first + sending.LEASE)
        late = [it.state for it in session.scalars(sa.select(Message))]
        sending.put_back(session, ids, second + sending.LEASE)

    assert late == [SENDING]
    assert [it.state for it in studio.messages()] == [WAITING]


def test_only_worker_there_is_takes_up_at_once_what_a_dead_one_had_claimed(studio: Studio) -> None:
    studio.register(ANN)
    studio.write()
    with studio.database.transaction() as session:
        sending.claim(session, studio.clock.now())

    with studio.database.transaction() as session:
        released = sending.release(session, studio.clock.now(), is_alone=True)

    assert released == 1


def test_two_messages_of_one_registration_are_never_under_way_together(studio: Studio) -> None:
    registration_id = studio.register(ANN)
    studio.register(BOB)
    studio.write()
    with studio.database.transaction() as session:
        [first, other] = session.scalars(sa.select(Message).order_by(Message.id)).all()
        later: dict[str, Any] = {
            "key": "later",
            "kind": "news",
            "facts": {},
            "account_id": first.account_id,
            "attendee_id": first.attendee_id,
        }
        due_at = first.due_at + timedelta(seconds=1)
        session.add(Message(id=new_id(), created_at=due_at, due_at=due_at, registration_id=registration_id, **later))
    now = studio.clock.advance(minutes=1)

    with studio.database.transaction() as session:
        claims = [sorted(sending.claim(session, now)) for _ in range(2)]

    assert claims == [sorted([first.id, other.id]), []]


def test_two_workers_claim_nothing_twice(postgres_address: str, clock: SetClock) -> None:
    one, two = Database(postgres_address), Database(postgres_address)
    with one.transaction() as session:
        for number in range(80):
            facts = {"key": f"{number}", "kind": "news", "facts": {}, "registration_id": new_id()}
            session.add(Message(id=new_id(), created_at=clock.now(), due_at=clock.now(), **facts))

    claims = []
    for database in (one, two, one, two):
        with database.transaction() as session:
            claims.append(set(sending.claim(session, clock.now(), 30)))

    assert [len(it) for it in claims] == [30, 30, 20, 0]
    assert len(set.union(*claims)) == 80
    one.close()
    two.close()


def test_workers_beside_each_other_send_each_letter_once(postgres_address: str, clock: SetClock) -> None:
    studio = a_studio(Database(postgres_address), clock, FakeMail(clock))
    addresses = a_crowd(studio, 150)
    studio.write()
    mails = [FakeMail(clock), FakeMail(clock), FakeMail(clock)]
    databases = [Database(postgres_address) for _ in mails]
    workers = [Worker(Tools(it, clock, mail, DESK)) for it, mail in zip(databases, mails, strict=True)]

    threads = [threading.Thread(target=worker.sender.send) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(it.to for mail in mails for it in mail.letters) == sorted(addresses)
    assert {it.state for it in studio.messages()} == {SENT}
    for database in [studio.database, *databases]:
        database.close()


def test_attendee_without_an_address_hears_nothing_and_keeps_nobody_waiting(studio: Studio, mail: FakeMail) -> None:
    registration_id = studio.register(Person("Dee", "", "Europe/Berlin", "+1 555 010 0199"), by_hand=True)
    studio.register(ANN)

    studio.work()

    with studio.database.reading() as session:
        registration = queries.registration_by_id(session, registration_id)
    assert registration is not None
    assert [it.to for it in mail.letters] == ["ann@example.com"]
    assert states(studio) == [SENT]
    assert SENDING not in states(studio)
