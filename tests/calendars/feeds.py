"""The feeds of a studio's show and people, as one test after another asks for them."""

import os
import subprocess
import sys
from pathlib import Path
from typing import cast
from uuid import UUID

from calls.calendars import publishing, queries
from calls.calendars.models import Feed
from calls.calendars.rendering import Published
from calls.registrations.models import Registration
from calls.shows import editing
from tests.fakes import FakeMail
from tests.studio import LINKS, Studio

HOSTILE_TITLE = 'Q&A, part 1; "live" \\ 50%\nline2 😀'
SEEDS = ("0", "4294967295")


def public(studio: Studio) -> Published:
    with studio.database.reading() as session:
        return publishing.public_feed(session, studio.show(session), LINKS, studio.clock.now())


def feed_of(studio: Studio, registration_id: UUID) -> Feed:
    with studio.database.reading() as session:
        attendee_id = session.get_one(Registration, registration_id).attendee_id
        feed = queries.feed_of(session, attendee_id)
    assert feed is not None
    return feed


def personal(studio: Studio, registration_id: UUID) -> Published:
    feed = feed_of(studio, registration_id)
    with studio.database.reading() as session:
        return publishing.personal_feed(session, feed, LINKS, studio.clock.now())


def told(studio: Studio) -> FakeMail:
    return cast(FakeMail, studio.mail)


def describe(studio: Studio, number: int, title: str, description: str) -> None:
    with studio.database.transaction() as session:
        call = studio.call(session, number)
        editing.describe(session, call, title, description, by=studio.by, now=studio.clock.now())


def elsewhere(program: str, *facts: object, seed: str = "0", flags: tuple[str, ...] = ()) -> bytes:
    """What a program says in a process of its own, in which sets come in the order that this seed gives them."""
    return subprocess.run(
        [sys.executable, *flags, "-c", program, *map(str, facts)],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=True,
        timeout=120,
    ).stdout
