"""Put somebody onto a call's list by hand, with or without an e-mail address."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground import text
from calls.ground.refusals import Invalid
from calls.history.keeping import Actor
from calls.registrations import queries, seating
from calls.registrations.attending import Person
from calls.registrations.registering import Outcome, Take, register
from calls.shows.holding import hold
from calls.shows.models import Call
from calls.team.roles import require

NAMESAKE = "Somebody of this name is on the list already. Tick the box if this is another person."


def add(
    session: Session,
    call: Call,
    person: Person,
    *,
    is_another: bool = False,
    by: Actor,
    now: datetime,
    take: Take = seating.take,
) -> Outcome:
    """Register somebody for one call by a member's hand.

    Without address and phone number nothing tells two people of one name apart, so a second of that name is refused on
    "name" until `is_another` says that it is one: a form that was posted twice adds nobody twice.
    """
    require(by, "change registrations", call.show.account_id)
    hold(session, call.show)
    name = text.clean_line(person.name)
    is_nameless = not text.clean_line(person.email) and not text.clean_line(person.phone)
    if is_nameless and not is_another and queries.namesake(session, call.id, name):
        raise Invalid({"name": NAMESAKE})
    return register(session, call, person, by=by, now=now, take=take)
