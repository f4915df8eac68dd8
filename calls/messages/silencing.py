"""Stop mails to a person, and let them come again."""

from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import insert_once, new_id
from calls.ground.refusals import Invalid
from calls.history.keeping import Actor, Subject, keep
from calls.messages.models import Silence
from calls.registrations.models import Attendee

TABLE = cast(sa.Table, Silence.__table__)
KINDS = ("reminders", "all")


def silence(session: Session, attendee: Attendee, kind: str, *, now: datetime) -> None:
    """Write no more mails of this kind (`reminders` or `all`) to her. Doing it again does nothing."""
    _check(kind)
    row = {"id": new_id(), "created_at": now, "attendee_id": attendee.id, "kind": kind}
    if insert_once(session, TABLE, [row]):
        _keep(session, "silence.set", attendee, kind, now)


def unsilence(session: Session, attendee: Attendee, kind: str, *, now: datetime) -> None:
    """Write such mails to her again. Where none were stilled, nothing happens."""
    _check(kind)
    gone = session.execute(sa.delete(TABLE).where(TABLE.c.attendee_id == attendee.id, TABLE.c.kind == kind))
    if gone.rowcount:  # type: ignore[attr-defined]
        _keep(session, "silence.lifted", attendee, kind, now)


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise Invalid({"kind": "Choose what shall no longer come."})


def _keep(session: Session, change: str, attendee: Attendee, kind: str, now: datetime) -> None:
    by = Actor("attendee", attendee.id, attendee.name)
    keep(session, change, Subject(attendee.id, attendee.account_id), by=by, now=now, facts={"kind": kind})
