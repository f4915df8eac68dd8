"""Who belongs to an account: open it with its owner, and what its people are called."""

from datetime import datetime

from sqlalchemy.orm import Session

from calls.ground.addresses import email_problem, mail_address
from calls.ground.database import new_id
from calls.ground.refusals import Invalid
from calls.ground.text import clean_line
from calls.history.keeping import SYSTEM, Actor, Subject, keep
from calls.team import queries
from calls.team.models import Account, Member
from calls.team.roles import OWNER, require

LONGEST_NAME = 200


def actor(member: Member) -> Actor:
    """The member as the one who does things."""
    return Actor("member", member.id, member.name, member.role, member.account_id)


def open_account(session: Session, email: str, name: str = "", *, now: datetime) -> Member:
    """The owner with this address: of the account there is, or of a new one called by `name`, else by the address's first part.

    Raises Invalid for `email` and `name`.
    """
    address = mail_address(email)
    problem = email_problem(address)
    if problem:
        raise Invalid({"email": problem})
    owners = [it for it in queries.members_by_email(session, address) if it.role == OWNER]
    return owners[0] if owners else _open(session, address, _name(name or address.partition("@")[0]), now)


def rename(session: Session, member: Member, name: str, *, by: Actor, now: datetime) -> None:
    """Change what a member is called; each does that for themselves, an owner for all. Raises Invalid for `name`."""
    require(by, "see" if by.id == member.id else "keep the account", member.account_id)
    new, was = _name(name), member.name
    if new != was:
        member.name = new
        subject = Subject(member.id, account_id=member.account_id)
        keep(session, "member.renamed", subject, by=by, now=now, facts={"was": was, "name": new})


def rename_account(session: Session, account: Account, name: str, *, by: Actor, now: datetime) -> None:
    """Change what the account is called. Raises Invalid for `account_name`."""
    require(by, "keep the account", account.id)
    new, was = _name(name, "account_name"), account.name
    if new != was:
        account.name = new
        subject = Subject(account.id, account_id=account.id)
        keep(session, "account.renamed", subject, by=by, now=now, facts={"was": was, "name": new})


def _open(session: Session, address: str, name: str, now: datetime) -> Member:
    account = Account(id=new_id(), name=name, created_at=now)
    owner = Member(account=account, email=address, name=name, role=OWNER, created_at=now)
    session.add(owner)
    session.flush()
    keep(session, "account.opened", Subject(account.id, account_id=account.id), by=SYSTEM, now=now, facts={"name": name})
    return owner


def _name(typed: str, field: str = "name") -> str:
    name = clean_line(typed)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({field: f"Give a name of at most {LONGEST_NAME} characters."})
    return name
