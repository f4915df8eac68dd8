"""What an answer does: which one counts, what a No gives back, and what becomes of another time that was proposed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls import pending
from calls.calendars import answering, noting, proposing, queries
from calls.calendars.answers import ACCEPTED, DECLINED, TENTATIVE, Answered, Proposed
from calls.calendars.models import Entry, Proposal, Reply
from calls.ground.database import new_id
from calls.ground.refusals import NotFound, Refused
from calls.history import queries as history
from calls.history import story
from calls.history.models import Change
from calls.registrations import registering
from calls.registrations.models import Registration
from calls.shows.models import Call
from tests.calendars.grammar import check_mail_part
from tests.fakes import FakeMail, Letter
from tests.studio import ANN, BOB, CLEO, Studio

STAMP = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def ann(series: Studio) -> UUID:
    """Ann's registration for the first call, her invitation sent a day ago."""
    made = series.register(ANN)
    series.work()
    series.wait(days=2)
    return made


def letters(studio: Studio, address: str = ANN.email) -> list[Letter]:
    mail = studio.mail
    assert isinstance(mail, FakeMail)
    return mail.to(address)


def entry(studio: Studio, registration_id: UUID) -> Entry:
    with studio.database.reading() as session:
        return session.scalars(sa.select(Entry).where(Entry.registration_id == registration_id)).one()


def registration(studio: Studio, registration_id: UUID) -> Registration:
    with studio.database.reading() as session:
        return session.get_one(Registration, registration_id)


def taken(studio: Studio, number: int = 0) -> int:
    with studio.database.reading() as session:
        return studio.call(session, number).taken


def replies(studio: Studio) -> list[tuple[str, str, int, str]]:
    with studio.database.reading() as session:
        found = session.scalars(sa.select(Reply).order_by(Reply.id))
        return [(it.way, it.answer, it.sequence, it.standing) for it in found]


def an_answer(studio: Studio, registration_id: UUID, answer: str = ACCEPTED, **facts: Any) -> Answered:
    known: dict[str, Any] = {"uid": entry(studio, registration_id).uid, "sequence": 0, "stamped_at": STAMP, "answer": answer}
    known |= {"addresses": frozenset({"ANN@example.com", "someone@example.net"}), "is_authentic": True}
    return Answered(**known | facts)


def a_proposal(studio: Studio, registration_id: UUID, **facts: Any) -> Proposed:
    starts_at = datetime(2026, 10, 28, 18, 0, tzinfo=UTC)
    known: dict[str, Any] = {"uid": entry(studio, registration_id).uid, "sequence": 0, "stamped_at": STAMP}
    known |= {"addresses": frozenset({ANN.email}), "is_authentic": True, "comment": "Later, please", "words": "20261028T110000"}
    known |= {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    return Proposed(**known | facts)


def take(studio: Studio, *answers: Answered) -> list[str]:
    said = []
    for it in answers:
        with studio.database.transaction() as session:
            said.append(answering.take(session, it, now=studio.clock.now()))
    return said


def propose(studio: Studio, *proposals: Proposed) -> list[str]:
    said = []
    for it in proposals:
        with studio.database.transaction() as session:
            said.append(answering.take_proposal(session, it, now=studio.clock.now()))
    return said


def states(studio: Studio) -> list[str]:
    with studio.database.reading() as session:
        return list(session.scalars(sa.select(Proposal.state).order_by(Proposal.id)))


@pytest.mark.parametrize("answer", [ACCEPTED, TENTATIVE])
def test_yes_and_maybe_stand_there_and_change_nothing_else(series: Studio, ann: UUID, answer: str) -> None:
    before = len(series.messages())

    said = take(series, an_answer(series, ann, answer, comment="With my\u202e sister <b>\x07"))
    series.work()

    own = entry(series, ann)
    assert (said, own.answer, own.answered_at) == (["An answer was counted."], answer, STAMP)
    assert (replies(series), taken(series), len(series.messages())) == ([("mail", answer, 0, "counted")], 1, before)
    with series.database.reading() as session:
        assert queries.said_of(session, [ann]) == {ann: (answer, "With my\u202e sister <b>")}


def test_answer_to_no_invitation_of_ours_changes_nothing(series: Studio, ann: UUID) -> None:
    said = take(series, an_answer(series, ann, uid="inv-unknown"))

    assert (said, replies(series)) == ([noting.UNKNOWN], [])


@pytest.mark.parametrize("facts", [{"addresses": frozenset({"party@crasher.example"})}, {"is_authentic": False}])
def test_stranger_changes_nothing_and_is_kept_for_the_host(series: Studio, ann: UUID, facts: dict[str, Any]) -> None:
    before = len(series.messages())
    no = an_answer(series, ann, DECLINED, comment="Not me", **facts)

    said = take(series, no, no)
    series.work()

    assert said == [noting.SAID["stranger"], noting.TWICE]
    assert (replies(series), entry(series, ann).answer) == ([("mail", DECLINED, 0, "stranger")], None)
    assert (taken(series), len(series.messages())) == (1, before)
    with series.database.reading() as session:
        [(reply, invited)] = queries.strangers_of_call(session, series.call(session).id, 10)
        assert (invited.email, reply.comment) == (ANN.email, "Not me")


# Each answer: what is said, SEQUENCE, minutes after the first; then what stands in the end, and the standing of each.
ORDERS = [
    ([(ACCEPTED, 1, 0)], ACCEPTED, ["counted"]),
    ([(ACCEPTED, None, 0)], ACCEPTED, ["counted"]),
    ([(ACCEPTED, 2, 0)], ACCEPTED, ["counted"]),
    ([(ACCEPTED, 0, 0)], None, ["old time"]),
    ([(ACCEPTED, 1, 0), (TENTATIVE, 1, 5)], TENTATIVE, ["counted", "counted"]),
    ([(ACCEPTED, 1, 5), (TENTATIVE, 1, 0)], ACCEPTED, ["counted", "older"]),
    ([(ACCEPTED, 1, 5), (DECLINED, 2, 0)], ACCEPTED, ["counted", "older"]),
    ([(ACCEPTED, 1, 0), (DECLINED, 0, 5)], ACCEPTED, ["counted", "old time"]),
    ([(ACCEPTED, 1, 0), (TENTATIVE, 1, 0)], TENTATIVE, ["counted", "counted"]),
    ([(ACCEPTED, 1, 0), (ACCEPTED, 1, 0)], ACCEPTED, ["counted"]),
    ([(ACCEPTED, None, 0), (ACCEPTED, 1, 0)], ACCEPTED, ["counted"]),
    ([(DECLINED, 0, 5), (DECLINED, 0, 5)], None, ["old time"]),
    ([(ACCEPTED, -1, 0)], None, ["old time"]),
    ([(ACCEPTED, 10**12, 0)], ACCEPTED, ["counted"]),
]


@pytest.mark.parametrize(("answers", "stands", "standings"), ORDERS)
def test_order_of_answers_after_a_move(
    series: Studio, ann: UUID, answers: list[tuple[str, int | None, int]], stands: str | None, standings: list[str]
) -> None:
    """M20: the SEQUENCE that is asked for, then the stamp."""
    series.ask("move", wall="2026-10-15T09:00:00", zone="America/Los_Angeles", minutes=60)
    series.wait(minutes=11)
    assert entry(series, ann).asked_sequence == 1

    for answer, sequence, minutes in answers:
        take(series, an_answer(series, ann, answer, sequence=sequence, stamped_at=STAMP + timedelta(minutes=minutes)))

    assert (entry(series, ann).answer, [it[3] for it in replies(series)]) == (stands, standings)
    assert taken(series) == 1


def test_case_25_answer_to_the_time_before_leaves_the_new_one_unanswered(series: Studio, ann: UUID) -> None:
    take(series, an_answer(series, ann, ACCEPTED))
    series.ask("move", wall="2026-10-15T09:00:00", zone="America/Los_Angeles", minutes=60)
    series.wait(minutes=11)
    moved = entry(series, ann)

    late = take(series, an_answer(series, ann, DECLINED, sequence=0, stamped_at=STAMP + timedelta(days=3)))
    anew = take(series, an_answer(series, ann, TENTATIVE, sequence=1, stamped_at=STAMP + timedelta(days=1)))
    earlier = take(series, an_answer(series, ann, DECLINED, sequence=1, stamped_at=STAMP))

    assert (moved.answer, moved.answered_at, moved.asked_sequence) == (None, None, 1)
    assert [late, anew, earlier] == [[noting.SAID[it]] for it in ("old time", "counted", "older")]
    assert (entry(series, ann).answer, taken(series)) == (TENTATIVE, 1)


def test_move_whose_follow_ups_are_still_to_come_has_asked_anew_already(series: Studio, ann: UUID) -> None:
    series.ask("move", wall="2026-10-15T09:00:00", zone="America/Los_Angeles", minutes=60)
    series.clock.advance(minutes=11)
    with series.database.transaction() as session:
        pending.take_next(session, series.clock.now())

    said = take(series, an_answer(series, ann, DECLINED, sequence=0), an_answer(series, ann, ACCEPTED, sequence=1))
    series.work()

    assert said == [noting.SAID["old time"], noting.SAID["counted"]]
    assert (entry(series, ann).answer, entry(series, ann).asked_sequence, taken(series)) == (ACCEPTED, 1, 1)


def test_step_that_is_taken_again_wipes_no_answer_given_since(series: Studio, ann: UUID) -> None:
    series.ask("move", wall="2026-10-15T09:00:00", zone="America/Los_Angeles", minutes=60)
    series.wait(minutes=11)
    series.ask("guest", guest_name="Dr. Ono")
    series.wait(minutes=11)
    take(series, an_answer(series, ann, ACCEPTED, sequence=2))
    with series.database.reading() as session:
        moved = session.scalars(sa.select(Change).where(Change.kind == "call.moved")).one()
    series.update(Change, moved.id, followed_up_at=None, step=0, cursor=None)

    series.work()

    assert (entry(series, ann).answer, entry(series, ann).asked_sequence) == (ACCEPTED, 1)


def test_another_guest_asks_nobody_anew_and_a_restored_call_does(series: Studio, ann: UUID) -> None:
    take(series, an_answer(series, ann, ACCEPTED))
    series.ask("guest", guest_name="Dr. Ono")
    series.wait(minutes=11)
    after_guest = entry(series, ann).answer
    series.ask("cancel", reason="")
    series.wait(minutes=11)
    series.ask("restore")
    series.wait(minutes=11)

    assert (after_guest, entry(series, ann).answer, entry(series, ann).asked_sequence) == (ACCEPTED, None, 3)


def test_another_schedule_asks_those_anew_whose_calls_it_moves(series: Studio, ann: UUID) -> None:
    bob = series.register(BOB, 1)
    series.work()
    take(series, an_answer(series, ann), an_answer(series, bob, addresses=frozenset({BOB.email})))
    rule = {"first_day": "2026-10-14", "first_time": "10:00", "zone": "America/Los_Angeles", "minutes": 60}
    series.ask("reschedule", None, rrule="FREQ=WEEKLY;BYDAY=WE;COUNT=8", **rule)
    series.wait(minutes=11)

    assert [(it.answer, it.asked_sequence) for it in (entry(series, ann), entry(series, bob))] == [(None, 1), (None, 1)]


def test_registration_that_moves_to_another_date_is_asked_anew(series: Studio, ann: UUID) -> None:
    take(series, an_answer(series, ann))
    with series.registration(ann) as (session, mine, by):
        registering.move_to(session, mine, series.call(session, 2), by=by, now=series.clock.now())
    series.work()

    assert (entry(series, ann).answer, entry(series, ann).asked_sequence) == (None, 1)


def test_her_no_frees_the_seat_and_its_mail_says_why_and_how_to_undo_it(series: Studio, ann: UUID) -> None:
    said = take(series, an_answer(series, ann, DECLINED))
    series.work()

    [_, gone] = letters(series)
    assert (said, taken(series), registration(series, ann).state) == ([answering.FREED], 0, "cancelled")
    assert (gone.subject.partition(":")[0], gone.method, gone.entry("SEQUENCE")) == ("You gave up your seat", "CANCEL", "1")
    assert "We did this because your calendar answered No." in gone.text
    assert "Take a seat again: https://calls.example/r/" in gone.text
    assert check_mail_part(cast(bytes, gone.calendar)) == []


def test_no_and_its_undo_give_a_request_above_the_cancel(series: Studio, ann: UUID) -> None:
    take(series, an_answer(series, ann, DECLINED))
    series.work()
    series.wait(minutes=5)
    series.register(ANN)
    series.work()

    twice = take(series, an_answer(series, ann, DECLINED, sequence=0, stamped_at=STAMP + timedelta(hours=1)))

    assert [(it.method, it.entry("SEQUENCE")) for it in letters(series)] == [("REQUEST", "0"), ("CANCEL", "1"), ("REQUEST", "2")]
    assert "because your calendar" not in letters(series)[2].text
    assert (twice, taken(series), entry(series, ann).answer) == ([noting.SAID["old time"]], 1, None)


def test_google_says_one_no_in_two_mails(series: Studio, ann: UUID) -> None:
    """M18: one from the person, one from the calendar with the person in Reply-To."""
    no = an_answer(series, ann, DECLINED)
    other = replace(no, addresses=frozenset({ANN.email, "calendar-notification@google.com"}))

    said = take(series, no, other)
    series.work()

    assert (said, len(replies(series)), len(letters(series))) == ([answering.FREED, noting.TWICE], 1, 2)


@pytest.mark.parametrize("what", ["over", "cancelled call", "cancelled registration"])
def test_no_to_what_is_not_before_her_is_noted_and_nothing_else(series: Studio, ann: UUID, what: str) -> None:
    if what == "over":
        series.clock.set(datetime(2026, 10, 14, 18, 0, tzinfo=UTC))
    elif what == "cancelled call":
        series.ask("cancel", reason="")
        series.wait(minutes=11)
    else:
        series.cancel_registration(ann)
    series.work()
    before, seats, state = len(series.messages()), taken(series), registration(series, ann).state

    said = take(series, an_answer(series, ann, DECLINED, sequence=1))
    series.work()

    assert (said, entry(series, ann).answer) == ([noting.SAID["counted"]], DECLINED)
    assert (len(series.messages()), taken(series), registration(series, ann).state) == (before, seats, state)


def test_yes_after_she_gave_up_her_seat_takes_none(series: Studio, ann: UUID) -> None:
    series.cancel_registration(ann)
    series.work()

    said = take(series, an_answer(series, ann, ACCEPTED, sequence=1))

    assert (said, taken(series), registration(series, ann).state) == ([noting.SAID["counted"]], 0, "cancelled")


def test_no_to_one_date_of_a_pass_frees_that_date_only(series: Studio) -> None:
    series.take_pass(CLEO)
    series.work()
    with series.database.reading() as session:
        first = session.scalars(sa.select(Registration.id).where(Registration.call_id == series.call(session).id)).one()

    take(series, an_answer(series, first, DECLINED, addresses=frozenset({CLEO.email})))
    series.work()

    assert [taken(series, number) for number in range(3)] == [0, 1, 1]


def test_calendar_whose_clock_is_ahead_does_not_drown_what_she_says_later(series: Studio, ann: UUID) -> None:
    take(series, an_answer(series, ann, ACCEPTED, stamped_at=series.clock.now() + timedelta(days=30)))
    series.wait(minutes=1)
    with series.registration(ann) as (session, mine, _):
        answering.take_by_link(session, mine, TENTATIVE, now=series.clock.now())

    assert entry(series, ann).answer == TENTATIVE


def test_mail_of_the_second_in_which_she_answered_on_a_page_counts_since_it_came_later(series: Studio, ann: UUID) -> None:
    series.clock.advance(seconds=0.7)
    with series.registration(ann) as (session, mine, _):
        answering.take_by_link(session, mine, ACCEPTED, now=series.clock.now())
    stamp = series.clock.now().replace(microsecond=0)
    of_before = an_answer(series, ann, DECLINED, stamped_at=stamp - timedelta(seconds=1))

    said = take(series, of_before, an_answer(series, ann, TENTATIVE, stamped_at=stamp))

    assert said == [noting.SAID["older"], noting.SAID["counted"]]
    assert (entry(series, ann).answer, taken(series)) == (TENTATIVE, 1)


def test_history_of_the_call_tells_who_said_what(series: Studio, ann: UUID) -> None:
    take(series, an_answer(series, ann, DECLINED))
    with series.database.reading() as session:
        told = [(it.by_name, story.sentence(it.kind, it.facts)) for it in history.story_of_call(session, series.call(session).id)]

    assert told == [("Ann Lee", "Said No in the calendar.")]


def test_answers_are_counted_for_the_host(series: Studio, ann: UUID) -> None:
    bob = series.register(BOB)
    series.register(CLEO)
    series.work()
    take(series, an_answer(series, ann, DECLINED), an_answer(series, bob, TENTATIVE, addresses=frozenset({BOB.email})))

    with series.database.reading() as session:
        call = series.call(session)
        assert queries.answers_of_call(session, call.id) == {DECLINED: 1, TENTATIVE: 1, "": 1}
        assert [it.attendee.name for it in queries.declined_of_call(session, call.id, 5)] == ["Ann Lee"]


def test_case_24_proposal_is_kept_once_and_refused_by_one_mail(series: Studio) -> None:
    ann = series.register(ANN, 2)
    series.work()
    series.wait(days=1)

    said = propose(series, a_proposal(series, ann), a_proposal(series, ann, stamped_at=STAMP + timedelta(hours=1)))
    refuse(series)
    series.work()
    with pytest.raises(Refused, match="decided on already"):
        refuse(series)

    [asked, refused] = letters(series)
    assert said == [proposing.KEPT, proposing.TWICE]
    assert (refused.subject, refused.method) == ("The time stays: Ask Tara, Wed 28 Oct 2026", "DECLINECOUNTER")
    assert [refused.entry(it) for it in ("UID", "SEQUENCE", "DTSTART", "DTEND")] == [
        asked.entry(it) for it in ("UID", "SEQUENCE", "DTSTART", "DTEND")
    ]
    assert refused.entry("COMMENT").startswith("The call stays at its time: Wednesday 28 October 2026\\, 09:00")
    assert "You proposed: Wednesday 28 October 2026, 19:00, Berlin time (UTC+01:00)" in refused.text
    assert check_mail_part(cast(bytes, refused.calendar)) == []
    assert states(series) == ["refused"]


def refuse(studio: Studio) -> None:
    with studio.database.transaction() as session:
        proposal = session.scalars(sa.select(Proposal).order_by(Proposal.id.desc())).first()
        assert proposal is not None
        call = session.get_one(Call, proposal.call_id)
        proposing.refuse(session, proposal, call, by=studio.by, now=studio.clock.now())


def test_case_24_call_that_is_moved_there_accepts_the_proposal(series: Studio) -> None:
    ann, bob = series.register(ANN, 2), series.register(BOB, 2)
    series.work()
    elsewhere = datetime(2026, 10, 29, 18, 0, tzinfo=UTC)
    others = {"addresses": frozenset({BOB.email}), "starts_at": elsewhere, "ends_at": None}
    propose(series, a_proposal(series, ann), a_proposal(series, bob, **others))
    series.wait(hours=1)
    series.ask("move", 2, wall="2026-10-28T11:00:00", zone="America/Los_Angeles", minutes=60)
    before = states(series)
    series.wait(minutes=11)

    assert (before, states(series)) == (["open", "open"], ["accepted", "overtaken"])
    assert [(it.method, it.entry("SEQUENCE")) for it in letters(series)] == [("REQUEST", "0"), ("REQUEST", "1")]


def test_cancelled_call_has_nothing_to_propose_for(series: Studio, ann: UUID) -> None:
    propose(series, a_proposal(series, ann))
    series.ask("cancel", reason="")
    series.wait(minutes=11)

    later = propose(series, a_proposal(series, ann, stamped_at=STAMP + timedelta(days=1)))

    assert (states(series), later) == (["overtaken", "overtaken"], [proposing.LATE])


def test_later_proposal_takes_the_place_of_an_earlier_one(series: Studio, ann: UUID) -> None:
    later = datetime(2026, 10, 30, 18, 0, tzinfo=UTC)
    first, second = a_proposal(series, ann), a_proposal(series, ann, starts_at=later, ends_at=None)

    said = propose(series, first, replace(second, stamped_at=STAMP + timedelta(hours=1)), replace(second, words="older"))

    assert (said, states(series)) == ([proposing.KEPT, proposing.KEPT, proposing.LATE], ["overtaken", "open", "overtaken"])


def test_proposal_against_the_time_before_is_overtaken(series: Studio, ann: UUID) -> None:
    series.ask("move", wall="2026-10-15T09:00:00", zone="America/Los_Angeles", minutes=60)
    series.wait(minutes=11)
    anew = STAMP + timedelta(days=1)

    said = propose(series, a_proposal(series, ann, sequence=0), a_proposal(series, ann, sequence=1, stamped_at=anew))

    assert (said, states(series)) == ([proposing.LATE, proposing.KEPT], ["overtaken", "open"])


def test_strangers_proposal_is_an_answer_of_a_stranger(series: Studio, ann: UUID) -> None:
    said = propose(series, a_proposal(series, ann, is_authentic=False))

    assert (said, states(series), replies(series)) == ([noting.SAID["stranger"]], [], [("mail", "proposed", 0, "stranger")])


@pytest.mark.parametrize("starts_at", [None, datetime(9999, 12, 31, 23, 59, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)])
def test_time_that_nobody_can_tell_is_kept_in_its_words(series: Studio, ann: UUID, starts_at: datetime | None) -> None:
    propose(series, a_proposal(series, ann, starts_at=starts_at, ends_at=None, words="2:30 PM\n (UTC-8) Somewhere\x00"))
    refuse(series)
    series.work()

    with series.database.reading() as session:
        kept = session.scalars(sa.select(Proposal)).one()
    assert (kept.starts_at, kept.words) == (None, "2:30 PM (UTC-8) Somewhere")
    assert "You proposed: 2:30 PM (UTC-8) Somewhere" in letters(series)[-1].text


def test_refusal_that_waits_is_dropped_when_the_call_is_moved_after_all(series: Studio, ann: UUID) -> None:
    propose(series, a_proposal(series, ann))
    refuse(series)
    series.write()
    series.ask("move", wall="2026-10-15T09:00:00", zone="America/Los_Angeles", minutes=60)
    series.clock.advance(minutes=11)
    series.write()
    series.work()

    faults = [it.fault for it in series.messages() if it.kind == "proposal_refused"]
    assert faults == ["the call no longer is at the time that was to stay"]


def test_refusal_tells_nothing_else_so_other_news_still_comes(series: Studio, ann: UUID) -> None:
    propose(series, a_proposal(series, ann))
    refuse(series)
    series.ask("guest", guest_name="Dr. Ono")
    series.clock.advance(minutes=11)
    series.work()
    series.wait(minutes=30)

    assert [it.method for it in letters(series)] == ["REQUEST", "DECLINECOUNTER", "REQUEST"]
    assert "Speaking now: Dr. Ono." in letters(series)[-1].text


def test_only_who_may_move_calls_decides_on_proposals(series: Studio, ann: UUID) -> None:
    propose(series, a_proposal(series, ann))
    with series.database.transaction() as session:
        proposal = session.scalars(sa.select(Proposal)).one()
        call = session.get_one(Call, proposal.call_id)
        with pytest.raises(NotFound):
            proposing.refuse(session, proposal, call, by=replace(series.by, account_id=new_id()), now=series.clock.now())
    assert states(series) == ["open"]
