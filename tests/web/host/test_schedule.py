"""Another schedule for a show: what becomes of each call, who hears of it, and Undo."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from calls import pending
from calls.ground import zones
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.shows.models import Call, Pending, Show, Skip
from calls.team.models import Member
from tests.builders import FIRST_CALL, NOW, a_call, a_pass, a_registration, a_show, an_attendee
from tests.web.browsers import Browser
from tests.web.reading import carried, errors, items, rows, words

WEEK = timedelta(weeks=1)
TUESDAYS: dict[str, Any] = {
    "first_day": "2026-11-24",
    "first_time": "19:00",
    "zone": "America/New_York",
    "minutes": "60",
    "repeats": "weekly",
    "days": ["TU"],
    "every": "1",
    "ends": "count",
    "count": "4",
}
WEDNESDAYS = TUESDAYS | {"days": ["WE"]}


@pytest.fixture
def show(database: Database, owner: Member) -> Show:
    """Four Tuesdays; somebody is registered for the first two."""
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id, rrule="FREQ=WEEKLY;COUNT=4;BYDAY=TU")
        calls = [a_call(session, show, wall=FIRST_CALL + week * WEEK) for week in range(4)]
        attendee = an_attendee(session, account_id=owner.account_id)
        for call in calls[:2]:
            a_registration(session, call, attendee)
        return show


def here(show: Show) -> str:
    return f"/host/shows/{show.id}/schedule"


def walls(database: Database) -> list[datetime]:
    with database.reading() as session:
        standing = sa.select(Call).where(Call.cancelled_at.is_(None)).order_by(Call.starts_at)
        return [zones.wall(it.starts_at, it.zone) for it in session.scalars(standing)]


def waits(database: Database) -> list[Pending]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Pending)))


def test_form_holds_the_schedule_that_stands(browser: Browser, show: Show) -> None:
    page = browser.get(here(show))

    held = ['value="2026-11-24"', 'value="19:00"', 'value="America/New_York" selected', 'value="TU" id="days-2" checked']
    assert [it in page.text for it in [*held, 'id="count" name="count"', 'value="4"']] == [True] * 6
    assert "Now: Every Tuesday at 19:00 New York time, for 60 minutes, 4 times." in words(page)


def test_preview_shows_which_calls_move(database: Database, browser: Browser, show: Show) -> None:
    page = browser.post(here(show), WEDNESDAYS)

    assert page.status_code == 200
    assert "4 calls move" in words(page)
    assert rows(page)[0] == ["Ask Tara", "Tue 24 Nov 2026, 19:00 New York", "Wed 25 Nov 2026, 19:00 New York", "1"]
    assert items(page) == [
        "One attendee gets a mail with what becomes of their calls, and their calendars follow.",
        "For ten minutes after you press Send you can undo it. Until then nobody hears anything and no page changes.",
    ]
    assert walls(database)[0] == FIRST_CALL


def test_preview_shows_what_vanishes_appears_and_is_left_alone(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        moved = session.scalars(sa.select(Call).order_by(Call.starts_at)).all()[3]
        moved.is_by_hand = True
        a_call(session, show, wall=FIRST_CALL + timedelta(days=2), is_extra=True, address="extra")
    page = browser.post(here(show), TUESDAYS | {"every": "2", "count": "4"})

    said = words(page)
    assert [it in said for it in ("One call vanishes", "2 calls appear", "2 calls are left alone")] == [True] * 3
    assert "One seat of these is taken." in said
    assert rows(page) == [
        ["Ask Tara", "Tue 1 Dec 2026, 19:00 New York", "1"],
        ["Ask Tara", "Thu 26 Nov 2026, 19:00 New York", "0", "an extra date"],
        ["Ask Tara", "Tue 15 Dec 2026, 19:00 New York", "0", "changed by hand"],
    ]
    assert "2 calls stay as they are." in said


def test_schedule_is_changed_after_ten_minutes(database: Database, browser: Browser, clock: SetClock, show: Show) -> None:
    answer = browser.post(here(show), carried(browser.post(here(show), WEDNESDAYS)) | {"deed": "send"})
    page = browser.get(answer.headers["location"])
    before = walls(database)
    clock.advance(minutes=11)
    with database.transaction() as session:
        pending.take_next(session, clock.now())

    assert answer.headers["location"] == f"/host/shows/{show.id}"
    assert "Sent in 10 minutes. Nobody has heard of it yet." in words(page)
    assert "Ask Tara gets a new schedule: Every Wednesday at 19:00 New York time, for 60 minutes, 4 times." in words(page)
    assert "Undo (until 07:10 New York time)" in words(page)
    assert before == [FIRST_CALL + week * WEEK for week in range(4)]
    assert walls(database) == [FIRST_CALL + timedelta(days=1) + week * WEEK for week in range(4)]


def test_schedule_is_taken_back(database: Database, browser: Browser, clock: SetClock, show: Show) -> None:
    browser.post(here(show), carried(browser.post(here(show), WEDNESDAYS)) | {"deed": "send"})
    [pending_change] = waits(database)
    answer = browser.post(f"/host/pending/{pending_change.id}/undo")

    assert answer.headers["location"] == f"/host/shows/{show.id}?done=undone"
    assert (waits(database), walls(database)[0]) == ([], FIRST_CALL)


def test_schedule_that_nobody_hears_of_is_changed_at_once(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id)
        a_call(session, show)
    preview = browser.post(here(show), WEDNESDAYS)
    answer = browser.post(here(show), carried(preview) | {"deed": "send"})

    assert items(preview)[-2:] == ["Nobody is registered, so nobody has to be told.", "The change takes effect at once."]
    assert answer.headers["location"] == f"/host/shows/{show.id}?done=changed"
    assert walls(database)[0] == FIRST_CALL + timedelta(days=1)


def test_schedule_that_touches_a_near_call_goes_out_at_once(
    database: Database, browser: Browser, clock: SetClock, show: Show
) -> None:
    clock.set(zones.resolve(FIRST_CALL, show.zone) - timedelta(hours=2))
    preview = browser.post(here(show), TUESDAYS | {"first_time": "20:00"})
    answer = browser.post(here(show), carried(preview) | {"deed": "send"})

    sentence = "A call that starts within three hours is touched, so this takes effect at once and cannot be undone."
    assert items(preview)[-1] == sentence
    assert answer.headers["location"] == f"/host/shows/{show.id}?done=sent"
    assert (waits(database), walls(database)[0]) == ([], FIRST_CALL + timedelta(hours=1))


def test_holders_of_a_pass_hear_of_dates_that_appear(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        a_pass(session, show)
        a_pass(session, show, an_attendee(session, account_id=show.account_id, email=None))
    page = browser.post(here(show), TUESDAYS | {"count": "5"})

    assert items(page)[1:] == [
        "One attendee gets a mail with what becomes of their calls, and their calendars follow.",
        "One has no e-mail address: please ring them.",
        "Among them are 2 who hold a pass for the whole show.",
        "For ten minutes after you press Send you can undo it. Until then nobody hears anything and no page changes.",
    ]


def test_another_zone_keeps_the_hour_on_the_clock(database: Database, browser: Browser, show: Show) -> None:
    page = browser.post(here(show), TUESDAYS | {"zone": "Europe/Berlin", "keep": "wall"})

    clocks = "19:00 New York time becomes 19:00 Berlin time. The hour on the clock stays, so the moment is another."
    assert clocks in words(page)
    assert rows(page)[0][1:3] == ["Tue 24 Nov 2026, 19:00 New York", "Tue 24 Nov 2026, 19:00 Berlin"]


def test_send_shows_again_what_has_changed_meanwhile(database: Database, browser: Browser, show: Show) -> None:
    form = carried(browser.post(here(show), WEDNESDAYS)) | {"deed": "send"}
    with database.transaction() as session:
        first = session.scalars(sa.select(Call).order_by(Call.starts_at)).first()
        assert first is not None
        first.is_by_hand = True
    again = browser.post(here(show), form)
    sent = browser.post(here(show), carried(again) | {"deed": "send"})

    assert again.status_code == 200
    assert "Something has changed since you looked. This is what would happen now; nothing has been sent." in words(again)
    assert "One call is left alone" in words(again)
    assert (sent.status_code, len(waits(database))) == (303, 1)


def test_somebody_who_registers_meanwhile_does_not_stop_send(database: Database, browser: Browser, show: Show) -> None:
    form = carried(browser.post(here(show), WEDNESDAYS)) | {"deed": "send"}
    with database.transaction() as session:
        first = session.scalars(sa.select(Call).order_by(Call.starts_at)).first()
        assert first is not None
        a_registration(session, first)

    assert browser.post(here(show), form).status_code == 303


def test_send_posted_twice_is_refused_the_second_time(database: Database, browser: Browser, show: Show) -> None:
    form = carried(browser.post(here(show), WEDNESDAYS)) | {"deed": "send"}
    answers = [browser.post(here(show), form) for _ in range(2)]

    sentence = "Another change is about to be sent. Undo that one first, or wait until it has gone out."
    assert [it.status_code for it in answers] == [303, 409]
    assert (errors(answers[1]), len(waits(database))) == ([sentence], 1)


def test_what_was_typed_is_kept_when_something_is_changed(browser: Browser, show: Show) -> None:
    page = browser.post(here(show), carried(browser.post(here(show), WEDNESDAYS)) | {"deed": "change"})

    assert (page.status_code, 'value="WE" id="days-3" checked' in page.text) == (200, True)


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({}, 409, "That is the schedule already."),
        ({"zone": "Mars/Base"}, 422, "That time zone is not known; choose one like America/New_York."),
        ({"first_day": "1969-01-01"}, 422, "The first day must lie between the years 1970 and 2200."),
        ({"ends": "until", "until": "2026-11-01"}, 422, "The rule ends before the first day."),
        ({"repeats": "once", "first_day": "2026-11-20"}, 422, "By this schedule no call is still to come; choose later days."),
        ({"minutes": "100000"}, 422, "Give the length in minutes, 1440 or less."),
        (
            {"repeats": "rule", "rrule": "FREQ=SECONDLY"},
            422,
            "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY: a show has at most one call a day.",
        ),
    ],
)
def test_schedule_is_refused_in_a_sentence(
    browser: Browser, show: Show, typed: dict[str, str], status: int, sentence: str
) -> None:
    answer = browser.post(here(show), TUESDAYS | typed)

    assert (answer.status_code, errors(answer)) == (status, [sentence])


def test_schedule_asks_which_of_two_equal_times_is_meant(browser: Browser, show: Show) -> None:
    typed = TUESDAYS | {"days": ["SU"], "first_time": "01:30", "ends": "open"}
    asking, chosen = browser.post(here(show), typed), browser.post(here(show), typed | {"fold": "0"})

    twice = "The clocks show 01:30 twice on 7 November 2027 in New York, first at UTC−04:00 and again at UTC−05:00."
    assert (asking.status_code, errors(asking)) == (422, [f"{twice} Say which of the two is meant."])
    assert chosen.status_code == 200


def test_skipped_dates_stay_skipped(database: Database, browser: Browser, show: Show) -> None:
    with database.transaction() as session:
        session.add(Skip(show_id=show.id, day=(FIRST_CALL + 4 * WEEK).date()))
    page = browser.post(here(show), TUESDAYS | {"count": "6"})

    assert items(page)[0] == "Tuesday 29 December 2026, 19:00 New York time (UTC−05:00)"


def test_schedule_of_a_rule_that_no_field_can_say_is_shown_as_text(database: Database, browser: Browser, owner: Member) -> None:
    with database.transaction() as session:
        show = a_show(session, account_id=owner.account_id, rrule="FREQ=YEARLY;BYMONTH=1,6;BYMONTHDAY=3", created_at=NOW)
    page = browser.get(here(show))

    assert 'value="FREQ=YEARLY;BYMONTH=1,6;BYMONTHDAY=3"' in page.text
    assert 'value="rule" id="repeats-5" checked' in page.text


def test_form_offers_undo_while_another_change_waits(database: Database, browser: Browser, show: Show) -> None:
    browser.post(here(show), carried(browser.post(here(show), WEDNESDAYS)) | {"deed": "send"})
    [change] = waits(database)
    page = browser.post(here(show), TUESDAYS | {"first_time": "20:00"})
    answer = browser.post(f"/host/pending/{change.id}/undo", {"back": here(show)})

    assert (page.status_code, "Undo (until 07:10 New York time)" in words(page)) == (409, True)
    assert answer.headers["location"] == f"{here(show)}?done=undone"
    assert "Undone. Nobody has heard anything." in words(browser.get(answer.headers["location"]))


def test_another_zone_asks_whether_the_hour_or_the_moment_stays(browser: Browser, show: Show) -> None:
    first = words(browser.get(here(show)))
    asked = browser.post(here(show), TUESDAYS | {"zone": "Europe/Berlin"})

    assert "you are asked whether the hour on the clock shall stay or the moment" in first
    assert (asked.status_code, errors(asked)) == (
        422,
        ["You chose another time zone. Say what shall stay: the hour on the clock, or the moment."],
    )
    said = words(asked)
    assert "The hour on the clock: 19:00 in Berlin too" in said
    assert "The moment: 19:00 New York time is 01:00 Berlin time, on the next day" in said
    assert "from then on the calls follow the clocks of the new zone, at the new hour." in said


def test_question_is_not_asked_where_the_zone_stays(browser: Browser, show: Show) -> None:
    assert "What shall stay" not in words(browser.get(here(show)))
    assert browser.post(here(show), WEDNESDAYS | {"keep": ""}).status_code == 200
    assert browser.post(here(show), WEDNESDAYS | {"keep": "neither"}).status_code == 422


def test_preview_shows_both_ways_with_their_next_dates_and_who_hears(browser: Browser, show: Show) -> None:
    page = browser.post(here(show), TUESDAYS | {"zone": "Europe/Berlin", "keep": "moment"})

    said = words(page)
    assert (
        "19:00 New York time is 01:00 Berlin time, on the next day: the moment stays. "
        "After the next change of clocks it follows Berlin, at 01:00 there." in said
    )
    assert (
        "The hour on the clock stays Every Tuesday at 19:00 Berlin time, for 60 minutes, 4 times. One person gets a mail. "
        "The next dates: Tuesday 24 November 2026, 19:00 Berlin time (UTC+01:00)" in said
    )
    assert (
        "The moment stays (chosen) Every Wednesday at 01:00 Berlin time, for 60 minutes, 4 times. Nobody gets a mail. "
        "The next dates: Wednesday 25 November 2026, 01:00 Berlin time (UTC+01:00)" in said
    )
    assert "4 calls stay as they are." in said
    assert "calls move" not in said


def test_moments_that_stay_change_the_zone_at_once_since_nobody_hears(
    database: Database, browser: Browser, show: Show
) -> None:
    with database.reading() as session:
        before = [it.starts_at for it in session.scalars(sa.select(Call).order_by(Call.starts_at))]
    preview = browser.post(here(show), TUESDAYS | {"zone": "Europe/Berlin", "keep": "moment"})
    answer = browser.post(here(show), carried(preview) | {"deed": "send"})

    with database.reading() as session:
        calls = session.scalars(sa.select(Call).order_by(Call.starts_at)).all()
        kept = session.get_one(Show, show.id)
        assert [it.starts_at for it in calls] == before
        assert {(it.zone, f"{it.wall:%H:%M}", it.sequence) for it in calls} == {("Europe/Berlin", "01:00", 0)}
        assert (kept.zone, f"{kept.first_time:%H:%M}", kept.rrule) == ("Europe/Berlin", "01:00", "FREQ=WEEKLY;COUNT=4;BYDAY=WE")
    assert (answer.status_code, waits(database)) == (303, [])


def test_moments_that_stay_wait_for_their_ten_minutes_where_clocks_move_a_call(
    database: Database, browser: Browser, clock: SetClock, show: Show
) -> None:
    """In March the clocks of New York and Berlin are an hour nearer, so one of the calls is an hour off by then."""
    with database.transaction() as session:
        call = a_call(session, show, wall=datetime(2027, 3, 16, 19))  # noqa: DTZ001 -- a wall time
        session.get_one(Show, show.id).rrule = "FREQ=WEEKLY;COUNT=17;BYDAY=TU"
        a_registration(session, call)
        for week in range(4, 16):
            a_call(session, show, wall=FIRST_CALL + week * WEEK)
    preview = browser.post(here(show), TUESDAYS | {"count": "17", "zone": "Europe/Berlin", "keep": "moment"})
    browser.post(here(show), carried(preview) | {"deed": "send"})
    [change] = waits(database)
    undone = browser.post(f"/host/pending/{change.id}/undo")
    browser.post(here(show), carried(preview) | {"deed": "send"})
    clock.advance(minutes=11)
    with database.transaction() as session:
        pending.take_next(session, clock.now())

    assert "One call moves" in words(preview)
    assert rows(preview)[0] == ["Ask Tara", "Tue 16 Mar 2027, 19:00 New York", "Wed 17 Mar 2027, 01:00 Berlin", "1"]
    assert "One attendee gets a mail" in items(preview)[-2]
    assert (change.facts["days"], undone.status_code, waits(database)) == (1, 303, [])
    with database.reading() as session:
        calls = session.scalars(sa.select(Call).order_by(Call.starts_at)).all()
        assert [it.sequence for it in calls] == [0] * 16 + [1]
        assert {f"{it.wall:%H:%M}" for it in calls} == {"01:00"}


def test_rule_that_cannot_be_put_to_the_next_day_is_refused_beside_the_choice(browser: Browser, show: Show) -> None:
    monthly = TUESDAYS | {"repeats": "by_weekday", "ordinal": "-1", "weekday": "4", "zone": "Europe/Berlin"}
    moment, hour = (browser.post(here(show), monthly | {"keep": it}) for it in ("moment", "wall"))

    sentence = (
        "19:00 New York time is 01:00 Berlin time, on the next day, and “The last Friday of each month” cannot be put to the "
        "next day. Choose the hour on the clock instead, and give the days and the time as they are in Berlin."
    )
    assert (moment.status_code, errors(moment)) == (422, [sentence])
    assert hour.status_code == 200
    assert sentence in words(hour)


@pytest.mark.parametrize("at", ["19:00+01:00", "24:61", "19:00:59.5", "noon", ""])
def test_hour_that_is_none_is_refused_beside_its_field_in_another_zone_too(browser: Browser, show: Show, at: str) -> None:
    answer = browser.post(here(show), TUESDAYS | {"zone": "Europe/Berlin", "keep": "moment", "first_time": at})

    assert (answer.status_code, len(errors(answer))) == (422, 1)
