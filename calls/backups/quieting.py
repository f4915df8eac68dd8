"""So that a restore sends nothing again.

Between the moment of a backup and that of its restore the old server went on: it told people things that the backup does
not know of. Whatever may have been told since is therefore taken as told, and where a person must decide, she is shown it:

- A message whose sending had begun may have gone out: it is marked failed and says so, and a host can send it anew.
- A message that waited and whose time has come since is dropped, with the reason. Those of later times stay waiting.
- A change not yet followed up is taken as followed up: no mail, no invitation, no new SEQUENCE comes of it.
- A pending change whose ten minutes are over is refused with a sentence on the board; the host looks, and asks again.
- Reminders and invitations of the week that are due but not written yet are written and dropped; the next ones go out.
- Sign-in links no longer work and browsers are signed out, since what was ended meanwhile must not come back to life.

Nothing of this is done for a backup taken after the old server was stopped: then nothing has happened since.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from calls.history.models import Change
from calls.messages import inviting, reminding
from calls.messages.models import DROPPED, FAILED, SENDING, WAITING, Message
from calls.shows.models import Pending
from calls.team.models import SignIn, SignInLink

MAY_HAVE_GONE = "It was being sent when the backup was made, so it may have arrived before the restore. Send it anew if not."
TIME_PASSED = "Its time came between the backup and the restore, so it may have gone out then; it is not sent again."
TAKEN_AS_DONE = "Restored from a backup: taken as followed up, so that nobody is told twice."
TO_DECIDE = "It fell due between the backup and the restore, so people may have been told. See whether, and ask for it again."


@dataclass(frozen=True)
class Quieted:
    """How many of each a restore has put to rest."""

    in_flight: int
    overdue: int
    changes: int
    pending: int


def quiet(connection: Connection, now: datetime) -> Quieted:
    """Put to rest what the old server may have done since the backup."""
    message, change, waiting = _table(Message), _table(Change), _table(Pending)
    in_flight = sa.update(message).where(message.c.state == SENDING).values(state=FAILED, claimed_until=None, fault=MAY_HAVE_GONE)
    is_overdue = sa.or_(message.c.due_at <= now, message.c.created_at == now)
    overdue = sa.update(message).where(message.c.state == WAITING, is_overdue).values(state=DROPPED, fault=TIME_PASSED)
    changes = sa.update(change).where(change.c.followed_up_at.is_(None)).values(followed_up_at=now, fault=TAKEN_AS_DONE)
    is_due = sa.and_(waiting.c.effect_at <= now, waiting.c.refused.is_(None))
    pending = sa.update(waiting).where(is_due).values(refused=TO_DECIDE)
    _write_due(connection, now)
    _sign_out(connection, now)
    return Quieted(
        in_flight=connection.execute(in_flight).rowcount,
        overdue=connection.execute(overdue).rowcount,
        changes=connection.execute(changes).rowcount,
        pending=connection.execute(pending).rowcount,
    )


def _sign_out(connection: Connection, now: datetime) -> None:
    link, sign_in = _table(SignInLink), _table(SignIn)
    connection.execute(sa.update(link).where(link.c.used_at.is_(None)).values(used_at=now))
    connection.execute(sa.update(sign_in).where(sign_in.c.ended_at.is_(None)).values(ended_at=now))


def _write_due(connection: Connection, now: datetime) -> None:
    """Write what the clock has brought since, so that it can be dropped as what was written before."""
    with Session(connection) as session:
        while reminding.write_due(session, now) or inviting.invite_due(session, now):
            session.flush()
        session.flush()


def _table(model: type) -> sa.Table:
    return cast(sa.Table, model.__table__)  # type: ignore[attr-defined]
