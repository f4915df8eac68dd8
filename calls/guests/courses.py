"""How far a call is on its way to a guest: open, asked, held, confirmed, ready. The board shows it for each call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from calls.ground.text import count, in_words

SOON = timedelta(hours=24)
FILTERS = {"no-guest": "No guest", "hold-ending": "Hold ending", "material-missing": "Material missing"}


@dataclass(frozen=True)
class Place:
    """A standing booking of a call: whose, confirmed or held until when, and whether the prep has all it needs."""

    name: str
    is_confirmed: bool
    ends_at: datetime
    has_needed: bool


@dataclass(frozen=True)
class Course:
    """Where a call stands with its guests. `asked` counts the invitations that offer it and are still open."""

    places: Sequence[Place] = ()
    asked: int = 0
    named: str = ""
    is_over: bool = False

    @property
    def confirmed(self) -> list[str]:
        return [it.name for it in self.places if it.is_confirmed]

    @property
    def held(self) -> list[Place]:
        return [it for it in self.places if not it.is_confirmed]

    @property
    def state(self) -> str:
        """One word: open, asked, held, missing (confirmed, and material is), ready, or named (by hand, without a booking)."""
        if self.confirmed:
            return "ready" if all(it.has_needed for it in self.places if it.is_confirmed) else "missing"
        if self.held:
            return "held"
        if self.named:
            return "named"
        return "asked" if self.asked else "open"

    @property
    def is_open(self) -> bool:
        """Whether nobody speaks, nor has chosen the date."""
        return not self.is_over and self.state in {"open", "asked"}

    @property
    def who(self) -> str:
        """Everybody who is confirmed, or else named by hand."""
        return in_words(self.confirmed) or self.named

    @property
    def asked_words(self) -> str:
        return count(self.asked, "one guest asked", "{n} guests asked") if self.asked else ""

    def fits(self, wanted: str, now: datetime) -> bool:
        """Whether a filter of the board leaves it there."""
        if wanted == "no-guest":
            return self.is_open
        if wanted == "hold-ending":
            return not self.is_over and any(it.ends_at <= now + SOON for it in self.held)
        if wanted == "material-missing":
            return not self.is_over and self.state == "missing"
        return True
