"""The sample world: the show "Ask Tara", a guest on all dates but one, people in four zones, one call moved, one skipped,
one full.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from calls.app import Built
from calls.demo import guests
from calls.ground import zones
from calls.ground.clock import SetClock
from calls.history.keeping import Actor
from calls.joining import asking, opening
from calls.joining.rooms import WayIn
from calls.messages import editing
from calls.registrations import passing, registering
from calls.registrations.attending import Person
from calls.sender import Tools
from calls.shows import editing as wording
from calls.shows import moving, planning, queries
from calls.shows.models import Call, Show
from calls.shows.planning import Plan
from calls.team import staffing
from calls.team.models import Member
from calls.worker import Worker

OWNER = "tara@example.com"
NEW_YORK = "America/New_York"
GUESTS = (
    "Dr. Keiko Ono", "Samuel Adeyemi", "Rosa Lindqvist", "Prof. Amara Nwosu", "Jonas Weidmann", "Leila Haddad",
    "Marguerite Dufour", "Tomás Echeverría", "Ingrid Solberg", "Dr. Ravi Menon", "Hannah Oakley", "Piotr Zieliński",
)  # fmt: skip
WITHOUT_GUEST = 6
TOPICS = (
    "Sleep without pills", "Money talks at home", "Saying no kindly", "What grief teaches", "Small habits",
    "Starting over at fifty", "The art of the question", "Work you can love", "Long marriages", "Pain and the mind",
    "Raising teenagers", "Writing every day",
)  # fmt: skip
PEOPLE = (
    Person("Ann Whitfield", "ann@example.org", NEW_YORK),
    Person("Jürgen Brandt", "juergen@example.org", "Europe/Berlin"),
    Person("Mei Tanaka", "mei@example.org", "Asia/Tokyo"),
    Person("Oliver Grant", "oliver@example.org", "Australia/Melbourne"),
    Person("Sofia Marin", "sofia@example.org", "Europe/Berlin"),
    Person("Carl Jensen", "carl@example.org", NEW_YORK),
)
ABOUT = """Every Tuesday Tara asks one expert what **you** want to know: an hour by phone or on the web, live.

- Bring a question, or just listen.
- Dial in from anywhere, or join from your browser.
- Can't come this week? Move to another date with one click."""


@dataclass(frozen=True)
class Scene:
    """Who acts, and on which show, while the cast is played."""

    session: Session
    show: Show
    by: Actor
    now: datetime


def play(built: Built) -> Member:
    """Fill an empty installation. The mails of the morning's changes have gone out by now."""
    database, now = built.house.database, built.house.clock.now()
    with database.transaction() as session:
        owner = staffing.open_account(session, OWNER, "Tara Fields", now=now - timedelta(hours=6))
        show = _plan(session, owner, now - timedelta(hours=6))
    _settle(built, now - timedelta(hours=6))
    with database.transaction() as session:
        show = session.get_one(Show, show.id)
        scene = Scene(session, show, staffing.actor(owner), now - timedelta(hours=5))
        guests.book(session, show, _coming(scene), by=scene.by, now=scene.now)
        guests.wish(session, show, by=scene.by, now=scene.now)
        _register(scene)
    _settle(built, now - timedelta(hours=5))
    with database.transaction() as session:
        show = session.get_one(Show, show.id)
        _change(Scene(session, show, staffing.actor(owner), now - timedelta(hours=1)))
    _settle(built, now - timedelta(hours=1))
    return owner


def _settle(built: Built, moment: datetime) -> None:
    """Let everything that follows happen at that moment, as the worker would have done."""
    tools = Tools(built.house.database, SetClock(moment), built.mail, built.house.desk)
    Worker(tools).settle()


def _plan(session: Session, owner: Member, now: datetime) -> Show:
    by = staffing.actor(owner)
    today = zones.wall(now, NEW_YORK).date()
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7 or 7)
    plan = Plan(
        "Ask Tara",
        tuesday,
        time(19),
        NEW_YORK,
        60,
        "FREQ=WEEKLY;BYDAY=TU",
        description=ABOUT,
        host_name="Tara Fields",
        capacity=15,
    )
    show = planning.create(session, owner.account_id, plan, by=by, now=now)
    way_in = WayIn("+1 555 010 0100", "48213", "https://meet.example.com/ask-tara")
    opening.give_room(session, show, None, way_in, by=by, now=now, is_first=True)
    editing.usual_reminders(session, show, now=now)
    for number, call in enumerate(queries.calls_to_come(session, [show.id], now, limit=500)):
        wording.describe(session, call, TOPICS[number % len(TOPICS)], "", by=by, now=now)
        if number % len(GUESTS) != WITHOUT_GUEST:
            wording.name_guest(session, call, GUESTS[number % len(GUESTS)], by=by, now=now)
    return show


def _register(scene: Scene) -> None:
    """One pass, five single people on the first calls, and the third call full."""
    calls = _coming(scene)
    passing.register_for_all(scene.session, scene.show, PEOPLE[3], by=None, now=scene.now)
    for person in (PEOPLE[0], PEOPLE[1], PEOPLE[2]):
        outcome = registering.register(scene.session, calls[0], person, by=None, now=scene.now)
        asking.ask(scene.session, outcome.registration_id, calls[0].id, "What do you do when you wake at three?", now=scene.now)
    registering.register(scene.session, calls[1], PEOPLE[4], by=None, now=scene.now)
    wording.set_capacity(scene.session, calls[2], 3, by=scene.by, now=scene.now)
    for person in (PEOPLE[4], PEOPLE[5]):
        registering.register(scene.session, calls[2], person, by=None, now=scene.now)
    registering.register(
        scene.session, calls[1], Person("Edith Long", "", NEW_YORK, "+1 555 010 0177"), by=scene.by, now=scene.now
    )


def _change(scene: Scene) -> None:
    """The second call moves to Wednesday, the fifth is skipped."""
    calls = _coming(scene)
    wednesday = calls[1].wall + timedelta(days=1, hours=-1)
    moving.move(scene.session, calls[1], wednesday, NEW_YORK, 60, by=scene.by, now=scene.now)
    moving.skip(scene.session, calls[4], by=scene.by, now=scene.now)


def _coming(scene: Scene) -> Sequence[Call]:
    return queries.calls_to_come(scene.session, [scene.show.id], scene.now, limit=12)
