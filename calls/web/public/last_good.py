"""What a feed was answered last while all was well: kept on disk, and served when the newest cannot be made (F19).

Whoever withdraws a person's feed touches its tag (`feed:` and its id), by which every process lets go of what it kept. What was
missed while nobody listened is asked of the database as soon as it is there again.
"""

from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from calls.calendars import queries
from calls.ground.database import EVERYTHING, TROUBLE
from calls.ground.links import FEED
from calls.ground.tokens import id_in
from calls.web.answers import Answer, Prepared
from calls.web.asking import Ask
from calls.web.house import House

MARK = "feed:"


def feed_tag(feed_id: UUID) -> str:
    """The tag of a person's feed, and its place on disk."""
    return f"{MARK}{feed_id}"


def place_of(ask: Ask) -> tuple[str, str]:
    """Where this feed is kept, and the address that finds it.

    A person's feed has one place, whatever file name she asks for behind her token.
    """
    parts = ask.scope["path_params"]
    token = str(parts.get("token", ""))
    feed_id = id_in(token) if str(parts.get("file", "")).endswith(".ics") else None
    return (feed_tag(feed_id), token) if feed_id else (ask.path, ask.path)


def keep(ask: Ask, answer: Answer) -> None:
    """Keep on disk what has just been kept in memory, unless it is out of date already."""
    made = answer.prepared
    if made is not None:
        ask.house.shelf.put(*place_of(ask), made, lambda: ask.house.kept.find(ask.path, ask.now) is made)


def find(ask: Ask) -> Answer | None:
    """The last good answer: this process's own, or else the one on disk."""
    known = ask.house.kept.stale(ask.path)
    if known is None:
        found = ask.house.shelf.find(*place_of(ask))
        if found is None:
            return None
        known = Prepared(found, ask.route)
    return replace(known.answer, prepared=known)


def forget(ask: Ask) -> None:
    """Nothing lives at this address any more."""
    ask.house.kept.forget(ask.path)
    ask.house.shelf.forget(*place_of(ask))


def hear(house: House, tags: frozenset[str]) -> None:
    """Let go of the feeds that a commit withdrew: what they showed must not come back, whatever fails."""
    if EVERYTHING in tags:
        with suppress(*TROUBLE):
            _let_go_of_withdrawn(house)
    withdrawn = frozenset(it for it in tags if it.startswith(MARK))
    if withdrawn:
        house.kept.clear(withdrawn)
        for tag in withdrawn:
            house.shelf.clear(tag)


def _let_go_of_withdrawn(house: House) -> None:
    with house.database.reading() as session:
        standing = {it.id: it.generation if it.is_open else None for it in queries.once_withdrawn(session)}
    house.kept.clear(frozenset(map(feed_tag, standing)))
    for feed_id, generation in standing.items():
        house.shelf.clear(feed_tag(feed_id), but="" if generation is None else house.keys.token(FEED, feed_id, generation))
