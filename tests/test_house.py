"""The law of the house: who may import whom, and how big anything may grow. Each law is also broken here on purpose."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house import Door, House, Module

# From the ground up. Names on one floor have no doors between them; everything else leads down.
FLOORS = [
    "ground",
    "gateways settings",
    "history",
    "team",
    "shows",
    "guests",
    "wishes",
    "orders",
    "registrations",
    "kits",
    "joining",
    "recordings",
    "calendars",
    "messages",
    "webhooks",
    "migrations",
    "hearers",
    "steps",
    "follow_ups",
    "pending",
    "measuring",
    "backups",
    "web api inbound",
    "sender",
    "busy_reader reader",
    "worker",
    "app",
    "demo",
    "cli",
    "__main__",
]
ROOMS = FLOORS[FLOORS.index("history") : FLOORS.index("webhooks") + 1]
HEIGHT = {name: height for height, names in enumerate(FLOORS) for name in names.split()}

# Who may open these doors at all; whoever stands too low for one is refused by the floors.
GUESTS = {
    "follow_ups": ("worker", "pending", "web.host", "api", "demo"),
    "settings": ("app", "worker", "cli", "demo"),
    "demo": ("cli",),
}

PURE_GROUND = {"addresses", "links", "markdown", "money", "public_addresses", "refusals", "text", "when", "zones"}
PURE_PACKAGES = {"PIL", "dateutil", "icalendar", "jinja2", "markupsafe", "recurring_ical_events", "segno"}
NOUNS_THAT_SOUND_LIKE_DEEDS = {"happening", "wording"}
EMPTY_WORDS = ("Manager", "Helper", "Util", "Utils", "Service", "Base", "Data", "Info")

MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES, STYLE_LINES = 250, 40, 120, 500

Law = Callable[[House], Iterator[str]]


def every_module_has_a_floor(house: House) -> Iterator[str]:
    for module in house.modules.values():
        if module.parts and module.parts[0] not in HEIGHT:
            yield f"{module.where} stands on no floor"


def imports_go_down(house: House) -> Iterator[str]:
    for module, door, to in inner_doors(house):
        here, there = module.parts[0], to[0]
        if here != there and HEIGHT.get(there, -1) >= HEIGHT.get(here, len(FLOORS)):
            yield f"{module.where}:{door.line} opens a door to {door.to}, which is not below it"


def few_open_the_guarded_doors(house: House) -> Iterator[str]:
    for module, door, to in inner_doors(house):
        allowed = GUESTS.get(to[0])
        if allowed and module.parts[0] != to[0] and not any(stands_in(module, guest) for guest in allowed):
            yield f"{module.where}:{door.line} opens {to[0]}, which only {', '.join(allowed)} may"


def rooms_open_on_nothing(house: House) -> Iterator[str]:
    for module in house.modules.values():
        if role(module.parts) == "room":
            for door in house.doors(module):
                yield f"{module.where}:{door.line} imports {door.to}; a room's own file only says what the room is for"


def rules_are_pure(house: House) -> Iterator[str]:
    for module, door in doors_of(house, "rule"):
        to = tuple(door.to.split("."))
        if to[0] != "calls":
            is_pure = to[0] in sys.stdlib_module_names or to[0] in PURE_PACKAGES
        else:
            is_pure = (to[1:2] == ("ground",) and to[2:3] and to[2] in PURE_GROUND) or role(to[1:]) == "rule"
        if not is_pure:
            yield f"{module.where}:{door.line} is a rule and imports {door.to}"


def models_know_only_lower_models(house: House) -> Iterator[str]:
    for module, door in doors_of(house, "models"):
        to = tuple(door.to.split("."))
        if to[0] == "calls" and to[1:2] != ("ground",) and role(to[1:]) != "models":
            yield f"{module.where}:{door.line} holds tables and imports {door.to}"


def queries_only_find(house: House) -> Iterator[str]:
    for module, door in doors_of(house, "queries"):
        to = tuple(door.to.split("."))
        if to[0] == "calls" and to[1:2] != ("ground",) and role(to[1:]) not in {"models", "rule", "queries"}:
            yield f"{module.where}:{door.line} finds things and imports {door.to}"


# Alembic is a tenth of every start and eight megabytes of every process, and hardly any of them runs a step. Pillow is as large,
# and few processes are sent a photo or asked for a call's picture.
HIDDEN_DOORS = {"calls/migrations/running.py", "calls/web/guest/prep.py", "calls/web/public/posters.py"}


def doors_are_in_sight(house: House) -> Iterator[str]:
    for module in house.modules.values():
        for line in module.hidden_doors() if module.where not in HIDDEN_DOORS else ():
            yield f"{module.where}:{line} imports where nobody looks: inside a function, or from a string"


def nothing_goes_round(house: House) -> Iterator[str]:
    for circle in house.circles():
        yield f"a circle of imports: {' > '.join(circle)}"


def pieces_stay_small(house: House) -> Iterator[str]:
    for module in house.modules.values():
        if module.parts[:2] == ("migrations", "versions"):
            continue  # a step of the database is a record, written once and never worked on
        if module.lines > MODULE_LINES:
            yield f"{module.where} has {module.lines} lines of at most {MODULE_LINES}"
        for function, lines in module.functions():
            if lines > FUNCTION_LINES:
                yield f"{module.where}:{function.lineno} {function.name} has {lines} lines of at most {FUNCTION_LINES}"


def pages_and_styles_stay_small(house: House) -> Iterator[str]:
    for limit, found in (
        (TEMPLATE_LINES, house.files("templates", ".html", ".md")),
        (STYLE_LINES, house.files("calls/web/static", ".css")),
    ):
        for name, lines in found:
            if lines > limit:
                yield f"{name} has {lines} lines of at most {limit}"


def one_place_catches_everything(house: House) -> Iterator[str]:
    broad = [(module.where, line) for module in house.modules.values() for line in module.broad_handlers()]
    in_the_loop = [place for place in broad if place[0] == "calls/worker.py"]
    for where, line in broad:
        if (where, line) not in in_the_loop[:1]:
            yield f"{where}:{line} catches everything; only the worker's loop does, once"


def everything_says_what_it_is(house: House) -> Iterator[str]:
    for module in house.modules.values():
        if not module.says_what_it_is:
            yield f"{module.where} does not say what it is for"
        for named in module.classes():
            if named.name.endswith(EMPTY_WORDS):
                yield f"{module.where}:{named.lineno} {named.name} is named by a word that says nothing"


LAWS: list[Law] = [
    every_module_has_a_floor,
    imports_go_down,
    few_open_the_guarded_doors,
    rooms_open_on_nothing,
    rules_are_pure,
    models_know_only_lower_models,
    queries_only_find,
    doors_are_in_sight,
    nothing_goes_round,
    pieces_stay_small,
    pages_and_styles_stay_small,
    one_place_catches_everything,
    everything_says_what_it_is,
]


def role(parts: tuple[str, ...]) -> str:
    """What a module of a room is, by its name: room, models, queries, act or rule; nothing for a module of no room."""
    if not parts or parts[0] not in ROOMS:
        return ""
    if len(parts) == 1:
        return "room"
    name = parts[-1]
    if name == "models":
        return name
    if name == "queries" or name.endswith("_queries"):  # a room with many finders has them by what they find
        return "queries"
    deed = name.partition("_")[0]  # signing_in is signing
    return "act" if deed.endswith("ing") and name not in NOUNS_THAT_SOUND_LIKE_DEEDS else "rule"


def doors_of(house: House, wanted: str) -> Iterator[tuple[Module, Door]]:
    for module in house.modules.values():
        if role(module.parts) == wanted:
            for door in house.doors(module):
                yield module, door


def inner_doors(house: House) -> Iterator[tuple[Module, Door, tuple[str, ...]]]:
    """Doors within the house; everyone may ask `calls` itself, which holds the version and nothing else."""
    for module in house.modules.values():
        for door in house.doors(module):
            to = tuple(door.to.split("."))
            if module.parts and to[0] == "calls" and len(to) > 1:
                yield module, door, to[1:]


def stands_in(module: Module, place: str) -> bool:
    return module.parts[: place.count(".") + 1] == tuple(place.split("."))


HOUSE = House(Path(__file__).parent.parent)


@pytest.mark.parametrize("law", LAWS)
def test_house_keeps_the_law(law: Law) -> None:
    assert list(law(HOUSE)) == []


def test_house_is_read_whole() -> None:
    assert {"calls", "calls.ground.database", "calls.shows.models"} <= HOUSE.modules.keys()
