"""The time zones that a host's form offers."""

from calls.ground import zones


def zones_to_choose(standing: str) -> list[tuple[str, str]]:
    """Value and label of each. One that is kept under an old name is offered too, so that saving does not change it."""
    return [(it, it.replace("_", " ")) for it in sorted({*zones.names(), standing})]
