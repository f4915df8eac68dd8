"""Finders for wishes and votes. A wish that nobody has confirmed yet has no vote, and nobody sees it."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.guests.models import Terms
from calls.shows.models import Show
from calls.wishes.models import Vote, Wish

SHOWN, WAITING, REFUSED = "shown", "waiting", "refused"
_BY_VOTES = (Wish.votes.desc(), Wish.id)


def are_taken(session: Session, show_id: UUID) -> bool:
    """Whether the show's audience may wish."""
    return switches(session, show_id)[0]


def taking(session: Session, show_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the shows whose audience may wish."""
    return set(session.scalars(sa.select(Terms.show_id).where(Terms.show_id.in_(show_ids), Terms.takes_wishes)))


def switches(session: Session, show_id: UUID) -> tuple[bool, bool]:
    """Whether the show's page takes wishes, and whether it shows who brought how many."""
    row = session.execute(sa.select(Terms.takes_wishes, Terms.shows_race).where(Terms.show_id == show_id)).one_or_none()
    return (row[0], row[1]) if row else (False, False)


def shown(session: Session, show_id: UUID, limit: int) -> Sequence[Wish]:
    """What the public page shows, the most wanted first."""
    wanted = sa.select(Wish).where(Wish.show_id == show_id, Wish.state == SHOWN)
    return session.scalars(wanted.order_by(*_BY_VOTES).limit(limit)).all()


def confirmed(session: Session, show_id: UUID, limit: int) -> Sequence[Wish]:
    """What the host decides on or has decided, the most wanted first."""
    wanted = sa.select(Wish).where(Wish.show_id == show_id, Wish.votes > 0)
    return session.scalars(wanted.order_by(*_BY_VOTES).limit(limit)).all()


def count_waiting(session: Session, show_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many wishes wait for the host's word, by show."""
    waiting = (Wish.show_id.in_(show_ids), Wish.state == WAITING, Wish.votes > 0)
    rows = session.execute(sa.select(Wish.show_id, sa.func.count()).where(*waiting).group_by(Wish.show_id))
    return {row[0]: row[1] for row in rows}


def named(session: Session, show_id: UUID, name: str) -> Wish | None:
    """The wish for this person, however her name was spelt as to capitals."""
    found = session.scalars(sa.select(Wish).where(Wish.show_id == show_id).order_by(*_BY_VOTES)).all()
    return next((it for it in found if it.name.casefold() == name.casefold()), None)


def shown_wish(session: Session, show_id: UUID, wish_id: UUID) -> Wish | None:
    return session.scalar(sa.select(Wish).where(Wish.id == wish_id, Wish.show_id == show_id, Wish.state == SHOWN))


def wish_of_account(session: Session, account_id: UUID, wish_id: UUID) -> tuple[Wish, Show] | None:
    """A wish that its host may see, with its show."""
    wanted = (Wish.id == wish_id, Wish.votes > 0, Show.account_id == account_id)
    row = session.execute(sa.select(Wish, Show).join(Show, Show.id == Wish.show_id).where(*wanted)).one_or_none()
    return (row[0], row[1]) if row else None


def vote_with_wish(session: Session, vote_id: UUID) -> tuple[Vote, Wish, Show] | None:
    rows = sa.select(Vote, Wish, Show).join(Wish, Wish.id == Vote.wish_id).join(Show, Show.id == Wish.show_id)
    row = session.execute(rows.where(Vote.id == vote_id)).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def votes_for(session: Session, show_id: UUID, guest_id: UUID) -> int:
    """How many listeners of the show asked for this guest."""
    wanted = (Wish.show_id == show_id, Wish.guest_id == guest_id)
    return session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Wish.votes), 0)).where(*wanted)) or 0
