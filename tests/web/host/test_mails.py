"""The mails of a show in the host's own words, and its reminders."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

import pytest

from calls.ground.database import Database
from calls.messages import queries
from calls.messages.models import Reminder
from calls.shows.models import Show
from calls.team.models import Member
from calls.web.house import House
from tests.builders import NOW, a_call, a_member, a_registration, a_show, an_attendee
from tests.web.browsers import Browser, NewBrowser
from tests.web.reading import errors, rows, words

OWN = {"subject": "Soon: {call}", "body": "Hi {name},\r\n\r\n{starts_in}", "deed": "save"}


@pytest.fixture
def show(database: Database, owner: Member) -> Show:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id)
        session.add_all([Reminder(show_id=show.id, minutes=it, created_at=NOW) for it in (1440, 60, 15)])
        return show


def somebody(database: Database, show: Show, name: str = "Ada") -> None:
    with database.transaction() as session:
        it = session.get_one(Show, show.id)
        a_registration(session, a_call(session, it), an_attendee(session, account_id=it.account_id, name=name))


def own(database: Database, show: Show) -> tuple[str, str] | None:
    with database.reading() as session:
        found = queries.own_words(session, show.id, "reminder")
        return (found.subject, found.body) if found else None


def reminders(database: Database, show: Show) -> list[int]:
    with database.reading() as session:
        return queries.reminders_of(session, show.id)


def letter(page: str) -> str:
    return unescape(re.search(r'<iframe class="letter" sandbox title="[^"]+" srcdoc="([^"]*)"', page)[1])  # type: ignore[index]


def test_list_has_reminders_and_every_mail(house: House, browser: Browser, show: Show) -> None:
    browser.post(f"/host/shows/{show.id}/mails/reminder", OWN)
    listed = rows(browser.get(f"/host/shows/{show.id}/mails"))

    assert [it[0] for it in listed[:3]] == ["A day", "An hour", "15 minutes"]
    assert len(listed) == 3 + 16
    assert listed[3] == ["Registered for a call", house.desk.standard_words("registration_confirmed")[0]]
    assert listed[-1] == ["Reminder in your words", "Soon: {call}"]


def test_mail_shows_our_words_and_what_can_be_filled_in(browser: Browser, show: Show) -> None:
    page = browser.get(f"/host/shows/{show.id}/mails/reminder")
    said = words(page)

    assert (page.status_code, "This mail is in our words." in said, "Back to our words" in said) == (200, True, False)
    assert "{starts_in} how long it still is" in said
    assert "As soon as somebody with an e-mail address is registered" in said


def test_own_words_are_kept_and_taken_back(database: Database, browser: Browser, show: Show) -> None:
    path = f"/host/shows/{show.id}/mails/reminder"
    saved = browser.post(path, OWN)
    kept, page = own(database, show), browser.get(saved.headers["location"])
    reset = browser.post(f"{path}/standard")

    assert saved.headers["location"] == f"{path}?done=saved"
    assert kept == ("Soon: {call}", "Hi {name},\n\n{starts_in}\n")
    assert words(page).startswith(
        "Saved. Mails that wait go out in these words. Reminder Mails of Ask Tara This mail is in your words."
    )
    assert (reset.headers["location"], own(database, show)) == (f"{path}?done=reset", None)


def test_preview_is_of_somebody_real_and_saves_nothing(database: Database, browser: Browser, show: Show) -> None:
    somebody(database, show)
    page = browser.post(f"/host/shows/{show.id}/mails/reminder", OWN | {"deed": "look"})

    assert page.status_code == 200
    assert "This is what you typed. It is not saved yet." in words(page)
    assert "As Ada would get it, who is registered." in words(page)
    assert "Subject: Soon: Ask Tara" in words(page)
    assert "<pre>Hi Ada,\n\nin 2 days" in page.text
    assert "<p>Hi Ada,</p>" in letter(page.text)
    assert own(database, show) is None


def test_page_allows_the_styles_of_the_letter_it_shows_and_no_others(database: Database, browser: Browser, show: Show) -> None:
    somebody(database, show)
    page = browser.get(f"/host/shows/{show.id}/mails/reminder")
    shown = letter(page.text)
    styles = [re.search(r"<style>(.*?)</style>", shown, re.DOTALL)[1]]  # type: ignore[index]
    styles += [unescape(it) for it in re.findall(r' style="([^"]*)"', shown)]
    hashes = {f"'sha256-{b64encode(sha256(it.encode()).digest()).decode()}'" for it in styles}

    policy = page.headers["content-security-policy"].split("; ")
    named = next(it for it in policy if it.startswith("style-src ")).split()
    assert (named[:3], set(named[3:])) == (["style-src", "'self'", "'unsafe-hashes'"], hashes)
    assert ("default-src 'none'" in policy, "script-src 'self'" in policy) == (True, True)


def test_preview_of_hostile_words_and_names_stays_words(database: Database, browser: Browser, show: Show) -> None:
    somebody(database, show, "<script>alert(1)</script>")
    typed = {"subject": "{name}", "body": "{name}\n\n<script>alert(2)</script><style>*{}</style>", "deed": "look"}
    page = browser.post(f"/host/shows/{show.id}/mails/reminder", typed | {"body": typed["body"].replace("{}", "")})

    assert (page.status_code, "<script>alert" in page.text, "<script>alert" in letter(page.text)) == (200, False, False)


@pytest.mark.parametrize("deed", ["look", "save"])
def test_unknown_placeholders_are_refused_beside_the_field(database: Database, browser: Browser, show: Show, deed: str) -> None:
    somebody(database, show)
    answer = browser.post(f"/host/shows/{show.id}/mails/reminder", OWN | {"body": "Hi {frist_name}", "deed": deed})

    assert (answer.status_code, own(database, show), "Hi {frist_name}" in answer.text) == (422, None, True)
    assert errors(answer)[0].startswith("{frist_name} cannot be filled in here. You can use {name}, {show},")


def test_words_too_long_are_refused_and_kept_on_the_page(database: Database, browser: Browser, show: Show) -> None:
    answer = browser.post(f"/host/shows/{show.id}/mails/reminder", OWN | {"subject": "x" * 10_000})

    assert (answer.status_code, errors(answer)) == (422, ["The subject has at most 200 characters."])
    assert ("x" * 10_000 in answer.text, own(database, show)) == (True, None)


@pytest.mark.parametrize("mail", ["sign_in", "your_links", "nothing", "Reminder"])
def test_mails_that_are_not_the_hosts_are_unknown(browser: Browser, show: Show, mail: str) -> None:
    path = f"/host/shows/{show.id}/mails/{mail}"
    answers = [browser.get(path), browser.post(path, OWN), browser.post(f"{path}/standard")]

    assert [it.status_code for it in answers] == [404, 404, 404]


@pytest.mark.parametrize(
    ("number", "unit", "chosen"),
    [("5", "minutes", 5), ("2", "hours", 120), ("60", "days", 86_400), ("1", "days", 1440)],
)
def test_reminder_is_added_once(database: Database, browser: Browser, show: Show, number: str, unit: str, chosen: int) -> None:
    for _ in range(2):
        answer = browser.post(f"/host/shows/{show.id}/reminders", {"number": number, "unit": unit})

    assert answer.headers["location"] == f"/host/shows/{show.id}/mails?done=added"
    assert reminders(database, show) == sorted({1440, 60, 15, chosen}, reverse=True)


@pytest.mark.parametrize(
    ("number", "unit"),
    [
        ("4", "minutes"),
        ("61", "days"),
        ("", "hours"),
        ("-5", "hours"),
        ("1.5", "hours"),
        ("9" * 5000, "days"),
        ("5", "weeks"),
        ("5", ""),
    ],
)
def test_reminder_out_of_bounds_is_refused(database: Database, browser: Browser, show: Show, number: str, unit: str) -> None:
    answer = browser.post(f"/host/shows/{show.id}/reminders", {"number": number, "unit": unit})

    assert (answer.status_code, len(errors(answer)), reminders(database, show)) == (422, 1, [1440, 60, 15])


def test_reminders_are_removed_to_the_last(database: Database, browser: Browser, show: Show) -> None:
    for minutes in (1440, 60, 60, 15, "x"):
        answer = browser.post(f"/host/shows/{show.id}/reminders/{minutes}/removal")
    page = browser.get(answer.headers["location"])

    assert (answer.status_code, reminders(database, show)) == (303, [])
    assert "Nobody is reminded of these calls." in words(page)


def every_answer(browser: Browser, show: Show) -> list[int]:
    at = f"/host/shows/{show.id}"
    looked = [browser.get(f"{at}/mails"), browser.get(f"{at}/mails/reminder")]
    done = [
        browser.post(f"{at}/mails/reminder", OWN),
        browser.post(f"{at}/mails/reminder", OWN | {"deed": "look"}),
        browser.post(f"{at}/mails/reminder/standard"),
        browser.post(f"{at}/reminders", {"number": "5", "unit": "minutes"}),
        browser.post(f"{at}/reminders/60/removal"),
    ]
    return [it.status_code for it in (*looked, *done)]


def test_host_sees_the_mails_and_changes_none(database: Database, new_browser: NewBrowser, owner: Member, show: Show) -> None:
    with database.transaction() as session:
        host = a_member(session, account_id=owner.account_id, role="host")
    browser = new_browser()
    browser.sign_in(host)

    assert every_answer(browser, show) == [200, 403, 403, 403, 403, 403, 403]
    assert (own(database, show), reminders(database, show)) == (None, [1440, 60, 15])


def test_mails_of_another_account_are_unknown(database: Database, new_browser: NewBrowser, show: Show) -> None:
    with database.transaction() as session:
        stranger = a_member(session)
    browser = new_browser()
    browser.sign_in(stranger)

    assert every_answer(browser, show) == [404] * 7
    assert (own(database, show), reminders(database, show)) == (None, [1440, 60, 15])


def test_mails_are_closed_to_strangers(new_browser: NewBrowser, show: Show) -> None:
    assert every_answer(new_browser(), show) == [303, 303, 403, 403, 403, 403, 403]
