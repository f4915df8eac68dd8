"""Answers on the host's side: the card of a proposal and its two buttons, and what people said beside the registrations."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls import pending, worker
from calls.calendars import answering, updating
from calls.calendars.answers import Answered, Proposed
from calls.calendars.models import Entry, Proposal
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.history.models import Change
from calls.registrations.models import Attendee, Registration
from calls.shows.models import Call, Show
from tests.builders import NOW, a_call, a_member, a_registration, a_show, an_account, an_attendee
from tests.web.browsers import Browser, NewBrowser
from tests.web.reading import carried, rows, words

HOSTILE = "<script>alert(1)</script>\x07 \u202etsoh eht\nsecond line"


@pytest.fixture
def call(database: Database, show: Show) -> Call:
    with database.transaction() as session:
        return a_call(session, show, guest_name="Dr. Ono")


@pytest.fixture
def ada(database: Database, call: Call) -> Registration:
    return invited(database, call, "ada@example.com", "Ada")


def invited(database: Database, call: Call, email: str, name: str) -> Registration:
    with database.transaction() as session:
        own = session.get_one(Call, call.id)
        account_id = session.get_one(Show, own.show_id).account_id
        made = a_registration(session, own, an_attendee(session, account_id=account_id, email=email, name=name))
        updating.open_entries(session, [made], NOW)
        return made


def take(database: Database, registration: Registration, answer: str, **facts: Any) -> None:
    with database.transaction() as session:
        answering.take(session, Answered(**heard(session, registration) | facts, answer=answer), now=NOW)


def propose(database: Database, registration: Registration, **facts: Any) -> Proposal:
    """Wednesday at 18:00 in New York, for half an hour, unless said otherwise."""
    starts_at = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=30), "words": "20261125T180000"}
    with database.transaction() as session:
        answering.take_proposal(session, Proposed(**heard(session, registration) | times | facts), now=NOW)
        return session.scalars(sa.select(Proposal).order_by(Proposal.id.desc())).first() or Proposal()


def heard(session: Session, registration: Registration) -> dict[str, Any]:
    entry = session.scalars(sa.select(Entry).where(Entry.registration_id == registration.id)).one()
    attendee = session.get_one(Attendee, registration.attendee_id)
    known = {"uid": entry.uid, "sequence": 0, "stamped_at": NOW, "is_authentic": True, "comment": ""}
    return known | {"addresses": frozenset({attendee.email})}


def state(database: Database, proposal: Proposal) -> str:
    with database.reading() as session:
        return session.get_one(Proposal, proposal.id).state


def kept(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Change.kind).where(Change.kind.like("call.%")).order_by(Change.id)))


def test_proposal_stands_on_the_board_and_as_a_card_on_the_calls_page(
    browser: Browser, database: Database, call: Call, ada: Registration
) -> None:
    propose(database, ada, comment=HOSTILE)

    board, page = browser.get("/host"), browser.get(f"/host/calls/{call.id}")

    assert rows(board)[0][5] == "Another time is proposed."
    said = words(page)
    assert "Ada proposes another time Wednesday 25 November 2026, 18:00 New York time (UTC−05:00) · 30 minutes" in said
    assert "For Ada : Thursday 26 November 2026, 00:00, Berlin time (UTC+01:00)" in said
    assert "<script>alert(1)</script> tsoh eht second line" in said
    assert ("<script>alert" in page.text, "\u202e" in page.text, "\x07" in page.text) == (False, False, False)
    assert [it in said for it in ("Move the call there", "Keep the time")] == [True, True]


def test_moving_the_call_there_leads_through_the_preview_and_accepts_the_proposal(
    browser: Browser, database: Database, call: Call, ada: Registration, clock: SetClock
) -> None:
    proposal = propose(database, ada)
    facts = carried(browser.get(f"/host/calls/{call.id}"))

    preview = browser.post(f"/host/calls/{call.id}/time", facts)
    sent = browser.post(f"/host/calls/{call.id}/time", {**carried(preview), "deed": "send"})

    assert facts == {"day": "2026-11-25", "time": "18:00", "zone": "America/New_York", "minutes": "30", "fold": "0"}
    assert "Wednesday 25 November 2026, 18:00, New York time (UTC−05:00), for 30 minutes" in words(preview)
    assert (preview.status_code, sent.status_code, state(database, proposal)) == (200, 303, "open")

    clock.advance(minutes=10)
    with database.transaction() as session:
        assert pending.take_next(session, clock.now())
    with database.transaction() as session:
        worker.follow_up(session, clock.now())

    assert state(database, proposal) == "accepted"
    assert "proposes another time" not in words(browser.get(f"/host/calls/{call.id}"))


def test_keeping_the_time_refuses_the_proposal_once(
    browser: Browser, database: Database, call: Call, ada: Registration
) -> None:
    proposal = propose(database, ada)
    path = f"/host/calls/{call.id}/proposals/{proposal.id}/refusal"

    first = browser.post(path)
    shown, second = browser.get(first.headers["location"]), browser.post(path)

    assert (first.status_code, second.status_code, state(database, proposal)) == (303, 409, "refused")
    assert "The time stays. Who proposed the other one is told by mail." in words(shown)
    assert "proposes another time" not in words(shown)
    assert "Proposed another time: Wed 25 Nov 2026, 18:00, New York time." in words(shown)
    assert "Kept the time, and refused another that was proposed." in words(shown)
    assert kept(database) == ["call.time_proposed", "call.proposal_refused"]


def test_proposal_waits_no_longer_once_the_call_has_begun(
    browser: Browser, database: Database, call: Call, ada: Registration, clock: SetClock
) -> None:
    propose(database, ada)
    shown = []

    for moment in (call.starts_at - timedelta(minutes=1), call.starts_at):
        clock.set(moment)
        shown.append((rows(browser.get("/host"))[0][5], "proposes another time" in words(browser.get(f"/host/calls/{call.id}"))))

    assert shown == [("Another time is proposed.", True), ("", False)]


def test_time_that_nobody_can_tell_shows_its_words_and_an_empty_choice(
    browser: Browser, database: Database, call: Call, ada: Registration
) -> None:
    propose(database, ada, starts_at=None, ends_at=None, words="<i>half past</i> two")

    page = browser.get(f"/host/calls/{call.id}")

    assert "Which moment is meant cannot be told for sure. It was written so: <i>half past</i> two" in words(page)
    assert f'href="/host/calls/{call.id}/time">Choose another time' in page.text
    assert "Move the call there" not in page.text


def test_proposal_in_the_second_hour_of_a_clock_change_is_that_hour(
    browser: Browser, database: Database, call: Call, ada: Registration
) -> None:
    starts_at = datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    propose(database, ada, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))

    preview = browser.post(f"/host/calls/{call.id}/time", carried(browser.get(f"/host/calls/{call.id}")))

    assert "Sunday 7 November 2027, 01:30, New York time (UTC−05:00)" in words(preview)


def test_proposal_of_another_account_is_as_unknown_as_what_never_was(
    new_browser: NewBrowser, database: Database, call: Call, ada: Registration, browser: Browser
) -> None:
    proposal = propose(database, ada)
    with database.transaction() as session:
        stranger = a_member(session, account=an_account(session))
        other = a_call(session, a_show(session, account_id=call_account(session, call)))
    theirs = new_browser()
    theirs.sign_in(stranger)

    statuses = [
        theirs.post(f"/host/calls/{call.id}/proposals/{proposal.id}/refusal").status_code,
        browser.post(f"/host/calls/{other.id}/proposals/{proposal.id}/refusal").status_code,
        browser.post(f"/host/calls/{call.id}/proposals/{call.id}/refusal").status_code,
    ]

    assert (statuses, state(database, proposal)) == ([404, 404, 404], "open")


def call_account(session: Session, call: Call) -> UUID:
    return session.get_one(Show, call.show_id).account_id


def test_answers_stand_beside_the_registrations_with_their_comments(
    browser: Browser, database: Database, call: Call, ada: Registration
) -> None:
    bea, cay = invited(database, call, "bea@example.com", "Bea"), invited(database, call, "cay@example.com", "Cay")
    invited(database, call, "dot@example.com", "Dot")
    take(database, ada, "accepted", comment=HOSTILE)
    take(database, bea, "tentative")
    take(database, cay, "declined", comment="A <b>cold</b>")
    take(database, bea, "declined", addresses=frozenset({"party@crasher.example"}), comment=HOSTILE)

    page = browser.get(f"/host/calls/{call.id}/registrations")
    sheet = browser.get(f"/host/calls/{call.id}/registrations.csv").text

    assert "Answers: 1 yes, 1 maybe, 1 no, 1 unanswered." in words(page)
    assert "Answers: 1 yes, 1 maybe, 1 no, 1 unanswered." in words(browser.get(f"/host/calls/{call.id}"))
    shown = rows(page)
    assert [(it[0].partition(" ")[0], it[5]) for it in shown[:3]] == [
        ("Ada", "yes <script>alert(1)</script> tsoh eht second line"),
        ("Bea", "maybe"),
        ("Dot", ""),
    ]
    assert shown[3:] == [
        ["Cay cay@example.com", "A <b>cold</b>"],
        ["party@crasher.example", "Bea", "no", "<script>alert(1)</script> tsoh eht second line"],
    ]
    assert ("<script>alert" in page.text, "\u202e" in page.text) == (False, False)
    assert ",yes," in sheet
