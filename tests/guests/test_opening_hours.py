"""Open hours and the busy calendar as they are kept, who may set them, and what is free because of them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import Database, new_id
from calls.ground.public_addresses import Rule
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from calls.guests import opening_hours, slot_queries
from calls.guests.models import Booking, BusyCalendar, Guest, Invitation
from calls.guests.slots import Hours, OpenRange
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.shows.models import Pending, Show
from calls.team import staffing
from tests.builders import NOW, a_call, a_member, a_show

MONDAYS = Hours("America/New_York", (OpenRange(0, time(9), time(12)),), minutes=60, buffer=0, notice=0, horizon=7)
NINE = datetime(2026, 11, 23, 14, tzinfo=UTC)  # Monday 09:00 in New York
STARTS = [NINE + timedelta(minutes=30 * it) for it in range(5)]
ADDRESS = "https://calendar.example/s3cret.ics"


def a_host(session: Session, **facts: Any) -> tuple[Actor, Show]:
    member = a_member(session, **facts)
    return staffing.actor(member), a_show(session, account_id=member.account_id)


def kinds(session: Session) -> list[tuple[str, dict[str, Any]]]:
    return [(it.kind, it.facts) for it in session.scalars(sa.select(Change).order_by(Change.id))]


def a_talk(session: Session, show: Show, starts_at: datetime, minutes: int = 60, state: str = "chosen") -> None:
    guest = Guest(created_at=NOW, account_id=show.account_id, name="Keiko Ono")
    session.add(guest)
    session.flush()
    invitation = Invitation(created_at=NOW, show_id=show.id, guest_id=guest.id, purpose="talk")
    session.add(invitation)
    session.flush()
    known = {"show_id": show.id, "guest_id": guest.id, "invitation_id": invitation.id, "starts_at": starts_at}
    session.add(Booking(created_at=NOW, state=state, minutes=minutes, zone="UTC", ends_at=NOW, revised_at=NOW, **known))
    session.flush()


def test_hours_are_kept_as_they_were_given(database: Database) -> None:
    night = Hours("Asia/Tokyo", (OpenRange(6, time(20), time(0)), OpenRange(0, time(9), time(12, 30))), 45, 5, 48, 30, 3)
    with database.transaction() as session:
        by, show = a_host(session)
        opening_hours.set_hours(session, show, MONDAYS, by=by, now=NOW)
        opening_hours.set_hours(session, show, night, by=by, now=NOW)

        assert slot_queries.hours_of(session, show.id) == night
        assert [kind for kind, _ in kinds(session)] == ["open_hours.set"] * 2


def test_hours_that_cannot_be_are_refused(database: Database) -> None:
    with database.transaction() as session:
        by, show = a_host(session)
        with pytest.raises(Invalid):
            opening_hours.set_hours(session, show, replace(MONDAYS, zone="Nowhere"), by=by, now=NOW)

        assert slot_queries.hours_of(session, show.id) is None


def test_closed_hours_offer_nothing(database: Database) -> None:
    with database.transaction() as session:
        by, show = a_host(session)
        opening_hours.set_hours(session, show, MONDAYS, by=by, now=NOW)
        opening_hours.close(session, show, by=by, now=NOW)

        assert slot_queries.slots_of(session, show, NOW) == []
        with pytest.raises(Refused):
            opening_hours.close(session, show, by=by, now=NOW)


def test_calendar_is_watched_and_forgotten_and_its_address_stands_nowhere_else(database: Database) -> None:
    with database.transaction() as session:
        by, show = a_host(session)
        opening_hours.watch(session, show, "webcal://calendar.example/s3cret.ics", by=by, now=NOW)
        standing = session.get_one(BusyCalendar, show.id)

        assert (standing.address, standing.try_at, standing.read_at) == (ADDRESS, NOW, None)
        opening_hours.forget(session, show, by=by, now=NOW)
        assert session.get(BusyCalendar, show.id) is None
        assert kinds(session) == [
            ("busy_calendar.set", {"host": "calendar.example"}),
            ("busy_calendar.taken_away", {"host": "calendar.example"}),
        ]
        with pytest.raises(Refused):
            opening_hours.forget(session, show, by=by, now=NOW)


@pytest.mark.parametrize("address", ["http://10.0.0.1/", "http://localhost/", "https://calendar.example:8443/", "busy.ics", ""])
def test_calendar_that_is_not_public_is_refused(database: Database, address: str) -> None:
    with database.transaction() as session:
        by, show = a_host(session)
        with pytest.raises(Invalid) as refusal:
            opening_hours.watch(session, show, address, by=by, now=NOW)

        assert [*refusal.value.errors] == ["address"]
        assert session.get(BusyCalendar, show.id) is None


def test_rule_may_be_handed_in_for_a_server_of_the_test(database: Database) -> None:
    with database.transaction() as session:
        by, show = a_host(session)
        opening_hours.watch(session, show, "http://127.0.0.1:8123/", by=by, now=NOW, rule=Rule(takes_loopback=True))

        assert session.get_one(BusyCalendar, show.id).address == "http://127.0.0.1:8123/"


def test_another_address_forgets_what_was_read_and_the_same_one_is_read_anew(database: Database) -> None:
    with database.transaction() as session:
        by, show = a_host(session)
        opening_hours.watch(session, show, ADDRESS, by=by, now=NOW)
        standing = session.get_one(BusyCalendar, show.id)
        standing.busy, standing.read_at, standing.etag = [[NINE.isoformat(), NINE.isoformat()]], NOW, '"1"'
        standing.try_at = NOW + timedelta(hours=6)
        later = NOW + timedelta(hours=1)
        opening_hours.watch(session, show, ADDRESS, by=by, now=later)
        session.refresh(standing)
        same = (len(standing.busy), standing.read_at, standing.etag, standing.try_at)
        opening_hours.watch(session, show, "https://other.example/", by=by, now=later)
        session.refresh(standing)

        assert same == (1, NOW, "", later)
        assert (len(standing.busy), standing.address) == (0, "https://other.example/")
        assert standing.read_at is None


@pytest.mark.parametrize("act", ["set", "close", "watch", "forget"])
def test_host_may_not_and_another_account_learns_nothing(database: Database, act: str) -> None:
    deeds = {
        "set": lambda session, show, by: opening_hours.set_hours(session, show, MONDAYS, by=by, now=NOW),
        "close": lambda session, show, by: opening_hours.close(session, show, by=by, now=NOW),
        "watch": lambda session, show, by: opening_hours.watch(session, show, ADDRESS, by=by, now=NOW),
        "forget": lambda session, show, by: opening_hours.forget(session, show, by=by, now=NOW),
    }
    with database.transaction() as session:
        leader, show = a_host(session, role="host")
        stranger, _ = a_host(session)
        producer = staffing.actor(a_member(session, account_id=show.account_id, role="producer"))

        with pytest.raises(NotAllowed):
            deeds[act](session, show, leader)
        with pytest.raises(NotFound):
            deeds[act](session, show, stranger)
        if act in {"set", "watch"}:
            deeds[act](session, show, producer)


def test_whatever_the_account_has_then_is_taken(database: Database) -> None:
    with database.transaction() as session:
        by, show = a_host(session)
        other = a_show(session, account_id=show.account_id)
        opening_hours.set_hours(session, show, MONDAYS, by=by, now=NOW)
        free = [slot_queries.slots_of(session, show, NOW)]
        a_call(session, other, starts_at=NINE, minutes=30)
        free.append(slot_queries.slots_of(session, show, NOW))
        a_talk(session, other, NINE + timedelta(hours=2), 30)
        free.append(slot_queries.slots_of(session, show, NOW))
        opening_hours.watch(session, show, ADDRESS, by=by, now=NOW)
        busy = [[(NINE + timedelta(hours=2.5)).isoformat(), (NINE + timedelta(hours=3)).isoformat()]]
        session.get_one(BusyCalendar, show.id).busy = busy
        free.append(slot_queries.slots_of(session, show, NOW))

        assert free == [STARTS, STARTS[1:], STARTS[1:3], STARTS[1:3]]


def test_what_is_off_or_of_another_account_takes_nothing(database: Database) -> None:
    with database.transaction() as session:
        by, show = a_host(session)
        opening_hours.set_hours(session, show, MONDAYS, by=by, now=NOW)
        a_call(session, show, starts_at=NINE, cancelled_at=NOW)
        a_call(session, a_show(session), starts_at=NINE)
        for state in ("lapsed", "declined", "cancelled"):
            a_talk(session, show, NINE, state=state)

        assert slot_queries.slots_of(session, show, NOW) == STARTS


def test_time_that_a_call_is_about_to_have_is_taken_already(database: Database) -> None:
    with database.transaction() as session:
        by, show = a_host(session)
        opening_hours.set_hours(session, show, MONDAYS, by=by, now=NOW)
        call, off = a_call(session, show), a_call(session, show, starts_at=NINE, minutes=30, cancelled_at=NOW, is_extra=True)
        moving = {"wall": "2026-11-23T11:00:00", "zone": "America/New_York", "minutes": 60, "fold": 0}
        known = {"created_at": NOW, "show_id": show.id, "by_id": None, "by_name": "Tara", "effect_at": NOW}
        session.add(Pending(id=new_id(), call_id=call.id, kind="move", facts=moving, **known))
        session.add(Pending(id=new_id(), call_id=off.id, kind="restore", facts={}, **known))
        session.flush()

        assert slot_queries.slots_of(session, show, NOW) == STARTS[1:3]


def test_talks_of_the_show_count_for_its_most_a_week(database: Database) -> None:
    with database.transaction() as session:
        by, show = a_host(session)
        opening_hours.set_hours(session, show, replace(MONDAYS, most_a_week=1, horizon=9), by=by, now=NOW)
        a_talk(session, a_show(session, account_id=show.account_id), NINE + timedelta(days=2))
        before = slot_queries.slots_of(session, show, NOW)
        a_talk(session, show, NINE + timedelta(days=3))

        assert before == [*STARTS, *(it + timedelta(days=7) for it in STARTS)]
        assert slot_queries.slots_of(session, show, NOW) == [it + timedelta(days=7) for it in STARTS]
