"""Promises of the whole house: each kind of change has its follow-ups, each mail renders, each route is guarded or public."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from calls.calendars import answering, proposing, testing
from calls.calendars import queries as calendars
from calls.calendars.answers import Proposed
from calls.calendars.models import CalendarTest
from calls.calendars.testing import Trial
from calls.follow_ups import FOLLOW_UPS
from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.tokens import Keys
from calls.guests.models import Terms
from calls.history.keeping import Actor
from calls.messages import finding, signing, voting
from calls.messages.mails import MAILS
from calls.messages.models import Told
from calls.registrations import passing, registering
from calls.registrations import queries as registrations
from calls.shows import rescheduling
from calls.team.models import Member
from calls.web import application, guest, host, public
from calls.wishes import wishing
from tests import guest_season
from tests.fakes import FakeMail, Letter
from tests.house import House, Module
from tests.studio import ANN, CLEO, Studio, a_studio
from tests.web.browsers import Browser, a_house

HOUSE = House(Path(__file__).parent.parent)
KIND = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
SOME_ID = UUID("01a204cc-6f23-709c-b912-9b314e2c6846")

# The words of its subject by which each mail is known.
KNOWN_BY = {
    "sign_in": "Your sign-in link",
    "your_links": "Your calls",
    "vote_asked": "Is this your vote? ",
    "calendar_test_invited": "Calendar test of Calls: the invitation",
    "calendar_test_changed": "Calendar test of Calls: moved",
    "calendar_test_cancelled": "Calendar test of Calls: cancelled",
    "registration_confirmed": "You are registered for Ask Tara",
    "pass_confirmed": "You are registered for all calls",
    "call_invited": "This week: ",
    "call_moved": "Moved: ",
    "call_clock_moved": "New clock rules: ",
    "call_changed": "Changed: ",
    "call_cancelled": "Cancelled: ",
    "call_restored": "It takes place after all: ",
    "call_added": "A date was added: ",
    "schedule_changed": "New dates: ",
    "registration_cancelled": "You gave up your seat: ",
    "registration_removed": "You are no longer registered: ",
    "registration_moved": "Your new date: ",
    "pass_cancelled": "You gave your pass back: ",
    "proposal_refused": "The time stays: ",
    "reminder": " starts in ",
    "guest_invited": "Tara invites you to Ask Tara",
    "guest_asked_again": "Once more: ",
    "guest_date_held": "Held for you: ",
    "guest_still_held": "Still held for you: ",
    "guest_step_in": "Could you step in? ",
    "guest_confirmed": "You are our guest: ",
    "guest_hold_lapsed": "Let go: ",
    "guest_declined": "You gave the date back: ",
    "guest_cancelled": "Your date is cancelled: ",
    "guest_replaced": "Somebody else steps in: ",
    "guest_withdrawn": "Invitation withdrawn: ",
    "guest_call_moved": "Your call as guest is moved: ",
    "guest_call_changed": "Your call as guest is changed: ",
    "guest_call_cancelled": "Your call as guest is cancelled: ",
    "guest_call_restored": "Your call as guest takes place after all: ",
    "guest_time_stays": "The time of your call stays: ",
    "guest_prep_missing": "Still missing for ",
    "guest_still_on": "Are you still on? ",
    "guest_trouble_noted": "The host knows: ",
    "guest_kit": "To pass on, if you like: ",
    "guest_thanks": "Thank you for being on ",
    "host_guest_chose": " chose ",
    "host_guest_confirmed": " is confirmed for ",
    "host_guest_declined": " says no: ",
    "host_guest_cancelled": " cannot come on ",
    "host_guest_trouble": " has a problem with ",
    "host_hold_lapsed": " did not confirm ",
    "host_guest_asked_date": " asks for another date: ",
}

# Open to everybody; what is behind them is everybody's, or is given by mail to whoever has the address.
PUBLIC = {
    "GET /",
    "GET /robots.txt",
    "GET /sitemap.xml",
    "GET /favicon.ico",
    "GET /find",
    "POST /find",
    "GET /sign-in",
    "POST /sign-in",
    "POST /sign-out",
    "GET /{slug}",
    "POST /{slug}",
    "GET /{slug}/{address}",
    "POST /{slug}/{address}",
    "GET /{slug}/calendar.ics",
    "GET /pictures/{name}/{file}",
    "GET /{slug}/thanks",
    "POST /{slug}/thanks",
    "GET /{slug}/{address}/picture.png",
    "GET /{slug}/wishes",
    "GET /v/{code}",
    "GET /v/{code}/qr.svg",
    "POST /{slug}/wishes",
}


def kinds_kept(module: Module) -> Iterator[str]:
    """The kinds of change that a module keeps: what stands in its calls of keep(), or is handed on to one."""
    handed_on = False
    for call in (node for node in ast.walk(module.tree) if isinstance(node, ast.Call)):
        if _name_of(call.func) in {"keep", "keep_all"} and len(call.args) > 1:
            found = {it for it in _strings(call.args[1]) if KIND.fullmatch(it)}
            handed_on = handed_on or not found
            yield from found
    if handed_on:
        yield from (it for it in _strings(module.tree) if KIND.fullmatch(it))


def _strings(node: ast.AST) -> set[str]:
    return {it.value for it in ast.walk(node) if isinstance(it, ast.Constant) and isinstance(it.value, str)}


def _name_of(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""


def modules_that_keep() -> list[Module]:
    return [it for it in HOUSE.modules.values() if "calls.history.keeping" in {door.to for door in HOUSE.doors(it)}]


def test_every_kind_of_change_has_its_follow_ups_and_none_is_dead() -> None:
    kept = {kind for module in modules_that_keep() for kind in kinds_kept(module)}

    assert kept == FOLLOW_UPS.keys()


def test_kinds_of_change_stand_in_order() -> None:
    assert list(FOLLOW_UPS) == sorted(FOLLOW_UPS)


@pytest.fixture
def studio(database: Database, clock: SetClock) -> Studio:
    return a_studio(database, clock, FakeMail(clock))


def test_every_mail_is_sent_by_something_and_leaves_no_place_unfilled(studio: Studio) -> None:
    """A season of a show, in which everything happens that anybody is written to about."""
    mail = studio.mail
    assert isinstance(mail, FakeMail)
    seat, other_seat = studio.register(ANN, 0), studio.register(ANN, 1)
    studio.register(CLEO, 2)
    pass_id = studio.take_pass(CLEO)
    with studio.database.transaction() as session:
        signing.send_link(session, "tara@example.com", now=studio.clock.now())
        finding.send_links(session, ANN.email, now=studio.clock.now())
    studio.work()
    studio.wait(hours=1)
    schedule = {"first_day": "2026-11-24", "first_time": "20:00", "zone": "America/New_York", "minutes": 60}
    season: list[Callable[[], object]] = [
        lambda: keep_the_time(studio, other_seat),
        lambda: studio.move("2026-11-24T18:00:00", 0),
        lambda: put_under_older_rules(studio, 2),
        lambda: studio.ask("guest", 0, guest_name="Dr. Ono"),
        lambda: studio.ask("cancel", 0, reason="Rain"),
        lambda: studio.ask("restore", 0),
        lambda: studio.ask("extra", None, wall="2026-11-28T12:00:00", minutes=45),
        lambda: studio.ask("reschedule", None, rrule="FREQ=WEEKLY;BYDAY=TU;COUNT=16", **schedule),
        lambda: studio.remove(other_seat),
        lambda: move_to(studio, seat, 3),
        lambda: studio.cancel_registration(seat),
        lambda: give_back(studio, pass_id),
    ]
    for deed in season:
        deed()
        studio.wait(minutes=11)
        studio.wait(minutes=10)
    studio.register(ANN, 4)
    try_calendar(studio)
    vote(studio)
    with studio.database.reading() as session:
        start = studio.call(session, 4).starts_at
    studio.until(start)
    guest_season.play(studio, 8)

    visible = [it.subject + it.text + it.html.partition("</style>")[2] for it in mail.letters]
    assert [re.findall(r"\{[a-z_]+\}", it) for it in visible] == [[]] * len(visible)
    assert {mail_of(it) for it in mail.letters} == MAILS.keys()


def mail_of(letter: Letter) -> str:
    """Which mail a letter is."""
    [mail] = [name for name, words in KNOWN_BY.items() if words in letter.subject]
    return mail


def move_to(studio: Studio, registration_id: UUID, number: int) -> None:
    with studio.registration(registration_id) as (session, registration, by):
        registering.move_to(session, registration, studio.call(session, number), by=by, now=studio.clock.now())


def put_under_older_rules(studio: Studio, number: int) -> None:
    """Let a call, and what was told of it, be as older time-zone rules had it; then today's are looked at."""
    with studio.database.transaction() as session:
        call = studio.call(session, number)
        call.set_time(call.wall, call.zone, call.minutes, 0, call.starts_at + timedelta(hours=1), "2025b")
        session.execute(sa.update(Told).where(Told.call_id == call.id).values(starts_at=call.starts_at))
    with studio.database.transaction() as session:
        rescheduling.derive_again(session, studio.clock.now())


def vote(studio: Studio) -> None:
    """Somebody would like to hear somebody on the show."""
    with studio.database.transaction() as session:
        session.merge(Terms(show_id=studio.show_id, takes_wishes=True))
        session.flush()
        vote = wishing.propose(session, studio.show(session), wishing.Proposed("Kim Lee"), ANN.email, now=studio.clock.now())
        voting.ask(session, vote, now=studio.clock.now())


def try_calendar(studio: Studio) -> None:
    """The host tests her own calendar, step by step."""
    trial = Trial("google", "", "shows@calls.example", is_read=False)
    with studio.database.transaction() as session:
        member = session.get_one(Member, studio.by.id)
        test = testing.start(session, member, trial, by=studio.by, now=studio.clock.now())
    for act in (testing.change, testing.end):
        studio.work()
        with studio.database.transaction() as session:
            act(session, session.get_one(CalendarTest, test.id), by=studio.by, now=studio.clock.now())
    studio.work()


def keep_the_time(studio: Studio, registration_id: UUID) -> None:
    """Another time is proposed by somebody's calendar, and refused."""
    now = studio.clock.now()
    with studio.registration(registration_id) as (session, registration, _):
        entry = calendars.entry_of(session, registration_id)
        assert entry is not None and registration.attendee.email is not None
        addresses, starts_at = frozenset({registration.attendee.email}), now + timedelta(days=20)
        proposed = Proposed(entry.uid, None, now, addresses, is_authentic=True, starts_at=starts_at, ends_at=None)
        answering.take_proposal(session, proposed, now=now)
        [(proposal, _)] = calendars.open_proposals(session, registration.call_id)
        proposing.refuse(session, proposal, registration.call, by=studio.by, now=now)


def give_back(studio: Studio, pass_id: UUID) -> None:
    with studio.database.transaction() as session:
        a_pass = registrations.pass_by_id(session, pass_id)
        assert a_pass is not None
        by = Actor("attendee", a_pass.attendee_id, a_pass.attendee.name)
        passing.cancel_pass(session, a_pass, by=by, now=studio.clock.now())


@pytest.fixture
def browser(database: Database, clock: SetClock, keys: Keys) -> Iterator[Browser]:
    house = a_house(database, clock, keys, "https://calls.example")
    browser = Browser(application(house, [*host.PAGES, *guest.PAGES, *public.PAGES], registry=CollectorRegistry()), house)
    with browser.client:
        yield browser


def routes() -> Iterator[tuple[str, str]]:
    """Method and path of every page there is; HEAD goes with GET."""
    for page in [*host.PAGES, *guest.PAGES, *public.PAGES]:
        for path in page.paths:
            for method in page.http_methods:
                if method != "HEAD":
                    yield str(method), path.replace(":str", "")


GUARDED = sorted(it for it in routes() if it[1].startswith("/host"))
SECRET = sorted(it for it in routes() if "{token}" in it[1])


def test_every_route_is_guarded_or_opened_by_a_secret_or_listed_as_public() -> None:
    rest = set(routes()) - set(GUARDED) - set(SECRET)

    assert {f"{method} {path}" for method, path in rest} == PUBLIC


def test_stranger_sees_nothing_of_the_hosts_side_and_does_nothing_there(browser: Browser) -> None:
    answers = {}
    for method, path in GUARDED:
        address = re.sub(r"\{[a-z_]+\}", str(SOME_ID), path.replace("{change}", "time"))
        answer = browser.get(address) if method == "GET" else browser.post(address)
        answers[method, path] = (answer.status_code, answer.headers.get("location", "").partition("?")[0])

    expected = {"GET": (303, "/sign-in"), "POST": (403, "")}
    assert answers == {(method, path): expected[method] for method, path in GUARDED}


def test_secret_that_is_none_of_ours_opens_nothing(browser: Browser) -> None:
    purposes = ("registration", "pass", "join", "feed", "guest")
    forged = {purpose: Keys(b"another secret").token(purpose, SOME_ID) for purpose in purposes}
    codes = {
        (method, path): (browser.get(address) if method == "GET" else browser.post(address)).status_code
        for method, path in SECRET
        for secret in [*forged.values(), "A" * 48, "x"]
        for address in [re.sub(r"\{[a-z_]+\}", "calls.ics", path.replace("{token}", secret))]
    }

    assert codes == dict.fromkeys(SECRET, 404)
