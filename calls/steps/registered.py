"""What follows for one registered person: her entry, her feed, and the mails about what befell her."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.calendars import asking, updating
from calls.calendars import queries as calendars
from calls.ground.database import touch
from calls.history.models import Change
from calls.messages import telling, writing
from calls.registrations import queries as registrations
from calls.registrations.models import Attendee, Registration
from calls.shows import queries as shows
from calls.steps.step import Step


def open_entry(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """A new registration gets its calendar entry; one that was cancelled before gets its entry raised (M13)."""
    registration = registrations.registration_by_id(session, change.thing_id)
    if registration is None:
        return
    entry = calendars.entry_of(session, registration.id)
    if entry is None:
        updating.open_entries(session, [registration], now)
    else:
        updating.raise_entry(session, entry, None, registration.call, now)
        asking.ask_one(entry, registration.call)
    if change.facts.get("by_pass"):
        telling.note(session, [registration], now)
    touch(session, f"attendee:{registration.attendee_id}")


def raise_entry(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """What befell one registration alone raises its entry's SEQUENCE."""
    registration = registrations.registration_by_id(session, change.thing_id)
    entry = calendars.entry_of(session, change.thing_id)
    if registration and entry:
        was = change.facts.get("from")
        left = shows.call_by_id(session, UUID(was)) if was else None
        updating.raise_entry(session, entry, left, registration.call, now)
        if left:
            asking.ask_one(entry, registration.call)
        touch(session, f"attendee:{registration.attendee_id}")


def write(kind: str) -> Step:
    """Write one mail to the registration that the change is about; a pass's dates are told with the pass."""

    def step(session: Session, change: Change, _: str | None, now: datetime) -> None:
        registration = registrations.registration_by_id(session, change.thing_id)
        if registration and not (change.facts.get("by_pass") and not _is_invited(session, registration)):
            said_no = {key: it for key, it in change.facts.items() if key == "said_no"}
            is_own_doing = change.by_kind == "attendee"
            writing.to_registered(session, kind, change.id, [registration], now, is_own_doing=is_own_doing, facts=said_no)

    return step


def _is_invited(session: Session, registration: Registration) -> bool:
    """Whether an invitation put the call into her calendar, which only a mail of its own can change."""
    entry = calendars.entry_of(session, registration.id)
    return entry is not None and entry.invited_at is not None


def withdraw_feed(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Who read the mails of the old address shall not go on reading the calendar; the person's page has the new one."""
    feed = calendars.feed_of(session, change.thing_id)
    if feed and feed.is_open:
        updating.rotate_feed(session, feed, now)


def write_anew(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Send a person what she has, with its new links and entries, to the address that she has now."""
    is_own_doing = change.by_kind == "attendee"
    single = [it for it in registrations.registrations_of_attendee(session, change.thing_id, now) if it.pass_id is None]
    passes = registrations.passes_of_attendee(session, change.thing_id)
    writing.to_registered(session, "registration_confirmed", change.id, single, now, is_own_doing=is_own_doing)
    writing.to_holders(session, "pass_confirmed", change.id, passes, now, is_own_doing=is_own_doing)
    attendee = session.get(Attendee, change.thing_id)
    if attendee and not single and not passes:
        writing.to_attendee(session, "your_links", change.id, attendee, now)
