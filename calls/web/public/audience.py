"""What a show's page says of its guests and its audience: who spoke, whom listeners wish for, and who brought how many."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from calls.guests import introducing
from calls.guests.introductions import Heard
from calls.kits import queries as kits
from calls.kits.queries import Brought
from calls.shows.models import Show
from calls.web.public.wishes import votes
from calls.wishes import queries as wishes
from calls.wishes.models import Wish

MOST_HEARD, MOST_WISHES, MOST_NAMED = 24, 5, 10


@dataclass(frozen=True)
class Audience:
    """Guests heard, the most wanted wishes with their votes, and who brought most people."""

    heard: list[Heard]
    takes_wishes: bool
    wishes: list[tuple[Wish, str]] = field(default_factory=list)
    race: list[Brought] = field(default_factory=list)


def audience(session: Session, show: Show, now: datetime) -> Audience:
    """By two queries, and one more for each thing that the show has switched on."""
    takes_wishes, shows_race = wishes.switches(session, show.id)
    return Audience(
        introducing.heard(session, show.id, now, MOST_HEARD),
        takes_wishes,
        [(it, votes(it)) for it in wishes.shown(session, show.id, MOST_WISHES)] if takes_wishes else [],
        kits.race(session, show.id, MOST_NAMED) if shows_race else [],
    )
