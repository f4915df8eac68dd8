"""One call with very many registrations is moved: how soon the host sees who will hear of it, and all letters are written."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa

from calls.ground.database import new_id
from calls.history.keeping import Actor
from calls.messages.models import Message
from calls.shows import moving
from calls.shows import queries as shows
from tests.bench.processes import Server, ours, sink, wait_until
from tests.bench.table import Row, at_most
from tests.bench.turns import Effort
from tests.bench.worlds import World, crowded, opened, world

PEOPLE = 5_000
PREVIEWED_IN, WRITTEN_IN = 1.0, 20.0
ENOUGH = 300.0
FORM = "application/x-www-form-urlencoded"


def measure(server: str, folder: Path, effort: Effort) -> Iterator[Row]:
    """The preview as the host asks for it, then the move as it takes effect."""
    people = effort.count(PEOPLE)
    with ExitStack() as stack:
        place = stack.enter_context(world(server, folder))
        call_id = crowded(place, people)
        mail = stack.enter_context(sink())
        own = stack.enter_context(ours(folder, place.address, mail=mail.port))
        previews = [_preview(place, own, call_id, people, hour) for hour in range(13, 13 + max(3, effort.rounds))]
        what = f"moving one call with {people:,} registrations"
        yield at_most(f"{what}, the preview", place.kind, median(previews), PREVIEWED_IN, "{:.2f} s")
        written = _written(place, call_id, people)
        yield at_most(f"{what}, until all letters are written", place.kind, written, WRITTEN_IN, "{:.1f} s")


def _preview(place: World, own: Server, call_id: UUID, people: int, hour: int) -> float:
    day = (datetime.now(UTC) + timedelta(days=4)).date()
    body = urlencode({"day": str(day), "time": f"{hour}:00", "zone": "UTC", "minutes": "60"})
    began_at = time.perf_counter()
    headers = {"cookie": f"calls={place.cookie}", "content_type": FORM, "sec_fetch_site": "same-origin"}
    answered = own.ask(f"/host/calls/{call_id}/time", "POST", body, **headers)
    took = time.perf_counter() - began_at
    if answered.status != 200 or f"{people:,}".encode() not in answered.body:
        raise RuntimeError(f"no preview: {answered.status}")
    return took


def _written(place: World, call_id: UUID, people: int) -> float:
    """Move it as it happens when the ten minutes are over, and wait until there is a letter for everybody, sent or not."""
    with opened(place.address) as database:
        with database.transaction() as session:
            call = shows.call_by_id(session, call_id)
            if call is None:
                raise LookupError("there is no call to be moved")
            by = Actor("member", new_id(), "Tara", "owner", call.show.account_id)
            moving.move(session, call, call.wall + timedelta(hours=2), call.zone, call.minutes, by=by, now=datetime.now(UTC))
        moved_at = time.monotonic()
        since = datetime.now(UTC) - timedelta(seconds=5)
        wanted = sa.select(sa.func.count()).where(Message.call_id == call_id, Message.created_at > since)

        def is_written() -> bool:
            with database.reading() as session:
                return (session.scalar(wanted) or 0) >= people

        if not wait_until(is_written, ENOUGH, 0.2):
            raise TimeoutError("the letters about the move are not written")
        return time.monotonic() - moved_at
