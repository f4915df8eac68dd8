"""The feeds: a long one rendered, a person's own beside a bare handler, and ten thousand of them that are polled each hour."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import cast
from uuid import UUID

import sqlalchemy as sa

from calls.calendars.models import Feed
from calls.ground.database import new_id
from calls.ground.links import FEED
from calls.ground.tokens import Keys
from calls.registrations.models import Attendee
from calls.shows.models import Call
from tests.bench import pages
from tests.bench.processes import SECRET, Server, bare, load, ours
from tests.bench.table import Row, at_most
from tests.bench.turns import Effort, request
from tests.bench.worlds import SLUG, World, opened, world

CALLS, RENDERED_IN = 500, 0.4
FEEDS, POLLED, HOUR = 10_000, 2_000, 3_600
PER_CENT = 3.0
AT_ONCE = 4
ALWAYS = "Fri, 01 Jan 2100 00:00:00 GMT"


def measure(server: str, folder: Path, effort: Effort) -> Iterator[Row]:
    """All figures of feeds on one database."""
    people = effort.count(POLLED)
    with ExitStack() as stack:
        place = stack.enter_context(world(server, folder, registered=people))
        paths = _personal_feeds(place)
        count = _lengthen(place, effort.count(CALLS))
        own = stack.enter_context(ours(folder, place.address, words=["--no-worker"]))
        yield from _polled(place, own, paths)
        etag = own.ask(paths[0], accept_encoding="gzip").headers["etag"]
        other = stack.enter_context(bare(folder, list(pages.answers(own, {paths[0]: etag}))))
        yield pages.kept(place, own, other, paths[0], effort, "personal feed, kept")
        yield pages.unchanged(place, own, other, paths[0], etag, effort, "personal feed, 304")
        yield from _rendered(place, own, count, effort)


def _personal_feeds(place: World) -> list[str]:
    """A feed for everybody who is registered: the addresses."""
    keys = Keys(SECRET.encode())
    with opened(place.address) as database, database.transaction() as session:
        people = session.execute(sa.select(Attendee.id, Attendee.created_at)).all()
        rows = [{"id": new_id(), "created_at": at, "attendee_id": who, "generation": 0, "is_open": True} for who, at in people]
        session.execute(sa.insert(cast(sa.Table, Feed.__table__)), rows)
    return [f"/feeds/{keys.token(FEED, cast(UUID, row['id']), 0)}/calls.ics" for row in rows]


def _lengthen(place: World, count: int) -> int:
    """Have the show hold so many calls, laid out as its own are."""
    table = cast(sa.Table, Call.__table__)
    with opened(place.address) as database, database.transaction() as session:
        known = [dict(row) for row in session.execute(sa.select(table).where(table.c.show_id == place.show_id)).mappings()]
        more = [
            known[number % len(known)]
            | {"id": new_id(), "uid": f"occ-bench{number}", "address": f"more-{number}", "taken": 0}
            | {"planned_day": None, "is_extra": True}
            for number in range(count - len(known))
        ]
        if more:
            session.execute(sa.insert(table), more)
    return max(count, len(known))


def _polled(place: World, own: Server, paths: list[str]) -> Iterator[Row]:
    """Each program asks once an hour, when what was kept has ended: first as if it came new, then for what it has already."""
    for words, headers, status in (
        ("made anew", {}, 200),
        ("still kept, 304", {"if_modified_since": ALWAYS}, 304),
    ):
        requests = [request(own, path, **headers) for path in paths]
        before = own.cpu_seconds()
        told = load(own, {"visits": [[0.0, requests[number::AT_ONCE]] for number in range(AT_ONCE)]}, status)
        an_hour = (own.cpu_seconds() - before) / told["count"] * FEEDS
        what = f"{FEEDS:,} personal feeds polled hourly, {words}: of one core"
        yield at_most(what, place.kind, 100 * an_hour / HOUR, PER_CENT, "{:.2f} %")


def _rendered(place: World, own: Server, count: int, effort: Effort) -> Iterator[Row]:
    """With a query nothing kept is served, so that each answer is made. What else the machine does is no part of the target."""
    times, before = [], own.cpu_seconds()
    for _ in range(2 * effort.rounds):
        began_at = perf_counter()
        answered = own.ask(f"/{SLUG}/calendar.ics?fresh")
        times.append(perf_counter() - began_at)
        if answered.body.count(b"BEGIN:VEVENT") != count:
            raise RuntimeError(f"the feed holds {answered.body.count(b'BEGIN:VEVENT')} calls instead of {count}")
    a_render = (own.cpu_seconds() - before) / len(times)
    yield at_most(f"feed of {CALLS} calls, rendered: processor time", place.kind, a_render, RENDERED_IN, "{:.2f} s")
    yield Row(f"feed of {CALLS} calls, rendered: until it has come", place.kind, f"{median(times):.2f} s")
