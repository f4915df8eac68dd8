"""A guest's one-sheet, pasted as text, split into what we ask for: bio, questions, links. The guest checks it before it is kept.

People write these by hand and copy them out of PDF files, so headings come in many spellings, with marks before the questions
and lines broken where the paper ended. What cannot be told apart is bio, so that nothing is lost.
"""

import re
from dataclasses import dataclass

from calls.ground.text import clean, clean_line

MOST = 20_000
LONGEST_HEADING = 60
QUESTIONS = "questions"
LINKS = "links"
BIO = "bio"
NOTHING = ""
HEADINGS = {
    QUESTIONS: (
        r"(?:(?:suggested|sample|possible|potential|example|great|good|my|interview) )*(?:questions?|q&a)"
        r"(?: (?:to ask|for|you can|you could).*)?|(?:please )?ask me(?: about)?|what to ask.*"
    ),
    LINKS: (
        r"(?:my |social |useful )?(?:links?|websites?|social media|socials|on the web)|connect(?: with \w+)?|follow \w+"
        r"|find (?:me|him|her|them)(?: online)?|where to find \w+|contact(?: details| information)?"
    ),
    BIO: r"(?:short |long |speaker |guest )?(?:bio|biography|introduction)|about .{1,40}|who is .{1,40}",
    NOTHING: r"(?:speaker )?one[- ]sheet|speaker sheet|(?:media|press) kit|page \d+(?: of \d+)?",
}
_HEADINGS = {kind: re.compile(f"(?:{words})", re.IGNORECASE) for kind, words in HEADINGS.items()}
_MARK = re.compile(r"^\s*(?:[-*•◦▪·–—‣►✓]|\(?\d{1,2}[.):]|Q\d{0,2}[.:)])\s+", re.IGNORECASE)
_HEADING_MARKS = " \t#*_:=–—-"
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()\"'\[\]{}|\\^`]+", re.IGNORECASE)
_ENDINGS = "com|org|net|io|co|me|tv|fm|de|uk|eu|info|app|dev|ai"
_BARE = re.compile(rf"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:{_ENDINGS})(?:/[^\s<>()\"']*)?(?![\w@]|\.\w)", re.IGNORECASE)
_ENDS = ".,;:!?)"


@dataclass(frozen=True)
class Split:
    """What was found: the bio, the questions one a line, the links as whole addresses."""

    bio: str
    questions: str
    links: list[str]


def split(text: str) -> Split:
    """Tell bio, questions and links apart."""
    bio: list[str] = []
    questions: list[str] = []
    found: list[str] = []
    part = BIO
    for row in clean(text)[:MOST].split("\n"):
        kind, rest = _heading(row)
        if kind is not None:
            part = kind or BIO
            row = rest
        here = links_of(row)
        found += here
        is_link = len(here) == 1 and row.strip().rstrip(_ENDS) in {here[0], here[0].removeprefix("https://")}
        if is_link or (part == LINKS and (here or not row.strip())):
            continue
        part = BIO if part == LINKS else part
        is_question = _is_question(row)
        if part == QUESTIONS and _ends_questions(row, questions, is_question):
            part = BIO
        _put(row, questions if part == QUESTIONS or is_question else bio, is_question)
    return Split(_paragraphs(bio), "\n".join(it for it in questions if it), list(dict.fromkeys(found)))


def links_of(text: str) -> list[str]:
    """The web addresses in a text, whole ones; mail addresses are none."""
    rows = [*_ADDRESS.findall(text), *_BARE.findall(_ADDRESS.sub(" ", text))]
    trimmed = (row.rstrip(_ENDS) for row in rows)
    return [row if "://" in row else f"https://{row}" for row in trimmed]


def _heading(row: str) -> tuple[str | None, str]:
    """Which part a heading begins, with what follows it on its own line; None for a line that is no heading."""
    words, colon, rest = row.strip().partition(":")
    if "//" in rest[:2] or len(words) > LONGEST_HEADING:
        words, colon, rest = row.strip(), "", ""
    bare = clean_line(words.strip(_HEADING_MARKS))
    is_heading = bool(colon) or row.lstrip().startswith("#") or len(row.strip()) <= LONGEST_HEADING
    kind = next((kind for kind, words in _HEADINGS.items() if words.fullmatch(bare)), None) if bare and is_heading else None
    return kind, rest.strip(_HEADING_MARKS) if kind is not None else row


def _is_question(row: str) -> bool:
    """A line of its own that asks something; a question within a paragraph stays where it is."""
    line = row.strip()
    return line.endswith("?") and (bool(_MARK.match(row)) or line.count(".") == 0) and len(line) <= 300


def _ends_questions(row: str, questions: list[str], is_question: bool) -> bool:
    """Whether a line after the questions is none: a long one without a mark, once there are some."""
    return bool(questions) and not is_question and not _MARK.match(row) and len(row.strip()) > 200


def _put(row: str, where: list[str], is_question: bool) -> None:
    where.append(clean_line(_MARK.sub("", row)) if is_question or _MARK.match(row) else row.rstrip())


def _paragraphs(rows: list[str]) -> str:
    """The lines as they were, with no more than one empty line between them."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()
