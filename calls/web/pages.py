"""Pages: a template rendered at once, while the transaction it shows is still open; and the other ways to answer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import calls
from calls.ground.links import Links
from calls.web.answers import PLAIN, Answer
from calls.web.asking import Ask
from calls.web.cookies import SET_COOKIE
from calls.web.protection import content_policy
from calls.web.static import Static
from calls.web.words import FILTERS

PACKED = Path(calls.__file__).parent / "_templates"
BESIDE = Path(calls.__file__).parent.parent / "templates"
ASK_AGAIN = "no-cache"
NOWHERE = "no-store"


def templates_folder() -> Path:
    """Where the templates are: inside the package when it was installed, beside it in a checkout."""
    return PACKED if PACKED.is_dir() else BESIDE


def templates(links: Links, static: Static, folder: Path | None = None) -> Environment:
    """The strict environment that all pages are rendered in."""
    environment = Environment(
        loader=FileSystemLoader(folder or templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(links=links.here, addresses=links, static=static.address, version=calls.__version__)
    return environment


def page(
    ask: Ask,
    template: str,
    status: int = 200,
    *,
    private: bool = False,
    referrer: str = "no-referrer",
    cache_control: str | None = None,
    form_targets: Iterable[str] = (),
    **facts: Any,
) -> Answer:
    """A template with these facts. `private` is for what stands behind a secret link or a sign-in.

    `referrer` is what a private page lets out of its address; where that holds no secret, "same-origin" lets old
    browsers say truly where a form comes from. `form_targets` are addresses on other sites that a form of this page may end on.
    """
    html = ask.house.templates.get_template(template).render(path=ask.path, now=ask.now, **facts)
    storing = cache_control or (NOWHERE if private or status >= 400 else ASK_AGAIN)
    answer = Answer(html.encode(), status=status, cache_control=storing)
    if private:
        answer = answer.with_header("x-robots-tag", "noindex").with_header("referrer-policy", referrer)
    targets = list(form_targets)
    return answer.with_header("content-security-policy", content_policy(targets)) if targets else answer


def redirect(address: str) -> Answer:
    """See other (303): to another page of ours, and nowhere else, whatever a form said."""
    is_own = address.startswith("/") and not address.startswith(("//", "/\\"))
    if not is_own or not address.isprintable():
        raise ValueError("a redirect stays on this site; use leave() for another")
    return Answer(b"", PLAIN, status=303, headers=(("location", quote(address, safe="/%?&=#:;,+@!$'()*~-._")),))


def leave(address: str) -> Answer:
    """See other (303), on another site: only where a host has entered the address, as the web link of a call."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not address.isprintable():
        raise ValueError("only a web address can be followed")
    answer = Answer(b"", PLAIN, status=303).with_header("referrer-policy", "no-referrer")
    return answer.with_header("location", quote(address, safe="/%?&=#:;,+@!$'()*~-._[]"))


def text(content: str | bytes, content_type: str = PLAIN, *, filename: str = "", cache_control: str = NOWHERE) -> Answer:
    """Something that is no page: a sheet, a calendar. With a file name it is saved rather than shown."""
    body = content.encode() if isinstance(content, str) else content
    answer = Answer(body, content_type, cache_control=cache_control)
    if not filename:
        return answer
    return answer.with_header("content-disposition", f"attachment; filename*=UTF-8''{quote(filename, safe='')}")


def keep(ask: Ask, ticket: int, answer: Answer, *, tags: Iterable[str], until: datetime | None = None) -> Answer:
    """Keep a public answer for all who come after, until one of its tags is dropped or the moment comes.

    Only what is the same for everybody is kept: a plain good answer to a path without a query and without a cookie.
    """
    if answer.status != 200 or ask.has_query or answer.has_header(SET_COOKIE) or answer.cache_control == NOWHERE:
        return answer
    prepared = ask.house.kept.put(ticket, ask.path, answer, frozenset(tags), until, ask.route)
    return replace(answer, prepared=prepared)
