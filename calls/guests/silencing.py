"""Write no more to a guest who wants no mail, or whose address takes none; and write again."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground.database import touch
from calls.guests.models import Guest
from calls.history.keeping import SYSTEM, Actor, Subject, keep


def silence(session: Session, guest: Guest, *, now: datetime) -> None:
    """Write no more to her but the answers to what she does herself. Doing it again does nothing."""
    if guest.silenced_at is None:
        guest.silenced_at = now
        _keep(session, "guest.silenced", guest, who(guest), now)


def unsilence(session: Session, guest: Guest, *, now: datetime) -> None:
    """Write to her again. Where nothing was stilled, nothing happens."""
    if guest.silenced_at is not None:
        guest.silenced_at = None
        _keep(session, "guest.unsilenced", guest, who(guest), now)


def mark_bounced(session: Session, guest: Guest, words: str, *, now: datetime) -> None:
    """Note that her address takes no mail; `words` is what the mail server said. One that is marked already stays as it is."""
    if guest.email is None or guest.bounced_at is not None:
        return
    guest.bounced_at, guest.bounce = now, words
    _keep(session, "guest.bounced", guest, SYSTEM, now)


def who(guest: Guest) -> Actor:
    """The guest as the one who does it."""
    return Actor("guest", guest.id, guest.name)


def _keep(session: Session, kind: str, guest: Guest, by: Actor, now: datetime) -> None:
    facts = {"guest": guest.name, "guest_id": str(guest.id)}
    keep(session, kind, Subject(guest.id, guest.account_id), by=by, now=now, facts=facts)
    touch(session, "board")
