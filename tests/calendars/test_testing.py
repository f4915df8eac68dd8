"""A member's calendar test: its three mails, what her calendar answers, and what she says."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import cast
from uuid import UUID

import pytest
import sqlalchemy as sa

from calls.calendars import publishing, queries, testing
from calls.calendars.answers import ACCEPTED, DECLINED, TENTATIVE, Answered
from calls.calendars.findings import CANCELLED, CHANGED, INVITED, STRANGER, UNPROVEN
from calls.calendars.models import CalendarTest, Entry
from calls.calendars.testing import Trial
from calls.ground.clock import SetClock
from calls.ground.database import Database, new_id
from calls.ground.refusals import Invalid, NotAllowed, NotFound, Refused
from calls.history.keeping import Actor
from calls.history.models import Change
from calls.messages import sending
from calls.messages.models import DROPPED, Message
from calls.registrations.models import Registration
from calls.team import staffing
from calls.team.models import Member
from tests.builders import a_member
from tests.calendars.grammar import check_mail_part
from tests.fakes import FakeMail, Letter
from tests.studio import ANN, LINKS, Studio, a_studio

TARA = "tara@example.com"
TRIAL = Trial("google", " Gmail\non the web ", "shows@calls.example", is_read=True)


@pytest.fixture
def mail(clock: SetClock) -> FakeMail:
    return FakeMail(clock)


@pytest.fixture
def studio(database: Database, clock: SetClock, mail: FakeMail) -> Studio:
    clock.advance(minutes=20)
    return a_studio(database, clock, mail)


def begin(studio: Studio, trial: Trial = TRIAL) -> UUID:
    with studio.database.transaction() as session:
        member = session.get_one(Member, studio.by.id)
        return testing.start(session, member, trial, by=studio.by, now=studio.clock.now()).id


def do(studio: Studio, act: Callable[..., None], test_id: UUID, *facts: object, by: Actor | None = None) -> None:
    with studio.database.transaction() as session:
        act(session, session.get_one(CalendarTest, test_id), *facts, by=by or studio.by, now=studio.clock.now())


def found(studio: Studio, test_id: UUID) -> CalendarTest:
    with studio.database.reading() as session:
        return session.get_one(CalendarTest, test_id)


def whole_test(studio: Studio) -> UUID:
    """Invitation, update and cancellation, each sent before the next."""
    test_id = begin(studio)
    for act in (testing.change, testing.end):
        studio.work()
        studio.wait(minutes=2)
        do(studio, act, test_id)
    studio.work()
    return test_id


def shape(letter: Letter) -> list[tuple[str, str | None]]:
    """The parts of a letter as they lie in each other: kind and disposition."""
    return [(it.get_content_type(), it.get_content_disposition()) for it in letter.mail.walk()]


def answered(studio: Studio, test_id: UUID, answer: str = ACCEPTED, sequence: int | None = 0, minutes: int = 1) -> Answered:
    at = studio.clock.now() + timedelta(minutes=minutes - 10)
    return Answered(found(studio, test_id).uid, sequence, at, frozenset({TARA}), is_authentic=True, answer=answer)


def hear(studio: Studio, answer: Answered) -> str | None:
    with studio.database.transaction() as session:
        return testing.hear(session, answer, now=studio.clock.now())


def test_invitation_update_and_cancellation_are_mailed_each_in_its_turn(studio: Studio, mail: FakeMail) -> None:
    test_id = whole_test(studio)

    rows = [(it.method, it.entry("SEQUENCE"), it.entry("DTSTART"), it.entry("DTEND"), it.entry("STATUS")) for it in mail.letters]
    assert rows == [
        ("REQUEST", "0", "20261123T130000Z", "20261123T133000Z", "CONFIRMED"),
        ("REQUEST", "1", "20261123T140000Z", "20261123T143000Z", "CONFIRMED"),
        ("CANCEL", "2", "20261123T140000Z", "20261123T143000Z", "CANCELLED"),
    ]
    assert [check_mail_part(cast(bytes, it.calendar)) for it in mail.letters] == [[], [], []]
    assert {(it.to, it.entry("UID")) for it in mail.letters} == {(TARA, found(studio, test_id).uid)}
    assert found(studio, test_id).uid.startswith("test-")
    stamps = [it.entry("DTSTAMP") for it in mail.letters]
    assert stamps == sorted(set(stamps))


def test_mails_of_a_test_look_in_every_part_like_an_invitation_to_a_call(studio: Studio, mail: FakeMail) -> None:
    studio.register(ANN)
    studio.work()
    [invitation] = mail.letters
    whole_test(studio)

    first, update, end = mail.to(TARA)
    assert [shape(it) for it in (first, update, end)] == [shape(invitation)] * 3
    assert [it.mail["From"].addresses[0].addr_spec for it in mail.letters] == ["shows@calls.example"] * 4
    assert first.mail["From"].addresses[0].display_name == "Tara"
    assert first.entry("ORGANIZER") == "mailto:shows@calls.example"
    assert first.id == f"<{first.entry('UID')}@calls.example>"
    assert [it.mail["In-Reply-To"] for it in (update, end)] == [first.id] * 2
    assert [it.mail["List-Unsubscribe"] for it in mail.to(TARA)] == [None] * 3


def test_mails_of_a_test_say_which_step_they_are_and_when(studio: Studio, mail: FakeMail) -> None:
    whole_test(studio)

    assert [it.subject for it in mail.letters] == [
        "Calendar test of Calls: the invitation",
        "Calendar test of Calls: moved by an hour",
        "Calendar test of Calls: cancelled",
    ]
    assert {it.entry("SUMMARY") for it in mail.letters} == {"Calendar test of Calls", "Cancelled: Calendar test of Calls"}
    assert "Monday 23 November 2026, 14:00, UTC" in mail.letters[1].text
    assert "Before, it was Monday 23 November 2026, 13:00, UTC" in mail.letters[1].text
    assert all("https://calls.example/host/calendar-test" in it.text for it in mail.letters)


def test_test_goes_at_night_too(studio: Studio, mail: FakeMail) -> None:
    studio.clock.set(datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
    begin(studio)
    studio.work()

    assert len(mail.letters) == 1


def test_mail_of_a_step_is_written_once_however_often_it_is_followed_up(studio: Studio, mail: FakeMail) -> None:
    begin(studio)
    studio.work()
    with studio.database.transaction() as session:
        again = sa.update(Change).where(Change.kind == "calendar_test.started").values(followed_up_at=None, step=0)
        session.execute(again)
    studio.work()

    assert len(mail.letters) == 1


def test_update_overtakes_an_invitation_that_has_not_gone(studio: Studio, mail: FakeMail) -> None:
    mail.is_down = True
    test_id = begin(studio)
    studio.write()
    do(studio, testing.change, test_id)
    studio.write()
    mail.is_down = False
    studio.work()
    studio.wait(seconds=3)

    assert [(it.method, it.entry("SEQUENCE"), it.mail["In-Reply-To"]) for it in mail.letters] == [("REQUEST", "1", None)]
    assert [it.fault for it in studio.messages() if it.state == DROPPED] == ["a later step of the test has overtaken it"]


def test_entry_that_never_came_is_not_taken_back(studio: Studio, mail: FakeMail) -> None:
    test_id = begin(studio)
    studio.write()
    do(studio, testing.end, test_id)
    studio.work()
    studio.wait(seconds=3)

    assert mail.letters == []
    assert [it.fault for it in studio.messages() if it.state == DROPPED] == [
        "a later step of the test has overtaken it",
        "the invitation never went out",
    ]


def test_update_waits_while_the_invitation_is_being_sent(studio: Studio, mail: FakeMail) -> None:
    test_id = begin(studio)
    studio.write()
    with studio.database.transaction() as session:
        ids = sending.claim(session, studio.clock.now())
    with studio.database.reading() as session:
        outcomes = sending.prepare(session, ids, studio.worker.tools.desk, studio.clock.now())
    with studio.database.transaction() as session:
        [(message_id, composed)] = sending.keep(session, outcomes)
    do(studio, testing.change, test_id)
    studio.work()
    meanwhile = len(mail.letters)
    note = sending.hand_over(mail, message_id, composed, studio.clock)
    assert note is not None
    with studio.database.transaction() as session:
        note(session)
    studio.wait(seconds=3)

    assert meanwhile == 0
    assert [it.entry("SEQUENCE") for it in mail.letters] == ["0", "1"]


def test_nothing_is_mailed_once_the_time_of_the_entry_is_past(studio: Studio, mail: FakeMail) -> None:
    test_id = begin(studio)
    studio.work()
    studio.clock.advance(days=2)
    with pytest.raises(Refused, match="is past"):
        do(studio, testing.change, test_id)
    do(studio, testing.end, test_id)
    studio.work()

    assert [it.method for it in mail.to(TARA)] == ["REQUEST"]


def test_nothing_is_mailed_to_who_has_left_the_account(studio: Studio, mail: FakeMail) -> None:
    begin(studio)
    studio.write()
    with studio.database.transaction() as session:
        session.get_one(Member, studio.by.id).removed_at = studio.clock.now()
    studio.work()

    assert mail.letters == []


def test_invitation_is_not_mailed_to_an_address_that_has_become_the_senders(studio: Studio, mail: FakeMail) -> None:
    begin(studio)
    studio.write()
    with studio.database.transaction() as session:
        session.get_one(Member, studio.by.id).email = "shows@calls.example"
    studio.work()

    assert mail.letters == []


def test_steps_of_one_second_are_stamped_one_after_the_other(studio: Studio) -> None:
    test_id = begin(studio)
    stamps = [found(studio, test_id).revised_at]
    for act in (testing.change, testing.end):
        do(studio, act, test_id)
        stamps.append(found(studio, test_id).revised_at)

    assert [it - stamps[0] for it in stamps] == [timedelta(seconds=it) for it in (0, 1, 2)]


def test_test_is_no_registration_and_stands_in_no_feed(studio: Studio) -> None:
    test_id = whole_test(studio)
    begin(studio)
    with studio.database.reading() as session:
        counts = [session.scalar(sa.select(sa.func.count()).select_from(it)) for it in (Entry, Registration)]
        feed = publishing.public_feed(session, studio.show(session), LINKS, studio.clock.now()).body

    assert counts == [0, 0]
    assert found(studio, test_id).uid.encode() not in feed
    assert b"test" not in feed.lower()


def test_only_one_test_is_under_way_and_another_may_follow(studio: Studio) -> None:
    first = begin(studio)
    with pytest.raises(Refused, match="under way already"):
        begin(studio)
    do(studio, testing.end, first)
    second = begin(studio)

    with studio.database.reading() as session:
        assert [it.id for it in queries.tests_of(session, cast(UUID, studio.by.id))] == [second, first]
        running = queries.running_test(session, cast(UUID, studio.by.id))
    assert running is not None
    assert running.id == second
    assert found(studio, first).uid != found(studio, second).uid


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """What becomes of deeds that are begun at the same moment, in order: done, or refused with these words."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        barrier.wait(10)
        try:
            deed()
        except Refused as refusal:
            return str(refusal)
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


def test_of_two_tests_begun_at_once_one_is(studio: Studio) -> None:
    assert at_once(*[lambda: begin(studio)] * 4) == [testing.RUNNING] * 3 + ["done"]


def test_of_two_presses_at_once_one_counts(studio: Studio) -> None:
    test_id = begin(studio)

    assert at_once(*[lambda: do(studio, testing.change, test_id)] * 4) == [testing.DONE] * 3 + ["done"]
    assert found(studio, test_id).sequence == 1


def test_step_that_was_taken_is_not_taken_again(studio: Studio) -> None:
    test_id = begin(studio)
    do(studio, testing.change, test_id)
    with pytest.raises(Refused, match="sent already"):
        do(studio, testing.change, test_id)
    do(studio, testing.end, test_id)
    with pytest.raises(Refused, match="sent already"):
        do(studio, testing.end, test_id)

    test = found(studio, test_id)
    assert (test.step, test.sequence) == (CANCELLED, 2)


@pytest.mark.parametrize("sender", [TARA, "TARA@Example.com"])
def test_test_from_ones_own_address_is_refused(studio: Studio, sender: str) -> None:
    with pytest.raises(Refused, match="your own address"):
        begin(studio, replace(TRIAL, sender=sender))


def test_program_is_to_be_chosen_and_its_version_to_be_short(studio: Studio) -> None:
    with pytest.raises(Invalid) as refusal:
        begin(studio, replace(TRIAL, program="pine", version="x" * 201))

    assert refusal.value.errors.keys() == {"program", "version"}


def test_program_is_kept_with_the_test(studio: Studio) -> None:
    test = found(studio, begin(studio))

    assert (test.seen["program"], test.seen["version"], test.seen["is_read"]) == ("google", "Gmail on the web", True)


def test_nobody_tests_the_calendar_of_another(studio: Studio) -> None:
    with studio.database.transaction() as session:
        owner = session.get_one(Member, studio.by.id)
        colleague = staffing.actor(a_member(session, account=owner.account, role="owner"))
        stranger = staffing.actor(a_member(session))
        with pytest.raises(NotFound):
            testing.start(session, owner, TRIAL, by=colleague, now=studio.clock.now())
    test_id = begin(studio)
    for by in (colleague, stranger):
        for act, facts in ((testing.change, ()), (testing.end, ()), (testing.tick, (INVITED, ["stands"]))):
            with pytest.raises(NotFound):
                do(studio, cast(Callable[..., None], act), test_id, *facts, by=by)
    with pytest.raises(NotAllowed):
        do(studio, testing.end, test_id, by=replace(studio.by, role="nobody"))


def test_what_is_seen_is_kept_by_step_and_may_be_mended(studio: Studio) -> None:
    test_id = begin(studio)
    do(studio, testing.tick, test_id, INVITED, ["buttons", "stands", "nonsense"])
    do(studio, testing.tick, test_id, INVITED, ["buttons"])
    do(studio, testing.tick, test_id, INVITED, ["buttons"])

    assert found(studio, test_id).seen[INVITED]["ticks"] == ["buttons"]
    with studio.database.reading() as session:
        kept = session.scalars(sa.select(Change.facts).where(Change.kind == "calendar_test.seen").order_by(Change.id)).all()
    assert [it["seen"] for it in kept] == [["stands", "buttons"], ["buttons"]]


def test_what_is_seen_is_kept_when_the_next_step_is_taken_with_it(studio: Studio) -> None:
    test_id = begin(studio)
    with studio.database.transaction() as session:
        test, now = session.get_one(CalendarTest, test_id), studio.clock.now()
        testing.tick(session, test, INVITED, ["stands"], by=studio.by, now=now)
        testing.change(session, test, by=studio.by, now=now)

    assert found(studio, test_id).seen[INVITED]["ticks"] == ["stands"]


def test_nothing_is_seen_of_a_step_that_was_not_mailed(studio: Studio) -> None:
    test_id = begin(studio)
    for step in (CHANGED, "program", ""):
        with pytest.raises(NotFound):
            do(studio, testing.tick, test_id, step, [])


def test_answer_to_something_else_is_none_of_the_tests(studio: Studio) -> None:
    test_id = begin(studio)

    assert hear(studio, replace(answered(studio, test_id), uid="inv-abc")) is None
    assert found(studio, test_id).answer is None


def test_answer_is_kept_with_the_step_that_it_answers(studio: Studio) -> None:
    test_id = begin(studio)
    do(studio, testing.change, test_id)
    first, second = answered(studio, test_id, DECLINED, 0, 1), answered(studio, test_id, TENTATIVE, 1, 2)

    assert hear(studio, second) == "A calendar test was answered: tentative."
    assert hear(studio, first) == "A calendar test was answered: declined."
    test = found(studio, test_id)
    assert (test.seen[INVITED]["answer"], test.seen[CHANGED]["answer"]) == (DECLINED, TENTATIVE)
    assert (test.answer, test.answered_at) == (TENTATIVE, second.stamped_at)


def test_answer_without_a_revision_is_to_the_last_that_was_asked(studio: Studio) -> None:
    test_id = begin(studio)
    do(studio, testing.change, test_id)
    hear(studio, answered(studio, test_id, sequence=None))

    assert "answer" not in found(studio, test_id).seen[INVITED]
    assert found(studio, test_id).seen[CHANGED]["answer"] == ACCEPTED


def test_later_answer_counts_and_older_or_the_same_does_not(studio: Studio) -> None:
    test_id = begin(studio)
    said = [hear(studio, answered(studio, test_id, it, 0, at)) for it, at in ((ACCEPTED, 2), (DECLINED, 1), (ACCEPTED, 2))]

    assert said[1:] == ["An answer to a calendar test that was known already."] * 2
    assert found(studio, test_id).answer == ACCEPTED
    assert hear(studio, answered(studio, test_id, DECLINED, 0, 3)) == "A calendar test was answered: declined."
    assert found(studio, test_id).answer == DECLINED


def test_of_two_answers_of_one_second_the_later_to_come_counts(studio: Studio) -> None:
    test_id = begin(studio)
    said = [hear(studio, answered(studio, test_id, it)) for it in (ACCEPTED, DECLINED)]

    assert said == ["A calendar test was answered: accepted.", "A calendar test was answered: declined."]
    assert (found(studio, test_id).answer, found(studio, test_id).seen[INVITED]["answer"]) == (DECLINED, DECLINED)


def test_answer_of_a_clock_that_is_ahead_does_not_outweigh_later_ones(studio: Studio) -> None:
    test_id = begin(studio)
    hear(studio, answered(studio, test_id, ACCEPTED, 0, 6000))
    studio.clock.advance(minutes=20)
    hear(studio, answered(studio, test_id, DECLINED))

    assert found(studio, test_id).answer == DECLINED


@pytest.mark.parametrize(
    ("addresses", "is_authentic", "doubt"), [({"eve@example.com"}, True, STRANGER), ({TARA}, False, UNPROVEN)]
)
def test_answer_that_nobody_vouches_for_does_not_count(
    studio: Studio, addresses: set[str], is_authentic: bool, doubt: str
) -> None:
    test_id = begin(studio)
    became = hear(studio, replace(answered(studio, test_id), addresses=frozenset(addresses), is_authentic=is_authentic))

    assert became is not None
    assert became.startswith("An answer to a calendar test that does not count: ")
    assert "@" not in became
    test = found(studio, test_id)
    assert (test.answer, test.seen[INVITED]["doubt"], "answer" in test.seen[INVITED]) == (None, doubt, False)


def test_answer_to_the_cancellation_changes_nothing(studio: Studio) -> None:
    test_id = whole_test(studio)
    became = hear(studio, answered(studio, test_id, sequence=2))

    assert became == "An answer to a calendar test that has ended; nothing was changed."
    assert found(studio, test_id).answer is None


def test_message_of_a_test_that_is_gone_is_dropped(studio: Studio, mail: FakeMail) -> None:
    begin(studio)
    studio.write()
    with studio.database.transaction() as session:
        message = session.scalars(sa.select(Message).where(Message.kind == "calendar_test_invited")).one()
        message.facts = {**message.facts, "test": str(new_id())}
    studio.work()

    assert mail.letters == []
