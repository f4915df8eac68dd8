"""Sign-in links and sign-ins, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from calls.ground.database import Database, new_id
from calls.ground.refusals import NotFound, Refused
from calls.ground.tokens import digest
from calls.history.models import Change
from calls.team import queries, signing_in
from calls.team.models import Member, SignIn, SignInLink
from tests.builders import NOW, a_member, an_account

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def kept(session: Session) -> list[tuple[str, str, dict[str, object]]]:
    return [(it.kind, it.by_kind, it.facts) for it in session.scalars(sa.select(Change).order_by(Change.id))]


def signed_in(session: Session, member: Member, now: datetime = NOW, browser: str = FIREFOX) -> SignIn:
    _, cookie = signing_in.follow(session, signing_in.link_for(session, member, now=now), browser, now=now)
    sign_in = queries.member_signed_in(session, digest(cookie), now)
    assert sign_in is not None
    return sign_in


def test_asking_gives_a_link_that_signs_in(database: Database) -> None:
    with database.transaction() as session:
        tara = a_member(session, email="tara@example.com")
        [(member, token)] = signing_in.ask(session, " Tara@example.com", now=NOW)
    with database.transaction() as session:
        followed, cookie = signing_in.follow(session, token, FIREFOX, now=NOW + MINUTE)

    with database.reading() as session:
        sign_in = queries.member_signed_in(session, digest(cookie), NOW + MINUTE)
        changes = kept(session)
    assert sign_in is not None
    assert (member.id, followed.id, sign_in.member.id) == (tara.id, tara.id, tara.id)
    assert (sign_in.browser, sign_in.created_at, sign_in.seen_at, sign_in.ended_at) == (
        "Firefox on Linux", NOW + MINUTE, NOW + MINUTE, None,
    )  # fmt: skip
    assert changes == [("sign_in.asked", "system", {}), ("member.signed_in", "member", {"browser": "Firefox on Linux"})]


def test_asking_for_an_unknown_address_keeps_nothing(database: Database) -> None:
    with database.transaction() as session:
        a_member(session, email="tara@example.com")
        found = signing_in.ask(session, "tara@example.org", now=NOW)

    with database.reading() as session:
        assert (found, kept(session), session.scalars(sa.select(SignInLink)).all()) == ([], [], [])


def test_asking_gives_one_link_for_each_account(database: Database) -> None:
    with database.transaction() as session:
        first = a_member(session, email="tara@example.com", account=an_account(session, name="Tara Productions"))
        second = a_member(session, email="tara@example.com", account=an_account(session, name="Sleep Well"))
        a_member(session, email="tara@example.com", removed_at=NOW)
        found = signing_in.ask(session, "tara@example.com", now=NOW)

    assert [(member.id, member.account.name) for member, _ in found] == [
        (first.id, "Tara Productions"), (second.id, "Sleep Well"),
    ]  # fmt: skip
    assert len({token for _, token in found}) == 2


def test_neither_link_nor_cookie_is_stored(database: Database) -> None:
    with database.transaction() as session:
        token = signing_in.link_for(session, a_member(session), now=NOW)
        _, cookie = signing_in.follow(session, token, FIREFOX, now=NOW)

    with database.reading() as session:
        assert session.scalars(sa.select(SignInLink.token_hash)).all() == [digest(token)]
        assert session.scalars(sa.select(SignIn.token_hash)).all() == [digest(cookie)]
    assert (len(token), len(cookie), token == cookie) == (32, 32, False)


def test_link_may_be_looked_at_again_and_again(database: Database) -> None:
    with database.transaction() as session:
        tara = a_member(session)
        token = signing_in.link_for(session, tara, now=NOW)
    with database.reading() as session:
        seen = [signing_in.link(session, token, now=NOW).member.id for _ in range(3)]

    assert seen == [tara.id, tara.id, tara.id]


def test_link_is_good_until_its_fifteen_minutes_are_over(database: Database) -> None:
    with database.transaction() as session:
        token = signing_in.link_for(session, a_member(session), now=NOW)

        signing_in.link(session, token, now=NOW + 15 * MINUTE - timedelta(microseconds=1))
        with pytest.raises(Refused) as seen:
            signing_in.link(session, token, now=NOW + 15 * MINUTE)
        with pytest.raises(Refused) as followed:
            signing_in.follow(session, token, FIREFOX, now=NOW + 15 * MINUTE)

    assert (seen.value.sentence, followed.value.sentence) == (signing_in.OLD_LINK, signing_in.OLD_LINK)


def test_link_signs_in_once(database: Database) -> None:
    with database.transaction() as session:
        token = signing_in.link_for(session, a_member(session), now=NOW)
        signing_in.follow(session, token, FIREFOX, now=NOW)
    with database.transaction() as session, pytest.raises(Refused) as refusal:
        signing_in.follow(session, token, FIREFOX, now=NOW)

    with database.reading() as session:
        assert len(session.scalars(sa.select(SignIn)).all()) == 1
    assert refusal.value.sentence == signing_in.USED_LINK


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 32, "é" * 10_000, "\0"])
def test_unknown_link_is_not_found(database: Database, token: str) -> None:
    with database.transaction() as session:
        signing_in.link_for(session, a_member(session), now=NOW)
    with database.transaction() as session, pytest.raises(NotFound) as refusal:
        signing_in.follow(session, token, FIREFOX, now=NOW)

    assert refusal.value.sentence == signing_in.UNKNOWN_LINK


def test_cookie_is_no_link_and_link_no_cookie(database: Database) -> None:
    with database.transaction() as session:
        tara = a_member(session)
        _, cookie = signing_in.follow(session, signing_in.link_for(session, tara, now=NOW), FIREFOX, now=NOW)
        token = signing_in.link_for(session, tara, now=NOW)

        assert queries.member_signed_in(session, digest(token), NOW) is None
        with pytest.raises(NotFound):
            signing_in.link(session, cookie, now=NOW)


def test_removed_member_has_neither_links_nor_sign_ins(database: Database) -> None:
    with database.transaction() as session:
        tara = a_member(session)
        token = signing_in.link_for(session, tara, now=NOW)
        sign_in = signed_in(session, tara)
        tara.removed_at = NOW
        session.flush()

        with pytest.raises(NotFound):
            signing_in.follow(session, token, FIREFOX, now=NOW)
        assert queries.member_signed_in(session, sign_in.token_hash, NOW) is None
        assert queries.sign_ins_of(session, tara, NOW) == []


def follow_at_once(database: Database, token: str, follow: Callable[[Session, str], None], times: int = 8) -> list[str]:
    """What so many browsers hear that press the button at the same moment."""
    line = Barrier(times)

    def press(_: int) -> str:
        line.wait()
        try:
            with database.transaction() as session:
                follow(session, token)
        except Refused as refusal:
            return refusal.sentence
        return "signed in"

    with ThreadPoolExecutor(times) as browsers:
        return sorted(browsers.map(press, range(times)))


def test_link_followed_by_many_at_once_signs_in_one(database: Database) -> None:
    with database.transaction() as session:
        token = signing_in.link_for(session, a_member(session), now=NOW)

    heard = follow_at_once(database, token, lambda session, it: void(signing_in.follow(session, it, FIREFOX, now=NOW)))

    with database.reading() as session:
        assert len(session.scalars(sa.select(SignIn)).all()) == 1
    assert heard == [signing_in.USED_LINK] * 7 + ["signed in"]


def test_link_followed_by_many_at_once_would_sign_in_more_without_the_guard(database: Database) -> None:
    """The test above finds what it looks for: with look and use apart, as PostgreSQL runs them, several get in."""
    with database.transaction() as session:
        token = signing_in.link_for(session, a_member(session), now=NOW)
    looked = Barrier(2)

    def wait_and_use(session: Session, link: SignInLink, now: datetime) -> bool:
        if not database.is_sqlite:
            looked.wait()
        return True

    heard = follow_at_once(
        database, token, lambda session, it: void(signing_in.follow(session, it, FIREFOX, now=NOW, use=wait_and_use)), times=2
    )

    assert heard == ["signed in", "signed in"]


def void(_: object) -> None:
    """Nothing of it is wanted."""


def test_browser_stays_signed_in_for_thirty_idle_days(database: Database) -> None:
    with database.transaction() as session:
        cookie = signed_in(session, a_member(session)).token_hash

        found = [queries.member_signed_in(session, cookie, NOW + it) is not None for it in (30 * DAY - MINUTE, 30 * DAY)]

    assert found == [True, False]


def test_browser_in_use_stays_signed_in_for_a_hundred_and_eighty_days(database: Database) -> None:
    with database.transaction() as session:
        sign_in = signed_in(session, a_member(session))
        for day in range(20, 180, 20):
            signing_in.see(session, sign_in, now=NOW + day * DAY)

        found = [queries.member_signed_in(session, sign_in.token_hash, NOW + it) for it in (180 * DAY - MINUTE, 180 * DAY)]

    assert [it is not None for it in found] == [True, False]


def test_browser_is_noted_as_seen_at_most_once_in_five_minutes(database: Database) -> None:
    moments = []
    with database.transaction() as session:
        sign_in = signed_in(session, a_member(session))
        for seconds in (60, 299, 300, 301, 599, 600):
            signing_in.see(session, sign_in, now=NOW + timedelta(seconds=seconds))
            session.expire(sign_in)
            moments.append((sign_in.seen_at - NOW).total_seconds())

    assert moments == [0, 0, 300, 300, 300, 600]


def test_signing_out_ends_this_browser_only(database: Database) -> None:
    with database.transaction() as session:
        tara = a_member(session)
        here, there = signed_in(session, tara), signed_in(session, tara)
        signing_in.sign_out(session, here, now=NOW)
        signing_in.sign_out(session, here, now=NOW)

    with database.reading() as session:
        found = [queries.member_signed_in(session, it.token_hash, NOW) is not None for it in (here, there)]
        changes = [kind for kind, *_ in kept(session)]
    assert (found, changes) == ([False, True], ["member.signed_in", "member.signed_in", "member.signed_out"])


def test_sign_ins_are_listed_last_seen_first(database: Database) -> None:
    with database.transaction() as session:
        tara, other = a_member(session), a_member(session)
        old, new, out = (signed_in(session, tara, NOW + it * MINUTE) for it in (0, 9, 5))
        signed_in(session, other)
        signing_in.see(session, old, now=NOW + 7 * MINUTE)
        signing_in.sign_out(session, out, now=NOW + 8 * MINUTE)

        listed = [it.id for it in queries.sign_ins_of(session, tara, NOW + 10 * MINUTE)]

    assert listed == [new.id, old.id]


def test_member_ends_a_sign_in_elsewhere(database: Database) -> None:
    with database.transaction() as session:
        tara = a_member(session)
        here, there = signed_in(session, tara), signed_in(session, tara, browser="")
        signing_in.end(session, tara, there.id, now=NOW)

    with database.reading() as session:
        assert [it.id for it in queries.sign_ins_of(session, tara, NOW)] == [here.id]
        assert kept(session)[2:] == [("sign_in.ended", "member", {"browser": "An unknown browser"})]


def test_member_ends_nobody_elses_sign_in(database: Database) -> None:
    with database.transaction() as session:
        account = an_account(session)
        tara, colleague = a_member(session, account=account), a_member(session, account=account)
        theirs = signed_in(session, colleague)

        with pytest.raises(NotFound):
            signing_in.end(session, tara, theirs.id, now=NOW)
        with pytest.raises(NotFound):
            signing_in.end(session, tara, new_id(), now=NOW)

        assert [it.id for it in queries.sign_ins_of(session, colleague, NOW)] == [theirs.id]


def test_member_ends_all_other_sign_ins(database: Database) -> None:
    with database.transaction() as session:
        tara, other = a_member(session), a_member(session)
        here, _, _, theirs = (
            signed_in(session, tara),
            signed_in(session, tara),
            signed_in(session, tara),
            signed_in(session, other),
        )
        count = signing_in.end_all_others(session, here, now=NOW)
        again = signing_in.end_all_others(session, here, now=NOW)

    with database.reading() as session:
        left = [it.id for member in (tara, other) for it in queries.sign_ins_of(session, member, NOW)]
        ended = [kind for kind, *_ in kept(session)].count("sign_in.ended")
    assert (count, again, left, ended) == (2, 0, [here.id, theirs.id], 2)


def test_dead_links_and_sign_ins_are_forgotten_a_day_later(database: Database) -> None:
    with database.transaction() as session:
        tara = a_member(session)
        out, idle = signed_in(session, tara), signed_in(session, tara)
        signing_in.sign_out(session, out, now=NOW)
        living = signed_in(session, tara, NOW + 25 * DAY)
        forgotten = [signing_in.forget(session, now=NOW + it) for it in (DAY, 2 * DAY, 31 * DAY, 31 * DAY + MINUTE)]

    with database.reading() as session:
        left = session.scalars(sa.select(SignIn.id)).all()
        links = session.scalars(sa.select(SignInLink.id)).all()
    assert forgotten == [0, 3, 1, 1]
    assert (left, links, idle.id != living.id) == ([living.id], [], True)
