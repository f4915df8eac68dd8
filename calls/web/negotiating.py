"""What a request's headers ask for: compression (RFC 9110 section 12.5.3) and "only if it has changed" (section 13)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

LONGEST_HEADER = 4_000


@lru_cache(maxsize=512)
def takes_gzip(header: bytes) -> bool:
    """Whether Accept-Encoding allows gzip: a name of its own beats `*`, and a weight of 0 is a no."""
    weights: dict[str, float] = {}
    for item in header[:LONGEST_HEADER].decode("latin-1").lower().split(","):
        name, *parameters = [part.strip() for part in item.split(";")]
        weights["gzip" if name == "x-gzip" else name] = _weight(parameters)
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def is_unchanged(etag: bytes, last_modified: datetime | None, match: bytes, since: bytes) -> bool:
    """Whether the asker's copy is still good. If-None-Match, where sent, is the only one that counts."""
    if match:
        return any(_opaque(one) in {b"*", etag} for one in match[:LONGEST_HEADER].split(b","))
    moment = _moment(since)
    return last_modified is not None and moment is not None and last_modified.replace(microsecond=0) <= moment


def _opaque(etag: bytes) -> bytes:
    """The ETag without its weakness: If-None-Match compares weakly."""
    return etag.strip().removeprefix(b"W/")


def _moment(header: bytes) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header[:100].decode("latin-1"))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
