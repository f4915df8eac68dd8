"""Try a mail again that was given up."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import touch
from calls.ground.refusals import NotFound, Refused
from calls.history.keeping import Actor, Subject, keep
from calls.messages.models import FAILED, WAITING, Message
from calls.team.roles import require


def try_again(session: Session, message: Message, *, by: Actor, now: datetime) -> None:
    """Put a failed mail into the outbox anew; it is written from the newest state when it goes."""
    if message.account_id is None:
        raise NotFound
    require(by, "write mails", message.account_id)
    waits = {"state": WAITING, "due_at": now, "tries": 0, "fault": None, "sent_at": None, "claimed_until": None}
    again = session.execute(sa.update(Message).where(Message.id == message.id, Message.state == FAILED).values(**waits))
    if not again.rowcount:  # type: ignore[attr-defined]
        raise Refused("This mail has not failed, so there is nothing to try again.")
    touch(session, "messages", "board")
    subject = Subject(message.id, message.account_id, message.show_id, message.call_id)
    keep(session, "message.tried_again", subject, by=by, now=now)
