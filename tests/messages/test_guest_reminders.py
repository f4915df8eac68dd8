"""When guests are reminded, of what, and by which clock they are thanked."""

from datetime import UTC, datetime, timedelta

import pytest

from calls.guests import checking_in
from calls.guests.models import Guest
from calls.messages import guest_reminders, reminding_guests
from calls.messages.guest_mails import REMINDERS
from tests.invited import Invited, invited
from tests.studio import Studio

START = datetime(2026, 12, 29, 0, 0, tzinfo=UTC)
LONG_AGO = START - timedelta(days=90)


def due(before: timedelta, confirmed_at: datetime = LONG_AGO) -> list[tuple[str, int]]:
    """What is due so long before the start, with the days before it at which it fell due."""
    return [(kind, it.days) for kind, it in guest_reminders.due(START, confirmed_at, START - before)]


def test_each_reminder_has_its_moment() -> None:
    moments = {days: due(timedelta(days=days)) for days in (15, 14, 7, 3, 1, 0)}

    assert moments == {
        15: [],
        14: [("guest_prep_missing", 14)],
        7: [("guest_prep_missing", 7), ("guest_kit", 7)],
        3: [("guest_prep_missing", 3), ("guest_kit", 7)],
        1: [("guest_prep_missing", 3), ("guest_kit", 7), ("guest_still_on", 1)],
        0: [],
    }


def test_what_fell_due_before_she_was_confirmed_is_not_sent() -> None:
    assert due(timedelta(hours=20), START - timedelta(days=2)) == [("guest_still_on", 1)]


def test_kit_is_late_in_the_last_days() -> None:
    week = timedelta(days=7)
    late = [guest_reminders.is_late("guest_kit", week, START, START - timedelta(days=it)) for it in (6, 3)]

    assert late == [False, True]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Asia/Tokyo", "2026-11-26T00:00:00+00:00"), ("America/New_York", "2026-11-25T14:00:00+00:00")],
)
def test_thanks_come_at_nine_on_the_day_after_by_her_clock(zone: str, expected: str) -> None:
    assert guest_reminders.thanks_at(datetime(2026, 11, 25, 1, 0, tzinfo=UTC), zone).isoformat() == expected


def reminders(ken: Invited) -> list[str]:
    return [it.kind for it in ken.studio.messages() if it.kind in REMINDERS and it.state == "sent"]


@pytest.fixture
def ken(studio: Studio) -> Invited:
    """Ken Ono, who said yes to the fourth date and sent nothing in."""
    found = invited(studio, numbers=(3,))
    found.choose(3)
    found.accept(None)
    studio.work()
    return found


def test_guest_who_sends_nothing_in_is_reminded_three_times_and_asked_whether_she_is_on(studio: Studio, ken: Invited) -> None:
    _until_the_call(ken)

    assert reminders(ken) == [
        "guest_prep_missing",
        "guest_prep_missing",
        "guest_kit",
        "guest_prep_missing",
        "guest_still_on",
    ]


def test_guest_who_has_sent_all_in_is_not_reminded_of_it(studio: Studio) -> None:
    ken = invited(studio, numbers=(3,)).confirmed(3)
    _until_the_call(ken)

    assert reminders(ken) == ["guest_kit", "guest_still_on"]


def test_guest_who_has_just_said_that_she_is_on_is_not_asked(studio: Studio, ken: Invited) -> None:
    with studio.database.reading() as session:
        start = studio.call(session, 3).starts_at
    studio.until(start - timedelta(hours=30), minutes=720)
    with ken.booking() as (session, booking, by):
        checking_in.check_in(session, booking, by=by, now=studio.clock.now())
    _until_the_call(ken)

    assert "guest_still_on" not in reminders(ken)


def test_reminder_of_a_call_that_moved_away_is_dropped(studio: Studio, ken: Invited) -> None:
    with studio.database.reading() as session:
        start = studio.call(session, 3).starts_at
    studio.clock.set(start - timedelta(hours=23))
    studio.write()
    studio.move("2026-12-18T19:00:00", 3)
    studio.clock.advance(minutes=11)
    studio.work()

    dropped = [it.kind for it in studio.messages() if it.kind == "guest_still_on" and it.state == "dropped"]
    assert dropped in ([], ["guest_still_on"])
    assert "guest_still_on" not in [it.kind for it in studio.messages() if it.state == "sent"]


def test_round_written_twice_writes_nothing_twice(studio: Studio, ken: Invited) -> None:
    with studio.database.reading() as session:
        studio.clock.set(studio.call(session, 3).starts_at - timedelta(hours=23))
    counts = []
    for _ in range(2):
        with studio.database.transaction() as session:
            reminding_guests.write_due(session, studio.clock.now())
        counts.append(len(studio.messages()))

    assert counts[0] == counts[1]


def test_bounced_guest_is_written_to_no_more(studio: Studio, ken: Invited) -> None:
    studio.update(Guest, ken.guest_id, bounced_at=studio.clock.now(), bounce="550 no such user")
    _until_the_call(ken)

    assert reminders(ken) == []


def _until_the_call(ken: Invited) -> None:
    with ken.studio.database.reading() as session:
        start = ken.studio.call(session, 3).starts_at
    ken.studio.until(start, minutes=360)
