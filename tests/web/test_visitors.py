"""Who is here, where a page asks for it in an unusual way."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.ground.tokens import Keys
from calls.team import signing_in
from calls.team.models import SignIn
from calls.web import visitors
from calls.web.asking import Ask
from calls.web.refusals import SignInFirst
from tests.builders import NOW, a_member
from tests.web.browsers import a_house

URL = "https://calls.example"


def test_page_that_writes_while_it_is_looked_at_does_not_wait_for_itself(database: Database, clock: SetClock, keys: Keys) -> None:
    with database.transaction() as session:
        tara = a_member(session)
        _, cookie = signing_in.follow(session, signing_in.link_for(session, tara, now=NOW), "", now=NOW)
    clock.advance(minutes=5)
    ask = Ask(a_house(database, clock, keys, URL), a_scope(cookie=cookie))
    with database.transaction() as session:
        sign_in = visitors.member(ask, session)

    with database.reading() as session:
        seen_at = session.scalars(sa.select(SignIn.seen_at)).one()
    assert sign_in.member.id == tara.id
    assert seen_at - NOW == timedelta()


@pytest.mark.parametrize(
    ("path", "query", "address"),
    [
        ("/host", "", "/sign-in?next=/host"),
        ("/host/calls/7", "search=a%20b&page=2", "/sign-in?next=/host/calls/7%3Fsearch%3Da%2520b%26page%3D2"),
        ("/host/calls/7", "search=<script>", "/sign-in?next=/host/calls/7"),
        ("/host//evil.example", "", "/sign-in"),
        ("/elsewhere", "", "/sign-in"),
    ],
)
def test_stranger_is_sent_to_the_sign_in_and_back(
    database: Database, clock: SetClock, keys: Keys, path: str, query: str, address: str
) -> None:
    ask = Ask(a_house(database, clock, keys, URL), a_scope(path=path, query=query))
    with database.reading() as session, pytest.raises(SignInFirst) as refusal:
        visitors.member(ask, session)

    assert refusal.value.address == address


def a_scope(path: str = "/host", query: str = "", cookie: str = "") -> dict[str, object]:
    headers = [(b"cookie", f"__Host-calls={cookie}".encode())] if cookie else []
    return {"method": "GET", "path": path, "query_string": query.encode(), "headers": headers}
