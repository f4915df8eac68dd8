"""An installation on which something of everything is to be seen: the demo's cast, and what does not happen in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from jinja2 import BaseLoader, Environment
from litestar.handlers import HTTPRouteHandler
from sqlalchemy.exc import OperationalError

from calls import pending
from calls.app import Built
from calls.calendars import answering, findings, testing, updating
from calls.calendars.answers import ACCEPTED, Answered, Proposed
from calls.calendars.findings import CANCELLED, CHANGED, INVITED
from calls.calendars.models import CalendarTest, Entry
from calls.calendars.testing import Trial
from calls.demo import cast, outbox, running
from calls.demo.sample_web import CALENDAR
from calls.ground.clock import SetClock
from calls.ground.database import new_id
from calls.guests import opening_hours
from calls.guests.models import BusyCalendar
from calls.guests.slots import Hours, OpenRange
from calls.history.keeping import Actor
from calls.joining import opening
from calls.joining.rooms import WayIn
from calls.messages import editing, sending, silencing
from calls.messages.models import Message
from calls.registrations import adding, passing, registering
from calls.registrations.attending import Person
from calls.registrations.models import Attendee, Pass, Registration
from calls.shows import moving, planning, queries
from calls.shows.models import Call, Pending, Show
from calls.shows.planning import Plan
from calls.team import signing_in, staffing
from calls.team.models import Member
from calls.team.roles import HOST
from calls.web import get, post
from calls.web.answers import Answer
from calls.web.asking import Ask
from tests.album import asked, prepared
from tests.album.bench import fill_bench
from tests.album.kits import links_of, wish_and_bring
from tests.builders import NOW
from tests.served_here import ServedHere, served_here

OWNER, LEADER, NEWCOMER = cast.OWNER, "leader@example.com", "nina@example.com"
ANSWERED = 1
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh 🎈 عائشة"


@dataclass(frozen=True)
class Scene:
    """What samples name: calls of the show in their order, and the people's links."""

    served: ServedHere
    loader: "Noting"
    show: UUID
    draft: UUID
    calls: Sequence[UUID]
    addresses: Sequence[str]
    registration: UUID
    by_hand: UUID
    calendar_test: UUID
    bench: dict[str, UUID]
    messages: dict[str, UUID]
    here: dict[str, str]

    def sign_in_path(self, email: str) -> str:
        """A new link by which this member signs in."""
        with self.served.database.transaction() as session:
            member = session.scalars(sa.select(Member).where(Member.email == email)).one()
            token = signing_in.link_for(session, member, now=self.served.clock.now())
        return f"/sign-in/{token}"


class Noting(BaseLoader):
    """Remembers which templates were asked for."""

    def __init__(self, loader: BaseLoader) -> None:
        self.names: set[str] = set()
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, object]:  # type: ignore[override]
        self.names.add(template)
        return self._loader.get_source(environment, template)


@get("/trouble/busy")
def busy(_: Ask) -> Answer:
    raise OperationalError("SELECT 1", {}, Exception("the disk is full"))


@post("/trouble/busy")
def busy_form(_: Ask) -> Answer:
    raise OperationalError("INSERT", {}, Exception("the disk is full"))


@get("/trouble/broken")
def broken(_: Ask) -> Answer:
    raise ZeroDivisionError


TROUBLES: tuple[HTTPRouteHandler, ...] = (busy, busy_form, broken)


@contextmanager
def set_stage(folder: Path) -> Iterator[Scene]:
    def more(built: Built) -> Sequence[HTTPRouteHandler]:
        return [*outbox.pages(running.folder_mail(built)), *TROUBLES]

    with served_here(folder, SetClock(NOW), more=more) as served:
        templates = served.built.house.templates
        assert templates.loader is not None
        loader = Noting(templates.loader)
        templates.loader = loader
        owner = cast.play(served.built)
        test, bench = _happen(served, owner)
        served.clock.set(NOW)
        scene = _scene(served, loader, owner, test, bench)
        with served.database.transaction() as session:
            show, links = session.get_one(Show, scene.show), served.built.house.links.here
            scene.here.update(asked.ask(session, show, links, by=staffing.actor(owner), now=NOW))
            calls = queries.calls_to_come(session, [show.id], NOW, limit=12)
            booked = prepared.prepare(session, [calls[0], calls[3], calls[4]], NOW)
            scene.here.update(prepared.links_of(booked, links))
        yield scene


def _happen(served: ServedHere, owner: Member) -> tuple[UUID, dict[str, UUID]]:
    """What the demo leaves out: people of other roles, a draft, changes that wait, a failed mail, own words, silences.

    Returns the leader's earlier calendar test, and the people on the bench.
    """
    by, now = staffing.actor(owner), NOW
    with served.database.transaction() as session:
        leader = Member(account_id=owner.account_id, email=LEADER, name="Lea", role=HOST, created_at=now)
        session.add(leader)
        nina = staffing.open_account(session, NEWCOMER, "Nina", now=now)
        updating.open_host_feed(session, owner.id, now)
        updating.withdraw_feed(session, updating.open_host_feed(session, nina.id, now), now)
        show = session.scalars(sa.select(Show)).one()
        day = (now + timedelta(days=9)).date()
        quiet = Plan("Quiet Hour", day, time(9), "Asia/Kathmandu", 45, "FREQ=MONTHLY;BYDAY=1TU", is_published=False)
        draft = planning.create(session, owner.account_id, quiet, by=by, now=now)
        _open_hours(session, show, draft, by, now)
        editing.set_words(
            session, show, "reminder", "Soon: {call}", "Hello {name},\n\n{call} starts {starts_in}: {join}", by=by, now=now
        )
    with served.database.transaction() as session:
        calls = queries.calls_to_come(session, [session.get_one(Show, show.id).id], now, limit=12)
        _change(session, calls, by, now)
        bench = fill_bench(session, calls, LONG_NAME, by=by, now=now)
    served.settle()
    with served.database.transaction() as session:
        _answer(session, queries.calls_to_come(session, [show.id], now, limit=12)[ANSWERED], now)
        _go_wrong(session, now)
        brings = session.scalars(sa.select(Registration).join(Attendee).where(Attendee.email == "carl@example.org")).first()
        assert brings is not None
        wish_and_bring(session, session.get_one(Show, show.id), brings, now)
    return _try_calendar(served), bench


def _open_hours(session: "sa.orm.Session", show: Show, draft: Show, by: Actor, now: datetime) -> None:
    """Hours with a calendar that is read, and a draft without hours whose calendar cannot be read any more."""
    ranges = (OpenRange(0, time(9), time(12)), OpenRange(0, time(14), time(17)), OpenRange(3, time(20), time(0)))
    opening_hours.set_hours(session, show, Hours(show.zone, ranges, most_a_week=3), by=by, now=now)
    for it, fault in ((show, ""), (draft, "There is nothing at that address of calendar.example (404).")):
        opening_hours.watch(session, it, CALENDAR, by=by, now=now)
        busy = session.get_one(BusyCalendar, it.id)
        busy.busy = [[(now + timedelta(days=1)).isoformat(), (now + timedelta(days=1, hours=5)).isoformat()]]
        busy.read_at, busy.fault, busy.try_at = now - timedelta(hours=3), fault, now + timedelta(minutes=9)
        busy.failing_since = now - timedelta(hours=2) if fault else None


def _try_calendar(served: ServedHere) -> UUID:
    """The leader's calendar tests: one that went well, and one in its second step that found something to mend."""
    now, first = served.clock.now(), _begin_test(served, "iPhone")
    for step, deed in ((INVITED, testing.change), (CHANGED, testing.end), (CANCELLED, None)):
        served.settle()
        with served.database.transaction() as session:
            test, by = _test_of_leader(session, first)
            testing.tick(session, test, step, findings.TICKS[step], by=by, now=now)
            if deed:
                deed(session, test, by=by, now=now)
    second = _begin_test(served, "iPad, with a Google account")
    served.settle()
    with served.database.transaction() as session:
        test, by = _test_of_leader(session, second)
        heard = Answered(test.uid, 0, now, frozenset({LEADER}), is_authentic=True, answer=ACCEPTED)
        testing.hear(session, heard, now=now)
        testing.tick(session, test, INVITED, ["stands"], by=by, now=now)
        testing.change(session, test, by=by, now=now)
    served.settle()
    return first


def _begin_test(served: ServedHere, version: str) -> UUID:
    trial = Trial("apple", version, served.built.house.desk.sender().address, is_read=True)
    with served.database.transaction() as session:
        leader = session.scalars(sa.select(Member).where(Member.email == LEADER)).one()
        return testing.start(session, leader, trial, by=staffing.actor(leader), now=served.clock.now()).id


def _test_of_leader(session: "sa.orm.Session", test_id: UUID) -> tuple[CalendarTest, Actor]:
    test = session.get_one(CalendarTest, test_id)
    return test, staffing.actor(session.get_one(Member, test.member_id))


def _change(session: "sa.orm.Session", calls: Sequence[Call], by: Actor, now: datetime) -> None:
    show = calls[0].show
    facts = {"wall": (calls[0].wall + timedelta(days=1)).isoformat(), "zone": calls[0].zone, "minutes": 60, "fold": 0}
    pending.ask(session, "move", show, calls[0], facts, by=by, now=now)
    opening.give_room(session, show, calls[1], WayIn("", "", "https://meet.example.com/own", False), by=by, now=now)
    for person in (Person("Zoë Quinn", "zoe@example.org", "Europe/Berlin"), Person(LONG_NAME, "long@example.org", "Asia/Tokyo")):
        registering.register(session, calls[5], person, by=None, now=now)
    moving.cancel(session, calls[5], "The guest has fallen ill.\nWe are sorry.", by=by, now=now)
    adding.add(session, calls[6], Person("Edith Long", "", "America/New_York", ""), by=by, now=now)
    outcome = registering.register(session, calls[6], Person("Yan Li", "yan@example.org", "Asia/Shanghai"), by=None, now=now)
    assert outcome.registration_id is not None
    registering.cancel(session, session.get_one(Registration, outcome.registration_id), by=by, now=now)
    passing.register_for_all(session, show, Person("Pia Roth", "pia@example.org", "Europe/Vienna"), by=None, now=now)
    moving.skip(session, calls[8], by=by, now=now)
    pending.ask(session, "restore", show, calls[8], {}, by=by, now=now)
    session.add(
        Pending(
            id=new_id(),
            created_at=now,
            show_id=show.id,
            call_id=calls[7].id,
            kind="guest",
            facts={"guest_name": "Somebody Else"},
            by_id=by.id,
            by_name=by.name,
            effect_at=now,
            refused="That call has been cancelled meanwhile.",
        )
    )


def _answer(session: "sa.orm.Session", call: Call, now: datetime) -> None:
    """A yes, a maybe, a no, an answer of a stranger, and two other times proposed, of which one cannot be read."""
    rows = session.execute(
        sa.select(Entry.uid, Attendee.email)
        .join(Registration, Registration.id == Entry.registration_id)
        .join(Attendee, Attendee.id == Registration.attendee_id)
        .where(Registration.call_id == call.id, Attendee.email.is_not(None))
        .order_by(Attendee.email)
    ).all()
    comment = "I will be there, if the train is on time. <b>Really</b>"
    for answer, (uid, email) in zip(("accepted", "tentative", "declined"), rows, strict=False):
        heard = Answered(uid, None, now, frozenset({email or ""}), is_authentic=True, comment=comment, answer=answer)
        answering.take(session, heard, now=now)
    for starts_at, (uid, email) in zip((call.starts_at + timedelta(days=1), None), rows, strict=False):
        behind = frozenset({email or ""})
        proposed = Proposed(uid, None, now, behind, True, comment, starts_at=starts_at, ends_at=None, words="half past two")
        answering.take_proposal(session, proposed, now=now)
    stranger = Answered(rows[0].uid, None, now, frozenset({"x@example.net"}), True, comment, answer="declined")
    answering.take(session, stranger, now=now)


def _go_wrong(session: "sa.orm.Session", now: datetime) -> None:
    message = session.scalars(sa.select(Message).where(Message.kind == "registration_confirmed").limit(1)).one()
    sending.fail(session, message.id, "550 No such user here", now)
    for email, kind in (("ann@example.org", "reminders"), ("carl@example.org", "all")):
        attendee = session.scalars(sa.select(Attendee).where(Attendee.email == email)).one()
        silencing.silence(session, attendee, kind, now=now)
    zoe = session.scalars(sa.select(Attendee).where(Attendee.email == "zoe@example.org")).one()
    updating.withdraw_feed(session, updating.open_feed(session, zoe.id, now), now)
    pia = session.scalars(sa.select(Pass).join(Attendee).where(Attendee.email == "pia@example.org")).one()
    passing.cancel_pass(session, pia, by=Actor("attendee", pia.attendee_id, "Pia Roth"), now=now)


def _scene(served: ServedHere, loader: Noting, owner: Member, test: UUID, bench: dict[str, UUID]) -> Scene:
    links = served.built.house.links.here
    with served.database.reading() as session:
        show, draft = queries.shows_of(session, owner.account_id)
        calls = queries.calls_to_come(session, [show.id], NOW, limit=12)
        first, full = calls[0], calls[2]

        def of(email: str, call: Call) -> Registration:
            wanted = sa.select(Registration).join(Attendee).where(Attendee.email == email, Registration.call_id == call.id)
            return session.scalars(wanted).one()

        by_hand = session.scalars(sa.select(Registration).join(Attendee).where(Attendee.name == "Edith Long")).first()
        assert by_hand is not None
        passes = {it.attendee.email: it.id for it in session.scalars(sa.select(Pass))}
        silent = {it.email: links.unsubscribe(it.id, it.generation) for it in session.scalars(sa.select(Attendee))}
        here = {
            "own": links.registration(of("juergen@example.org", first).id),
            "own cancelled": links.registration(of("zoe@example.org", calls[5]).id),
            "own given back": links.registration(of("yan@example.org", calls[6]).id),
            "own full": links.registration(of("carl@example.org", full).id),
            "join": links.join(of("juergen@example.org", first).id),
            "join cancelled": links.join(of("zoe@example.org", calls[5]).id),
            "join given back": links.join(of("yan@example.org", calls[6]).id),
            "yes": links.answer("accepted", of("juergen@example.org", first).id),
            "yes cancelled": links.answer("accepted", of("zoe@example.org", calls[5]).id),
            "yes given back": links.answer("accepted", of("yan@example.org", calls[6]).id),
            "pass": links.passes(passes["oliver@example.org"]),
            "pass given back": links.passes(passes["pia@example.org"]),
            "mails": silent["juergen@example.org"],
            "no reminders": silent["ann@example.org"],
            "no mails": silent["carl@example.org"],
        }
        here |= links_of(session, links)
        messages = {it.state: it.id for it in session.scalars(sa.select(Message).where(Message.show_id.is_not(None)))}
        return Scene(
            served=served,
            loader=loader,
            show=show.id,
            draft=draft.id,
            calls=[call.id for call in calls],
            addresses=[call.address for call in calls],
            registration=of("ann@example.org", first).id,
            by_hand=by_hand.id,
            calendar_test=test,
            bench=bench,
            messages=messages,
            here=here,
        )
