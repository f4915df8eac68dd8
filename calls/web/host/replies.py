"""What people answered to their invitations, as a host sees it beside the registrations of a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from calls.calendars import queries
from calls.calendars.answers import ACCEPTED, DECLINED, TENTATIVE
from calls.calendars.models import Reply
from calls.registrations.models import Attendee, Registration

MOST = 50
WORDS = {ACCEPTED: "yes", TENTATIVE: "maybe", DECLINED: "no", "": ""}
STRANGE = WORDS | {"proposed": "another time"}


@dataclass(frozen=True)
class Said:
    """What is shown above and below the list: the numbers, who gave the seat up by a No, and answers that do not count."""

    line: str
    declined: Sequence[tuple[Registration, str]]
    strangers: Sequence[tuple[Reply, str, Attendee]]


def of_call(session: Session, call_id: UUID) -> Said:
    declined = queries.declined_of_call(session, call_id, MOST)
    said = queries.said_of(session, [it.id for it in declined])
    strangers = queries.strangers_of_call(session, call_id, MOST)
    return Said(
        line(session, call_id),
        [(it, said.get(it.id, ("", ""))[1]) for it in declined],
        [(reply, STRANGE[reply.answer], attendee) for reply, attendee in strangers],
    )


def line(session: Session, call_id: UUID) -> str:
    """The answers of a call, counted: "12 yes, 3 maybe, 1 no, 20 unanswered"."""
    numbers = queries.answers_of_call(session, call_id)
    named = [*((WORDS[it], numbers.get(it, 0)) for it in (ACCEPTED, TENTATIVE, DECLINED)), ("unanswered", numbers.get("", 0))]
    return ", ".join(f"{number:,} {word}" for word, number in named)
