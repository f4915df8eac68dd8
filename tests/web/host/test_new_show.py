"""Making a show: five answers, a preview, then public or a draft."""

from datetime import date, time
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from calls.ground.database import Database
from calls.joining.models import Room
from calls.messages.models import Reminder
from calls.shows.models import Call, Show
from calls.team.models import Member
from tests.builders import a_member, a_show, an_account
from tests.web.browsers import Browser, NewBrowser, Typed
from tests.web.reading import carried, errors, items, words

HERE = "/host/shows/new"
ANSWERS = {
    "name": "Ask Tara",
    "first_day": "2026-11-24",
    "first_time": "19:00",
    "zone": "America/New_York",
    "minutes": "60",
    "repeats": "weekly",
    "every": "1",
    "ends": "open",
    "phone": "+1 555 010 0100",
    "code": "48213#",
    "web_link": "https://meet.example/tara",
}


def made(database: Database) -> list[Show]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Show).order_by(Show.id)))


def test_form_asks_five_things(browser: Browser, owner: Member) -> None:
    page = browser.get(HERE)

    said = words(page)
    asked = ["1. What is it called?", "2. When is the first call?", "3. How does it go on?", "4. How long is a call?"]
    assert [it in said for it in [*asked, "5. How do people get in?"]] == [True] * 5


def test_form_starts_from_the_zone_of_the_shows_there_are(database: Database, browser: Browser, owner: Member) -> None:
    fresh = browser.get(HERE).text
    with database.transaction() as session:
        a_show(session, account_id=owner.account_id, zone="Asia/Tokyo")

    assert ("data-zone" in fresh, 'value="" selected' in fresh) == (True, True)
    assert '<option value="Asia/Tokyo" selected>' in browser.get(HERE).text


def test_preview_says_the_rule_back_and_lists_ten_dates(database: Database, browser: Browser, owner: Member) -> None:
    page = browser.post(HERE, ANSWERS)

    dates = items(page)
    assert page.status_code == 200
    assert "Every Tuesday at 19:00 New York time, for 60 minutes" in words(page)
    assert len(dates) == 10
    assert dates[0] == "Tuesday 24 November 2026, 19:00 New York time (UTC−05:00)"
    assert made(database) == []


def test_preview_shows_the_offset_of_each_date(browser: Browser, owner: Member) -> None:
    dates = items(browser.post(HERE, ANSWERS | {"first_day": "2027-03-09"}))

    assert dates[:2] == [
        "Tuesday 9 March 2027, 19:00 New York time (UTC−05:00)",
        "Tuesday 16 March 2027, 19:00 New York time (UTC−04:00)",
    ]


def test_show_is_made_public_with_room_reminders_and_calls(database: Database, browser: Browser, owner: Member) -> None:
    preview = browser.post(HERE, ANSWERS)
    answer = browser.post(HERE, carried(preview) | {"deed": "publish"})

    [show] = made(database)
    with database.reading() as session:
        room = session.scalars(sa.select(Room)).one()
        reminders = session.scalars(sa.select(Reminder.minutes).order_by(Reminder.minutes)).all()
        number = session.scalar(sa.select(sa.func.count()).select_from(Call))
    page = browser.get(answer.headers["location"])
    assert answer.headers["location"] == f"/host/shows/{show.id}?done=published"
    assert (show.name, show.slug, show.first_day, show.first_time) == ("Ask Tara", "ask-tara", date(2026, 11, 24), time(19))
    assert (show.rrule, show.host_name, show.published_at is None) == ("FREQ=WEEKLY;BYDAY=TU", "Tara Fields", False)
    assert (room.call_id, room.phone, room.code, room.web_link) == (
        None, "+1 555 010 0100", "48213#", "https://meet.example/tara",
    )  # fmt: skip
    assert (list(reminders), number) == ([15, 60, 1440], 57)
    assert "https://calls.example/ask-tara/calendar.ics" in words(page)


def test_draft_is_seen_by_nobody_else(database: Database, browser: Browser, owner: Member) -> None:
    answer = browser.post(HERE, carried(browser.post(HERE, ANSWERS)) | {"deed": "draft"})

    [show] = made(database)
    page = browser.get(answer.headers["location"])
    assert show.published_at is None
    assert "The draft is kept. Nobody else sees it until you make it public." in words(page)


def test_everything_typed_is_kept_when_something_is_changed(browser: Browser, owner: Member) -> None:
    typed: Typed = {**ANSWERS, "days": ["MO", "FR"], "every": "2", "ends": "count", "count": "7"}
    page = browser.post(HERE, carried(browser.post(HERE, typed)) | {"deed": "change"})

    kept = [f'value="{it}"' in page.text for it in ("Ask Tara", "2026-11-24", "19:00", "+1 555 010 0100", "7")]
    assert page.status_code == 200
    assert kept == [True] * 5
    assert page.text.count(" checked") == 4


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"repeats": "once"}, "Once, on Tuesday 24 November 2026 at 19:00"),
        ({"days": ["TU", "TH"], "every": "2"}, "Every 2 weeks on Tuesday and Thursday at 19:00"),
        ({"repeats": "by_date"}, "The 24th of each month at 19:00"),
        ({"repeats": "by_date", "month_day": "-1"}, "The last day of each month at 19:00"),
        ({"repeats": "by_weekday"}, "The fourth Tuesday of each month at 19:00"),
        ({"repeats": "by_weekday", "ordinal": "-1", "weekday": "4"}, "The last Friday of each month at 19:00"),
        ({"repeats": "by_weekday", "ordinal": "2"}, "The second Tuesday of each month at 19:00"),
        ({"repeats": "by_weekday", "first_day": "2026-12-29"}, "The last Tuesday of each month at 19:00"),
        ({"repeats": "rule", "rrule": "RRULE:FREQ=DAILY;BYDAY=MO,TU"}, "Every Monday and Tuesday at 19:00"),
        ({"ends": "until", "until": "2027-02-01"}, "for 60 minutes, until 1 February 2027"),
        ({"ends": "count", "count": "5"}, "for 60 minutes, 5 times"),
        ({"ends": "open", "count": "5", "until": "2027-02-01"}, "for 60 minutes"),
    ],
)
def test_ways_to_repeat(browser: Browser, owner: Member, typed: Typed, rule: str) -> None:
    page = browser.post(HERE, {**ANSWERS, **typed})

    assert (page.status_code, rule in words(page)) == (200, True)


def test_end_of_a_pasted_rule_is_read_on_the_shows_clock(browser: Browser, owner: Member) -> None:
    page = browser.post(HERE, ANSWERS | {"repeats": "rule", "rrule": "FREQ=DAILY;UNTIL=20261127T000000Z"})

    assert "until 26 November 2026" in words(page)


def test_preview_warns_of_a_date_that_the_clocks_skip(browser: Browser, owner: Member) -> None:
    page = browser.post(HERE, ANSWERS | {"first_day": "2026-11-29", "first_time": "02:30"})

    assert "02:30 on 14 March 2027 does not exist in New York; the call would start at 03:30." in words(page)


def test_form_asks_which_of_two_equal_times_is_meant(database: Database, browser: Browser, owner: Member) -> None:
    typed = ANSWERS | {"first_day": "2026-11-29", "first_time": "01:30"}
    asking = browser.post(HERE, typed)
    preview = browser.post(HERE, typed | {"fold": "1"})
    browser.post(HERE, carried(preview) | {"deed": "publish"})

    [show] = made(database)
    twice = "The clocks show 01:30 twice on 7 November 2027 in New York, first at UTC−04:00 and again at UTC−05:00."
    assert (asking.status_code, errors(asking)) == (422, [f"{twice} Say which of the two is meant."])
    assert "The first of the two" in words(asking)
    assert (preview.status_code, show.fold) == (200, 1)


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({"name": ""}, ["Give a name."]),
        ({"name": "x" * 10_000}, ["Give a name of at most 200 characters."]),
        ({"first_day": ""}, ["Give the first day."]),
        ({"first_day": "24.11.2026"}, ["Give the first day as a date, like 2026-11-03."]),
        ({"first_day": "2020-11-24"}, ["The first call would lie in the past; choose a later day or time."]),
        ({"first_day": "9999-11-24"}, ["The first day must lie between the years 1970 and 2200."]),
        ({"zone": ""}, ["Give the time zone."]),
        ({"zone": "America"}, ["That time zone is not known; choose one like America/New_York."]),
        ({"zone": "../../etc/passwd"}, ["That time zone is not known; choose one like America/New_York."]),
        ({"minutes": "3"}, ["Give the length in minutes, 5 or more."]),
        ({"minutes": "an hour"}, ["Give the length in minutes as a whole number."]),
        ({"every": "0"}, ["Give a number from 1 to 99, 1 or more."]),
        ({"repeats": "never"}, ["Choose how it repeats from the list."]),
        ({"ends": "until"}, ["Give the last day, or let it go on."]),
        ({"ends": "count"}, ["Give the number of calls, or let it go on."]),
        ({"ends": "until", "until": "2026-11-01"}, ["The rule ends before the first day."]),
        ({"repeats": "rule"}, ["Paste the rule, like FREQ=WEEKLY;BYDAY=TU."]),
        (
            {"repeats": "rule", "rrule": "FREQ=SECONDLY"},
            ["FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY: a show has at most one call a day."],
        ),
        (
            {"repeats": "rule", "rrule": "FREQ=DAILY;BYHOUR=9,19"},
            ["BYHOUR may hold one number only: a show has at most one call a day."],
        ),
        ({"web_link": "javascript:alert(1)"}, ["Give a whole web address that begins with https://."]),
        ({"phone": "ring me"}, ["Give a phone number with its country code, like +1 555 010 0100."]),
        ({"phone": "", "code": "1"}, ["A code needs the number that it is typed at."]),
        (
            {"name": "", "zone": "Mars", "code": "x"},
            [
                "Give a name.",
                "That time zone is not known; choose one like America/New_York.",
                "A code has digits only, and * or # where the line wants them.",
            ],
        ),
    ],
)
def test_form_is_refused_and_what_was_typed_is_kept(
    database: Database, browser: Browser, owner: Member, typed: Typed, sentences: list[str]
) -> None:
    look = browser.post(HERE, {**ANSWERS, **typed})
    publish = browser.post(HERE, {**ANSWERS, **typed, "deed": "publish"})

    assert (look.status_code, errors(look)) == (422, sentences)
    assert (publish.status_code, errors(publish)) == (422, sentences)
    assert f'value="{typed.get("minutes", "60")}"' in look.text
    assert made(database) == []


def test_names_of_people_cannot_break_the_page(database: Database, browser: Browser, owner: Member) -> None:
    name = "\u202e<script>alert(1)</script> “Ask” \U0001f469\u200d\U0001f4bb عربي"
    browser.post(HERE, carried(browser.post(HERE, ANSWERS | {"name": name})) | {"deed": "publish"})

    [show] = made(database)
    page = browser.get(f"/host/shows/{show.id}")
    assert show.name == name.removeprefix("\u202e")
    assert ("<script>alert" in page.text, "&lt;script&gt;alert" in page.text) == (False, True)


def test_form_posted_twice_makes_one_show(database: Database, browser: Browser, owner: Member) -> None:
    form = carried(browser.post(HERE, ANSWERS)) | {"deed": "publish"}
    answers = [browser.post(HERE, form) for _ in range(2)]

    assert len(made(database)) == 1
    assert answers[0].headers["location"] == answers[1].headers["location"]


def test_form_posted_twice_at_once_makes_one_show(database: Database, new_browser: NewBrowser, owner: Member) -> None:
    browsers = [new_browser(), new_browser()]
    for browser in browsers:
        browser.sign_in(owner)
    form = carried(browsers[0].post(HERE, ANSWERS)) | {"deed": "publish"}
    together, statuses = Barrier(2), list[int]()

    def send(browser: Browser) -> None:
        together.wait()
        statuses.append(browser.post(HERE, form).status_code)

    threads = [Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (statuses, len(made(database))) == ([303, 303], 1)


def test_identifier_of_a_foreign_show_is_not_taken(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        foreign = a_show(session)
    answer = browser.post(HERE, ANSWERS | {"made": str(foreign.id), "deed": "publish"})

    own = [show for show in made(database) if show.account_id == owner.account_id]
    assert len(own) == 1
    assert answer.headers["location"] == f"/host/shows/{own[0].id}?done=published"


@pytest.mark.parametrize("made_by", ["nonsense", "", "019A0000-0000-7000-8000-0000000000AB"])
def test_odd_identifiers_do_no_harm(database: Database, browser: Browser, owner: Member, made_by: str) -> None:
    answer = browser.post(HERE, ANSWERS | {"made": made_by, "deed": "publish"})

    assert (answer.status_code, len(made(database))) == (303, 1)


@pytest.mark.parametrize("deed", ["look", "publish", "draft", "change"])
def test_host_may_not_plan_shows(database: Database, browser: Browser, deed: str) -> None:
    with database.transaction() as session:
        host = a_member(session, role="host", account=an_account(session))
    browser.sign_in(host)
    answers = [browser.get(HERE), browser.post(HERE, ANSWERS | {"deed": deed})]

    assert [it.status_code for it in answers] == [403, 403]
    assert made(database) == []


def test_strangers_are_led_to_the_sign_in(browser: Browser) -> None:
    answer = browser.get(HERE)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/host/shows/new")
    assert browser.post(HERE, ANSWERS).status_code == 403
