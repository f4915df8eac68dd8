"""The mail server down for an hour: nothing is lost, nothing doubled, the order kept, and the board and the figures say so.

The port is really closed; the hour is one of the clock that is handed in.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from calls.ground.clock import SetClock
from calls.history.keeping import Actor
from calls.messages.models import SENT, Message
from calls.shows import moving
from calls.shows.models import Call
from calls.team import queries, signing_in
from tests.builders import NOW
from tests.served import NO_TLS, plan_a_show, register
from tests.served_here import Post, ServedHere, served_here

PAGE = "/ask-tara/2026-11-25"
LISTENERS = [f"listener{number}@example.com" for number in range(12)]
WAITING_MAILS = 'calls_messages{state="waiting"}'
A_WHILE = timedelta(minutes=5)


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server that is not there yet."""
    post = Post()
    yield post
    if post.server.loop.is_running():
        post.server.stop()


@pytest.fixture
def here(address: str, clock: SetClock, tmp_path: Path, post: Post) -> Iterator[ServedHere]:
    with served_here(tmp_path, clock, CALLS_DATABASE=address, CALLS_SMTP=post.url) as here:
        yield here


@pytest.fixture
def host(here: ServedHere) -> Actor:
    """The host of a show, whose first call is on Wednesday at 19:00 in New York."""
    return plan_a_show(here.database, here.clock.now())[0]


@pytest.fixture
def browser(here: ServedHere) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=here.url, verify=NO_TLS, trust_env=False) as browser:
        yield browser


def test_hour_without_mail_server_holds_everything_up_and_loses_nothing(
    here: ServedHere, host: Actor, browser: httpx.Client, post: Post
) -> None:
    sign_in(here, browser)

    answers = [come(here, browser, email) for email in LISTENERS[:6]]
    move(here, host)
    answers += [come(here, browser, email) for email in LISTENERS[6:]]
    down = [figure(here, it) for it in (WAITING_MAILS, "calls_outbox_age_seconds")]
    board = browser.get("/host").text
    post.server.start()
    here.settle()

    assert answers == [303] * len(LISTENERS)
    assert here.clock.now() == NOW + timedelta(hours=1)
    assert down == [len(LISTENERS) + 6, 3600]  # the first six wait for news too, which their confirmations will tell them
    assert "18 mails have been waiting for more than five minutes: the mail server takes nothing." in board
    assert [it.receivers for it in post.mailbox.letters] == [[email] for email in LISTENERS]
    assert [at(post, email) for email in LISTENERS] == ["20261127T010000Z"] * len(LISTENERS)
    assert [figure(here, it) for it in (WAITING_MAILS, "calls_outbox_age_seconds")] == [0, 0]
    assert "the mail server takes nothing" not in browser.get("/host").text
    assert tries(here) == [0] * len(LISTENERS)  # the server's fault is held against no letter


def come(here: ServedHere, browser: httpx.Client, email: str) -> int:
    """Somebody registers, the worker works, and five minutes pass."""
    status = register(browser, PAGE, email).status_code
    here.built.worker.do_chores()
    here.built.worker.sender.send()
    here.clock.advance(seconds=A_WHILE.total_seconds())
    return status


def move(here: ServedHere, host: Actor) -> None:
    """Move the call to Thursday at 20:00 in New York, which is Friday 01:00 UTC."""
    with here.database.transaction() as session:
        call = session.scalars(sa.select(Call).where(Call.address == "2026-11-25")).one()
        wall = datetime(2026, 11, 26, 20)  # noqa: DTZ001 -- a wall time
        moving.move(session, call, wall, call.zone, call.minutes, by=host, now=here.clock.now())
    here.settle()


def sign_in(here: ServedHere, browser: httpx.Client) -> None:
    with here.database.transaction() as session:
        member = queries.members_by_email(session, "tara@example.com")[0]
        token = signing_in.link_for(session, member, now=here.clock.now())
    browser.post(f"/sign-in/{token}")


def figure(here: ServedHere, name: str) -> float:
    """One of the figures of /metrics."""
    said = httpx.get(f"{here.url}/metrics", verify=NO_TLS, trust_env=False).text
    return next(float(it.removeprefix(name)) for it in said.splitlines() if it.startswith(f"{name} "))


def at(post: Post, email: str) -> str:
    """When the call is, by the calendar entry of the one letter to an address."""
    [letter] = post.to(email)
    entry = next(part for part in letter.walk() if part.get_content_type() == "text/calendar").get_content()
    return next(str(line).partition(":")[2] for line in str(entry).splitlines() if line.startswith("DTSTART"))


def tries(here: ServedHere) -> list[int]:
    """How often each letter that went had been put off on its own account."""
    with here.database.reading() as session:
        return list(session.scalars(sa.select(Message.tries).where(Message.state == SENT)))
