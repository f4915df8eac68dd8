"""Keep an answer as it came, whoever was invited, and say whether it counts (M19 to M21)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars.answers import Answered, Heard, is_older
from calls.calendars.models import Entry, Reply
from calls.ground.database import new_id
from calls.ground.text import clean

MAIL, PAGE = "mail", "page"
COUNTED, OLDER, OLD_TIME, STRANGER = "counted", "older", "old time", "stranger"
SAID = {
    COUNTED: "An answer was counted.",
    OLDER: "An answer older than one that counts was noted.",
    OLD_TIME: "An answer to an older time was noted; the invitation to the newer one is still unanswered.",
    STRANGER: "An answer from another address than the invited one was noted for the host.",
}
UNKNOWN = "An answer to an invitation that is none of ours changed nothing."
TWICE = "An answer that had come before changed nothing."
COUNTER = "proposed"
LONGEST_COMMENT = 2_000
HIGHEST_SEQUENCE = 2**31 - 1


def is_hers(heard: Heard, email: str | None) -> bool:
    """Whether the invited address is behind it, and the mail server vouches for that (M19)."""
    return heard.is_authentic and email is not None and heard.names(email)


def standing(entry: Entry, answered: Answered, now: datetime) -> str:
    """M20. A calendar whose clock is ahead of ours is taken to speak now, so that whatever she says next is later."""
    if answered.sequence is not None and answered.sequence < entry.asked_sequence:
        return OLD_TIME
    if entry.answered_at is not None and is_older(min(answered.stamped_at, now), entry.answered_at):
        return OLDER
    return COUNTED


def note(session: Session, entry: Entry, heard: Heard, answer: str, its_standing: str, now: datetime) -> str:
    """Keep the answer as it came, once."""
    sequence = entry.asked_sequence if heard.sequence is None else min(max(heard.sequence, 0), HIGHEST_SEQUENCE)
    kept = reply(entry, MAIL, answer, sequence, heard.stamped_at, its_standing, now)
    kept.comment = clean(heard.comment).strip()[:LONGEST_COMMENT]
    kept.sender = ", ".join(sorted(clean(it) for it in heard.addresses))[:LONGEST_COMMENT]
    if session.scalar(sa.select(Reply.id).where(*_same(kept, has_sequence=heard.sequence is not None)).limit(1)):
        return TWICE
    session.add(kept)
    return SAID[its_standing]


def _same(reply: Reply, *, has_sequence: bool) -> list[sa.ColumnElement[bool]]:
    """The same answer come before; hers may come from two of her addresses (M18)."""
    same = [Reply.entry_id == reply.entry_id, Reply.way == reply.way, Reply.answer == reply.answer]
    same.append(Reply.stamped_at == reply.stamped_at)
    if has_sequence:
        same.append(Reply.sequence == reply.sequence)
    if reply.standing == STRANGER:
        return [*same, Reply.standing == STRANGER, Reply.sender == reply.sender]
    return [*same, Reply.standing != STRANGER]


def reply(
    entry: Entry, way: str, answer: str, sequence: int, stamped_at: datetime, its_standing: str, now: datetime
) -> Reply:
    """An answer as its row."""
    known = {"id": new_id(), "created_at": now, "entry_id": entry.id, "comment": "", "sender": ""}
    return Reply(**known, way=way, answer=answer, sequence=sequence, stamped_at=stamped_at, standing=its_standing)
