"""The outbox: what waits, what failed and why, what went, and each mail's text."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from calls.ground.database import Database, new_id
from calls.ground.links import ANSWERS, Links
from calls.ground.tokens import Keys
from calls.messages import letter
from calls.messages.letter import Letter
from calls.messages.models import Message, Reminder
from calls.registrations.models import Attendee
from calls.shows.models import Call
from calls.team.models import Member
from calls.web.host.outbox import text_of
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_registration, a_show, an_attendee
from tests.web.browsers import Browser, NewBrowser
from tests.web.reading import rows, words


@pytest.fixture
def call(database: Database, owner: Member) -> Call:
    with database.transaction() as session:
        return a_call(session, a_show(session, account_id=owner.account_id), guest_name="Dr. Ono")


@pytest.fixture
def ada(database: Database, owner: Member) -> Attendee:
    with database.transaction() as session:
        return an_attendee(session, account_id=owner.account_id, name="Ada", email="ada@example.com")


def put(database: Database, call: Call, ada: Attendee, **facts: object) -> Message:
    known = {"key": str(new_id()), "kind": "reminder", "facts": {}, "state": "waiting", "due_at": NOW, "created_at": NOW}
    with database.transaction() as session:
        show = session.get_one(Call, call.id).show
        about = {"account_id": show.account_id, "show_id": show.id, "call_id": call.id, "attendee_id": ada.id}
        message = Message(**known | about | facts)
        session.add(message)
        return message


def a_letter(text: str) -> bytes:
    class Somebody:
        name, address = "Ada", "ada@example.com"

    return letter.to_bytes(Letter(Somebody, Somebody, "Soon", text, f"<p>{text}</p>", "1@calls.example", NOW))


def state(database: Database, message: Message) -> tuple[str, int, str | None, datetime]:
    with database.reading() as session:
        found = session.get_one(Message, message.id)
        return found.state, found.tries, found.fault, found.due_at


def test_outbox_shows_what_waits_in_the_next_two_days(database: Database, browser: Browser, call: Call, ada: Attendee) -> None:
    put(database, call, ada, due_at=NOW + timedelta(hours=47))
    put(database, call, ada, kind="news", due_at=NOW + timedelta(hours=1))
    put(database, call, ada, due_at=NOW + timedelta(hours=49))
    put(database, call, ada, state="sent", sent_at=NOW)
    page = browser.get("/host/outbox")

    assert "What goes out in the next 48 hours" in words(page)
    assert rows(page) == [
        ["Ada ada@example.com", "News about the call Dr. Ono", "Sun 22 Nov 2026, 08:00 New York", "Waiting"],
        ["Ada ada@example.com", "Reminder Dr. Ono", "Tue 24 Nov 2026, 06:00 New York", "Waiting"],
    ]


def test_outbox_foresees_the_reminders(database: Database, browser: Browser, call: Call, ada: Attendee) -> None:
    with database.transaction() as session:
        it = session.get_one(Call, call.id)
        a_registration(session, it, session.get_one(Attendee, ada.id))
        empty, off = (a_call(session, it.show, wall=FIRST_CALL + timedelta(hours=number)) for number in (-24, -48))
        a_registration(session, off)
        off.cancelled_at = NOW
        session.add_all([Reminder(show_id=it.show_id, minutes=minutes, created_at=NOW) for minutes in (1440, 60, 7200)])
    page = browser.get("/host/outbox")

    assert empty.taken == 0
    assert rows(page) == [["Dr. Ono A day before", "Mon 23 Nov 2026, 19:00 New York", "1"]]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "No mail waits"),
        ("?state=failed", "Every mail was delivered"),
        ("?state=sent", "There is nothing here yet"),
        ("?state=dropped", "There is nothing here yet"),
    ],
)
def test_empty_outbox_says_so(browser: Browser, call: Call, asked: str, said: str) -> None:
    assert said in words(browser.get(f"/host/outbox{asked}"))


def test_outbox_says_what_failed_and_why(database: Database, browser: Browser, call: Call, ada: Attendee) -> None:
    put(database, call, ada, state="failed", fault="550 5.1.1 <b>No such user</b>", address="ada@old.example", sent_at=NOW)
    page = browser.get("/host/outbox?state=failed")

    assert rows(page) == [
        ["Ada ada@old.example 550 5.1.1 <b>No such user</b>", "Reminder Dr. Ono", "Sun 22 Nov 2026, 07:00 New York", "Failed"]
    ]


def test_outbox_of_one_call_leaves_the_others_out(database: Database, browser: Browser, call: Call, ada: Attendee) -> None:
    with database.transaction() as session:
        other = a_call(session, session.get_one(Call, call.id).show, wall=FIRST_CALL + timedelta(days=7))
    for it in (call, other):
        put(database, it, ada, state="sent", sent_at=NOW, due_at=NOW + timedelta(days=9))
    page = browser.get(f"/host/outbox?state=sent&call={call.id}")

    assert (len(rows(page)), f'href="/host/outbox?state=failed&amp;call={call.id}"' in page.text) == (1, True)


@pytest.mark.parametrize("asked", ["state=other", "call=7", "call=01a204f3-4036-7360-88da-ac279f992009"])
def test_outbox_that_is_none_is_unknown(browser: Browser, owner: Member, asked: str) -> None:
    assert browser.get(f"/host/outbox?{asked}").status_code == 404


def test_long_outbox_has_pages(database: Database, browser: Browser, call: Call, ada: Attendee) -> None:
    for _ in range(52):
        put(database, call, ada, state="sent", sent_at=NOW)
    first, second = browser.get("/host/outbox?state=sent"), browser.get("/host/outbox?state=sent&page=2")

    assert ("1 to 50 of 52" in words(first), len(rows(first)), len(rows(second))) == (True, 50, 2)
    assert len(rows(browser.get("/host/outbox?state=sent&page=999"))) == 2


def test_message_shows_its_text_and_none_of_its_secrets(
    database: Database, browser: Browser, keys: Keys, call: Call, ada: Attendee
) -> None:
    token = keys.token("registration", call.id)
    text = f"Hello <Ada>,\n\nhttps://calls.example/r/{token}\nhttps://calls.example/unsubscribe/{token}?kind=all\n"
    message = put(database, call, ada, state="sent", sent_at=NOW, address="ada@example.com", subject="Soon", body=a_letter(text))
    page = browser.get(f"/host/outbox/{message.id}")

    assert words(page).startswith("Reminder Sent To Ada ada@example.com Call Dr. Ono , Tue 24 Nov 2026, 19:00 New York Sent")
    assert "<pre>Hello &lt;Ada&gt;,\n\nhttps://calls.example/r/…\nhttps://calls.example/unsubscribe/…?kind=all" in page.text
    assert (token in page.text, "Try again" in page.text) == (False, False)


def test_text_of_a_letter_holds_nothing_that_opens_a_page_of_its_readers(keys: Keys) -> None:
    links, id = Links("https://calls.example", keys), new_id()
    own = [it(id) for it in (links.registration, links.passes, links.join, links.feed, links.unsubscribe)]
    own += [links.answer(it, id) for it in ANSWERS]

    shown = text_of(a_letter("\n".join(own)))

    assert [it for it in own if it in shown] == []
    assert shown.count("…") == len(own)


def test_message_that_waits_has_no_text_yet(database: Database, browser: Browser, call: Call, ada: Attendee) -> None:
    message = put(database, call, ada, kind="news")

    assert "The text is written when the mail goes, from what is true by then." in words(
        browser.get(f"/host/outbox/{message.id}")
    )


@pytest.mark.parametrize("body", [b"", b"junk", b"Content-Type: text/html\r\n\r\n<p>x</p>", b"\xff\xfe\x00"])
def test_text_of_what_is_no_letter_of_ours_is_harmless(body: bytes) -> None:
    assert isinstance(text_of(body), str)


def test_failed_mail_is_tried_again(database: Database, browser: Browser, call: Call, ada: Attendee) -> None:
    message = put(database, call, ada, state="failed", fault="550", tries=13, sent_at=NOW, due_at=NOW - timedelta(days=3))
    page = browser.get(f"/host/outbox/{message.id}")
    first, second = (browser.post(f"/host/outbox/{message.id}/again") for _ in range(2))

    assert "Try again" in words(page)
    assert (first.headers["location"], second.status_code) == (f"/host/outbox/{message.id}", 409)
    assert state(database, message) == ("waiting", 0, None, NOW)


def test_mail_to_a_member_is_shown_to_nobody(
    database: Database, browser: Browser, call: Call, owner: Member, ada: Attendee
) -> None:
    message = put(
        database, call, ada, kind="sign_in", member_id=owner.id, attendee_id=None, call_id=None, show_id=None, state="failed"
    )
    answers = [browser.get(f"/host/outbox/{message.id}"), browser.post(f"/host/outbox/{message.id}/again")]

    assert rows(browser.get("/host/outbox?state=failed")) == []
    assert [it.status_code for it in answers] == [404, 404]


def test_host_reads_the_outbox_and_tries_nothing_again(
    database: Database, new_browser: NewBrowser, owner: Member, call: Call, ada: Attendee
) -> None:
    message = put(database, call, ada, state="failed", fault="550", sent_at=NOW)
    with database.transaction() as session:
        host = a_member(session, account_id=owner.account_id, role="host")
    browser = new_browser()
    browser.sign_in(host)
    page, answer = browser.get(f"/host/outbox/{message.id}"), browser.post(f"/host/outbox/{message.id}/again")

    assert (page.status_code, "Try again" in page.text, answer.status_code) == (200, False, 403)
    assert state(database, message)[0] == "failed"


def test_outbox_of_another_account_is_unknown(database: Database, new_browser: NewBrowser, call: Call, ada: Attendee) -> None:
    message = put(database, call, ada, state="failed", fault="550", sent_at=NOW)
    with database.transaction() as session:
        stranger = a_member(session)
    browser = new_browser()
    browser.sign_in(stranger)
    answers = [
        browser.get(f"/host/outbox/{message.id}"),
        browser.post(f"/host/outbox/{message.id}/again"),
        browser.get(f"/host/outbox?call={call.id}"),
    ]

    assert [it.status_code for it in answers] == [404, 404, 404]
    assert rows(browser.get("/host/outbox?state=failed")) == []


def test_outbox_is_closed_to_strangers(new_browser: NewBrowser, database: Database, call: Call, ada: Attendee) -> None:
    message = put(database, call, ada)
    browser = new_browser()
    answers = [
        browser.get("/host/outbox"),
        browser.get(f"/host/outbox/{message.id}"),
        browser.post(f"/host/outbox/{message.id}/again"),
    ]

    assert [it.status_code for it in answers] == [303, 303, 403]


def test_outbox_asks_the_database_the_same_few_times_however_much_it_holds(
    database: Database, browser: Browser, call: Call, ada: Attendee
) -> None:
    numbers = []
    for _ in range(2):
        put(database, call, ada)
        asked: list[str] = []
        note = asked.append
        sa.event.listen(database.reader, "before_cursor_execute", lambda *about, note=note: note(about[2]))
        browser.get("/host/outbox")
        numbers.append(len([it for it in asked if it.startswith("SELECT")]))
        for _ in range(10):
            put(database, call, ada)

    assert numbers == [4, 4]
