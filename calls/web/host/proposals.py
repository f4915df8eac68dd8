"""Other times that invited people proposed for a call: a card each on the call's page, and keeping the time as it is.

Moving the call there is the usual change with its preview; the form that leads to it is filled in already.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from calls.calendars import proposing, queries
from calls.calendars.models import Proposal
from calls.ground import zones
from calls.ground.refusals import NotFound
from calls.guests.models import Guest
from calls.registrations.models import Attendee
from calls.shows.models import Call
from calls.web import post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.host import visits
from calls.web.host.visits import Visit
from calls.web.pages import redirect

KEPT = "The time stays. Who proposed the other one is told by mail."


@dataclass(frozen=True)
class Card:
    """One proposal. `form` is what the page for another time is filled in with; nothing where the time is not known."""

    proposal: Proposal
    attendee: Attendee | Guest
    form: dict[str, str]


def cards(here: Visit, call: Call) -> list[Card]:
    """What waits for a decision at this call; once it has begun nothing does."""
    if call.starts_at <= here.now:
        return []
    by_guests = [Card(it, who, _form(it, call)) for it, who in queries.open_proposals_of_guests(here.session, call.id)]
    return [*by_guests, *(Card(it, who, _form(it, call)) for it, who in queries.open_proposals(here.session, call.id))]


def _form(proposal: Proposal, call: Call) -> dict[str, str]:
    """The proposed time as the form for another time takes it, in the call's zone; without an end the call keeps its length."""
    starts_at, ends_at = proposal.starts_at, proposal.ends_at
    if starts_at is None:
        return {}
    wall = zones.wall(starts_at, call.zone)
    minutes = (ends_at - starts_at) // timedelta(minutes=1) if ends_at else call.minutes
    fold = int(zones.resolve(wall, call.zone) != starts_at.replace(microsecond=0))
    return {
        "day": wall.date().isoformat(),
        "time": f"{wall:%H:%M}",
        "zone": call.zone,
        "minutes": str(minutes),
        "fold": str(fold),
    }


@post("/host/calls/{call_id}/proposals/{proposal_id}/refusal")
def refuse(ask: Ask) -> Answer:
    """Keep the time."""
    with visits.doing(ask) as here:
        call = here.call()
        proposing.refuse(here.session, _proposal(here, call.id), call, by=here.by, now=here.now)
        return redirect(f"/host/calls/{call.id}?done=time-kept")


def _proposal(here: Visit, call_id: UUID) -> Proposal:
    found = queries.proposal_of_call(here.session, call_id, here.ask.id("proposal_id"))
    if found is None:
        raise NotFound
    return found


PAGES = (refuse,)
