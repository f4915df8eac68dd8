"""A bench on which something of everything is to be seen: all standings but thanks, turns, doubles, long names."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.guests import benching
from calls.guests.models import Guest
from calls.guests.person import Person
from calls.history.keeping import Actor
from calls.shows.models import Call
from tests.builders import a_booking, a_guest, an_invitation

DOUBLE = "01a204cc-6f23-709c-b912-9b314e2c6801"  # an id that forms of samples can name
KEIKO = Person(
    "Dr. Keiko Ono",
    "keiko@example.jp",
    "+81 3 5555 0101",
    "Asia/Tokyo",
    "https://social.example/@keiko/1",
    "Sleep without pills",
    "Answers best in the morning.\n\nSpoke at *Sleep 2025*.",
    ("autumn", "sleep"),
    date(2026, 11, 3),
)


def fill_bench(session: Session, calls: Sequence[Call], long_name: str, *, by: Actor, now: datetime) -> dict[str, UUID]:
    """The people by a short name."""
    account_id = calls[0].show.account_id
    people = {
        "keiko": KEIKO,
        "asked": Person("Samuel Adeyemi", "samuel@example.org", topics="Money talks at home", tags=("money",)),
        "declined": Person("Prof. Amara Nwosu", "amara@example.org"),
        "silent": Person(long_name, "long-guest@example.org", topics=f"{long_name} " * 5, tags=(long_name[:38], "autumn")),
    }
    guests = {name: benching.add(session, account_id, it, by=by, now=now) for name, it in people.items()}
    met = "A talk in Lisbon"
    guests["double"] = a_guest(session, id=UUID(DOUBLE), account_id=account_id, name="Ono, Keiko", email=None, met=met)
    for name in ("silent", "keiko", "double"):
        benching.move(session, guests[name], 9, by=by, now=now)
    a_booking(session, guests["keiko"], calls[3])
    an_invitation(session, guests["asked"], calls[3].show)
    an_invitation(session, guests["declined"], calls[3].show, state="declined", reason="Too busy until spring", decided_at=now)
    _give(guests["keiko"])
    guests["silent"].silenced_at = now
    guests["asked"].bounced_at, guests["asked"].bounce = now, "550 No such user here"
    return {name: it.id for name, it in guests.items()}


def _give(guest: Guest) -> None:
    """What a guest sends in for a call."""
    guest.bio, guest.links = "Sleep researcher in Osaka. **Nights** are her days.", ["https://keiko.example"]
