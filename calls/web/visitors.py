"""Who is here: the member whose browser brought a cookie of ours, or nobody.

Only what was put into the cookie at sign-in counts; a value chosen by somebody else is never adopted.
"""

import re
from contextlib import suppress
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from calls.ground.refusals import NotAllowed
from calls.ground.tokens import digest
from calls.team import limits, queries, signing_in
from calls.team.models import SignIn
from calls.web.asking import Ask
from calls.web.refusals import SignInFirst

COOKIE = "calls"
LONGEST_ADDRESS = 500
# Addresses on the host's side and nothing else: no scheme, no host, no empty or dotted part can be spelt with these.
_ADDRESS = re.compile(r"/host(?:/(?!\.{1,2}(?:[/?]|\Z))[A-Za-z0-9._~-]+)*(?:\?[A-Za-z0-9._~%=&+-]*)?")


def whoever(ask: Ask, session: Session) -> SignIn | None:
    """The sign-in of this browser with its member and account; None for a stranger."""
    cookie = ask.cookie(COOKIE)
    return queries.member_signed_in(session, digest(cookie), ask.now) if cookie else None


def member(ask: Ask, session: Session) -> SignIn:
    """The sign-in of this browser. Every page of the host's side begins with it.

    Raises SignInFirst where a page was only to be looked at, which leads to the sign-in and back to that page, and
    NotAllowed where something was to be done, since what was typed would be lost on that way.
    """
    sign_in = whoever(ask, session)
    if sign_in is not None:
        _note_seen(ask, session, sign_in)
        return sign_in
    if ask.method not in {"GET", "HEAD"}:
        raise NotAllowed("You are signed out. Sign in again in another window, then go back here and send this once more.")
    raise SignInFirst(sign_in_address(_here(ask)))


def sign_in_address(then: str) -> str:
    """The page that asks for an e-mail address and afterwards leads to `then`, if that is a safe address of ours."""
    return f"/sign-in?next={quote(then, safe='/')}" if safe_address(then) else "/sign-in"


def safe_address(typed: str) -> str:
    """An address on the host's side that a stranger may have typed, as it is; "" for anything that leads elsewhere."""
    return typed if len(typed) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(typed) else ""


def _here(ask: Ask) -> str:
    query = ask.scope.get("query_string", b"").decode("latin-1")
    return safe_address(f"{ask.path}?{query}") or ask.path if query else ask.path


def _note_seen(ask: Ask, session: Session, sign_in: SignIn) -> None:
    """Note now and then that the browser is in use; a page is shown even when the database takes no writes.

    Written apart from the page, which only reads, and never beside a transaction that writes: that would wait for itself.
    """
    database = ask.house.database
    is_reading = ask.method in {"GET", "HEAD"} and session.get_bind() is database.reader
    if is_reading and limits.is_seen_anew(sign_in.seen_at, ask.now):
        with suppress(SQLAlchemyError), database.transaction() as own:
            signing_in.see(own, sign_in, now=ask.now)
