"""The Jinja filters: moments, zones, Markdown and counts in words."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from calls.ground import text, when, zones
from calls.ground.markdown import markdown_to_html


def markdown(written: str) -> Markup:
    """What somebody wrote, as HTML that is safe by construction: the renderer lets no HTML of theirs through."""
    return Markup(markdown_to_html(written))  # noqa: S704


FILTERS: dict[str, Callable[..., Any]] = {
    "city": zones.city,
    "clock": when.clock,
    "count": text.count,
    "day": when.day,
    "day_in_words": when.day_in_words,
    "excerpt": text.excerpt,
    "full": when.full,
    "in_words": text.in_words,
    "iso": when.iso,
    "markdown": markdown,
    "offset": zones.offset,
    "short_date": when.short_date,
    "short_day": when.short_day,
    "time_name": zones.time_name,
}
