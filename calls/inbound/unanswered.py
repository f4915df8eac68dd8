"""Stands where calls.calendars.answering will: answers are read and kept, and change nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.calendars.answers import Answered, Proposed


def take(session: Session, answered: Answered, *, now: datetime) -> str:
    return "An answer; nothing was changed by it."


def take_proposal(session: Session, proposed: Proposed, *, now: datetime) -> str:
    return "Another time was proposed; nothing was changed by it."
