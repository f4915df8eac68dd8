"""What letters are written with: the words of each mail, the letter paper, the addresses, and who signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from jinja2 import Environment
from markupsafe import Markup

from calls.calendars.invitation import Person
from calls.ground.links import Links
from calls.messages import wording
from calls.messages.wording import Fact, Parts

PAPER = "layouts/mail.html"
LONGEST_LOCAL = 64  # characters before the @ (RFC 5321 section 4.5.3.1.1)


@dataclass(frozen=True)
class Desk:
    """`mail_from` is CALLS_MAIL_FROM: an address, with a name before it or not.

    In the name {show} stands for the show's name, in the address for its slug: an operator whose domain takes mail for any
    name gives each show an address of its own.
    """

    links: Links
    templates: Environment
    mail_from: str

    def sender(self, show: str = "Calls", slug: str = "calls") -> Person:
        """Who a letter of this show is from. One address for the life of a calendar entry (calendars.md M4)."""
        name, address = parseaddr(self.mail_from)
        room = LONGEST_LOCAL - len(address.rpartition("@")[0].replace("{show}", ""))
        return Person((name or "{show}").replace("{show}", show), address.replace("{show}", slug[:room].rstrip("-") or "calls"))

    def standard_words(self, mail: str) -> tuple[str, str]:
        """Subject and body of a mail as the product says it."""
        loader = self.templates.loader
        if loader is None:
            raise LookupError("there are no templates")
        return wording.parse(loader.get_source(self.templates, f"mails/{mail}.md")[0])

    def parts(self, words: tuple[str, str], facts: Mapping[str, Fact], foot: "Foot") -> Parts:
        """The letter on its paper: subject, plain text, HTML."""
        parts = wording.letter_parts(*words, facts)
        text = f"{parts.text.rstrip()}\n\n-- \n{foot.text}\n"
        html = self.templates.get_template(PAPER).render(preheader=parts.subject, body=Markup(parts.html), footer_lines=foot.html)  # noqa: S704
        return Parts(parts.subject, text, html)


@dataclass(frozen=True)
class Foot:
    """Why somebody gets a letter, and how she gets no more of them."""

    why: str
    unsubscribe: str | None = None

    @property
    def text(self) -> str:
        return f"{self.why}\nNo more of these: {self.unsubscribe}" if self.unsubscribe else self.why

    @property
    def html(self) -> list[str | Markup]:
        link = [Markup('<a href="{}">No more of these</a>').format(self.unsubscribe)] if self.unsubscribe else []
        return [self.why, *link]
