"""A show's whole life, in any order that Hypothesis thinks of: what must hold after each step, whatever came before."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from calls.ground import zones
from calls.ground.database import Database
from calls.ground.refusals import NotFound, Refusal
from calls.history.keeping import Actor
from calls.registrations import passing, registering
from calls.registrations.attending import Person
from calls.registrations.models import CONFIRMED, Registration
from calls.shows import editing, laying_out, moving, planning, queries, rescheduling
from calls.shows.models import Call, Show
from calls.shows.planning import Plan
from tests.shows.planned import PLANNED_AT, an_owner

ZONES = st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Nuuk", "Asia/Kathmandu"])
CLOCKS = st.sampled_from([time(0), time(1, 30), time(2, 30), time(19), time(23, 45)])
MINUTES = st.sampled_from([5, 45, 60, 600, 1440])
RULES = st.sampled_from(
    ["", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=WEEKLY;COUNT=7", "FREQ=DAILY;UNTIL=20261220", "FREQ=MONTHLY;BYDAY=-1FR"]
)
DAYS = st.integers(0, 90)
NUMBERS = st.integers(0, 10_000)
DEEDS = (
    "add_extra", "cancel", "change_the_date", "give_a_seat_back", "lay_out", "move", "publish", "register",
    "reschedule", "restored", "set_capacity", "skip", "take_a_pass",
)  # fmt: skip


class Life(RuleBasedStateMachine):
    """Every deed to a show and its calls, with the clock running on between them; `done` counts those that were not refused."""

    database: Database
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.now = PLANNED_AT
        self.uids: dict[object, str] = {}
        self.revisions: dict[object, tuple[int, datetime]] = {}
        self.published: dict[object, tuple[object, ...]] = {}

    def deed(self, name: str, do: Callable[[Session, Show], object]) -> None:
        """Do it in a transaction of its own; what is refused leaves no trace."""
        try:
            with self.database.transaction() as session:
                do(session, session.get_one(Show, self.show_id))
        except Refusal:
            return
        self.done[name] += 1

    def some_call(self, session: Session, number: int) -> Call:
        calls = session.scalars(sa.select(Call).where(Call.show_id == self.show_id).order_by(Call.id)).all()
        if not calls:
            raise NotFound
        return calls[number % len(calls)]

    @initialize(zone=ZONES, clock=CLOCKS, minutes=MINUTES, rrule=RULES, is_published=st.booleans())
    def plan(self, zone: str, clock: time, minutes: int, rrule: str, is_published: bool) -> None:
        with self.database.transaction() as session:
            self.by: Actor = an_owner(session)
            assert self.by.account_id is not None
            short = min(minutes, 600)
            wish = Plan("Ask Tara", date(2026, 10, 14), clock, zone, short, rrule, capacity=3, is_published=is_published)
            self.show_id = planning.create(session, self.by.account_id, wish, by=self.by, now=self.now).id

    @rule(hours=st.sampled_from([1, 11, 24, 24 * 7, 24 * 40]))
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def publish(self) -> None:
        self.deed("publish", lambda session, show: planning.publish(session, show, by=self.by, now=self.now))

    @rule()
    def lay_out(self) -> None:
        def do(session: Session, show: Show) -> None:
            laying_out.lay_out(session, show, now=self.now)
            assert list(laying_out.lay_out(session, show, now=self.now)) == []

        self.deed("lay_out", do)

    @rule(number=NUMBERS, days=DAYS, clock=CLOCKS, zone=ZONES, minutes=MINUTES, fold=st.integers(0, 1))
    def move(self, number: int, days: int, clock: time, zone: str, minutes: int, fold: int) -> None:
        wall = datetime.combine(self.now.date() + timedelta(days=days), clock)
        self.deed(
            "move",
            lambda session, _: moving.move(
                session, self.some_call(session, number), wall, zone, minutes, fold, by=self.by, now=self.now
            ),
        )

    @rule(number=NUMBERS)
    def cancel(self, number: int) -> None:
        self.deed("cancel", lambda session, _: moving.cancel(session, self.some_call(session, number), by=self.by, now=self.now))

    @rule(number=NUMBERS)
    def restore(self, number: int) -> None:
        def do(session: Session, _: Show) -> None:
            cancelled = [it for it in self.coming(session) if it.cancelled_at is not None]
            if cancelled:
                moving.restore(session, cancelled[number % len(cancelled)], by=self.by, now=self.now)
                self.done["restored"] += 1

        self.deed("restore", do)

    @rule(number=NUMBERS)
    def skip(self, number: int) -> None:
        self.deed("skip", lambda session, _: moving.skip(session, self.some_call(session, number), by=self.by, now=self.now))

    @rule(number=NUMBERS)
    def take_back_skip(self, number: int) -> None:
        def do(session: Session, show: Show) -> None:
            skips = sorted(queries.skips_of(session, show.id))
            if skips:
                rescheduling.take_back_skip(session, show, skips[number % len(skips)], by=self.by, now=self.now)

        self.deed("take_back_skip", do)

    @rule(days=DAYS, clock=CLOCKS, minutes=MINUTES, fold=st.integers(0, 1))
    def add_extra(self, days: int, clock: time, minutes: int, fold: int) -> None:
        wall = datetime.combine(self.now.date() + timedelta(days=days), clock)
        self.deed(
            "add_extra",
            lambda session, show: rescheduling.add_extra(session, show, wall, minutes, fold, by=self.by, now=self.now),
        )

    @rule(days=st.integers(-60, 30), clock=CLOCKS, zone=ZONES, minutes=MINUTES, rrule=RULES)
    def reschedule(self, days: int, clock: time, zone: str, minutes: int, rrule: str) -> None:
        def do(session: Session, show: Show) -> None:
            by_hand = [it for it in self.coming(session) if it.is_by_hand or it.cancelled_at]
            before = [(it.id, it.starts_at, it.ends_at, it.sequence) for it in by_hand]
            first_day = self.now.date() + timedelta(days=days)
            wish = replace(
                queries.own_rule(show), first_day=first_day, time=clock, zone=zone, minutes=min(minutes, 600), rrule=rrule
            )
            rescheduling.reschedule(session, show, wish, by=self.by, now=self.now)
            session.flush()
            assert [(it.id, it.starts_at, it.ends_at, it.sequence) for it in by_hand] == before
            assert list(laying_out.lay_out(session, show, now=self.now)) == []

        self.deed("reschedule", do)

    def coming(self, session: Session) -> list[Call]:
        wanted = sa.and_(Call.show_id == self.show_id, Call.starts_at > self.now)
        return list(session.scalars(sa.select(Call).where(wanted).order_by(Call.id)))

    def registrations(self, session: Session) -> list[Registration]:
        here = sa.select(Registration).join(Registration.call).where(Call.show_id == self.show_id)
        return list(session.scalars(here.order_by(Registration.id)))

    @rule(number=NUMBERS, capacity=st.integers(1, 4))
    def set_capacity(self, number: int, capacity: int) -> None:
        self.deed(
            "set_capacity",
            lambda session, _: editing.set_capacity(session, self.some_call(session, number), capacity, by=self.by, now=self.now),
        )

    @rule(number=NUMBERS, who=st.integers(1, 6))
    def register(self, number: int, who: int) -> None:
        person = Person("Ada", f"ada{who}@example.com", "Europe/Berlin")
        self.deed(
            "register",
            lambda session, _: registering.register(session, self.some_call(session, number), person, by=None, now=self.now),
        )

    @rule(who=st.integers(1, 6))
    def take_a_pass(self, who: int) -> None:
        person = Person("Ada", f"ada{who}@example.com", "Europe/Berlin")
        self.deed("take_a_pass", lambda session, show: passing.register_for_all(session, show, person, by=None, now=self.now))

    @rule(number=NUMBERS)
    def give_a_seat_back(self, number: int) -> None:
        def do(session: Session, _: Show) -> None:
            registrations = self.registrations(session)
            if registrations:
                registering.cancel(session, registrations[number % len(registrations)], by=self.by, now=self.now)

        self.deed("give_a_seat_back", do)

    @rule(number=NUMBERS, other=NUMBERS)
    def change_the_date(self, number: int, other: int) -> None:
        def do(session: Session, _: Show) -> None:
            registrations = self.registrations(session)
            if registrations:
                mine, call = registrations[number % len(registrations)], self.some_call(session, other)
                registering.move_to(session, mine, call, by=self.by, now=self.now)

        self.deed("change_the_date", do)

    @precondition(lambda self: hasattr(self, "show_id"))
    @invariant()
    def everything_holds(self) -> None:
        with self.database.reading() as session:
            calls = session.scalars(sa.select(Call).where(Call.show_id == self.show_id).order_by(Call.starts_at)).all()
            taken = Counter(it.call_id for it in self.registrations(session) if it.state == CONFIRMED)
        standing = [it for it in calls if it.cancelled_at is None]
        assert [it for it, after in pairwise(standing) if after.starts_at < it.ends_at] == []
        assert {it.id: it.taken for it in calls if it.taken} == dict(taken)
        assert [it for it in calls if it.taken > it.capacity] == []
        days = [it.planned_day for it in calls if it.planned_day is not None]
        assert len(set(days)) == len(days)
        assert [it for it in calls if it.starts_at != zones.resolve(it.wall, it.zone, it.fold)] == []
        assert [it for it in calls if it.ends_at - it.starts_at != timedelta(minutes=it.minutes)] == []
        for call in calls:
            self.check_revision(call)

    def check_revision(self, call: Call) -> None:
        """A call keeps its UID; what a calendar shows of it changes only with a later revision, and its SEQUENCE never falls."""
        assert self.uids.setdefault(call.id, call.uid) == call.uid
        shown = (call.starts_at, call.ends_at, call.cancelled_at is None)
        sequence, revised_at = self.revisions.get(call.id, (call.sequence, call.revised_at))
        assert (call.sequence >= sequence, call.revised_at >= revised_at) == (True, True)
        if self.published.get(call.id, shown) != shown:
            assert (call.sequence > sequence, call.revised_at > revised_at) == (True, True)
        self.revisions[call.id] = (call.sequence, call.revised_at)
        self.published[call.id] = shown


def test_show_holds_together_through_any_life(database: Database) -> None:
    """Each life is that of another show in the same database; the lives are the same each time."""
    done: Counter[str] = Counter()
    machine = type("LifeHere", (Life,), {"database": database, "done": done})
    lives = 40 if database.is_sqlite else 20

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=lives, stateful_step_count=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
        ),
    )

    assert [it for it in DEEDS if not done[it]] == []
