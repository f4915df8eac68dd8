"""Rendered answers kept in memory, so that a page that many read is made once for each change.

An answer is made from what the database said at some moment, and a change may be committed between that moment and the
keeping. So whoever makes one takes a ticket first; an answer of which a tag was dropped since is kept as a dropped one.
A dropped answer stays as the last good one, for when the database cannot be asked (F19 of the calendar rules); one that was
cleared away does not.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from datetime import datetime
from threading import Lock

from calls.ground.database import EVERYTHING
from calls.web.answers import Answer, Prepared

LIMIT_BYTES = 24_000_000
REMEMBERED_DROPS = 4_000
COST_OF_A_PLACE = 3_000


class Place:
    """One kept answer: its tags, until when it holds, and whether it was dropped."""

    __slots__ = ("is_dropped", "prepared", "tags", "until")

    def __init__(self, prepared: Prepared, tags: frozenset[str], until: datetime | None) -> None:
        self.prepared = prepared
        self.tags = tags
        self.until = until
        self.is_dropped = False  # nothing but the last good one, if anything

    @property
    def cost(self) -> int:
        return self.prepared.size + COST_OF_A_PLACE


class Kept:
    """Answers by path, the least recently used given up first; safe to use from every thread."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit = limit_bytes
        self._bytes = 0
        self._places: OrderedDict[str, Place] = OrderedDict()
        self._paths: defaultdict[str, set[str]] = defaultdict(set)
        self._drops: OrderedDict[str, int] = OrderedDict()
        self._clears: dict[str, int] = {}  # of the tags in drops only
        self._count = 0
        self._forgotten = 0
        self._lock = Lock()

    def begin(self) -> int:
        """A ticket, to be taken before the database is asked."""
        return self._count

    def put(
        self,
        ticket: int,
        path: str,
        answer: Answer,
        tags: frozenset[str],
        until: datetime | None = None,
        route: str = "kept",
    ) -> Prepared:
        """Keep an answer made with this ticket, unless it is too big or cleared already; ready to send either way.

        What is already out of date is kept where nothing better is, for a day without a database.
        """
        prepared = Prepared(answer, route)
        place = Place(prepared, tags, until)
        with self._lock:
            place.is_dropped = not self._is_after(ticket, self._drops, tags)
            before = self._places.get(path)
            is_worse = place.is_dropped and before is not None and not before.is_dropped
            if self._is_after(ticket, self._clears, tags) and not is_worse and place.cost <= self._limit // 4:
                self._remove(path)
                self._places[path] = place
                self._bytes += place.cost
                for tag in tags:
                    self._paths[tag].add(path)
                self._make_room()
        return prepared

    def find(self, path: str, now: datetime) -> Prepared | None:
        """The answer kept for this path, if it still holds."""
        place = self._places.get(path)
        if place is None or place.is_dropped or (place.until is not None and now >= place.until):
            return None
        with self._lock:
            if path in self._places:
                self._places.move_to_end(path)
        return place.prepared

    def stale(self, path: str) -> Prepared | None:
        """The last good answer for this path, whether or not it still holds."""
        place = self._places.get(path)
        return None if place is None else place.prepared

    def forget(self, path: str) -> None:
        """Give up what was kept for a path, even as the last good answer: the thing is gone."""
        with self._lock:
            self._remove(path)

    def drop(self, tags: frozenset[str]) -> None:
        """Serve nothing any more that was made from what these tags name."""
        if EVERYTHING in tags:
            self.drop_all()
            return
        with self._lock:
            self._count += 1
            for tag in tags:
                self._drops[tag] = self._count
                self._drops.move_to_end(tag)
                for path in self._paths.get(tag, ()):
                    self._places[path].is_dropped = True
            while len(self._drops) > REMEMBERED_DROPS:
                tag, self._forgotten = self._drops.popitem(last=False)
                self._clears.pop(tag, None)

    def clear(self, tags: frozenset[str]) -> None:
        """Give up what was made from what these tags name, even as the last good answer: it may be shown no more."""
        self.drop(tags)
        with self._lock:
            self._clears.update((tag, count) for tag in tags if (count := self._drops.get(tag)) is not None)
            for path in [path for tag in tags for path in self._paths.get(tag, ())]:
                self._remove(path)

    def drop_all(self) -> None:
        """Serve nothing any more that was kept until now, when nobody can say what has changed."""
        with self._lock:
            self._count += 1
            self._forgotten = self._count
            for place in self._places.values():
                place.is_dropped = True

    def _is_after(self, ticket: int, moments: Mapping[str, int], tags: frozenset[str]) -> bool:
        """Drops are remembered up to a number; of an older ticket nobody knows any more what it missed."""
        return ticket >= self._forgotten and all(moments.get(tag, 0) <= ticket for tag in tags)

    def _make_room(self) -> None:
        while self._bytes > self._limit:
            self._remove(next(iter(self._places)))

    def _remove(self, path: str) -> None:
        place = self._places.pop(path, None)
        if place is None:
            return
        self._bytes -= place.cost
        for tag in place.tags:
            self._paths[tag].discard(path)
            if not self._paths[tag]:
                del self._paths[tag]
