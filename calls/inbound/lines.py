"""iCalendar text as components and properties (RFC 5545 section 3.1), as far as it can be read.

A library reads a whole calendar or none of it, and works out time zones while it does, for which a hostile rule can take hours.
Here a line that cannot be read is passed over, and nothing is worked out.
"""

import re
from dataclasses import dataclass, field

_FOLD = re.compile(r"\n[ \t]")
_VALUE = r'(?:"[^"]*"|[^";:,]*)'
_LINE = re.compile(rf"([A-Za-z0-9-]{{1,60}})((?:;[A-Za-z0-9-]{{1,60}}={_VALUE}(?:,{_VALUE})*)*):(.*)")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:])*)')
_ESCAPED = re.compile(r"\\([\\;,nN])")
MOST_LINES = 20_000
LONGEST_LINE = 20_000
DEEPEST = 8


@dataclass(frozen=True)
class Property:
    """One property: its value as it stands, and its parameters by their names in capitals, without quotation marks."""

    value: str
    parameters: dict[str, str]

    @property
    def text(self) -> str:
        """The value without its escapes (RFC 5545 3.3.11)."""
        return _ESCAPED.sub(lambda it: "\n" if it[1] in "nN" else it[1], self.value)


@dataclass
class Component:
    """What stands between BEGIN and END: its properties by their names in capitals, and the components inside."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    inner: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return self.properties.get(name, [])

    def first(self, name: str) -> Property | None:
        return next(iter(self.all(name)), None)

    def value(self, name: str) -> str:
        """The first value of this name as it stands, without blanks around it; empty where there is none."""
        found = self.first(name)
        return found.value.strip() if found else ""

    def components(self, name: str) -> list["Component"]:
        return [it for it in self.inner if it.name == name]


def calendars(text: str) -> list[Component]:
    """Every VCALENDAR in the text; one that is not ended ends with it."""
    top = Component("")
    way = [top]
    too_deep = 0
    for line in _FOLD.sub("", text).split("\n", MOST_LINES)[:MOST_LINES]:
        found = _LINE.fullmatch(line[:LONGEST_LINE].rstrip())
        if not found:
            continue
        name, value = found[1].upper(), found[3]
        if name == "BEGIN" and (too_deep or len(way) > DEEPEST):
            too_deep += 1
        elif name == "BEGIN":
            way.append(Component(value.strip().upper()))
            way[-2].inner.append(way[-1])
        elif name == "END":
            too_deep, way = _ended(way, too_deep)
        elif not too_deep:
            way[-1].properties.setdefault(name, []).append(Property(value, _parameters(found[2])))
    return top.components("VCALENDAR")


def _ended(way: list[Component], too_deep: int) -> tuple[int, list[Component]]:
    if too_deep:
        return too_deep - 1, way
    return 0, way[:-1] if len(way) > 1 else way


def _parameters(text: str) -> dict[str, str]:
    return {name.upper(): value.replace('"', "") for name, value in _PARAMETER.findall(text)}
