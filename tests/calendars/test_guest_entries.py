"""A guest's bookings in calendars: what she answers, another time that she proposes, her own feed, and the host's feed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from calls.calendars import (
    answering,
    answering_guests,
    noting,
    proposing,
    publishing,
    publishing_guests,
    queries,
    updating,
    updating_guests,
)
from calls.calendars.answers import ACCEPTED, DECLINED, TENTATIVE, Answered, Proposed
from calls.calendars.models import Entry, Proposal, Reply
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.guests.models import Booking, Invitation
from calls.team.models import Member
from tests.calendars import readers
from tests.calendars.grammar import check_feed, check_mail_part
from tests.fakes import FakeMail
from tests.invited import KEN, MIA, Invited, invited, letters_to
from tests.studio import LINKS, Studio, a_studio

HER_ADDRESS = frozenset({KEN.email})


@pytest.fixture
def studio(database: Database, clock: SetClock) -> Studio:
    return a_studio(database, clock, FakeMail(clock))


@pytest.fixture
def ken(studio: Studio) -> Invited:
    """Ken Ono, for whom the second date is held; the letter is out."""
    found = invited(studio)
    found.choose(1)
    studio.work()
    return found


def entry_of(ken: Invited) -> Entry:
    with ken.booking() as (session, booking, _):
        found = queries.entry_of_booking(session, booking.id)
        assert found is not None
        return found


def state(ken: Invited) -> tuple[str, bool]:
    """The state of the last booking, and whether the guest has accepted."""
    with ken.booking() as (_, booking, __):
        return booking.state, booking.accepted_at is not None


def an_answer(ken: Invited, answer: str, **facts: Any) -> Answered:
    known: dict[str, Any] = {"uid": entry_of(ken).uid, "sequence": 0, "stamped_at": ken.studio.clock.now(), "answer": answer}
    return Answered(**known | {"addresses": HER_ADDRESS, "is_authentic": True} | facts)


def take(ken: Invited, answered: Answered) -> str:
    with ken.studio.database.transaction() as session:
        said = answering.take(session, answered, now=ken.studio.clock.now())
    ken.studio.work()
    return said


def propose(ken: Invited, **facts: Any) -> str:
    entry, now = entry_of(ken), ken.studio.clock.now()
    known: dict[str, Any] = {"starts_at": now + timedelta(days=30), "ends_at": None, "words": "20261222T100000"}
    proposed = Proposed(entry.uid, 0, now, HER_ADDRESS, is_authentic=True, **known | facts)
    with ken.studio.database.transaction() as session:
        said = answering.take_proposal(session, proposed, now=now)
    ken.studio.work()
    return said


def test_yes_in_the_calendar_confirms_a_held_date(ken: Invited) -> None:
    said = take(ken, an_answer(ken, ACCEPTED))

    assert (said, state(ken)) == (answering_guests.ACCEPTS, ("confirmed", True))
    agreed = ken.letters()[-1]
    assert (agreed.subject, agreed.entry("STATUS"), agreed.entry("SEQUENCE")) == (
        "You are our guest: Ask Tara, Wed 2 Dec 2026",
        "CONFIRMED",
        "1",
    )
    assert "Still needed from you: " in agreed.text


def test_yes_to_a_confirmed_date_says_that_she_is_still_on(ken: Invited) -> None:
    take(ken, an_answer(ken, ACCEPTED))
    ken.studio.wait(hours=2)

    said = take(ken, an_answer(ken, ACCEPTED, sequence=1))

    with ken.booking() as (_, booking, __):
        assert (said, booking.checked_at) == (answering_guests.STILL_ON, ken.studio.clock.now())


def test_maybe_changes_nothing(ken: Invited) -> None:
    said = take(ken, an_answer(ken, TENTATIVE))

    assert (said, state(ken), entry_of(ken).answer) == (noting.SAID[noting.COUNTED], ("chosen", False), TENTATIVE)


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_no_gives_the_date_back_and_tells_the_host(ken: Invited, is_confirmed: bool) -> None:
    if is_confirmed:
        ken.accept()
        ken.studio.work()

    said = take(ken, an_answer(ken, DECLINED, comment="I am ill"))

    told = letters_to(ken.studio, "tara@example.com")[-1]
    assert (said, state(ken)) == (answering_guests.GAVE_BACK, ("declined", is_confirmed))
    assert (told.subject.startswith("Ken Ono cannot come"), "I am ill" in told.text) == (is_confirmed, True)
    assert (ken.letters()[-1].method, ken.letters()[-1].entry("STATUS")) == ("CANCEL", "")


def test_answer_from_another_address_is_noted_and_does_nothing(ken: Invited) -> None:
    said = take(ken, an_answer(ken, DECLINED, addresses=frozenset({"else@example.com"})))

    assert (said, state(ken)) == (noting.SAID[noting.STRANGER], ("chosen", False))


def test_same_answer_twice_is_one(ken: Invited) -> None:
    first = an_answer(ken, DECLINED)

    said = [take(ken, first), take(ken, first)]

    with ken.studio.database.reading() as session:
        kept = session.scalar(sa.select(sa.func.count()).select_from(Reply))
    assert (said, kept) == ([answering_guests.GAVE_BACK, noting.TWICE], 1)


def test_answer_to_the_time_before_a_move_does_not_count(ken: Invited) -> None:
    before = an_answer(ken, DECLINED)
    ken.studio.move("2026-12-01T17:00:00", 1)
    ken.studio.wait(minutes=11)

    said = take(ken, before)

    assert (said, state(ken)) == (noting.SAID[noting.OLD_TIME], ("chosen", False))


def test_yes_after_the_hold_has_lapsed_is_noted_only(ken: Invited) -> None:
    late = an_answer(ken, ACCEPTED)
    ken.studio.wait(hours=80)

    said = take(ken, late)

    assert (said, state(ken)) == (noting.SAID[noting.COUNTED], ("lapsed", False))


def test_another_time_is_a_card_and_refusing_it_sends_a_declinecounter(ken: Invited) -> None:
    said = propose(ken)
    with ken.studio.database.transaction() as session:
        call = ken.studio.call(session, 1)
        [(proposal, guest)] = queries.open_proposals_of_guests(session, call.id)
        waiting = queries.proposals_waiting(session, [call.id])
        proposing.refuse(session, proposal, call, by=ken.studio.by, now=ken.studio.clock.now())
    ken.studio.wait(hours=12)

    answer = ken.letters()[-1]
    assert (said, guest.name, waiting) == (proposing.KEPT, "Ken Ono", {call.id: 1})
    assert (answer.subject, answer.method) == ("The time of your call stays: Ask Tara, Wed 2 Dec 2026", "DECLINECOUNTER")
    assert check_mail_part(answer.calendar or b"") == []


def test_move_to_the_proposed_time_settles_the_card(ken: Invited) -> None:
    propose(ken, starts_at=datetime.fromisoformat("2026-12-01T22:00:00+00:00"))
    ken.studio.move("2026-12-01T17:00:00", 1)
    ken.studio.wait(minutes=11)

    with ken.studio.database.reading() as session:
        assert session.scalars(sa.select(Proposal.state)).all() == ["accepted"]


def test_guests_feed_has_all_her_bookings_held_ones_tentative(ken: Invited) -> None:
    with ken.studio.database.transaction() as session:
        feed = updating_guests.open_feed(session, ken.guest_id, ken.studio.clock.now())
        held = publishing_guests.guest_feed(session, feed, LINKS, ken.studio.clock.now()).body
    ken.accept()
    ken.studio.work()
    with ken.studio.database.reading() as session:
        agreed = publishing_guests.guest_feed(session, feed, LINKS, ken.studio.clock.now()).body

    assert [(check_feed(it), it.count(b"BEGIN:VEVENT")) for it in (held, agreed)] == [([], 1), ([], 1)]
    assert (b"STATUS:TENTATIVE" in held, b"STATUS:CONFIRMED" in agreed, b"SEQUENCE:1" in agreed) == (True, True, True)
    assert b"SUMMARY:Ask Tara: your call as guest" in agreed
    assert [it.uid for it in readers.by_icalendar(agreed)] == [entry_of(ken).uid]


def host_summaries(studio: Studio) -> dict[str, str]:
    """SUMMARY and STATUS of the first three dates in the host's feed."""
    with studio.database.transaction() as session:
        member = session.get_one(Member, studio.by.id)
        feed = updating.open_host_feed(session, member.id, studio.clock.now())
        body = publishing.host_feed(session, feed, member, LINKS, studio.clock.now()).body
    assert check_feed(body) == []
    events = body.decode().replace("\r\n ", "").split("BEGIN:VEVENT")[1:4]
    lines = [dict(line.partition(":")[::2] for line in it.split("\r\n")) for it in events]
    return {it["SUMMARY"]: it["STATUS"] for it in lines}


def test_host_sees_who_holds_a_date_and_open_dates_stay_open(ken: Invited) -> None:
    held = host_summaries(ken.studio)
    ken.accept()
    ken.studio.work()
    agreed = host_summaries(ken.studio)

    assert held == {
        "[0 of 1\\,000] OPEN · Ask Tara": "CONFIRMED",
        "[0 of 1\\,000] Ask Tara: HOLD Ken Ono?": "TENTATIVE",
    }
    assert agreed == {
        "[0 of 1\\,000] OPEN · Ask Tara": "CONFIRMED",
        "[0 of 1\\,000] Ask Tara: Dr. Ken Ono": "CONFIRMED",
    }


def test_hold_that_begins_and_ends_makes_the_hosts_entry_newer(ken: Invited) -> None:
    with ken.studio.database.reading() as session:
        before = ken.studio.call(session, 1).host_revised_at
    ken.decline()
    ken.studio.work()

    with ken.studio.database.reading() as session:
        assert ken.studio.call(session, 1).host_revised_at > before


def test_talk_without_a_call_has_its_own_entry_in_both_calendars(studio: Studio) -> None:
    mia = invited(studio, MIA)
    with studio.database.transaction() as session:
        now, starts_at = studio.clock.now(), studio.clock.now() + timedelta(days=3)
        invitation = session.get_one(Invitation, mia.invitation_id)
        whole = now.replace(microsecond=0)
        booking = Booking(
            created_at=now,
            show_id=studio.show_id,
            guest_id=mia.guest_id,
            invitation_id=invitation.id,
            state="confirmed",
            starts_at=starts_at,
            zone="America/New_York",
            minutes=30,
            ends_at=starts_at,
            revised_at=whole,
        )
        session.add(booking)
        session.flush()
        updating_guests.open_entry(session, booking, now)
        feed = updating_guests.open_feed(session, mia.guest_id, now)
        hers = publishing_guests.guest_feed(session, feed, LINKS, now).body
        member = session.get_one(Member, studio.by.id)
        hosts = publishing.host_feed(session, updating.open_host_feed(session, member.id, now), member, LINKS, now).body

    assert (check_feed(hers), check_feed(hosts)) == ([], [])
    assert b"SUMMARY:Ask Tara: your talk with the host" in hers
    assert b"SUMMARY:Ask Tara: talk with Mia Silva" in hosts
