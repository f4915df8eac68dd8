"""What a call still needs from its host, in short sentences; what has become of it, and of its mails, is not asked here."""

from datetime import datetime

from calls.ground import when, zones

NO_GUEST = "No guest named."


def missing(*, is_draft: bool, guest_name: str, has_way_in: bool) -> list[str]:
    """What has not been said yet."""
    found = []
    if is_draft:
        found.append("The show is a draft.")
    if not guest_name:
        found.append(NO_GUEST)
    if not has_way_in:
        found.append("No way in given.")
    return found


def seats(taken: int, capacity: int) -> list[str]:
    """Whether there is a seat left."""
    return ["Full."] if taken >= capacity else []


def clocks(wall: datetime, zone: str, fold: int, starts_at: datetime) -> list[str]:
    """What the clocks do to a call's wall time, where they skip it or show it twice."""
    match zones.standing(wall, zone):
        case "gap":
            return [f"The clocks skip {wall:%H:%M} that day; it starts at {when.clock(starts_at, zone)}."]
        case "fold":
            return [f"The clocks show {wall:%H:%M} twice that day; it starts the {('first', 'second')[fold]} time."]
        case _:
            return []
