"""Keep what an attendee wants asked."""

from datetime import datetime
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground import text
from calls.ground.database import insert_once, new_id
from calls.ground.refusals import Invalid
from calls.joining.models import Question

TABLE = cast(sa.Table, Question.__table__)
MOST = 1000


def checked(words: str) -> str:
    """The question as it will be kept, or the refusal of one that is too long."""
    clean = text.clean(words).strip()
    if len(clean) > MOST:
        raise Invalid({"question": f"Ask in at most {MOST} characters."})
    return clean


def ask(session: Session, registration_id: UUID, call_id: UUID, words: str, *, now: datetime) -> None:
    """Keep one question a registration and call; asking again replaces it, and saying nothing changes nothing."""
    question = checked(words)
    if not question:
        return
    row = {"id": new_id(), "created_at": now, "registration_id": registration_id, "call_id": call_id, "text": question}
    if not insert_once(session, TABLE, [row]):
        same = sa.and_(Question.registration_id == registration_id, Question.call_id == call_id)
        session.execute(sa.update(Question).where(same).values(text=question))
