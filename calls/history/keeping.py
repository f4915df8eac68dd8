"""Write one change into the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import new_id, straight, touch
from calls.history.models import Change


@dataclass(frozen=True)
class Subject:
    """What a change is about, as plain identifiers: history stands below the rooms and does not know their rows."""

    thing_id: UUID
    account_id: UUID | None = None
    show_id: UUID | None = None
    call_id: UUID | None = None


@dataclass(frozen=True)
class Actor:
    """Who does it: a `member`, `attendee`, `guest` or `stranger`, or the `system` itself.

    `role` and `account_id` are a member's.
    """

    kind: str
    id: UUID | None
    name: str
    role: str | None = None
    account_id: UUID | None = None


_INSERT = sa.insert(cast(sa.Table, Change.__table__))
SYSTEM = Actor("system", None, "Calls")


def keep(session: Session, kind: str, subject: Subject, *, by: Actor, now: datetime, facts: dict[str, Any] | None = None) -> UUID:
    """Keep one change; its follow-ups start as soon as the transaction is committed. Facts are plain JSON values."""
    change = _row(kind, subject, by, now, facts)
    straight(session).execute(_INSERT, change)
    touch(session, *tags(kind, subject))
    return cast(UUID, change["id"])


def keep_all(session: Session, kind: str, about: Iterable[tuple[Subject, dict[str, Any]]], *, by: Actor, now: datetime) -> None:
    """Keep the same of many things in one statement: of each its own change, with facts of its own."""
    things = list(about)
    if things:
        straight(session).execute(_INSERT, [_row(kind, subject, by, now, facts) for subject, facts in things])
        touch(session, *(tag for subject, _ in things for tag in tags(kind, subject)))


def _row(kind: str, subject: Subject, by: Actor, now: datetime, facts: dict[str, Any] | None) -> dict[str, Any]:
    place = {"account_id": subject.account_id, "show_id": subject.show_id, "call_id": subject.call_id}
    return row(kind, subject.thing_id, by=by, now=now, facts=facts) | place


def row(kind: str, thing_id: UUID, *, by: Actor, now: datetime, facts: dict[str, Any] | None = None) -> dict[str, Any]:
    """A change as its row, for a statement that keeps it together with what changes; where it happened is still to be added."""
    return {
        "id": new_id(),
        "created_at": now,
        "thing_id": thing_id,
        "kind": kind,
        "by_kind": by.kind,
        "by_id": by.id,
        "by_name": by.name,
        "facts": facts or {},
        "try_at": now,
        "step": 0,
        "tries": 0,
    }


def tags(kind: str, subject: Subject) -> list[str]:
    """Whatever a change of this kind touches."""
    return ["changes", f"change:{kind}", f"thing:{subject.thing_id}", *(f"show:{it}" for it in [subject.show_id] if it)]
