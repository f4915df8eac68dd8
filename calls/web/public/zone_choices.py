"""The zones that a form offers, made once: some four hundred options would be most of the work of making a page."""

from functools import lru_cache

from markupsafe import Markup, escape

from calls.ground import zones


def zone_choices(chosen: str, standing: str) -> Markup:
    """The options of a select. What was chosen is selected where it is a zone at all, else the one that stands.

    A zone that somebody has under an old name is offered too, so that saving a form does not change it.
    """
    return _options(chosen if zones.is_zone(chosen) else standing, standing)


@lru_cache(maxsize=32)
def _options(selected: str, standing: str) -> Markup:
    names = sorted({*zones.names(), selected, standing})
    return Markup("\n").join(_option(name, name == selected) for name in names)


def _option(name: str, is_selected: bool) -> Markup:
    """One option; without a value of its own where its words are its value, and without the end tag that HTML does not need."""
    words = name.replace("_", " ")
    value = Markup("") if words == name else Markup(' value="{}"').format(name)
    mark = Markup(" selected") if is_selected else Markup("")
    return Markup("<option{}{}>{}").format(value, mark, escape(words))
