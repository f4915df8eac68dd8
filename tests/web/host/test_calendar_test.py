"""The page on which a member tests her own calendar."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from sqlalchemy.orm import Session

from calls.calendars import testing
from calls.calendars.answers import ACCEPTED, Answered
from calls.calendars.models import CalendarTest
from calls.ground.clock import SetClock
from calls.ground.database import Database, new_id
from calls.messages.models import FAILED, Message
from calls.sender import Tools
from calls.team.models import Member
from calls.web import application
from calls.web.host import PAGES
from calls.web.house import House
from calls.worker import Worker
from tests.builders import a_member
from tests.fakes import FakeMail
from tests.web.browsers import Browser, NewBrowser, Typed

HERE = "/host/calendar-test"
BEGIN = {"program": "google", "version": "on the web"}


@pytest.fixture
def mail(clock: SetClock) -> FakeMail:
    return FakeMail(clock)


@pytest.fixture
def worker(database: Database, clock: SetClock, house: House, mail: FakeMail) -> Worker:
    return Worker(Tools(database, clock, mail, house.desk))


@contextmanager
def only_test(database: Database) -> Iterator[tuple[Session, CalendarTest]]:
    with database.transaction() as session:
        yield session, session.scalars(sa.select(CalendarTest)).one()


def address(database: Database, more: str = "") -> str:
    with only_test(database) as (_, test):
        return f"{HERE}/{test.id}{more}"


def words(html: str) -> str:
    """What stands on the page, without its tags."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_new_member_is_told_what_will_come_and_asked_for_her_program(browser: Browser, owner: Member) -> None:
    page = browser.get(HERE)

    assert page.status_code == 200
    assert f"They go to {owner.email} and look like those to your attendees." in words(page.text)
    assert re.findall(r'name="program" value="([a-z]+)"', page.text) == ["outlook", "google", "apple", "thunderbird", "other"]
    assert "<ol" not in page.text.partition("<main")[2]


def test_account_leads_to_the_test_and_the_menu_does_not(browser: Browser, owner: Member) -> None:
    account, board, page = (browser.get(it).text for it in ("/host/account", "/host", HERE))

    assert [it.count(f'href="{HERE}"') for it in (account, board)] == [1, 0]
    assert "aria-current" not in page


def test_program_has_to_be_chosen_and_what_was_typed_is_kept(browser: Browser, database: Database, owner: Member) -> None:
    answer = browser.post(HERE, {"version": "on a tablet"})

    assert answer.status_code == 422
    assert "Choose the program in which you see your calendar." in answer.text
    assert 'value="on a tablet"' in answer.text
    with database.reading() as session:
        assert session.scalars(sa.select(CalendarTest)).all() == []


def test_three_steps_are_sent_each_by_its_button_and_what_was_seen_is_kept(
    browser: Browser, database: Database, owner: Member, worker: Worker, mail: FakeMail, clock: SetClock
) -> None:
    begun = browser.post(HERE, BEGIN)
    on_its_way = words(browser.get(HERE).text)
    worker.settle()
    invited = browser.get(HERE).text
    clock.advance(minutes=3)
    seen: Typed = {"step": "invited", "seen-invited": ["stands", "buttons"]}
    changed = browser.post(address(database, "/change"), seen)
    worker.settle()
    ended = browser.post(address(database, "/end"), {"step": "changed", "seen-changed": ["moved", "once"]})
    worker.settle()
    kept = browser.post(address(database, "/seen"), {"step": "cancelled", "seen-cancelled": ["gone"]})
    page = words(browser.get(HERE).text)

    assert [it.headers["location"] for it in (begun, changed, ended, kept)] == [
        f"{HERE}?done={it}" for it in ("sent",) * 3 + ("kept",)
    ]
    assert ("On its way" in on_its_way, "Send the update" in on_its_way) == (True, False)
    assert ("Sent" in words(invited), "Send the update" in invited, "To come" in words(invited)) == (True, True, True)
    assert [it.method for it in mail.to(owner.email)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert "Your calendar works with Calls" in page
    assert "Test again" in page
    with only_test(database) as (_, test):
        assert [test.seen[it]["ticks"] for it in ("invited", "changed", "cancelled")] == [
            ["stands", "buttons"],
            ["moved", "once"],
            ["gone"],
        ]


def test_what_is_missing_is_said_with_its_mend(browser: Browser, database: Database, owner: Member, worker: Worker) -> None:
    browser.post(HERE, BEGIN)
    worker.settle()
    browser.post(address(database, "/seen"), {"step": "invited", "seen-invited": ["stands"]})
    page = browser.get(HERE).text

    assert "There is something to mend" in page
    assert "There were no buttons: the calendar part of the mail was not understood." in page
    assert "open the attached invite.ics" in page
    assert len(re.findall(r'name="seen-invited"[^>]* checked', page)) == 1


def test_answer_of_the_calendar_is_shown(
    browser: Browser, database: Database, owner: Member, worker: Worker, clock: SetClock
) -> None:
    browser.post(HERE, BEGIN)
    worker.settle()
    at = clock.now() + timedelta(hours=2, minutes=3)
    clock.set(at)
    with only_test(database) as (session, test):
        heard = Answered(test.uid, 0, at, frozenset({owner.email}), is_authentic=True, answer=ACCEPTED)
        testing.hear(session, heard, now=clock.now())

    page = words(browser.get(HERE).text)
    assert "Your calendar answered Yes : Sun 22 Nov 2026, 14:03 UTC" in page
    assert "Your calendar’s answer came back and was understood." in page


def test_page_says_how_to_set_a_mailbox_where_none_is(browser: Browser, owner: Member) -> None:
    page = browser.get(HERE).text

    assert "No mailbox is read for it." in page
    assert "<code>CALLS_IMAP</code>" in page


def test_page_waits_for_the_answer_where_a_mailbox_is_set(
    database: Database, house: House, owner: Member, worker: Worker
) -> None:
    with_mailbox = replace(house, has_mailbox=True)
    browser = Browser(application(with_mailbox, PAGES, registry=CollectorRegistry()), with_mailbox)
    with browser.client:
        browser.sign_in(owner)
        browser.post(HERE, BEGIN)
        worker.settle()
        page = browser.get(HERE).text
        browser.post(address(database, "/change"), {"step": "invited", "seen-invited": ["stands", "buttons"]})
        worker.settle()
        later = browser.get(HERE).text

    assert ("CALLS_IMAP" in page, "Your calendar has not answered yet." in page) == (False, True)
    assert "No answer of your calendar has come." in later


def test_member_whose_address_invites_cannot_test_and_is_told_why(browser: Browser, database: Database) -> None:
    with database.transaction() as session:
        member = a_member(session, email="calls@example.com")
    browser.sign_in(member)
    page, refused = browser.get(HERE).text, browser.post(HERE, BEGIN)

    assert "no calendar takes an invitation from itself" in page
    assert "Send the invitation" not in page
    assert refused.status_code == 409


def test_starting_over_takes_the_old_entry_out_of_the_calendar(
    browser: Browser, database: Database, owner: Member, worker: Worker, mail: FakeMail
) -> None:
    browser.post(HERE, BEGIN)
    worker.settle()
    with only_test(database) as (_, test):
        first, uid = str(test.id), test.uid
    again = browser.post(HERE, {**BEGIN, "over": first})
    once_more = browser.post(HERE, {**BEGIN, "over": first})
    worker.settle()
    page = browser.get(HERE).text

    assert (again.status_code, once_more.status_code) == (303, 409)
    rows = [(it.method, it.entry("SEQUENCE"), it.entry("UID") == uid) for it in mail.to(owner.email)]
    assert sorted(rows) == [("CANCEL", "1", True), ("REQUEST", "0", False), ("REQUEST", "0", True)]
    assert f'<a href="{HERE}/{first}">' in page


def test_second_test_is_refused_while_one_is_under_way(browser: Browser, owner: Member, database: Database) -> None:
    browser.post(HERE, BEGIN)
    answer = browser.post(HERE, BEGIN)

    assert answer.status_code == 409
    assert "A test is under way already." in answer.text
    with only_test(database):
        pass


def test_button_pressed_twice_sends_once(browser: Browser, database: Database, owner: Member) -> None:
    browser.post(HERE, BEGIN)
    answers = [browser.post(address(database, "/change"), {}) for _ in range(2)]

    assert [it.status_code for it in answers] == [303, 409]
    with only_test(database) as (_, test):
        assert test.sequence == 1


def test_earlier_test_can_be_looked_at_with_its_date(
    browser: Browser, database: Database, owner: Member, worker: Worker, clock: SetClock
) -> None:
    browser.post(HERE, BEGIN)
    worker.settle()
    browser.post(address(database, "/change"), {"step": "invited", "seen-invited": ["stands"]})
    worker.settle()
    earlier = address(database)
    browser.post(address(database, "/end"), {})
    worker.settle()
    clock.advance(days=3)
    browser.post(HERE, BEGIN)
    listed, page = words(browser.get(HERE).text), browser.get(earlier)

    assert "What earlier tests showed Date Program What came out Sun 22 Nov 2026, 12:00 UTC Google Calendar, on the web" in listed
    assert "Sun 22 Nov 2026, 12:00 UTC , with Google Calendar ( on the web )" in words(page.text)
    assert "It stands in my calendar: yes" in words(page.text)
    assert "The mail had buttons for yes, no and maybe: no" in words(page.text)
    assert "<form" not in page.text.partition("<main")[2]


def test_test_whose_time_is_past_is_started_over(
    browser: Browser, database: Database, owner: Member, worker: Worker, clock: SetClock
) -> None:
    browser.post(HERE, BEGIN)
    worker.settle()
    clock.advance(days=2)
    page = browser.get(HERE).text

    assert "is past, so nothing more is mailed about it" in page
    assert ("Send the update" in page, "Start over" in page) == (False, True)
    assert browser.post(address(database, "/change"), {}).status_code == 409


def test_mail_that_could_not_be_sent_says_why(browser: Browser, database: Database, owner: Member, worker: Worker) -> None:
    browser.post(HERE, BEGIN)
    worker.settle()
    with database.transaction() as session:
        session.execute(sa.update(Message).values(state=FAILED, fault="550 no such mailbox"))
    page = words(browser.get(HERE).text)

    assert "Could not be sent" in page
    assert "The mail was not sent: 550 no such mailbox" in page
    assert "What to look for" not in page


def test_test_of_somebody_else_is_as_unknown_as_any(new_browser: NewBrowser, database: Database, owner: Member) -> None:
    mine, theirs = new_browser(), new_browser()
    with database.transaction() as session:
        colleague = a_member(session, account_id=owner.account_id)
    mine.sign_in(owner)
    theirs.sign_in(colleague)
    mine.post(HERE, BEGIN)
    paths = [address(database), f"{HERE}/{new_id()}", f"{HERE}/7"]

    assert [theirs.get(it).status_code for it in paths] == [404] * 3
    assert [theirs.post(f"{it}/{deed}").status_code for it in paths for deed in ("seen", "change", "end")] == [404] * 9
    assert mine.get(paths[0]).status_code == 200


@pytest.mark.parametrize("role", ["producer", "host"])
def test_every_member_may_test_her_own_calendar(browser: Browser, database: Database, role: str) -> None:
    with database.transaction() as session:
        member = a_member(session, role=role)
    browser.sign_in(member)

    assert browser.post(HERE, BEGIN).status_code == 303


def test_pressing_without_end_is_stopped(browser: Browser, database: Database, owner: Member) -> None:
    codes = []
    for _ in range(8):
        with database.reading() as session:
            running = session.scalars(sa.select(CalendarTest.id).where(CalendarTest.step != "cancelled")).first()
        codes.append(browser.post(HERE, {**BEGIN, "over": str(running or "")}).status_code)
        codes.append(browser.post(HERE, {**BEGIN, "over": ""}).status_code)

    assert codes[-1] == 429
    assert codes.count(429) == len(codes) - 12


def test_what_she_typed_is_shown_as_text(browser: Browser, owner: Member, worker: Worker) -> None:
    browser.post(HERE, {"program": "other", "version": "<script>x</script>"})
    worker.settle()

    assert "<bdi>&lt;script&gt;x&lt;/script&gt;</bdi>" in browser.get(HERE).text
