"""What changing clocks and changed time-zone rules do to those registered for a call, in sentences for the host."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from calls.ground import when, zones
from calls.ground.text import count, in_words
from calls.history import queries as history
from calls.registrations import queries as registrations
from calls.shows import clocks
from calls.shows import queries as shows
from calls.shows.clocks import Shift
from calls.shows.models import Call

RULES_NEW = timedelta(days=14)
MOST_PLACES = 4


@dataclass(frozen=True)
class Note:
    """What there is to say of one call: in few words for a table, and in whole sentences for its page."""

    short: tuple[str, ...] = ()
    long: tuple[str, ...] = ()


def notes(session: Session, calls: Collection[Call], now: datetime) -> dict[UUID, Note]:
    """The notes of all these calls by a fixed number of queries; calls without one are left out."""
    coming = [it for it in calls if it.cancelled_at is None and it.ends_at > now]
    if not coming:
        return {}
    usual = shows.usual_starts(session, coming)
    asked = [it.id for it in coming if it.taken and it.show_id in usual]
    people = registrations.zones_of_calls(session, asked) if asked else {}
    moved = {it.call_id for it in history.clock_moves(session, [it.id for it in coming], now - RULES_NEW)}
    found = {it.id: _note(it, usual.get(it.show_id, ()), people.get(it.id, {}), it.id in moved) for it in coming}
    return {call_id: note for call_id, note in found.items() if note.short}


def _note(call: Call, usual: Sequence[datetime], people: Mapping[str, int], is_moved: bool) -> Note:
    groups: dict[tuple[timedelta, bool], list[tuple[Shift, int]]] = {}
    for zone, number in people.items():
        shift = clocks.shift(call.starts_at, usual, call.zone, zone)
        if shift:
            groups.setdefault((shift.by, shift.is_back), []).append((shift, number))
    everybody = sum(people.values())
    found = [groups[key] for key in sorted(groups)]
    rules = [_rules(call)] if is_moved else []
    return Note((*rules, *(_short(it, everybody) for it in found)), (*rules, *(_long(it, everybody) for it in found)))


def _rules(call: Call) -> str:
    still = when.clock(call.starts_at, call.zone)
    return f"The clock rules of {zones.city(call.zone)} changed: it starts at another moment, still at {still} there."


def _short(group: Sequence[tuple[Shift, int]], everybody: int) -> str:
    """Clocks change: one hour earlier for 12 of 40 (Europe)."""
    said = "back at the hour before" if group[0][0].is_back else clocks.amount(group[0][0].by)
    return f"Clocks change: {said} for {_number(group):,} of {everybody:,} ({_region(group)})."


def _long(group: Sequence[tuple[Shift, int]], everybody: int) -> str:
    """With the reason of those who are most, and every place while there are few."""
    most, _ = max(group, key=lambda it: it[1])
    said = "is back at the hour it had before" if most.is_back else f"is {clocks.amount(most.by)} than the call before"
    who = count(everybody, "the one registered", f"{_number(group):,} of the {{n}} registered")
    return f"For {who} ({_places(group)}) this call {said}, because {clocks.reason(most)}. Their reminder says so first."


def _number(group: Sequence[tuple[Shift, int]]) -> int:
    return sum(number for _, number in group)


def _region(group: Sequence[tuple[Shift, int]]) -> str:
    """The place where it is one, else the parts of the world."""
    names = [shift.zone for shift, _ in group]
    return zones.city(names[0]) if len(names) == 1 else in_words(sorted({it.partition("/")[0] for it in names}))


def _places(group: Sequence[tuple[Shift, int]]) -> str:
    """The places, those of the most people first."""
    people: Counter[str] = Counter()
    for shift, number in group:
        people[zones.city(shift.zone)] += number
    named = [place for place, _ in people.most_common(MOST_PLACES)]
    rest = len(people) - len(named)
    return in_words([*named, *([count(rest, "one other place", "{n} other places")] if rest else [])])
