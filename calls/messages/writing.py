"""Put messages into the outbox: who, which mail, which facts. What they say is worked out when they go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import insert_once, new_id, touch
from calls.messages import mails, queries, quiet
from calls.messages.mails import NEWS
from calls.messages.models import WAITING, Message, Told
from calls.registrations.models import Attendee, Pass, Registration

TABLE = cast(sa.Table, Message.__table__)
BATCH = 200
WHOM_AND_WHAT = (
    "account_id",
    "show_id",
    "call_id",
    "attendee_id",
    "member_id",
    "registration_id",
    "guest_id",
    "booking_id",
)
NO_FACTS: Mapping[str, Any] = {}


def write(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Put rows into the outbox once; what was written before under the same key is left as it is."""
    written = insert_once(session, TABLE, list(rows))
    if written:
        touch(session, "messages")
    return written


def row(kind: str, key: str, now: datetime, due_at: datetime, **about: Any) -> dict[str, Any]:
    """One message as it goes into the table; `about` says whom and what it concerns."""
    empty = dict.fromkeys(WHOM_AND_WHAT)
    facts = about.pop("facts", {})
    return {
        "id": new_id(),
        "created_at": now,
        "key": key,
        "kind": kind,
        "due_at": due_at,
        "state": WAITING,
        "tries": 0,
        "facts": dict(facts),
        **empty,
        **about,
    }


def to_registered(
    session: Session,
    kind: str,
    cause: object,
    registrations: Sequence[Registration],
    now: datetime,
    *,
    is_own_doing: bool = False,
    facts: Mapping[str, Any] = NO_FACTS,
) -> int:
    """Write one kind of mail to people about their calls; `cause` makes it once. Who can't or won't be reached is passed over.

    What a person asked for herself this minute goes at night too.
    """
    silences = queries.silences_of(session, {it.attendee_id for it in registrations})
    is_asked = is_own_doing and mails.MAILS[kind].is_asked
    rows = []
    for it in registrations:
        if it.attendee.email is None or not mails.may_reach(kind, silences.get(it.attendee_id, frozenset())):
            continue
        due_at = quiet.due(now, it.attendee.zone, it.call.starts_at, is_asked=is_asked)
        rows.append(row(kind, f"{kind}:{cause}:{it.id}", now, due_at, facts={**facts, **_asked(is_asked)}, **about(it)))
    return write(session, rows)


def _asked(is_asked: bool) -> dict[str, Any]:
    """What a message carries that its reader asked for herself: it waits for no morning."""
    return {"is_asked": True} if is_asked else {}


def about(registration: Registration) -> dict[str, UUID]:
    """Whom and what a message about a registration concerns."""
    call = registration.call
    return {
        "account_id": call.show.account_id,
        "show_id": call.show_id,
        "call_id": call.id,
        "attendee_id": registration.attendee_id,
        "registration_id": registration.id,
    }


def news(session: Session, cause: object, registrations: Sequence[Registration], now: datetime) -> int:
    """Tell people that something about their call is no longer as they were told.

    Whoever has such a letter waiting gets no second one: it will say the newest when it goes. Two letters about one
    call lie twenty minutes apart, so that changes in between share one.
    """
    ids = [it.id for it in registrations]
    waiting = queries.with_news_waiting(session, ids)
    told = queries.told_of(session, ids)
    silences = queries.silences_of(session, {it.attendee_id for it in registrations})
    rows = []
    for it in registrations:
        if it.attendee.email is None or not mails.may_reach(NEWS, silences.get(it.attendee_id, frozenset())):
            continue
        last = told.get(it.id)
        due_at = quiet.hold(now, it.attendee.zone, _at_stake(it, last, now), last.at if last else None)
        if it.id in waiting:
            _hasten(session, it.id, due_at)
        else:
            rows.append(row(NEWS, f"{NEWS}:{cause}:{it.id}", now, due_at, **about(it)))
    return write(session, rows)


def _at_stake(registration: Registration, last: Told | None, now: datetime) -> datetime:
    """The start by which she has to know: that of which she was told, while it is still to come, or the new one."""
    starts_at = registration.call.starts_at
    return min(last.starts_at, starts_at) if last and last.starts_at > now and not last.is_cancelled else starts_at


def _hasten(session: Session, registration_id: UUID, due_at: datetime) -> None:
    """Let a waiting letter go earlier when the call has come nearer."""
    is_later = sa.and_(
        TABLE.c.registration_id == registration_id, TABLE.c.kind == NEWS, TABLE.c.state == WAITING, TABLE.c.due_at > due_at
    )
    session.execute(sa.update(TABLE).where(is_later).values(due_at=due_at))


def to_holders(
    session: Session,
    kind: str,
    cause: object,
    passes: Sequence[Pass],
    now: datetime,
    *,
    is_own_doing: bool = False,
    why: str = "",
) -> int:
    """Write one kind of mail to the holders of passes. What a person asked for herself this minute goes at night too.

    `why` is a sentence that the mail gives as its reason, if it has room for one.
    """
    silences = queries.silences_of(session, {it.attendee_id for it in passes})
    is_asked = is_own_doing and mails.MAILS[kind].is_asked
    rows = []
    for it in passes:
        if it.attendee.email is None or not mails.may_reach(kind, silences.get(it.attendee_id, frozenset())):
            continue
        due_at = quiet.due(now, it.attendee.zone, None, is_asked=is_asked)
        about_pass = {"account_id": it.attendee.account_id, "show_id": it.show_id, "attendee_id": it.attendee_id}
        facts = {"pass": str(it.id), **({"why": why} if why else {}), **_asked(is_asked)}
        rows.append(row(kind, f"{kind}:{cause}:{it.id}", now, due_at, facts=facts, **about_pass))
    return write(session, rows)


def to_attendee(session: Session, kind: str, cause: object, attendee: Attendee, now: datetime) -> int:
    """Write a mail about no one call to a person, which she asked for herself."""
    if attendee.email is None:
        return 0
    about_her = {"account_id": attendee.account_id, "attendee_id": attendee.id}
    return write(session, [row(kind, f"{kind}:{cause}:{attendee.id}", now, now, facts=_asked(True), **about_her)])


def to_member(
    session: Session, kind: str, cause: object, member_id: UUID, account_id: UUID, now: datetime, facts: Mapping[str, Any]
) -> int:
    """Write a mail to a member."""
    return write(
        session, [row(kind, f"{kind}:{cause}:{member_id}", now, now, facts=facts, account_id=account_id, member_id=member_id)]
    )
