"""What follows when two rows of the bench were made one: what rooms above kept about the double moves too."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.calendars import updating
from calls.calendars.models import Feed
from calls.ground.database import touch
from calls.history.models import Change
from calls.messages.models import Message
from calls.wishes.models import Wish


def move_what_hangs(session: Session, change: Change, _: str | None, now: datetime) -> None:
    """Wishes and mails are hers now. Her calendar too, unless she has one already: then the double's ends, and shows a notice."""
    kept, double = UUID(change.facts["guest_id"]), UUID(change.facts["double_id"])
    for model in (Wish, Message):
        session.execute(sa.update(model).where(model.guest_id == double).values(guest_id=kept))
    feeds = {it.guest_id: it for it in session.scalars(sa.select(Feed).where(Feed.guest_id.in_([kept, double])))}
    if double in feeds and kept in feeds:
        updating.withdraw_feed(session, feeds[double], now)
    elif double in feeds:
        feeds[double].guest_id = kept
        touch(session, f"feed:{feeds[double].id}")
