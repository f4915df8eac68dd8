"""Who is registered: list, search, sheet; add, remove, send again."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from calls.follow_ups import follow_up
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.history.models import Change
from calls.joining.models import Attendance, Question
from calls.messages.models import Message, Silence
from calls.registrations import bouncing
from calls.registrations.models import Attendee, Registration
from calls.shows.models import Call, Show
from calls.team.models import Member
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_pass, a_registration, a_show, an_attendee
from tests.web.browsers import Browser, NewBrowser
from tests.web.reading import errors, items, rows, words

GRANDMA = {"name": "Grandma", "email": "", "phone": "", "zone": "America/New_York"}
ADA = {"name": "Ada", "email": "Ada@Example.com", "phone": "+49 30 123", "zone": "Europe/Berlin"}


@pytest.fixture
def show(database: Database, owner: Member) -> Show:
    with database.transaction() as session:
        return a_show(session, account_id=owner.account_id, name="Ask Tara", capacity=3)


@pytest.fixture
def call(database: Database, show: Show) -> Call:
    with database.transaction() as session:
        return a_call(session, show, guest_name="Dr. Ono")


@pytest.fixture
def ada(database: Database, call: Call) -> Registration:
    return register(database, call, name="Ada", email="ada@example.com")


def register(database: Database, call: Call, pass_id: object = None, **facts: object) -> Registration:
    with database.transaction() as session:
        it = session.get_one(Call, call.id)
        it.capacity = max(it.capacity, it.taken + 1)
        person = an_attendee(session, account_id=it.show.account_id, **facts)
        return a_registration(session, it, person, pass_id=pass_id)


def test_list_begins_with_whom_no_mail_reaches_and_says_why(database: Database, browser: Browser, call: Call) -> None:
    for name in ("Ada", "Zoe"):
        register(database, call, name=name, email=f"{name.lower()}@example.com")
    with database.transaction() as session:
        zoe = session.scalars(sa.select(Attendee).where(Attendee.name == "Zoe")).one()
        bouncing.mark(session, zoe, "550 <b>no such user</b>", now=NOW)
    first, second = rows(browser.get(f"/host/calls/{call.id}/registrations"))

    assert first[0] == "Zoe zoe@example.com Mail comes back: 550 <b>no such user</b>"
    assert second[0] == "Ada ada@example.com"


def listed(database: Database, call: Call) -> list[tuple[str, str | None, str]]:
    wanted = sa.select(Attendee.name, Attendee.email, Attendee.phone).join(Registration, Registration.attendee_id == Attendee.id)
    with database.reading() as session:
        found = session.execute(
            wanted.where(Registration.call_id == call.id, Registration.state == "confirmed").order_by(Attendee.id)
        )
        return [(name, email, phone) for name, email, phone in found]


def mails(database: Database) -> list[str]:
    """What is in the outbox once everything has been followed up."""
    with database.transaction() as session:
        for change in session.scalars(sa.select(Change).where(Change.followed_up_at.is_(None)).order_by(Change.id)):
            follow_up(session, change, NOW)
    with database.reading() as session:
        return list(session.scalars(sa.select(Message.kind).order_by(Message.id)))


def sheet(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(*about: object) -> None:
        asked.append(str(about[2]))

    sa.event.listen(database.reader, "before_cursor_execute", note)
    yield asked
    sa.event.remove(database.reader, "before_cursor_execute", note)


def test_list_says_who_comes(database: Database, browser: Browser, clock: SetClock, show: Show, call: Call) -> None:
    with database.transaction() as session:
        holder = an_attendee(session, account_id=show.account_id, name="Paul", email="paul@example.com", zone="Europe/London")
        a_registration(session, session.get_one(Call, call.id), holder, pass_id=a_pass(session, show, holder).id)
    grandma = register(database, call, name="grandma", email=None, phone="+1 555 22", zone="America/New_York")
    with database.transaction() as session:
        session.add(Attendance(registration_id=grandma.id, call_id=call.id, way="phone", created_at=NOW))
    clock.set(call.starts_at)
    page = browser.get(f"/host/calls/{call.id}/registrations")

    assert [it[:7] for it in rows(page)] == [
        ["grandma no e-mail address +1 555 22", "New York", "Sun 22 Nov 2026, 07:00 New York", "single", "", "", "yes"],
        ["Paul paul@example.com", "London", "Sun 22 Nov 2026, 07:00 New York", "pass", "", "", "no"],
    ]
    assert [it[7] for it in rows(page)] == ["Remove grandma", "Send again to Paul Remove Paul"]


def test_list_of_a_show_has_all_its_calls(database: Database, browser: Browser, show: Show, ada: Registration) -> None:
    with database.transaction() as session:
        later = a_call(session, show, wall=FIRST_CALL + timedelta(days=7))
    register(database, later, name="Bea", email="b@example.com")
    page = browser.get(f"/host/shows/{show.id}/registrations")

    assert [it[:2] for it in rows(page)] == [
        ["Tue 24 Nov 2026, 19:00 New York", "Ada ada@example.com"],
        ["Tue 1 Dec 2026, 19:00 New York", "Bea b@example.com"],
    ]


def test_empty_list_says_what_comes(browser: Browser, call: Call) -> None:
    page = browser.get(f"/host/calls/{call.id}/registrations")

    assert ("Nobody is registered yet" in words(page), "Download" in words(page)) == (True, False)


@pytest.mark.parametrize("search", ["ADA", "ada@ex", " 123 ", "da"])
def test_search_finds_by_name_address_and_number(database: Database, browser: Browser, call: Call, search: str) -> None:
    register(database, call, name="Ada", email="ada@example.com", phone="+49 30 123")
    register(database, call, name="Bob", email="b@example.com")
    page = browser.get(f"/host/calls/{call.id}/registrations?search={search}")

    assert [it[0] for it in rows(page)] == ["Ada ada@example.com +49 30 123"]


@pytest.mark.parametrize("search", ["%25", "_", "zzz", "x" * 3_000])
def test_search_that_finds_nobody_says_so(browser: Browser, call: Call, ada: Registration, search: str) -> None:
    page = browser.get(f"/host/calls/{call.id}/registrations?search={search}")

    assert (page.status_code, rows(page), "Nobody is found by" in words(page)) == (200, [], True)


def test_long_list_has_pages(database: Database, browser: Browser, call: Call) -> None:
    for number in range(53):
        register(database, call, name=f"Person {number:02}", email=f"p{number}@example.com")
    at = f"/host/calls/{call.id}/registrations?search=person"
    first, second, beyond = browser.get(at), browser.get(f"{at}&page=2"), browser.get(f"{at}&page=999999")

    assert ("1 to 50 of 53" in words(first), len(rows(first))) == (True, 50)
    assert f'href="/host/calls/{call.id}/registrations?search=person&amp;page=2"' in first.text
    assert [it[0] for it in rows(second)] == [f"Person {it} p{it}@example.com" for it in (50, 51, 52)]
    assert rows(beyond) == rows(second)


@pytest.mark.parametrize("page", ["0", "-1", "two", "9" * 500, "²"])
def test_page_that_is_none_is_the_first(browser: Browser, call: Call, ada: Registration, page: str) -> None:
    assert len(rows(browser.get(f"/host/calls/{call.id}/registrations?page={page}"))) == 1


def test_list_asks_the_database_the_same_few_times_however_long_it_is(
    database: Database, browser: Browser, call: Call, ada: Registration
) -> None:
    numbers = []
    for time in range(2):
        with counted(database) as asked:
            browser.get(f"/host/calls/{call.id}/registrations")
        numbers.append(len([it for it in asked if it.startswith("SELECT")]))
        for number in range(20):
            register(database, call, name="Bob", email=f"b{time}.{number}@example.com")

    assert numbers == [10, 10]


def test_sheet_has_everybody_and_runs_nothing(database: Database, browser: Browser, show: Show, call: Call) -> None:
    asked = register(database, call, name='=HYPERLINK("http://evil.example")', email="e@example.com", phone="+49 30 123")
    register(database, call, name='Zoë, "Z"\u202e', email=None)
    with database.transaction() as session:
        session.add(Question(registration_id=asked.id, call_id=call.id, text="@SUM(1+1)\nWhy?", created_at=NOW))
    answer = browser.get(f"/host/calls/{call.id}/registrations.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''ask-tara-2026-11-24-registrations.csv"
    assert answer.content.startswith(b"\xef\xbb\xbfCall,Starts (UTC),Name,")
    assert sheet(answer.text)[1:] == [
        ["Dr. Ono", "2026-11-25T00:00:00Z", "'=HYPERLINK(\"http://evil.example\")", "e@example.com", "'+49 30 123",
         "Europe/Berlin", "2026-11-22T12:00:00Z", "single", "", "'@SUM(1+1)\nWhy?", "", "", ""],
        ["Dr. Ono", "2026-11-25T00:00:00Z", 'Zoë, "Z"\u202e', "", "",
         "Europe/Berlin", "2026-11-22T12:00:00Z", "single", "", "", "", "", ""],
    ]  # fmt: skip


def test_sheet_of_a_show_holds_what_was_searched_for(database: Database, browser: Browser, show: Show, ada: Registration) -> None:
    with database.transaction() as session:
        later = a_call(session, show, wall=FIRST_CALL + timedelta(days=7))
    register(database, later, name="Ada Two", email="b@example.com")
    register(database, later, name="Bob", email="c@example.com")
    answer = browser.get(f"/host/shows/{show.id}/registrations.csv?search=ada")

    assert [it[2] for it in sheet(answer.text)] == ["Name", "Ada", "Ada Two"]


def test_somebody_is_added_with_an_address_and_is_written_to(database: Database, browser: Browser, call: Call) -> None:
    form = browser.get(f"/host/calls/{call.id}/registrations/new")
    answer = browser.post(f"/host/calls/{call.id}/registrations", ADA)
    page = browser.get(answer.headers["location"])

    assert (form.status_code, '<option value="America/New_York" selected>' in form.text) == (200, True)
    assert answer.headers["location"] == f"/host/calls/{call.id}/registrations?done=added"
    assert listed(database, call) == [("Ada", "ada@example.com", "+49 30 123")]
    assert words(page).startswith("Added.")
    assert mails(database) == ["registration_confirmed"]


def test_somebody_is_added_without_an_address_and_nobody_is_written_to(database: Database, browser: Browser, call: Call) -> None:
    browser.post(f"/host/calls/{call.id}/registrations", GRANDMA)

    assert (listed(database, call), mails(database)) == ([("Grandma", None, "")], [])


def test_adding_twice_by_address_is_one_registration(database: Database, browser: Browser, call: Call) -> None:
    answers = [browser.post(f"/host/calls/{call.id}/registrations", ADA) for _ in range(2)]

    assert [it.headers["location"].partition("=")[2] for it in answers] == ["added", "known"]
    assert len(listed(database, call)) == 1


def test_adding_twice_by_number_is_one_registration_and_one_person(
    database: Database, browser: Browser, show: Show, call: Call
) -> None:
    with database.transaction() as session:
        later = a_call(session, show, wall=FIRST_CALL + timedelta(days=7))
    for it in (call, call, later):
        browser.post(f"/host/calls/{it.id}/registrations", GRANDMA | {"phone": "555 22", "name": "GRANDMA"})

    with database.reading() as session:
        assert len(session.scalars(sa.select(Attendee.id)).all()) == 1
    assert (len(listed(database, call)), len(listed(database, later))) == (1, 1)


def test_adding_twice_by_name_alone_is_asked_back(database: Database, browser: Browser, call: Call) -> None:
    at = f"/host/calls/{call.id}/registrations"
    browser.post(at, GRANDMA)
    again = browser.post(at, GRANDMA | {"name": " grandma "})
    before = listed(database, call)
    another = browser.post(at, GRANDMA | {"is_another": "yes"})

    assert (again.status_code, len(before)) == (422, 1)
    assert errors(again) == ["Somebody of this name is on the list already. Tick the box if this is another person."]
    assert 'name="is_another"' in again.text
    assert (another.status_code, len(listed(database, call))) == (303, 2)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Give a name."),
        ({"name": "x" * 10_000}, "Give a name of at most 200 characters."),
        ({"zone": "Mars/Olympus"}, "That time zone is not known; choose one from the list."),
        ({"phone": "5" * 41}, "Give a phone number of at most 40 characters."),
        ({"email": "not an address"}, None),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, None),
    ],
)
def test_adding_is_refused_beside_the_field(
    database: Database, browser: Browser, call: Call, typed: dict[str, str], said: str | None
) -> None:
    answer = browser.post(f"/host/calls/{call.id}/registrations", ADA | typed)

    assert (answer.status_code, len(errors(answer)), listed(database, call)) == (422, 1, [])
    assert said is None or errors(answer) == [said]


def test_bidi_name_is_kept_without_what_turns_the_line(database: Database, browser: Browser, call: Call) -> None:
    browser.post(f"/host/calls/{call.id}/registrations", ADA | {"name": "\u202eمحمد\u2066 الفاتح"})

    assert listed(database, call)[0][0] == "محمد الفاتح"


def test_full_call_takes_nobody_more(database: Database, browser: Browser, call: Call) -> None:
    for number in range(3):
        register(database, call, email=f"{number}@example.com")
    answer = browser.post(f"/host/calls/{call.id}/registrations", ADA)

    assert (answer.status_code, errors(answer), len(listed(database, call))) == (409, ["This call is full."], 3)


def test_call_that_is_over_takes_nobody_more(database: Database, browser: Browser, clock: SetClock, call: Call) -> None:
    clock.set(call.ends_at)
    answers = [browser.get(f"/host/calls/{call.id}/registrations/new"), browser.post(f"/host/calls/{call.id}/registrations", ADA)]

    assert [it.status_code for it in answers] == [409, 409]
    assert listed(database, call) == []


def test_somebody_is_removed_after_being_asked_and_is_told(
    database: Database, browser: Browser, call: Call, ada: Registration
) -> None:
    path = f"/host/calls/{call.id}/registrations/{ada.id}/removal"
    asked = browser.get(path)
    before = listed(database, call)
    answers = [browser.post(path) for _ in range(2)]

    assert items(asked)[1] == (
        "A mail that says so goes to ada@example.com (in the morning, if it is night there now), "
        "with a withdrawal that takes the call out of the calendar. There is no Undo."
    )
    assert len(before) == 1
    assert [it.headers["location"] for it in answers] == [f"/host/calls/{call.id}/registrations?done=removed"] * 2
    assert (listed(database, call), mails(database)) == ([], ["registration_removed"])
    assert browser.get(path).status_code == 404


def test_removing_says_when_nobody_is_written_to(database: Database, browser: Browser, call: Call, ada: Registration) -> None:
    grandma = register(database, call, name="Grandma", email=None)
    with database.transaction() as session:
        session.add(Silence(attendee_id=ada.attendee_id, kind="all", created_at=NOW))
    pages = [browser.get(f"/host/calls/{call.id}/registrations/{it.id}/removal") for it in (ada, grandma)]

    assert [items(it)[1] for it in pages] == ["Nobody is written to: there is no e-mail address, or no mail is wanted."] * 2


def test_confirmation_is_sent_again(database: Database, browser: Browser, call: Call, ada: Registration) -> None:
    answer = browser.post(f"/host/calls/{call.id}/registrations/{ada.id}/confirmation")

    assert answer.headers["location"] == f"/host/calls/{call.id}/registrations?done=resent"
    assert mails(database) == ["registration_confirmed"]


def test_nothing_is_sent_again_to_whom_nothing_can_be_sent(database: Database, browser: Browser, call: Call) -> None:
    grandma = register(database, call, name="Grandma", email=None)
    answer = browser.post(f"/host/calls/{call.id}/registrations/{grandma.id}/confirmation")

    assert (answer.status_code, "There is no e-mail address to send to." in words(answer), mails(database)) == (422, True, [])


def test_registration_of_another_call_is_unknown_here(
    database: Database, browser: Browser, show: Show, ada: Registration
) -> None:
    with database.transaction() as session:
        later = a_call(session, show, wall=FIRST_CALL + timedelta(days=7))
    at = f"/host/calls/{later.id}/registrations/{ada.id}"
    answers = [browser.get(f"{at}/removal"), browser.post(f"{at}/removal"), browser.post(f"{at}/confirmation")]

    assert [it.status_code for it in answers] == [404, 404, 404]


def every_answer(browser: Browser, show: Show, call: Call, ada: Registration) -> list[int]:
    """Look at everything, then try everything."""
    at = f"/host/calls/{call.id}/registrations"
    looked = [at, f"{at}.csv", f"/host/shows/{show.id}/registrations", f"/host/shows/{show.id}/registrations.csv"]
    asked = [f"{at}/new", f"{at}/{ada.id}/removal"]
    done = [browser.post(at, ADA | {"email": "b@example.com"}), browser.post(f"{at}/{ada.id}/removal")]
    done.append(browser.post(f"{at}/{ada.id}/confirmation"))
    return [*(browser.get(it).status_code for it in (*looked, *asked)), *(it.status_code for it in done)]


def test_host_sees_who_comes_and_changes_nothing(
    database: Database, new_browser: NewBrowser, owner: Member, show: Show, call: Call, ada: Registration
) -> None:
    with database.transaction() as session:
        host = a_member(session, account_id=owner.account_id, role="host")
    browser = new_browser()
    browser.sign_in(host)

    assert every_answer(browser, show, call, ada) == [200, 200, 200, 200, 403, 403, 403, 403, 403]
    assert ("Remove" in words(browser.get(f"/host/calls/{call.id}/registrations")), len(listed(database, call))) == (False, 1)


def test_registrations_of_another_account_are_unknown(
    database: Database, new_browser: NewBrowser, show: Show, call: Call, ada: Registration
) -> None:
    with database.transaction() as session:
        stranger = a_member(session)
    browser = new_browser()
    browser.sign_in(stranger)

    assert every_answer(browser, show, call, ada) == [404] * 9
    assert len(listed(database, call)) == 1


def test_registrations_are_closed_to_strangers(
    database: Database, new_browser: NewBrowser, show: Show, call: Call, ada: Registration
) -> None:
    assert every_answer(new_browser(), show, call, ada) == [303] * 6 + [403] * 3
    assert len(listed(database, call)) == 1
