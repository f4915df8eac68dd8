"""Accounts, their members, and where those are signed in."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from calls.ground.database import Identified, Table


class Account(Identified, Table):
    """One business or person that runs shows."""

    __tablename__ = "accounts"

    name: Mapped[str]


class Member(Identified, Table):
    """A person who may sign in for an account. The address is lower-cased."""

    __tablename__ = "members"
    __table_args__ = (sa.UniqueConstraint("account_id", "email"), sa.Index("ix_members_email", "email"))

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    removed_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class SignInLink(Identified, Table):
    """A link sent by mail: stored as a hash, good once and until `ends_at`."""

    __tablename__ = "sign_in_links"

    member_id: Mapped[UUID] = mapped_column(sa.ForeignKey("members.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()


class SignIn(Identified, Table):
    """One browser in which a member is signed in; the cookie's value is stored as a hash."""

    __tablename__ = "sign_ins"
    __table_args__ = (sa.Index("ix_sign_ins_member_id", "member_id"),)

    member_id: Mapped[UUID] = mapped_column(sa.ForeignKey("members.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
