"""Single dates beside the rule: an extra one, and a skipped one brought back."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from calls import pending
from calls.ground import zones
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.shows.models import Call, Pending, Show, Skip
from calls.team.models import Member
from tests.builders import FIRST_CALL, NOW, a_call, a_member, a_pass, a_registration, a_show, an_account, an_attendee
from tests.web.browsers import Browser
from tests.web.reading import carried, errors, items, words

DAY = date(2026, 12, 1)
EXTRA = {"day": "2026-12-10", "time": "18:00", "minutes": "45"}


@pytest.fixture
def show(database: Database, owner: Member) -> Show:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id)
        a_call(session, show)
        return show


def extra_of(show: Show) -> str:
    return f"/host/shows/{show.id}/extra"


def skip_of(show: Show, day: object = DAY) -> str:
    return f"/host/shows/{show.id}/skips/{day}"


def extras(database: Database) -> list[tuple[str, int]]:
    with database.reading() as session:
        found = session.scalars(sa.select(Call).where(Call.is_extra).order_by(Call.starts_at))
        return [(call.address, call.minutes) for call in found]


def skips(database: Database) -> list[date]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Skip.day)))


def waits(database: Database) -> list[Pending]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Pending)))


def test_extra_date_starts_from_the_shows_time(browser: Browser, show: Show) -> None:
    page = browser.get(extra_of(show))

    assert [it in page.text for it in ('value="19:00"', 'value="60"', "New York time")] == [True] * 3


def test_extra_date_that_nobody_hears_of_is_added_at_once(database: Database, browser: Browser, show: Show) -> None:
    preview = browser.post(extra_of(show), EXTRA)
    answer = browser.post(extra_of(show), carried(preview) | {"deed": "send"})

    assert "Thursday 10 December 2026, 18:00 New York time (UTC−05:00) · 45 minutes" in words(preview)
    assert items(preview)[0] == "Nobody is registered, so nobody has to be told."
    assert answer.headers["location"] == f"/host/shows/{show.id}?done=changed"
    assert extras(database) == [("2026-12-10", 45)]


def test_extra_date_waits_when_holders_of_a_pass_hear_of_it(
    database: Database, browser: Browser, clock: SetClock, show: Show
) -> None:
    with database.transaction() as session:
        a_pass(session, show)
        a_pass(session, show, an_attendee(session, account_id=show.account_id, email=None))
    preview = browser.post(extra_of(show), EXTRA)
    browser.post(extra_of(show), carried(preview) | {"deed": "send"})
    page, before = browser.get(f"/host/shows/{show.id}"), extras(database)
    clock.advance(minutes=10)
    with database.transaction() as session:
        pending.take_next(session, clock.now())

    assert items(preview)[:2] == [
        "One attendee gets a seat on the new date, and a mail with its calendar entry.",
        "One has no e-mail address: please ring them.",
    ]
    assert "Ask Tara gets an extra date on Thursday 10 December 2026, 18:00, New York time (UTC−05:00)." in words(page)
    assert (before, extras(database)) == ([], [("2026-12-10", 45)])


def test_extra_date_of_the_next_three_hours_goes_out_at_once(
    database: Database, browser: Browser, clock: SetClock, show: Show
) -> None:
    with database.transaction() as session:
        a_pass(session, show)
    soon = zones.wall(clock.now() + timedelta(minutes=9), show.zone)
    preview = browser.post(extra_of(show), {"day": f"{soon:%Y-%m-%d}", "time": f"{soon:%H:%M}", "minutes": "30"})
    answer = browser.post(extra_of(show), carried(preview) | {"deed": "send"})

    assert answer.headers["location"] == f"/host/shows/{show.id}?done=sent"
    assert (waits(database), len(extras(database))) == ([], 1)


def test_extra_date_in_a_clock_gap_is_warned_of(browser: Browser, show: Show) -> None:
    page = browser.post(extra_of(show), EXTRA | {"day": "2027-03-14", "time": "02:30"})

    assert "02:30 on 14 March 2027 does not exist in New York; the call would start at 03:30." in words(page)


def test_extra_date_that_the_clocks_show_twice_is_asked_about(database: Database, browser: Browser, show: Show) -> None:
    typed = EXTRA | {"day": "2027-11-07", "time": "01:30"}
    asking, preview = browser.post(extra_of(show), typed), browser.post(extra_of(show), typed | {"fold": "1"})
    browser.post(extra_of(show), carried(preview) | {"deed": "send"})

    with database.reading() as session:
        fold = session.scalars(sa.select(Call.fold).where(Call.is_extra)).one()
    assert (asking.status_code, len(errors(asking))) == (422, 1)
    assert (preview.status_code, fold) == (200, 1)


@pytest.mark.parametrize(
    ("typed", "status", "sentences"),
    [
        ({"day": ""}, 422, ["Give the day."]),
        ({"day": "2026-02-30"}, 422, ["Give the day as a date, like 2026-11-03."]),
        ({"day": "2250-01-01"}, 422, ["The day must lie between the years 1970 and 2200."]),
        ({"time": "25:00"}, 422, ["Give the time as a time, like 19:00."]),
        ({"time": "19:00:30"}, 422, ["Give the time in hours and minutes."]),
        ({"minutes": "4"}, 422, ["Give the length in minutes, 5 or more."]),
        ({"day": "2026-11-21"}, 422, ["That time is past; choose one still to come."]),
    ],
)
def test_extra_date_is_refused_and_what_was_typed_is_kept(
    database: Database, browser: Browser, show: Show, typed: dict[str, str], status: int, sentences: list[str]
) -> None:
    answer = browser.post(extra_of(show), EXTRA | typed)

    assert (answer.status_code, errors(answer)) == (status, sentences)
    assert f'value="{(EXTRA | typed)["minutes"]}"' in answer.text
    assert extras(database) == []


def test_extra_date_on_another_call_is_refused(browser: Browser, show: Show) -> None:
    answer = browser.post(extra_of(show), EXTRA | {"day": "2026-11-24", "time": "19:30"})

    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert "Tuesday 24 November 2026" in errors(answer)[0]


def test_skipped_call_is_brought_back(database: Database, browser: Browser, clock: SetClock, show: Show) -> None:
    with database.transaction() as session:
        wall = FIRST_CALL + timedelta(weeks=1)
        call = a_call(session, show, wall=wall, cancelled_at=NOW, is_skipped=True, is_by_hand=True)
        a_registration(session, call)
        session.add(Skip(show_id=show.id, day=DAY))
    page = browser.get(skip_of(show))
    answer = browser.post(skip_of(show), carried(page) | {"deed": "send"})
    before = skips(database)
    clock.advance(minutes=10)
    with database.transaction() as session:
        pending.take_next(session, clock.now())

    assert items(page)[0] == "One attendee gets a mail that the call takes place after all, and their calendars follow."
    assert answer.headers["location"] == f"/host/calls/{call.id}"
    assert (before, skips(database)) == ([DAY], [])


def test_skip_of_a_draft_is_taken_back_at_once(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id, published_at=None)
        session.add(Skip(show_id=show.id, day=DAY))
    page = browser.get(skip_of(show))
    answer = browser.post(skip_of(show))

    with database.reading() as session:
        days = session.scalars(sa.select(Call.planned_day)).all()
    assert "The day belongs to the schedule again" in words(page)
    assert answer.headers["location"] == f"/host/shows/{show.id}?done=changed"
    assert (skips(database), DAY in days) == ([], True)


def test_skipped_call_whose_time_was_given_away_stays_skipped(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        wall = FIRST_CALL + timedelta(weeks=1)
        a_call(session, show, wall=wall, cancelled_at=NOW, is_skipped=True, is_by_hand=True)
        a_call(session, show, wall=wall, is_extra=True, address="other")
        session.add(Skip(show_id=show.id, day=DAY))
    page, answer = browser.get(skip_of(show)), browser.post(skip_of(show), {"deed": "send"})

    assert (page.status_code, answer.status_code) == (200, 409)
    assert "It cannot be brought back now" in words(page)
    assert (errors(page), skips(database)) == (errors(answer), [DAY])


@pytest.mark.parametrize("day", ["2026-12-08", "2026-13-01", "20261201", "tomorrow", "2026-12-01x"])
def test_day_that_is_not_skipped_is_unknown(database: Database, browser: Browser, show: Show, day: str) -> None:
    with database.transaction() as session:
        session.add(Skip(show_id=show.id, day=DAY))
    answers = [browser.get(skip_of(show, day)), browser.post(skip_of(show, day))]

    assert [it.status_code for it in answers] == [404, 404]


def test_host_adds_dates_and_brings_them_back(database: Database, browser: Browser) -> None:
    with database.transaction() as session:
        host = a_member(session, role="host", account=an_account(session))
        show = a_show(session, account_id=host.account_id)
        session.add(Skip(show_id=show.id, day=DAY))
    browser.sign_in(host)
    added = browser.post(extra_of(show), carried(browser.post(extra_of(show), EXTRA)) | {"deed": "send"})

    assert (added.status_code, browser.post(skip_of(show)).status_code) == (303, 303)
