"""A listener's own short link to her call: she makes it herself, and says whether the show's page may name her for it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from calls.ground.refusals import NotFound, Refused
from calls.kits import queries, sharing
from calls.kits.models import Share
from calls.registrations.models import Registration
from calls.web import post
from calls.web.answers import Answer
from calls.web.asking import Ask
from calls.web.pages import redirect
from calls.web.public import shown
from calls.web.public.holders import registered
from calls.wishes import queries as wishes

NO_LINK = "Make your link first."
OVER = "This call is not before you any more, so there is nobody to bring."


@dataclass(frozen=True)
class Bringing:
    """Her link, where she has made one, with how many came by it; and whether the show's page tells who brought how many."""

    share: Share | None
    came: int
    is_told: bool


def bringing(session: Session, mine: Registration) -> Bringing:
    """What stands on her page."""
    share = queries.share_of_attendee(session, mine.call_id, mine.attendee_id)
    _, is_told = wishes.switches(session, mine.call.show_id)
    return Bringing(share, queries.came_through(session, share) if share else 0, is_told)


@post("/r/{token}/share")
def make(ask: Ask) -> Answer:
    ask.house.limits.check("ask", ask.now, network=ask.client)
    with ask.house.database.transaction() as session:
        found, mine = registered(ask, session)
        if not shown.is_coming(mine, ask.now) or found.show.published_at is None:
            raise Refused(OVER)
        sharing.share_of_attendee(session, mine, ask.now)
    return redirect(f"{found.address}#bring")


@post("/r/{token}/share/name")
def name(ask: Ask) -> Answer:
    """Let the show's page name her, or no longer; that works as long as she has a link."""
    with ask.house.database.transaction() as session:
        found, mine = registered(ask, session)
        share = queries.share_of_attendee(session, mine.call_id, mine.attendee_id)
        if share is None:
            raise NotFound(NO_LINK)
        is_named = ask.form.has("is_named")
        sharing.name_her(session, share, found.show.account_id, is_named=is_named, by=found.actor, now=ask.now)
    return redirect(f"{found.address}#bring")


PAGES = (make, name)
