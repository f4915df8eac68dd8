"""One at a time makes anew what is kept; whoever wants the same meanwhile waits for it instead of making it too."""

from asyncio import Lock
from weakref import WeakValueDictionary


class Remaking:
    """A lock for each path, for as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, Lock] = WeakValueDictionary()

    def at(self, path: str) -> Lock:
        lock = self._locks.get(path)
        if lock is None:
            lock = self._locks[path] = Lock()
        return lock
