"""Accounts, their owners, and what these are called."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import Database
from calls.ground.refusals import Invalid, NotAllowed, NotFound
from calls.history.models import Change
from calls.team import staffing
from calls.team.models import Account, Member
from tests.builders import NOW, a_member, an_account


def kept(session: Session) -> list[tuple[str, dict[str, object]]]:
    return [(it.kind, it.facts) for it in session.scalars(sa.select(Change).order_by(Change.id))]


def test_account_is_opened_with_its_owner(database: Database) -> None:
    with database.transaction() as session:
        staffing.open_account(session, " Tara@Example.com ", "Tara Miller", now=NOW)

    with database.reading() as session:
        owner = session.scalars(sa.select(Member)).one()
        facts = (owner.email, owner.name, owner.role, owner.removed_at, owner.account.name, owner.created_at)
        changes = kept(session)
    assert facts == ("tara@example.com", "Tara Miller", "owner", None, "Tara Miller", NOW)
    assert changes == [("account.opened", {"name": "Tara Miller"})]


def test_account_is_opened_once_for_an_address(database: Database) -> None:
    with database.transaction() as session:
        first = staffing.open_account(session, "tara@example.com", "Tara", now=NOW)
    with database.transaction() as session:
        second = staffing.open_account(session, "TARA@example.com", "Somebody", now=NOW)

    with database.reading() as session:
        count = session.scalar(sa.select(sa.func.count()).select_from(Account))
        changes = kept(session)
    assert (second.id, second.name, count) == (first.id, "Tara", 1)
    assert changes == [("account.opened", {"name": "Tara"})]


def test_producer_elsewhere_gets_an_account_of_her_own(database: Database) -> None:
    with database.transaction() as session:
        producer = a_member(session, email="tara@example.com", role="producer")
        owner = staffing.open_account(session, "tara@example.com", "Tara", now=NOW)

    assert (owner.role, owner.account_id != producer.account_id) == ("owner", True)


def test_account_without_a_name_is_called_by_the_address(database: Database) -> None:
    with database.transaction() as session:
        owner = staffing.open_account(session, "tara@example.com", now=NOW)

    assert (owner.name, owner.account.name) == ("tara", "tara")


@pytest.mark.parametrize(
    ("email", "name", "fields"),
    [
        ("", "Tara", ["email"]),
        ("tara", "Tara", ["email"]),
        ("tara@example.com\nbcc: all@example.com", "Tara", ["email"]),
        ("tara@example.com", "T" * 201, ["name"]),
    ],
)
def test_account_is_not_opened_with_bad_facts(database: Database, email: str, name: str, fields: list[str]) -> None:
    with database.transaction() as session, pytest.raises(Invalid) as refusal:
        staffing.open_account(session, email, name, now=NOW)

    with database.reading() as session:
        assert session.scalars(sa.select(Account)).all() == []
    assert list(refusal.value.errors) == fields


def test_member_changes_her_own_name(database: Database) -> None:
    with database.transaction() as session:
        host = a_member(session, name="tara", role="host")
        staffing.rename(session, host, "  Tara\u202e Miller ", by=staffing.actor(host), now=NOW)

    with database.reading() as session:
        assert session.scalars(sa.select(Member.name)).all() == ["Tara Miller"]
        assert kept(session) == [("member.renamed", {"was": "tara", "name": "Tara Miller"})]


def test_same_name_again_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        owner = a_member(session, name="Tara")
        staffing.rename(session, owner, "Tara", by=staffing.actor(owner), now=NOW)
        staffing.rename_account(session, owner.account, owner.account.name, by=staffing.actor(owner), now=NOW)

    with database.reading() as session:
        assert kept(session) == []


def test_owner_renames_others_and_the_account(database: Database) -> None:
    with database.transaction() as session:
        account = an_account(session, name="tara")
        owner = a_member(session, account=account)
        host = a_member(session, account=account, role="host", name="Bo")
        staffing.rename(session, host, "Bob", by=staffing.actor(owner), now=NOW)
        staffing.rename_account(session, account, "Tara Productions", by=staffing.actor(owner), now=NOW)

    with database.reading() as session:
        assert kept(session) == [
            ("member.renamed", {"was": "Bo", "name": "Bob"}),
            ("account.renamed", {"was": "tara", "name": "Tara Productions"}),
        ]


def test_host_renames_neither_others_nor_the_account(database: Database) -> None:
    with database.transaction() as session:
        account = an_account(session)
        owner = a_member(session, account=account)
        host = a_member(session, account=account, role="host")

        with pytest.raises(NotAllowed):
            staffing.rename(session, owner, "Nobody", by=staffing.actor(host), now=NOW)
        with pytest.raises(NotAllowed):
            staffing.rename_account(session, account, "Nobody", by=staffing.actor(host), now=NOW)

        assert kept(session) == []


def test_owner_of_another_account_finds_nobody_to_rename(database: Database) -> None:
    with database.transaction() as session:
        owner, stranger = a_member(session), a_member(session)

        with pytest.raises(NotFound):
            staffing.rename(session, owner, "Nobody", by=staffing.actor(stranger), now=NOW)
        with pytest.raises(NotFound):
            staffing.rename_account(session, owner.account, "Nobody", by=staffing.actor(stranger), now=NOW)

        assert kept(session) == []


@pytest.mark.parametrize("name", ["", "   ", "\u202e", "T" * 201])
def test_name_that_says_nothing_is_refused(database: Database, name: str) -> None:
    with database.transaction() as session:
        owner = a_member(session)

        with pytest.raises(Invalid) as refusal:
            staffing.rename(session, owner, name, by=staffing.actor(owner), now=NOW)

    assert refusal.value.errors == {"name": "Give a name of at most 200 characters."}
