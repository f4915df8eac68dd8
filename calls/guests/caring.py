"""Find who of the host's side is behind an invitation, and who is to hear of a guest."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.guests.models import Guest, Invitation
from calls.team.models import Member
from calls.team.roles import OWNER

LONGEST_CHAIN = 20


def asker_of(session: Session, invitation: Invitation) -> Member | None:
    """The member who asked; of an invitation that was passed on or fell to the next on the bench, who made the one before it.

    Where she has left, an owner of the account stands in.
    """
    own: Invitation | None = invitation
    for _ in range(LONGEST_CHAIN):
        if own is None:
            break
        member = _member(session, own.by_id)
        if member:
            return member
        own = session.get(Invitation, own.follows_id) if own.follows_id else None
    return next(iter(owners(session, invitation.show.account_id)), None)


def carers(session: Session, guest: Guest, invitation: Invitation | None = None) -> list[Member]:
    """Who hears of it when something befalls a guest: who asked her, and who looks after her; else the owners."""
    asker = asker_of(session, invitation) if invitation else None
    found = [it for it in (asker, _member(session, guest.looked_after_by_id)) if it]
    return list({it.id: it for it in found or owners(session, guest.account_id)}.values())


def owners(session: Session, account_id: UUID) -> Sequence[Member]:
    """The owners of an account, the oldest first."""
    wanted = (Member.account_id == account_id, Member.role == OWNER, Member.removed_at.is_(None))
    return session.scalars(sa.select(Member).where(*wanted).order_by(Member.created_at, Member.id)).all()


def _member(session: Session, id: UUID | None) -> Member | None:
    found = session.get(Member, id) if id else None
    return found if found and found.removed_at is None else None
