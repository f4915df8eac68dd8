"""Finding members and where they are signed in. Removed members are never found."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from calls.ground.addresses import mail_address
from calls.team import limits
from calls.team.models import Member, SignIn, SignInLink


def members_by_email(session: Session, email: str) -> Sequence[Member]:
    """Everybody who signs in with this address, one in each account, the oldest first."""
    statement = (
        sa.select(Member)
        .join(Member.account)
        .where(Member.email == mail_address(email), Member.removed_at.is_(None))
        .order_by(Member.created_at, Member.id)
        .options(contains_eager(Member.account))
    )
    return session.scalars(statement).all()


def link_by_hash(session: Session, token_hash: str) -> SignInLink | None:
    """A sign-in link with its member and account, used or not, unless the member was removed."""
    statement = (
        sa.select(SignInLink)
        .join(SignInLink.member)
        .join(Member.account)
        .where(SignInLink.token_hash == token_hash, Member.removed_at.is_(None))
        .options(contains_eager(SignInLink.member).contains_eager(Member.account))
    )
    return session.scalars(statement).one_or_none()


def member_signed_in(session: Session, token_hash: str, now: datetime) -> SignIn | None:
    """The living sign-in of this cookie, with its member and account."""
    statement = (
        sa.select(SignIn)
        .join(SignIn.member)
        .join(Member.account)
        .where(SignIn.token_hash == token_hash, *_living(now))
        .options(contains_eager(SignIn.member).contains_eager(Member.account))
    )
    return session.scalars(statement).one_or_none()


def sign_ins_of(session: Session, member: Member, now: datetime) -> Sequence[SignIn]:
    """Every browser in which the member is signed in now, the one last seen first."""
    statement = (
        sa.select(SignIn)
        .join(SignIn.member)
        .where(SignIn.member_id == member.id, *_living(now))
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return session.scalars(statement).all()


def _living(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """`limits.is_living`, said to the database."""
    return (
        Member.removed_at.is_(None),
        SignIn.ended_at.is_(None),
        SignIn.seen_at > now - limits.IDLE_LASTS,
        SignIn.created_at > now - limits.SIGN_IN_LASTS,
    )


def members_of(session: Session, account_id: UUID) -> Sequence[Member]:
    """Everybody who runs this account's shows, by name."""
    here = sa.select(Member).where(Member.account_id == account_id, Member.removed_at.is_(None))
    return session.scalars(here.order_by(sa.func.lower(Member.name), Member.id)).all()
