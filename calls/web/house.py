"""What every page function is handed: the doors to the rest of the house."""

from dataclasses import dataclass, field

from jinja2 import Environment

from calls.ground.clock import Clock
from calls.ground.courtesy import Courtesy
from calls.ground.database import Database
from calls.ground.links import Links
from calls.ground.tokens import Keys
from calls.messages.desk import Desk
from calls.registrations import seating
from calls.registrations.registering import Take
from calls.web.kept import Kept
from calls.web.limits import Limits
from calls.web.shelf import Shelf
from calls.web.static import Static


@dataclass(frozen=True, slots=True)
class House:
    """One running installation, as its pages see it. `links` are absolute, as mails need them.

    `take_seat` takes a seat of a call; the race test hands in one that does not look, to see that it would be found out.
    `has_mailbox` says that answers of calendars are read from a mailbox (CALLS_IMAP).
    """

    database: Database
    clock: Clock
    keys: Keys
    links: Links
    templates: Environment
    kept: Kept
    limits: Limits
    static: Static
    mail_from: str = "{show} <calls@example.com>"
    shelf: Shelf = field(default_factory=Shelf)
    take_seat: Take = seating.take
    courtesy: Courtesy = field(default_factory=Courtesy)
    has_mailbox: bool = False

    @property
    def desk(self) -> Desk:
        """What letters are written with."""
        return Desk(self.links, self.templates, self.mail_from)

    @property
    def is_https(self) -> bool:
        return self.links.url.startswith("https://")
