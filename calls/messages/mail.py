"""One kind of letter: what may stand in it, and which silence stills it."""

from dataclasses import dataclass
from typing import Literal

Still = Literal["never", "reminders", "all"]

NEEDED = ("answers", "said_no", "proposed")


@dataclass(frozen=True)
class Mail:
    """One kind of letter.

    `stilled_by`: what an unsubscribed person no longer gets; what she asked for this minute is stilled by nothing and
    goes at night too. `has_calendar`: carries the entry of its call. `is_editable`: a host may put it in own words.
    """

    label: str
    placeholders: tuple[str, ...]
    stilled_by: Still = "all"
    has_calendar: bool = False
    is_editable: bool = True

    @property
    def is_asked(self) -> bool:
        return self.stilled_by == "never"

    def whole(self, body: str) -> str:
        """A host's words with what they must not lack, each in a paragraph of its own at the end."""
        lacking = [f"{{{it}}}" for it in NEEDED if it in self.placeholders and f"{{{it}}}" not in body]
        return "\n\n".join([body.rstrip("\n"), *lacking]) + "\n"
