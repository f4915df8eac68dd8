"""Say when a show's host can take guests for a talk, and which calendar shows when she is busy."""

from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import insert_once
from calls.ground.public_addresses import PUBLIC, Rule
from calls.ground.refusals import Invalid, Refused
from calls.guests import open_hours
from calls.guests.models import BusyCalendar, OpenHours
from calls.guests.slots import Hours
from calls.history.keeping import Actor, Subject, keep
from calls.shows.models import Show
from calls.team.roles import require


def subject(show: Show) -> Subject:
    """What the history says that these are about."""
    return Subject(show.id, show.account_id, show.id)


def set_hours(session: Session, show: Show, hours: Hours, *, by: Actor, now: datetime) -> None:
    """Open these hours, in place of those that were open. Talks that are agreed on stay."""
    require(by, "invite guests", show.account_id)
    open_hours.check(hours)
    weekly = [[it.weekday, f"{it.begin:%H:%M}", f"{it.end:%H:%M}"] for it in hours.weekly]
    numbers = {name: getattr(hours, name) for name in open_hours.LIMITS}
    values = {"zone": hours.zone, "weekly": weekly, **numbers}
    insert_once(session, cast(sa.Table, OpenHours.__table__), [{"show_id": show.id, **values}])
    standing = session.get_one(OpenHours, show.id)
    for name, value in values.items():
        setattr(standing, name, value)
    _read_anew(session, show, now)
    keep(session, "open_hours.set", subject(show), by=by, now=now, facts=values)


def close(session: Session, show: Show, *, by: Actor, now: datetime) -> None:
    """Take no more guests for talks. Talks that are agreed on stay, and so does the busy calendar."""
    require(by, "invite guests", show.account_id)
    standing = session.get(OpenHours, show.id)
    if standing is None:
        raise Refused("No hours are open.")
    session.delete(standing)
    session.flush()
    keep(session, "open_hours.closed", subject(show), by=by, now=now)


def watch(session: Session, show: Show, address: str, *, by: Actor, now: datetime, rule: Rule = PUBLIC) -> None:
    """Have the calendar at this address read from now on. Raises Invalid on "address" where the rule forbids to ask there."""
    require(by, "invite guests", show.account_id)
    try:
        place = rule.place(address)
    except Refused as refusal:
        raise Invalid({"address": refusal.sentence}) from None
    row = {"show_id": show.id, "address": place.url, "busy": [], "try_at": now, "etag": "", "fault": ""}
    insert_once(session, cast(sa.Table, BusyCalendar.__table__), [row])
    standing = session.get_one(BusyCalendar, show.id, with_for_update=True)
    if standing.address != place.url:
        standing.address, standing.busy, standing.fault = place.url, [], ""
        standing.read_at = standing.failing_since = None
    _read_anew(session, show, now)
    keep(session, "busy_calendar.set", subject(show), by=by, now=now, facts={"host": place.host})


def forget(session: Session, show: Show, *, by: Actor, now: datetime) -> None:
    """Read the busy calendar no more, and forget what was read."""
    require(by, "invite guests", show.account_id)
    standing = session.get(BusyCalendar, show.id)
    if standing is None:
        raise Refused("No busy calendar is read.")
    session.delete(standing)
    session.flush()
    keep(session, "busy_calendar.taken_away", subject(show), by=by, now=now, facts={"host": host_of(standing.address)})


def host_of(address: str) -> str:
    """Where a busy calendar lies, without the rest of its address, which is a secret as good as a password."""
    return urlsplit(address).hostname or ""


def _read_anew(session: Session, show: Show, now: datetime) -> None:
    """Have the whole busy calendar read at once: whole days are counted by the clocks of the zone, which may be another."""
    anew = {"try_at": now, "etag": "", "worked_out_at": None}
    session.execute(sa.update(BusyCalendar).where(BusyCalendar.show_id == show.id).values(**anew))
