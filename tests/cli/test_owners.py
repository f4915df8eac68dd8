"""The first way in, and the way back in."""

import sqlalchemy as sa

from calls.ground.database import Database
from calls.ground.tokens import digest
from calls.team.models import Account, Member, SignInLink
from tests.cli.conftest import Operator

URL = {"CALLS_URL": "https://calls.example"}


def test_owner_gets_an_account_and_a_sign_in_link(operator_of_either: Operator) -> None:
    done = operator_of_either.run("owner", "Tara@Example.com", "--name", "Tara Productions", **URL)

    assert done.exit_code == 0
    link, secret = done.stdout.strip().rsplit("/", 1)
    assert link == "https://calls.example/sign-in"
    with Database(operator_of_either.settings["CALLS_DATABASE"]).reading() as session:
        assert session.scalars(sa.select(Member.email)).all() == ["tara@example.com"]
        assert session.scalars(sa.select(Account.name)).all() == ["Tara Productions"]
        assert session.scalars(sa.select(SignInLink.token_hash)).all() == [digest(secret)]


def test_owner_who_is_there_already_gets_another_link(operator_of_either: Operator) -> None:
    first = operator_of_either.run("owner", "tara@example.com", **URL)
    again = operator_of_either.run("owner", "tara@example.com", **URL)

    assert (first.exit_code, again.exit_code, first.stdout == again.stdout) == (0, 0, False)
    with Database(operator_of_either.settings["CALLS_DATABASE"]).reading() as session:
        assert len(session.scalars(sa.select(Account)).all()) == 1


def test_owner_without_a_right_address_is_a_sentence(operator: Operator) -> None:
    done = operator.run("owner", "tara")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("Error: ")
