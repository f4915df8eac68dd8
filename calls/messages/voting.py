"""Ask by mail whether a vote is meant: what an address was typed for counts only when its owner says so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from calls.calendars.invitation import Person
from calls.messages import writing
from calls.messages.deciding import Dropped
from calls.messages.desk import Desk, Foot
from calls.messages.letter import Letter
from calls.messages.models import Message
from calls.messages.wording import Fact, Link
from calls.wishes import queries
from calls.wishes.models import Vote

KIND = "vote_asked"


def ask(session: Session, vote: Vote, *, now: datetime) -> None:
    """Mail the link that lets the vote count, unless it does already. Asking again within the same minute sends nothing more."""
    if vote.confirmed_at is None:
        cause = now.replace(second=0, microsecond=0).isoformat()
        writing.write(session, [writing.row(KIND, f"{KIND}:{cause}:{vote.id}", now, now, facts={"vote": str(vote.id)})])


def letter(session: Session, message: Message, desk: Desk, now: datetime) -> Letter:
    """The letter as it stands now. Raises Dropped where nothing is left to confirm."""
    found = queries.vote_with_wish(session, UUID(message.facts["vote"]))
    if found is None or found[0].confirmed_at is not None:
        raise Dropped("there is nothing to confirm any more")
    vote, wish, show = found
    facts: dict[str, Fact] = {"guest": wish.name, "show": show.name, "vote": Link(desk.links.vote(vote.id))}
    foot = Foot(f"You get this mail because your address was typed on the page of {show.name}.")
    parts = desk.parts(desk.standard_words(KIND), facts, foot)
    sender, receiver = desk.sender(show.name, show.slug), Person("", vote.email)
    return Letter(sender, receiver, parts.subject, parts.text, parts.html, f"{message.id.hex}@{desk.links.domain}", now)
