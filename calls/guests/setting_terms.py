"""Say what a show agrees with its guests, and how it takes them."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from calls.guests import queries, terms
from calls.guests.models import Terms
from calls.guests.terms import Conditions
from calls.history.keeping import Actor, Subject, keep
from calls.shows.holding import hold
from calls.shows.models import Show
from calls.team.roles import require


def set_terms(session: Session, show: Show, conditions: Conditions, *, by: Actor, now: datetime) -> None:
    """Set all terms of a show. They hold for what is chosen and agreed from now on. Raises Invalid."""
    require(by, "invite guests", show.account_id)
    wanted = terms.checked(conditions)
    hold(session, show)
    if terms.filled(wanted) == queries.conditions_of(session, show.id):
        return
    session.merge(Terms(show_id=show.id, **asdict(wanted)))
    keep(session, "terms.set", Subject(show.id, show.account_id, show.id), by=by, now=now, facts=asdict(wanted))
