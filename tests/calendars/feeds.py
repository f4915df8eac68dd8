"""The feeds of a studio as its subscribers get them, and what its host does to be seen in them."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast
from uuid import UUID

from calls.calendars import publishing, queries, updating
from calls.calendars.models import Feed
from calls.calendars.publishing import Published
from calls.registrations.models import Registration
from calls.shows import editing, planning
from calls.team.models import Member
from tests.fakes import FakeMail
from tests.studio import LINKS, Studio

REPOSITORY = Path(__file__).parents[2]


def public(studio: Studio) -> Published:
    with studio.database.reading() as session:
        return publishing.public_feed(session, studio.show(session), LINKS, studio.clock.now())


def feed_of(studio: Studio, registration_id: UUID) -> Feed:
    """The feed of whoever is registered."""
    with studio.database.reading() as session:
        feed = queries.feed_of(session, session.get_one(Registration, registration_id).attendee_id)
    assert feed is not None
    return feed


def personal(studio: Studio, registration_id: UUID) -> Published:
    feed = feed_of(studio, registration_id)
    with studio.database.reading() as session:
        return publishing.personal_feed(session, feed, LINKS, studio.clock.now())


def own_feed(studio: Studio) -> Feed:
    """The host's feed, made if need be."""
    assert studio.by.id is not None
    with studio.database.transaction() as session:
        return updating.open_host_feed(session, studio.by.id, studio.clock.now())


def hosts(studio: Studio) -> Published:
    feed = own_feed(studio)
    with studio.database.reading() as session:
        member = session.get_one(Member, feed.member_id)
        return publishing.host_feed(session, feed, member, LINKS, studio.clock.now())


def told(studio: Studio) -> FakeMail:
    """What was mailed to everybody."""
    return cast(FakeMail, studio.mail)


def line(vevent: bytes, name: str) -> str:
    """The value of one property."""
    return vevent.partition(b"\r\n" + name.encode() + b":")[2].partition(b"\r\n")[0].decode()


def describe(studio: Studio, number: int, title: str, description: str = "") -> None:
    with studio.database.transaction() as session:
        call = studio.call(session, number)
        editing.describe(session, call, title, description, by=studio.by, now=studio.clock.now())


def change_show(studio: Studio, **facts: object) -> None:
    """Let the show be called, described, led or seated otherwise."""
    with studio.database.transaction() as session:
        show = studio.show(session)
        known = planning.Details(show.name, show.description, show.host_name, show.capacity)
        details = replace(known, **facts)  # type: ignore[arg-type]
        planning.change(session, show, details, by=studio.by, now=studio.clock.now())


def elsewhere(program: str, *facts: str, flags: Sequence[str] = (), seed: str = "0") -> bytes:
    """What a program says in a process of its own, in which strings hash by another seed."""
    command = [sys.executable, *flags, "-c", program, *facts]
    settings = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, env=settings, capture_output=True, check=True, timeout=120).stdout
