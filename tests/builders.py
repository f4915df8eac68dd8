"""Rows for tests, each from a sentence: say only what matters, the rest is filled in.

`a_call(session, a_show(session), capacity=2, taken=1)` is a call with one seat left. What a builder fills in stands in
its own body. Nothing here keeps a Change or writes a mail; a test of those goes through the acts.
"""

from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from calls.ground import zones
from calls.ground.database import new_id
from calls.guests.models import Booking, Guest, Invitation
from calls.registrations.models import CONFIRMED, Attendee, Pass, Registration
from calls.shows.models import Call, Show
from calls.team.models import Account, Member

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday
FIRST_CALL = datetime(2026, 11, 24, 19, 0)  # noqa: DTZ001 -- a wall time: Tuesday evening in New York

_numbers = count(1)


def an_account(session: Session, **facts: Any) -> Account:
    account = Account(**{"name": "Tara Productions", "created_at": NOW} | facts)
    session.add(account)
    session.flush()
    return account


def a_member(session: Session, **facts: Any) -> Member:
    """An owner of an account of her own, unless `account` or `account_id` names another."""
    account = _account(session, facts)
    known = {"email": f"member{next(_numbers)}@example.com", "name": "Tara", "role": "owner", "created_at": NOW}
    member = Member(**known | {"account_id": account} | facts)
    session.add(member)
    session.flush()
    return member


def a_show(session: Session, **facts: Any) -> Show:
    """A published weekly show, Tuesdays at 19:00 in New York for an hour; no call of it is laid out."""
    account = _account(session, facts)
    known = {
        "slug": f"show-{next(_numbers)}",
        "name": "Ask Tara",
        "host_name": "Tara",
        "capacity": 100,
        "first_day": FIRST_CALL.date(),
        "first_time": time(19, 0),
        "zone": "America/New_York",
        "minutes": 60,
        "rrule": "FREQ=WEEKLY;BYDAY=TU",
        "created_at": NOW,
        "published_at": NOW,
    }
    show = Show(**known | {"account_id": account} | facts)
    session.add(show)
    session.flush()
    return show


def a_call(session: Session, show: Show, **facts: Any) -> Call:
    """The show's first call, or the one at `wall` (local), or at `starts_at` (UTC); moments are derived from the wall time."""
    zone = facts.get("zone", show.zone)
    minutes = facts.get("minutes", show.minutes)
    if "wall" not in facts:
        facts["wall"] = zones.wall(facts["starts_at"], zone) if "starts_at" in facts else FIRST_CALL
    wall = facts["wall"]
    starts_at = facts.get("starts_at") or zones.resolve(wall, zone, facts.get("fold", 0))
    known = {
        "address": wall.date().isoformat(),
        "planned_day": None if facts.get("is_extra") else wall.date(),
        "planned_for": starts_at,
        "zone": zone,
        "minutes": minutes,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "tzdata": zones.VERSION,
        "capacity": show.capacity,
        "uid": f"{new_id()}@calls.example",
        "created_at": NOW,
        "revised_at": NOW,
    }
    call = Call(**known | {"show_id": show.id} | facts)
    session.add(call)
    session.flush()
    return call


def an_attendee(session: Session, **facts: Any) -> Attendee:
    """Somebody in Berlin; she belongs to an account of its own unless `account` or `account_id` names another."""
    account = _account(session, facts)
    known = {"email": f"attendee{next(_numbers)}@example.com", "name": "Ada", "zone": "Europe/Berlin", "created_at": NOW}
    attendee = Attendee(**known | {"account_id": account} | facts)
    session.add(attendee)
    session.flush()
    return attendee


def a_registration(session: Session, call: Call, attendee: Attendee | None = None, **facts: Any) -> Registration:
    """A place at a call. A confirmed one takes its seat."""
    person = attendee or an_attendee(session, account_id=call.show.account_id)
    known = {"state": CONFIRMED, "confirmed_at": NOW, "created_at": NOW}
    registration = Registration(**known | {"call_id": call.id, "attendee_id": person.id} | facts)
    session.add(registration)
    call.taken += registration.is_confirmed
    session.flush()
    return registration


def a_pass(session: Session, show: Show, attendee: Attendee | None = None, **facts: Any) -> Pass:
    """A registration to every call of a show; those of single calls are not made."""
    person = attendee or an_attendee(session, account_id=show.account_id)
    a_pass = Pass(**{"created_at": NOW, "show_id": show.id, "attendee_id": person.id} | facts)
    session.add(a_pass)
    session.flush()
    return a_pass


def a_guest(session: Session, **facts: Any) -> Guest:
    """Somebody on the bench, without a turn; of an account of her own unless `account` or `account_id` names another."""
    account = _account(session, facts)
    known = {"name": "Keiko Ono", "email": f"guest{next(_numbers)}@example.com", "created_at": NOW}
    guest = Guest(**known | {"account_id": account} | facts)
    session.add(guest)
    session.flush()
    return guest


def an_invitation(session: Session, guest: Guest, show: Show, **facts: Any) -> Invitation:
    """An invitation that waits for an answer and offers no date."""
    invitation = Invitation(**{"created_at": NOW, "guest_id": guest.id, "show_id": show.id, "sent_at": NOW} | facts)
    session.add(invitation)
    session.flush()
    return invitation


def a_booking(session: Session, guest: Guest, call: Call, **facts: Any) -> Booking:
    """A confirmed booking of this call's first place, with the invitation that led to it."""
    if "invitation_id" not in facts:
        facts["invitation_id"] = an_invitation(session, guest, call.show, state="taken").id
    known = {"state": "confirmed", "ends_at": NOW, "revised_at": NOW, "created_at": NOW}
    booking = Booking(**known | {"guest_id": guest.id, "show_id": call.show_id, "call_id": call.id} | facts)
    session.add(booking)
    session.flush()
    return booking


def _account(session: Session, facts: dict[str, Any]) -> Any:
    """The account named by the facts, which lose `account`; else a new one."""
    account = facts.pop("account", None)
    if account is not None:
        return account.id
    return facts["account_id"] if "account_id" in facts else an_account(session).id
