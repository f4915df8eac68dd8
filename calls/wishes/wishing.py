"""Propose a guest and vote for one, as anybody may; what counts is a vote that was confirmed by mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import insert_once, new_id
from calls.ground.refusals import Invalid, Refused
from calls.ground.text import clean, clean_line
from calls.history.keeping import Actor, Subject, keep
from calls.shows.holding import hold
from calls.shows.models import Show
from calls.wishes import queries
from calls.wishes.models import Vote, Wish

VOTES = cast(sa.Table, Vote.__table__)
LISTENER = Actor("stranger", None, "A listener")
LONGEST_NAME, LONGEST_WHY, LONGEST_LINK = 120, 500, 500
MOST_UNDECIDED = 500
LASTS = timedelta(days=30)


@dataclass(frozen=True)
class Proposed:
    """Somebody to hear: her name, why, and where one finds her (a web address or nothing)."""

    name: str
    why: str = ""
    link: str = ""


def propose(session: Session, show: Show, proposed: Proposed, email: str, *, now: datetime) -> Vote:
    """Keep a proposal with its first vote, both still to be confirmed; who was proposed before gets the vote."""
    _check_taken(session, show)
    if errors := faults(proposed):
        raise Invalid(errors)
    name, why, link = _cleaned(proposed)
    hold(session, show)
    wish = queries.named(session, show.id, name)
    if wish is None:
        _check_room(session, show)
        wish = Wish(id=new_id(), created_at=now, show_id=show.id, name=name, why=why, link=link, state="waiting", votes=0)
        session.add(wish)
        session.flush()
    return _vote(session, wish, email, now)


def vote(session: Session, show: Show, wish: Wish, email: str, *, now: datetime) -> Vote:
    """Keep a vote, still to be confirmed; whoever voted for her before has the same vote."""
    _check_taken(session, show)
    return _vote(session, wish, email, now)


def confirm(session: Session, vote: Vote, wish: Wish, show: Show, *, now: datetime) -> None:
    """Let a vote count, once; its first vote brings a proposal before the host."""
    hold(session, wish)
    hold(session, vote)
    if vote.confirmed_at is not None:
        return
    vote.confirmed_at = now
    wish.votes += 1
    kind = "wish.proposed" if wish.votes == 1 else "wish.voted"
    about = Subject(wish.id, show.account_id, show.id)
    keep(session, kind, about, by=LISTENER, now=now, facts={"name": wish.name, "votes": wish.votes})


def forget(session: Session, now: datetime) -> None:
    """Delete for good the votes that nobody confirmed in thirty days, and the proposals that have none left."""
    session.execute(sa.delete(Vote).where(Vote.confirmed_at.is_(None), Vote.created_at < now - LASTS))
    left = sa.select(Vote.id).where(Vote.wish_id == Wish.id).exists()
    session.execute(sa.delete(Wish).where(Wish.votes == 0, ~left, Wish.created_at < now - LASTS))


def _vote(session: Session, wish: Wish, email: str, now: datetime) -> Vote:
    insert_once(session, VOTES, [{"id": new_id(), "created_at": now, "wish_id": wish.id, "email": email}])
    return session.scalars(sa.select(Vote).where(Vote.wish_id == wish.id, Vote.email == email)).one()


def _check_taken(session: Session, show: Show) -> None:
    if not queries.are_taken(session, show.id):
        raise Refused("This show takes no wishes at the moment.")


def _check_room(session: Session, show: Show) -> None:
    """Nobody fills the table with names that nobody confirms."""
    undecided = sa.select(sa.func.count()).select_from(Wish).where(Wish.show_id == show.id, Wish.state == queries.WAITING)
    if (session.scalar(undecided) or 0) >= MOST_UNDECIDED:
        raise Refused("So many proposals wait for the host that no more are taken now. Please try again another day.")


def faults(proposed: Proposed) -> dict[str, str]:
    """What is wrong with a proposal, by field of the form."""
    name, why, link = _cleaned(proposed)
    errors = {}
    if not name:
        errors["guest"] = "Say whom you would like to hear."
    elif len(name) > LONGEST_NAME:
        errors["guest"] = f"Give a name of at most {LONGEST_NAME} characters."
    if len(why) > LONGEST_WHY:
        errors["why"] = f"Say why in at most {LONGEST_WHY} characters."
    if link and not _is_web_address(link):
        errors["link"] = "Give a web address, like https://example.com, or leave this empty."
    return errors


def _cleaned(proposed: Proposed) -> tuple[str, str, str]:
    return clean_line(proposed.name), clean(proposed.why).strip(), clean_line(proposed.link)


def _is_web_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and link.isprintable() and len(link) <= LONGEST_LINK
