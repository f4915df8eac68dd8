"""How often the same address or network may do what costs us or a third person something: a mail, a seat.

A bucket for each rule and identity holds a number of tokens and fills again at an even pace. The buckets of this process
are its own; with several processes each allows this much.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from calls.ground.refusals import Refused
from calls.web.hosts import network as network_of

MOST_BUCKETS = 50_000


class TooMany(Refused):
    """Too often for now; `wait` says how long until the next try can succeed."""

    def __init__(self, wait: timedelta) -> None:
        minutes = ceil(wait / timedelta(minutes=1))
        super().__init__(f"That was a lot at once. Please try again in {_in_words(minutes)}.")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many again over that time."""

    count: int
    over: timedelta

    @property
    def one(self) -> timedelta:
        """How long it takes until one more is allowed."""
        return self.over / self.count


@dataclass(frozen=True, slots=True)
class Rule:
    """What one mail address and one network may do. A whole office registers from one network within minutes."""

    address: Rate
    network: Rate


QUARTER = timedelta(minutes=15)
RULES = {
    "sign-in": Rule(address=Rate(5, QUARTER), network=Rate(20, QUARTER)),
    "follow": Rule(address=Rate(10, QUARTER), network=Rate(60, QUARTER)),
    "calendar-test": Rule(address=Rate(12, QUARTER), network=Rate(60, QUARTER)),
    "find": Rule(address=Rate(5, QUARTER), network=Rate(40, QUARTER)),
    "register": Rule(address=Rate(10, timedelta(minutes=10)), network=Rate(120, timedelta(minutes=2))),
    "resend": Rule(address=Rate(5, QUARTER), network=Rate(60, QUARTER)),
    "picture": Rule(address=Rate(20, QUARTER), network=Rate(60, QUARTER)),
    "wish": Rule(address=Rate(10, QUARTER), network=Rate(40, QUARTER)),
    "ask": Rule(address=Rate(10, QUARTER), network=Rate(200, QUARTER)),
}


class Limits:
    """Counts in bounded memory: the bucket used longest ago is given up first, and no bucket says whose it is."""

    def __init__(self, rules: dict[str, Rule] | None = None, most: int = MOST_BUCKETS) -> None:
        self._rules = RULES if rules is None else rules
        self._most = most
        self._full_at: OrderedDict[int, datetime] = OrderedDict()
        self._lock = Lock()

    def check(self, rule: str, now: datetime, *, network: str = "", address: str = "") -> None:
        """Count one try under this rule from an IP address and for a mail address; TooMany when either had enough."""
        rates = self._rules[rule]
        wanted = []
        if network:
            wanted.append((hash((rule, "network", network_of(network))), rates.network))
        if address:
            wanted.append((hash((rule, "address", address.strip().casefold()[:320])), rates.address))
        with self._lock:
            for key, rate in wanted:
                self._refuse_if_empty(key, rate, now)
            for key, rate in wanted:
                self._take(key, rate, now)

    def _refuse_if_empty(self, key: int, rate: Rate, now: datetime) -> None:
        """The generic cell rate algorithm: a bucket is the one moment at which it will be full again.

        That moment is never further off than the filling takes, not even after the clock was put back.
        """
        full_at = min(self._full_at.get(key, now), now + rate.over)
        wait = full_at + rate.one - (now + rate.over)
        if wait > timedelta():
            raise TooMany(wait)

    def _take(self, key: int, rate: Rate, now: datetime) -> None:
        full_at = min(max(self._full_at.get(key, now), now), now + rate.over)
        self._full_at[key] = full_at + rate.one
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)


def _in_words(minutes: int) -> str:
    return "a minute" if minutes <= 1 else f"{minutes} minutes"
