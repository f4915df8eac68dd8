"""What a show's page may be called: its part of the address."""

import re

from calls.ground.refusals import Invalid

RESERVED = frozenset(
    [
        "a",
        "r",
        "g",
        "p",
        "v",
        "w",
        "pictures",
        "j",
        "o",
        "feeds",
        "find",
        "sign-in",
        "sign-out",
        "host",
        "api",
        "stripe",
        "health",
        "metrics",
        "static",
        "unsubscribe",
        "outbox",
        "robots.txt",
        "sitemap.xml",
        "favicon.ico",
        "calls",
        "admin",
        "account",
        "help",
        "about",
        "terms",
        "privacy",
        "security",
        "well-known",
    ]
)
SHAPE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


def check(slug: str) -> None:
    """Refuse an address that is not plain, or that the product itself answers at."""
    if not SHAPE.fullmatch(slug):
        raise Invalid({"slug": "Use small letters, digits and dashes, at most 60, and begin and end with a letter or digit."})
    if slug in RESERVED:
        raise Invalid({"slug": f"The address /{slug} is kept for the product itself; choose another."})


def candidates(slug: str) -> list[str]:
    """The address wished for and what to try when it is taken."""
    wished = slug if slug not in RESERVED else f"{slug}-show"
    return [wished, *(f"{wished[:56]}-{number}" for number in range(2, 200))]
