"""Whatever happens in whatever order, each person is told of each change exactly once, and at a decent hour.

A machine registers, cancels, moves, changes, undoes, lets time pass and mail servers fail; after each letter it looks at
the letter, and in the end at what everybody knows.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from calls.ground import zones
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.refusals import Refusal
from calls.joining import queries as joining
from calls.joining.rooms import WayIn
from calls.messages import quiet, telling
from calls.messages.models import WAITING, Message, Told
from calls.messages.telling import State
from calls.migrations.tables import METADATA
from calls.registrations import queries, registering
from calls.registrations.models import Registration
from tests.builders import NOW
from tests.fakes import FakeMail, Letter
from tests.studio import ANN, BOB, CLEO, a_studio, facts_of

PEOPLE = [ANN, BOB, CLEO]
ROOMS = [WayIn("+1 555 010 0100", code) for code in ("111", "222", "333")]
GUESTS = ["", "Dr. Ono", "Prof. Lin"]
CALLS = 3
NEWS = ("Moved", "Changed", "Cancelled", "It takes place after all")


@dataclass
class Heard:
    """What went to one registration so far."""

    at: datetime | None = None
    told: State | None = None
    sequence: int = -1
    is_invited: bool = False
    subjects: list[str] = field(default_factory=list)


class Listeners(RuleBasedStateMachine):
    """Three people in three zones, the first calls of a show, a host who cannot make up her mind."""

    make_database: Callable[[], Database]

    @initialize()
    def begin(self) -> None:
        self.database = type(self).make_database()
        self.clock = SetClock(NOW)
        self.mail = FakeMail(self.clock)
        self.studio = a_studio(self.database, self.clock, self.mail)
        self.heard: dict[UUID, Heard] = {}
        self.pending: list[UUID] = []
        self.read = 0

    @rule(who=st.sampled_from(PEOPLE), number=st.integers(0, CALLS - 1), by_hand=st.booleans())
    def register(self, who: object, number: int, by_hand: bool) -> None:
        self.attempt(lambda: self.studio.register(who, number, by_hand=by_hand))  # type: ignore[arg-type]

    @rule(who=st.sampled_from(PEOPLE))
    def take_pass(self, who: object) -> None:
        self.attempt(lambda: self.studio.take_pass(who))  # type: ignore[arg-type]

    @rule(chosen=st.integers(0, 9), by_hand=st.booleans())
    def give_up_a_seat(self, chosen: int, by_hand: bool) -> None:
        give_up = self.studio.remove if by_hand else self.studio.cancel_registration
        for registration_id in self.one_of_the_registered(chosen):
            self.attempt(partial(give_up, registration_id))

    @rule(chosen=st.integers(0, 9), number=st.integers(0, CALLS - 1))
    def move_to_another_date(self, chosen: int, number: int) -> None:
        for registration_id in self.one_of_the_registered(chosen):
            self.attempt(partial(self._move_to, registration_id, number))

    def _move_to(self, registration_id: UUID, number: int) -> None:
        with self.studio.registration(registration_id) as (session, registration, by):
            registering.move_to(session, registration, self.studio.call(session, number), by=by, now=self.clock.now())

    @rule(number=st.integers(0, CALLS - 1), hours=st.integers(-30, 60).filter(bool))
    def move(self, number: int, hours: int) -> None:
        with self.database.reading() as session:
            wall = self.studio.call(session, number).wall + timedelta(hours=hours)
        self.ask(lambda: self.studio.move(wall.isoformat(), number))

    @rule(number=st.integers(0, CALLS - 1), kind=st.sampled_from(["cancel", "restore"]))
    def call_off_or_bring_back(self, number: int, kind: str) -> None:
        self.ask(lambda: self.studio.ask(kind, number))

    @rule(number=st.integers(0, CALLS - 1), guest=st.sampled_from(GUESTS))
    def name_a_guest(self, number: int, guest: str) -> None:
        self.ask(lambda: self.studio.ask("guest", number, guest_name=guest))

    @rule(number=st.none() | st.integers(0, CALLS - 1), room=st.sampled_from(ROOMS))
    def change_the_way_in(self, number: int | None, room: WayIn) -> None:
        self.ask(lambda: self.studio.ask("way_in", number, **facts_of(room)))

    @precondition(lambda self: self.pending)
    @rule()
    def undo(self) -> None:
        self.attempt(lambda: self.studio.undo(self.pending.pop()))

    @rule(minutes=st.sampled_from([1, 4, 9, 11, 19, 25, 60, 180, 7 * 60, 24 * 60]))
    def let_time_pass(self, minutes: int) -> None:
        end = self.clock.now() + timedelta(minutes=minutes)
        while self.clock.now() < end:
            self.clock.set(min(end, self.next_moment()))
            self.work()

    @rule()
    def take_the_mail_server_down(self) -> None:
        self.mail.is_down = True

    @rule()
    def bring_the_mail_server_up(self) -> None:
        self.mail.is_down = False

    def next_moment(self) -> datetime:
        """A quarter of an hour on, or earlier when a message falls due."""
        later = self.clock.now() + timedelta(minutes=15)
        with self.database.reading() as session:
            waiting = sa.and_(Message.state == WAITING, Message.due_at > self.clock.now())
            due = session.scalar(sa.select(sa.func.min(Message.due_at)).where(waiting))
        return min(later, due) if due else later

    def attempt(self, deed: Callable[[], object]) -> None:
        """What the house refuses does not happen."""
        try:
            deed()
        except Refusal:
            return
        self.work()

    def ask(self, deed: Callable[[], UUID | None]) -> None:
        """A change that the host has made, and may undo."""
        self.attempt(lambda: self.pending.extend(it for it in [deed()] if it))

    def work(self) -> None:
        self.studio.worker.sender._mail_rests_until = 0.0
        self.studio.work()
        with self.database.reading() as session:
            kept = {it.body: it for it in session.scalars(sa.select(Message).options(sa.orm.undefer(Message.body)))}
            for letter in self.mail.letters[self.read :]:
                self.look_at(session, letter, kept[letter.raw])
        self.read = len(self.mail.letters)

    def one_of_the_registered(self, chosen: int) -> list[UUID]:
        with self.database.reading() as session:
            early = [it.id for it in sorted(self.studio.calls(session), key=lambda it: it.planned_for)[:CALLS]]
            wanted = sa.select(Registration.id).where(Registration.state == "confirmed", Registration.call_id.in_(early))
            ids = session.scalars(wanted.order_by(Registration.id)).all()
        return [ids[chosen % len(ids)]] if ids else []

    def look_at(self, session: Session, letter: Letter, message: Message) -> None:
        """Every promise that one letter can break."""
        if message.registration_id is None:
            return
        registration = queries.registration_by_id(session, message.registration_id)
        assert registration is not None
        heard = self.heard.setdefault(registration.id, Heard())
        state = telling.state(registration.call, joining.way_in(session, registration.call))
        self.look_at_the_hour(letter, message, registration, heard)
        self.look_at_what_is_told(letter, registration, state, heard)
        self.look_at_the_entry(letter, heard)
        heard.at = letter.at
        heard.told = state if registration.is_confirmed else None
        heard.subjects.append(letter.subject)

    def look_at_the_hour(self, letter: Letter, message: Message, registration: Registration, heard: Heard) -> None:
        call = registration.call
        starts = [call.starts_at, *([heard.told.starts_at] if heard.told else [])]
        can_wait = all(it - letter.at > quiet.URGENT or it <= letter.at for it in starts) and not message.facts.get("is_asked")
        local = zones.wall(letter.at, registration.attendee.zone).time()
        assert call.ends_at > letter.at, "a letter about a call that is over"
        if can_wait:
            assert quiet.MORNING <= local < quiet.EVENING, f"{letter.subject} at {local}"
            assert heard.at is None or letter.at - heard.at >= quiet.MERGE, f"{letter.subject} right after {heard.subjects[-1]}"

    def look_at_what_is_told(self, letter: Letter, registration: Registration, state: State, heard: Heard) -> None:
        is_news = letter.subject.startswith(NEWS)
        if " starts " in letter.subject:
            assert registration.is_confirmed and not state.is_cancelled, "a reminder of a call that does not take place"
            assert heard.told is None or heard.told == state, "a change that nobody is told of"
        if is_news and heard.told:
            assert heard.told != state, f"{letter.subject} was told already"
        if heard.told and heard.told != state and registration.is_confirmed and heard.told.call_id == state.call_id:
            assert is_news, f"{letter.subject} hides a change"
        if is_news and state.is_cancelled:
            assert letter.subject.startswith("Cancelled")

    def look_at_the_entry(self, letter: Letter, heard: Heard) -> None:
        if letter.calendar is None:
            return
        sequence = int(letter.entry("SEQUENCE"))
        if letter.method == "CANCEL":
            assert heard.is_invited, "a CANCEL of what was never sent"
            assert sequence > heard.sequence
        assert sequence >= heard.sequence
        heard.sequence, heard.is_invited = sequence, True

    @invariant()
    def nothing_is_half_way(self) -> None:
        """Between two steps nothing is under way."""
        if hasattr(self, "database"):
            with self.database.reading() as session:
                assert session.scalar(sa.select(sa.func.count()).where(Message.state == "sending")) == 0

    def teardown(self) -> None:
        """Once all is quiet everybody knows how her call stands."""
        if not hasattr(self, "database"):
            return
        self.mail.is_down = False
        self.let_time_pass(14 * 60)
        with self.database.reading() as session:
            for row in session.scalars(sa.select(Registration)):
                self.look_at_what_she_knows(session, row.id)
        self.database.close()

    def look_at_what_she_knows(self, session: Session, registration_id: UUID) -> None:
        registration = queries.registration_by_id(session, registration_id)
        assert registration is not None
        if not registration.is_confirmed or registration.call.ends_at <= self.clock.now():
            return
        state = telling.state(registration.call, joining.way_in(session, registration.call))
        told = telling.last(session.get(Told, registration_id), registration)
        is_over_for_her = state.is_cancelled and told is not None and told.is_cancelled
        assert told == state or is_over_for_her, f"she knows {told}, and it is {state}"
        heard = self.heard.get(registration_id)
        if heard and heard.told and not is_over_for_her:
            assert heard.told == state


@pytest.fixture
def make_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Makes an empty, migrated database for each example, of the kind asked for."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        number = iter(range(1_000_000))

        def new_sqlite() -> Database:
            path = tmp_path / f"{next(number)}.sqlite3"
            shutil.copyfile(template, path)
            return Database(f"sqlite:///{path}")

        yield new_sqlite
        return
    address = request.getfixturevalue("postgres_address")

    def emptied_postgres() -> Database:
        database = Database(address)
        with database.writer.begin() as connection:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            for table in METADATA.sorted_tables:
                connection.execute(sa.delete(table))
        return database

    yield emptied_postgres


@pytest.mark.parametrize("make_database", ["sqlite", "postgres"], indirect=True)
def test_everybody_is_told_of_each_change_exactly_once(make_database: Callable[[], Database]) -> None:
    machine = type("Machine", (Listeners,), {"make_database": staticmethod(make_database)})
    examples = int(os.environ.get("CALLS_TESTS_EXAMPLES", "12"))
    is_always_the_same = "CALLS_TESTS_EXAMPLES" not in os.environ

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            derandomize=is_always_the_same,
        ),
    )
