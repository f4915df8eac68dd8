"""The words of a letter: a host's, with fixed {name} placeholders; the facts that fill them; the text and HTML they make.

There is no template language. A fact never goes through Markdown: it is put into the finished text and the finished HTML, so
that a name can be no link, picture, heading or tag, and its braces are no placeholder. Mail programs make links of what only
looks like an address; in a fact that is cut by a blank nobody sees. What shall be a link is handed in as a `Link`.
"""

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from calls.ground.addresses import is_email
from calls.ground.markdown import is_safe_address, markdown_to_both
from calls.ground.refusals import Invalid
from calls.ground.text import clean, clean_line, excerpt, in_words

LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_ANY_BRACES = re.compile(r"\{([^{}\n]*)\}")
_ALONE = re.compile(r" {0,3}\{(?P<name>[a-z][a-z0-9_]*)\}\s*")
_LINK_ALONE = re.compile(r" {0,3}(?:\*\*)?\[(?P<label>[^\[\]]+)\]\(\{(?P<name>[a-z][a-z0-9_]*)\}\)(?:\*\*)?\s*")
# Two characters of Unicode's private use hold a fact's place: Markdown takes them for letters, and nobody types them.
_MARKS = str.maketrans("", "", "\ue000\ue001")
_PLACE = re.compile("\ue000([0-9]+)\ue001|%EE%80%80([0-9]+)%EE%80%81")
_LOOKS_LIKE_A_DOMAIN = re.compile(r"(?<=\w)[.。．｡](?=[^\W\d_]{2})|(?<=:)(?=//)")
_UNSEEN_BLANK = "\u200b"
_WEB_ADDRESS = re.compile(r"(https?://\S*[^\s.,;:!?)])([.,;:!?)]*)")
_KEPT_IN_ADDRESSES = "%/:?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Link:
    """An address that shall be a link: on the web, or with mailto: or tel:. Any other stands there as mere words."""

    address: str


@dataclass(frozen=True)
class Line:
    """Words of the house in Markdown, with their own placeholders and facts.

    A link that is a line by itself becomes a button, unless it `is_plain`: one of several to choose from.
    """

    words: str
    facts: "Mapping[str, Fact]"
    is_plain: bool = False


@dataclass(frozen=True)
class Passage:
    """Several lines for one placeholder, like a list of dates. Without lines it leaves no gap."""

    lines: tuple[Line, ...]


Fact = str | Link | Passage


class Parts(NamedTuple):
    """A letter's subject, its plain text, and the same text as HTML for the layout of mails."""

    subject: str
    text: str
    html: str


def parse(source: str) -> tuple[str, str]:
    """Subject and body of a mail's file: the first line, an empty one, and the rest."""
    subject, _, rest = clean(source).partition("\n")
    gap, _, body = rest.partition("\n")
    if not subject.strip() or gap.strip() or not body.strip():
        raise ValueError("A mail's file has its subject on the first line, an empty line, and its body.")
    return subject.strip(), body.strip("\n") + "\n"


def unknown(words: str, allowed: Collection[str]) -> list[str]:
    """The placeholders that do not exist, each once, in their order."""
    return [name for name in dict.fromkeys(_ANY_BRACES.findall(words)) if name not in allowed]


def check(subject: str, body: str, allowed: Collection[str]) -> None:
    """Refuse words that cannot be sent, beside the field they were typed into."""
    faults = {
        "subject": _fault("subject", subject, LONGEST_SUBJECT, allowed),
        "body": _fault("text", body, LONGEST_BODY, allowed),
    }
    errors = {field: sentence for field, sentence in faults.items() if sentence}
    if errors:
        raise Invalid(errors)


def fill(words: str, facts: Mapping[str, Fact]) -> str:
    """Words with their placeholders filled once, as plain text. A placeholder without a fact stays as it is."""
    return _PLACEHOLDER.sub(lambda found: _plain(facts[found[1]]) if found[1] in facts else found[0], words)


def letter_parts(subject_words: str, body_words: str, facts: Mapping[str, Fact]) -> Parts:
    """The letter. A link on a line of its own, bare or with words, is its button; a line with only an empty fact is left out."""
    kept: list[str] = []
    as_text, as_html = markdown_to_both(_composed(body_words, facts, kept))
    return Parts(
        excerpt(fill(subject_words, facts), LONGEST_SUBJECT),
        _PLACE.sub(lambda place: _in_text(place, kept), as_text) + "\n",
        _PLACE.sub(lambda place: _in_html(place, kept), as_html),
    )


def as_written(text: str) -> Passage:
    """What a host wrote without Markdown: its lines are kept, its web and mail addresses become links."""
    return Passage(tuple(_line_as_written(line) for line in map(clean_line, clean(text).split("\n")) if line))


def _fault(field: str, words: str, longest: int, allowed: Collection[str]) -> str | None:
    if not words.strip():
        return f"Write a {field}."
    if len(words) > longest:
        return f"The {field} has at most {longest:,} characters."
    strangers = unknown(words, allowed)
    if not strangers:
        return None
    named = in_words([f"{{{excerpt(name, 40)}}}" for name in strangers[:5]])
    return f"{named} cannot be filled in here. You can use {in_words([f'{{{name}}}' for name in allowed])}."


def _composed(words: str, facts: Mapping[str, Fact], kept: list[str], *, is_plain: bool = False) -> str:
    """Markdown with links and passages in their places, and marks in the places of the facts that `kept` collects."""
    lines = [line for line in clean(words).translate(_MARKS).split("\n") if not _is_left_out(line, facts)]
    if not is_plain:
        lines = [_set_apart(line, facts) for line in lines]
    return _PLACEHOLDER.sub(lambda found: _marked(found, facts, kept), "\n".join(lines))


def _is_left_out(line: str, facts: Mapping[str, Fact]) -> bool:
    alone = _ALONE.fullmatch(line)
    return alone is not None and facts.get(alone["name"]) in ("", Passage(()))


def _set_apart(line: str, facts: Mapping[str, Fact]) -> str:
    """A line with one link is a paragraph of its own and strong, by which the layout knows a button."""
    alone, with_words = _ALONE.fullmatch(line), _LINK_ALONE.fullmatch(line)
    if with_words and _is_link(facts.get(with_words["name"])):
        return f"\n**[{with_words['label']}]({{{with_words['name']}}})**\n"
    if alone and _is_link(facts.get(alone["name"])):
        return f"\n**{{{alone['name']}}}**\n"
    if alone and isinstance(facts.get(alone["name"]), Passage):
        return f"\n{line}\n"
    return line


def _is_link(fact: Fact | None) -> bool:
    return isinstance(fact, Link) and is_safe_address(fact.address)


def _marked(found: re.Match[str], facts: Mapping[str, Fact], kept: list[str]) -> str:
    fact = facts.get(found[1])
    if fact is None:
        return found[0]
    if isinstance(fact, Passage):
        return "\n".join(_composed(it.words, it.facts, kept, is_plain=it.is_plain) for it in fact.lines)
    if isinstance(fact, Link) and is_safe_address(fact.address):
        return f"<{quote(fact.address.removeprefix('mailto:'), safe=_KEPT_IN_ADDRESSES)}>"
    kept.append(_inert(_plain(fact)))
    return f"\ue000{len(kept) - 1}\ue001"


def _inert(fact: str) -> str:
    """The fact's lines without anything that a mail program would make a link of by itself."""
    lines = filter(None, map(clean_line, clean(fact).split("\n")))
    return _LOOKS_LIKE_A_DOMAIN.sub(lambda found: found[0] + _UNSEEN_BLANK, "\n".join(lines))


def _plain(fact: Fact) -> str:
    if isinstance(fact, Link):
        return fact.address
    if isinstance(fact, Passage):
        return "\n".join(fill(line.words, line.facts) for line in fact.lines)
    return fact


def _in_text(place: re.Match[str], kept: list[str]) -> str:
    if place[2]:
        return quote(kept[int(place[2])], safe="")
    before = place.string[place.string.rfind("\n", 0, place.start()) + 1 : place.start()]
    quoted = re.match(r"(?:> ?)*", before)
    return kept[int(place[1])].replace("\n", "\n" + (quoted[0] if quoted else ""))


def _in_html(place: re.Match[str], kept: list[str]) -> str:
    if place[2]:
        return quote(kept[int(place[2])], safe="")
    return html.escape(kept[int(place[1])]).replace("\n", "<br>\n")


def _line_as_written(line: str) -> Line:
    facts: dict[str, Fact] = {}
    words = []
    for place, word in enumerate(line.split(" ")):
        web = _WEB_ADDRESS.fullmatch(word)
        facts[f"word{place}"] = Link(web[1]) if web else Link(f"mailto:{word}") if is_email(word) else word
        words.append(f"{{word{place}}}{web[2] if web else ''}")
    return Line(" ".join(words), facts)
