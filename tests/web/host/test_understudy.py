"""The host's page of a call's understudy, and letting her step in."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry

from calls.ground.clock import SetClock
from calls.ground.database import Database
from calls.guests.models import Understudy
from calls.team.models import Member
from calls.web import application
from calls.web.host import PAGES
from tests.fakes import FakeMail
from tests.invited import MIA, Invited, invited, on_bench
from tests.studio import ANN, LINKS, Studio, a_studio
from tests.web.browsers import Browser, a_house


@pytest.fixture
def studio(database: Database, clock: SetClock) -> Studio:
    return a_studio(database, clock, FakeMail(clock))


@pytest.fixture
def ken(studio: Studio) -> Invited:
    """Ken Ono, confirmed for the second date, to which Ann is registered."""
    found = invited(studio).confirmed(1)
    studio.register(ANN, 1)
    studio.work()
    return found


@pytest.fixture
def tara(database: Database, clock: SetClock, studio: Studio) -> Iterator[Browser]:
    """The owner's browser."""
    house = a_house(database, clock, LINKS.keys, "https://calls.example")
    browser = Browser(application(house, PAGES, registry=CollectorRegistry()), house)
    with browser.client:
        with database.reading() as session:
            member = session.get_one(Member, studio.by.id)
        browser.sign_in(member)
        yield browser


def call_id(studio: Studio) -> UUID:
    with studio.database.reading() as session:
        return studio.call(session, 1).id


def test_person_is_named_then_shown_then_swapped_in(tara: Browser, studio: Studio, ken: Invited) -> None:
    mia, here = on_bench(studio, MIA), f"/host/calls/{call_id(studio)}"
    named = tara.post(f"{here}/understudy", {"guest": str(mia), "replay": ""})
    ready = tara.get(named.headers["location"]).text
    preview = tara.get(f"{here}/swap")
    seen = preview.text.partition('name="seen" value="')[2].partition('"')[0]
    sent = tara.post(f"{here}/swap", {"deed": "send", "seen": seen})
    studio.wait(minutes=11)

    assert (named.status_code, "Ready: <bdi>Mia Silva</bdi>" in ready) == (303, True)
    assert "One attendee gets a mail that names who speaks now." in preview.text
    assert "One guest gets a mail that somebody else steps in, and the calendar follows." in preview.text
    assert (sent.status_code, sent.headers["location"]) == (303, here)
    with studio.database.reading() as session:
        assert studio.call(session, 1).guest_name == "Mia Silva"


def test_swap_that_waits_says_who_steps_in(tara: Browser, studio: Studio, ken: Invited) -> None:
    here = f"/host/calls/{call_id(studio)}"
    tara.post(f"{here}/understudy", {"guest": "", "replay": "the best of sleep"})
    seen = tara.get(f"{here}/swap").text.partition('name="seen" value="')[2].partition('"')[0]
    tara.post(f"{here}/swap", {"deed": "send", "seen": seen})

    assert "gets Replay: the best of sleep in the place of its guest" in tara.get(here).text.replace("Gets", "gets")


def test_both_a_person_and_a_replay_are_refused_beside_the_field(tara: Browser, studio: Studio) -> None:
    mia, here = on_bench(studio, MIA), f"/host/calls/{call_id(studio)}/understudy"

    answer = tara.post(here, {"guest": str(mia), "replay": "the best of sleep"})

    assert (answer.status_code, "Choose somebody from the bench, or say which replay is played." in answer.text) == (422, True)


def test_understudy_is_taken_off(tara: Browser, studio: Studio) -> None:
    here = f"/host/calls/{call_id(studio)}/understudy"
    tara.post(here, {"guest": "", "replay": "the best of sleep"})
    tara.post(here, {"guest": "", "replay": ""})

    with studio.database.reading() as session:
        assert session.get(Understudy, call_id(studio)) is None


def test_swap_without_an_understudy_is_a_sentence(tara: Browser, studio: Studio) -> None:
    answer = tara.get(f"/host/calls/{call_id(studio)}/swap")

    assert (answer.status_code, "Nobody is named as understudy of this call" in answer.text) == (409, True)
