"""Short links: where they lead, what they brought, and who is named for it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.history.keeping import Actor
from calls.joining import queries as joining
from calls.joining.models import Attendance
from calls.kits import queries, sharing
from calls.kits.models import Share
from calls.registrations import queries as registrations
from calls.registrations.models import Registration
from tests.builders import NOW
from tests.web.browsers import Browser
from tests.web.public.conftest import Place, Programme, form_of, rows

SOMEBODY = Actor("attendee", None, "Ada")


@pytest.fixture
def hers(database: Database, placed: Place, tara: Programme) -> Share:
    """The short link of Ada, who is registered for the first call."""
    mine = placed(tara.first)
    with database.transaction() as session:
        found = registrations.registration_by_id(session, mine.id)
        assert found is not None
        return sharing.share_of_attendee(session, found, NOW)


def test_link_leads_to_its_call_and_says_through_whom(browser: Browser, hers: Share, tara: Programme) -> None:
    answer = browser.get(f"/v/{hers.code}")

    assert hers.code.startswith("ada-")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{tara.show.slug}/{tara.first.address}?via={hers.code}")


def test_link_of_a_call_that_is_over_leads_to_the_show(browser: Browser, hers: Share, tara: Programme, clock: SetClock) -> None:
    clock.set(tara.first.ends_at + timedelta(hours=1))

    assert browser.get(f"/v/{hers.code}").headers["location"] == f"/{tara.show.slug}?via={hers.code}"


@pytest.mark.parametrize("code", ["nobody", "ada-", "%2e", "x" * 500, "ada-' OR 1=1"])
def test_code_that_is_nobodys_leads_nowhere(browser: Browser, hers: Share, code: str) -> None:
    assert browser.get(f"/v/{code}").status_code == 404


def test_picture_to_scan_is_an_image(browser: Browser, hers: Share) -> None:
    picture = browser.get(f"/v/{hers.code}/qr.svg")

    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
    assert picture.text.startswith("<svg") and "script" not in picture.text


def test_one_person_has_one_link_to_a_call(database: Database, hers: Share) -> None:
    with database.transaction() as session:
        mine = session.query(Registration).one()
        again = sharing.share_of_attendee(session, mine, NOW)

    assert again.code == hers.code
    assert rows(database, Share.code) == [(hers.code,)]


def test_people_who_came_through_a_link_are_counted_once(
    browser: Browser, database: Database, hers: Share, tara: Programme
) -> None:
    path = f"/{tara.show.slug}/{tara.first.address}"
    browser.post(path, form_of(call=tara.first.address) | {"via": hers.code})
    browser.post(f"/{tara.show.slug}", form_of(call="all", which="all") | {"via": hers.code})
    browser.post(path, form_of(call=tara.first.address, email="bob@example.com") | {"via": "newsletter"})

    with database.reading() as session:
        assert queries.brought(session, tara.first.id) == {hers.code: 1, "newsletter": 1}
        assert queries.came_through(session, session.get_one(Share, hers.id)) == 1
        assert queries.origins(session, tara.first.id) == [("Ada", 1), ("newsletter", 1)]
        assert queries.names_of(session, [hers.code, "newsletter"]) == {hers.code: "Ada"}


def test_result_counts_who_came_to_the_call_itself(
    browser: Browser, database: Database, hers: Share, tara: Programme, placed: Place
) -> None:
    dates = {"a": tara.first, "b": tara.first, "c": tara.calls[1]}
    people = [placed(call, email=f"{name}@example.com") for name, call in dates.items()]
    with database.transaction() as session:
        session.execute(sa.update(Registration).values(via=hers.code))
        came = [it for it in session.scalars(sa.select(Registration)) if it.id != people[0].id]  # Ada herself too
        session.add_all(Attendance(registration_id=it.id, call_id=it.call_id, way="web", created_at=NOW) for it in came)

    with database.reading() as session:
        assert joining.result(session, session.get_one(Share, hers.id)) == joining.Result(came=3, attended=1)


def test_race_names_only_who_agreed(browser: Browser, database: Database, hers: Share, tara: Programme) -> None:
    browser.post(f"/{tara.show.slug}/{tara.first.address}", form_of(call=tara.first.address) | {"via": hers.code})

    with database.reading() as session:
        before = queries.race(session, tara.show.id, 10)
    with database.transaction() as session:
        sharing.name_her(session, session.get_one(Share, hers.id), tara.show.account_id, is_named=True, by=SOMEBODY, now=NOW)
    with database.reading() as session:
        after = queries.race(session, tara.show.id, 10)

    assert before == []
    assert [(it.people) for it in after] == [1]
